"""docs/scenarios.md has every field with its bounds, and its example is a scenario."""

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect
from tests.exercise.made_up import PUBLISHED

from bongsu.exercise import scenario_format, scenario_reader
from bongsu.exercise.scenario_reader import parse_scenario

DOCUMENT = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
TABLES = [
    scenario_format.ScenarioTable,
    scenario_format.FlightTable,
    scenario_format.LiftTable,
    scenario_format.NationTable,
    scenario_format.LinkTable,
    scenario_format.PlaceTable,
    scenario_format.ScenarioRadar,
    scenario_format.ScenarioInfrared,
]


def rows_of(field: str) -> list[str]:
    return re.findall(rf"^\| `{field}` \|.*$", DOCUMENT, flags=re.M)


def number_type(kind: inspect.Type) -> inspect.FloatType | inspect.IntType | None:
    options = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    numbers = (one for one in options if isinstance(one, inspect.FloatType | inspect.IntType))
    return next(numbers, None)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_field_is_documented_with_its_bounds_and_default(table: Any) -> None:
    kind = inspect.type_info(table)
    assert isinstance(kind, inspect.StructType)
    for field in kind.fields:
        rows = rows_of(field.encode_name)
        assert rows, field.encode_name
        number = number_type(field.type)
        if number is not None:
            bounds = f"| {number.ge:.16g} to {number.le:.16g} |"
            if number.le == 2**63 - 1:
                bounds = f"| {number.ge} to {number.le} |"
            rows = [row for row in rows if bounds in row]
            assert rows, f"{field.encode_name}: {bounds}"
        if isinstance(field.default, float):
            assert any(row.endswith(f"| {field.default:g} |") for row in rows), field.encode_name


@pytest.mark.parametrize("word", ["flights", "sensors", "nations", "links", "places"])
def test_every_list_is_documented_with_its_greatest_length(word: str) -> None:
    kind = inspect.type_info(scenario_format.ScenarioTable)
    assert isinstance(kind, inspect.StructType)
    [listed] = [field.type for field in kind.fields if field.name == word]
    assert isinstance(listed, inspect.VarTupleType)
    assert f" to {listed.max_length} |" in rows_of(word)[0]


def test_the_limits_of_the_text_are_documented() -> None:
    assert f"{scenario_reader.MAXIMUM_TEXT_CHARACTERS:,} characters" in DOCUMENT
    assert f"a line {scenario_reader.MAXIMUM_LINE_CHARACTERS:,}." in DOCUMENT


def test_the_documented_example_is_a_scenario() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", DOCUMENT, flags=re.S)
    scenario = parse_scenario(example, published=PUBLISHED)
    assert [flight.flight_id for flight in scenario.flights] == ["NK-2022-10-03-01", "MADE-UP-2"]
    assert len(scenario.sensors) == 2
