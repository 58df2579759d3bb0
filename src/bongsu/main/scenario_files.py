"""Scenario files, the packaged one among them, with any published flight put into them."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from bongsu.adapters.plots.published_flights import published_flights
from bongsu.exercise.published_scenario import scenario_for_flight
from bongsu.exercise.scenario import Scenario
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.main.settings import read_bounded
from bongsu.vocabulary.errors import LocalMisuse

MAXIMUM_SCENARIO_BYTES = 1_000_000


def packaged_scenario() -> bytes:
    """The text of the demo's own scenario."""
    return (files("bongsu.exercise") / "data" / "demo.toml").read_bytes()


def read_scenario(path: Path, *, flight: str | None = None, seed: int | None = None) -> Scenario:
    """Read a scenario file; `flight` puts a published flight in place of the file's own.

    Raises LocalMisuse for what is wrong in the file, and for a flight that is unknown or lacks
    what a flight model needs.
    """
    try:
        text = read_bounded(path, MAXIMUM_SCENARIO_BYTES).decode()
    except UnicodeDecodeError as error:
        raise LocalMisuse(f"{path} is not UTF-8 text", remedy="Save it as UTF-8") from error
    published = {known.id: known for known in published_flights()}
    template = parse_scenario(text, published=published)
    if flight is None:
        return template if seed is None else replace(template, seed=seed)
    if flight not in published:
        raise LocalMisuse(
            f"no published flight has the id {flight!r}", remedy="See: bongsu flight list"
        )
    return scenario_for_flight(published[flight], template, seed=seed)
