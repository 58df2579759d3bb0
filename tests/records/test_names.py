"""Names are few letters, begin with their nation, and never leave the folder they are put in."""

import pytest

from bongsu.records.names import nation_of, require_nation, require_subject_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NationId

KR = NationId("KR")


@pytest.mark.parametrize("name", ["KR", "US", "BLUE", "R2"])
def test_a_nations_name_is_capital_letters_and_digits(name: str) -> None:
    assert require_nation(name) == name


@pytest.mark.parametrize("name", ["", "K", "kr", "KR-1", "KR\n", "..", "2R", "K" * 17, "К Р"])
def test_any_other_text_is_no_nation(name: str) -> None:
    with pytest.raises(LocalMisuse, match="no nation's name"):
        require_nation(name)


@pytest.mark.parametrize("name", ["KR-1", "KR-RADAR-1", "KR-A-B-C-D"])
def test_a_subjects_name_begins_with_its_nation(name: str) -> None:
    assert require_subject_of(KR, name) == name
    assert nation_of(name) == KR


@pytest.mark.parametrize(
    "name", ["KR", "US-1", "KRX-1", "KR-", "KR-1/..", "KR-1\n", "KR-A-B-C-D-E"]
)
def test_any_other_text_is_no_subject_of_the_nation(name: str) -> None:
    with pytest.raises(LocalMisuse, match="no name within KR"):
        require_subject_of(KR, name)
