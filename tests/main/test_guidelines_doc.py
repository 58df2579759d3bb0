"""The page for release officers: its examples are read, its table of fields is complete."""

import re
from pathlib import Path

import pytest

from bongsu.main.filing_files import read_filing
from bongsu.records.guideline import read_guideline
from bongsu.records.guideline_check import check_guideline
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.kinds import RecordKind, form_of, guided_kinds
from bongsu.vocabulary.realm import Realm

PAGE = (Path(__file__).parents[2] / "docs" / "guidelines.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```toml\n# (\S+)\n(.*?)^```$", PAGE, flags=re.M | re.S))


def test_the_example_is_a_guideline_that_gives_nothing_away() -> None:
    guideline = read_guideline(FILES["guideline.toml"].encode(), realm=Realm.EXERCISE)
    assert len(guideline.rules) == 2 + 6
    assert len(guideline.contracts) == 1
    assert check_guideline(guideline) == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("notice.toml", RecordKind.LAUNCH_NOTICE),
        ("report.toml", RecordKind.INTELLIGENCE_REPORT),
    ],
)
def test_the_examples_of_filings_are_read(name: str, kind: RecordKind, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FILES[name])
    assert read_filing(path)["kind"] == kind.value


def test_the_table_has_every_kind_with_all_its_fields() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.*) \|$", PAGE, flags=re.M))
    assert rows.keys() == {kind.value for kind in guided_kinds()}
    for kind in guided_kinds():
        assert re.findall(r"`(\w+)`", rows[kind.value]) == list(form_of(kind).fields)


def test_the_page_names_the_bound_of_a_text() -> None:
    assert f"{MAXIMUM_GUIDELINE_BYTES:,} bytes" in PAGE
