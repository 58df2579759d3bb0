"""What no single field of a scenario can tell: marks, repeated ids, names that must exist."""

from collections.abc import Iterable

from bongsu.exercise.drill_wording import refuse_live_wording, require_exercise_mark
from bongsu.exercise.scenario_format import LinkTable, ScenarioRadar, ScenarioTable
from bongsu.exercise.scenario_refusal import refused, shown
from bongsu.vocabulary.realm import Realm


def check_marks(table: ScenarioTable, text: str) -> None:
    """A scenario is an exercise, says so, and nowhere says anything else (Q1, Q12)."""
    if table.realm != Realm.EXERCISE.value:
        raise refused(
            "realm",
            f"is {shown(table.realm)!r}",
            remedy='A scenario can only be an exercise: write realm = "exercise".',
        )
    if not table.made_up:
        raise refused(
            "made_up",
            "is false",
            remedy="Its sensors are made up and the file has to say so: write made_up = true.",
        )
    require_exercise_mark(table.name, where="Scenario: name")
    refuse_live_wording(text, where="Scenario: text")
    for path, title in _titles(table):
        if not title.isprintable():
            raise refused(path, "holds characters that cannot be shown")
        refuse_live_wording(title, where=f"Scenario: {path}")


def _titles(table: ScenarioTable) -> Iterable[tuple[str, str]]:
    yield "name", table.name
    for index, place in enumerate(table.places):
        yield f"places[{index}].name", place.name


def check_names(table: ScenarioTable) -> None:
    """Ids that must not repeat, and nations that must exist."""
    known = [nation.id for nation in table.nations]
    _check_unique("nations", "id", known)
    _check_unique("nations", "node", [nation.node for nation in table.nations])
    _check_unique("sensors", "id", [sensor.id for sensor in table.sensors])
    _check_unique("places", "name", [place.name for place in table.places])
    _check_unique("flights", "id", [f.id or f.published_id or "" for f in table.flights])
    for name, rows in (("sensors", table.sensors), ("places", table.places)):
        for index, row in enumerate(rows):
            _check_nation(f"{name}[{index}].nation", row.nation, known)
    for index, sensor in enumerate(table.sensors):
        if sensor.scan_offset_s >= sensor.scan_interval_s:
            raise refused(f"sensors[{index}].scan_offset_s", "is not below scan_interval_s")
        if isinstance(sensor, ScenarioRadar) and sensor.greatest_speed_mps > 0.0:
            raise refused(
                f"sensors[{index}].greatest_speed_mps",
                "is above 0, and made-up radars stand still",
                remedy="Leave it out.",
            )
    _check_links(table.links, known)


def _check_unique(table: str, field: str, values: list[str]) -> None:
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        if value in first:
            raise refused(
                f"{table}[{index}].{field}",
                f"repeats {table}[{first[value]}].{field} ({shown(value)!r})",
                remedy="Give each its own.",
            )
        first[value] = index


def _check_nation(path: str, nation: str, known: list[str]) -> None:
    if nation not in known:
        raise refused(
            path, f"is {nation!r}, which is no nation here", remedy="Add it under [[nations]]."
        )


def _check_links(links: tuple[LinkTable, ...], known: list[str]) -> None:
    """Every nation can be reached from every other, directly or by relay."""
    pairs: list[str] = []
    for index, link in enumerate(links):
        for nation in link.between:
            _check_nation(f"links[{index}].between", nation, known)
        if link.between[0] == link.between[1]:
            raise refused(f"links[{index}].between", "links a nation with itself")
        pairs.append(" - ".join(sorted(link.between)))
    _check_unique("links", "between", pairs)
    reached = {known[0]}
    for _ in known:
        reached |= {end for link in links if reached & {*link.between} for end in link.between}
    for index, nation in enumerate(known):
        if nation not in reached:
            raise refused(
                f"nations[{index}]",
                f"({nation}) has no link to {known[0]}, direct or by relay",
                remedy="Add one under [[links]].",
            )
