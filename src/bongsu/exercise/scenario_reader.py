"""From TOML text to a `Scenario`, or one clear refusal that names the path in the text.

Sizes are checked before anything is parsed, types and bounds before anything is built, and
then what no single field can tell.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import numpy as np

from bongsu.exercise.scenario import Nation, Scenario
from bongsu.exercise.scenario_checks import check_marks, check_names
from bongsu.exercise.scenario_flights import flight_of
from bongsu.exercise.scenario_format import ScenarioTable
from bongsu.exercise.scenario_refusal import refusal_of, refused, shown
from bongsu.exercise.scenario_tables import link_of, place_of, sensor_of
from bongsu.vocabulary.published_flight import PublishedFlight
from bongsu.vocabulary.units import NationId, NodeId, UtcNs

MAXIMUM_TEXT_CHARACTERS: Final = 262_144
MAXIMUM_LINE_CHARACTERS: Final = 1_000  # dotted keys cost the square of their parts

_INSTANT: Final = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d(\.\d{1,9})?)(Z|\+00:00)", re.ASCII
)


def parse_scenario(text: str, *, published: Mapping[str, PublishedFlight]) -> Scenario:
    """The scenario that a TOML text states.

    `published` holds the flights that the text may name by `published_id`. Raises
    LocalMisuse with the path in the text, such as `sensors[2].sigma_range_m`, and a remedy.
    """
    table = _table_of(text)
    check_marks(table, text)
    check_names(table)
    return Scenario(
        name=table.name,
        seed=table.seed,
        start=_instant("start", table.start),
        flights=tuple(
            flight_of(flight, path=f"flights[{index}]", published=published)
            for index, flight in enumerate(table.flights)
        ),
        sensors=tuple(sensor_of(sensor) for sensor in table.sensors),
        nations=tuple(Nation(nation=NationId(n.id), node=NodeId(n.node)) for n in table.nations),
        links=tuple(link_of(link) for link in table.links),
        places=tuple(place_of(place) for place in table.places),
        linger_s=table.linger_s,
    )


def _table_of(text: str) -> ScenarioTable:
    _check_size(text)
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise refused("text", "nests lists or tables too deep") from None
    except ValueError as error:
        raise refused("text", f"is no valid TOML: {shown(str(error))}") from None
    try:
        return msgspec.convert(_with_texts(tree), ScenarioTable)
    except msgspec.ValidationError as error:
        raise refusal_of(str(error)) from None


def _check_size(text: str) -> None:
    if len(text) > MAXIMUM_TEXT_CHARACTERS:
        raise refused("text", f"is longer than {MAXIMUM_TEXT_CHARACTERS:,} characters")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAXIMUM_LINE_CHARACTERS:
            raise refused(
                f"line {number}",
                f"is longer than {MAXIMUM_LINE_CHARACTERS:,} characters",
                remedy="Write one table or field to a line.",
            )


def _with_texts(tree: dict[str, Any]) -> dict[str, Any]:
    """TOML has instants of its own; both spellings of `start` are read as a text."""
    isoformat = getattr(tree.get("start"), "isoformat", None)
    return tree if isoformat is None else {**tree, "start": isoformat()}


def _instant(path: str, text: str) -> UtcNs:
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise refused(path, f"is {shown(text)!r}", remedy='Write UTC, as "2022-10-03T22:21:30Z".')
    try:
        instant = np.datetime64(f"{match['date']}T{match['time']}", "ns")
    except ValueError:
        raise refused(path, f"is {shown(text)!r}, which is no date") from None
    if not "1970" <= match["date"] < "2200":
        raise refused(path, "is outside the years 1970 to 2199")
    return UtcNs(int(instant.astype(np.int64)))
