"""docs/json-report.md names every field that the demo's JSON holds."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect
from tests.console.made_up_report import report as made_up_report

from bongsu.console import demo_report
from bongsu.console.report_json import report_json

DOCUMENT = (Path(__file__).parents[2] / "docs" / "json-report.md").read_text(encoding="utf-8")
DOCUMENTED = set(re.findall(r"`([a-z_0-9]+)`", DOCUMENT))
FORMS = [
    form
    for form in vars(demo_report).values()
    if isinstance(form, type)
    and issubclass(form, msgspec.Struct)
    and form.__module__ == demo_report.__name__
]


def names_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_in(inner)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_declared_field_is_documented(form: type[msgspec.Struct]) -> None:
    kind = inspect.type_info(form)
    assert isinstance(kind, inspect.StructType)
    assert {field.encode_name for field in kind.fields} - DOCUMENTED == set()


def test_every_written_name_is_documented() -> None:
    written = set(names_in(json.loads(report_json(made_up_report()))))
    assert {"predicted_impact", "launched_at_utc", "words"} <= written
    assert written - DOCUMENTED == set()


def test_every_link_within_the_page_has_its_heading() -> None:
    headings = re.findall(r"^#+ (.*)$", DOCUMENT, flags=re.M)
    anchors = {
        re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-") for heading in headings
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", DOCUMENT)) - anchors == set()
