"""A warning as its reader sees it."""

import pytest

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.seen_warning import FIELD_NAMES, disclosed


def test_a_withheld_field_is_named_and_an_absent_one_is_not() -> None:
    seen = disclosed({"warning_id": "KR-1/W0001", "impact": None}, withheld=("launch",))
    assert seen.is_withheld("launch")
    assert not seen.is_withheld("impact")
    assert seen.launch is None
    assert seen.impact is None


def test_the_names_of_withheld_fields_are_in_order() -> None:
    assert disclosed({}, withheld=("sensors", "launch")).withheld == ("launch", "sensors")


def test_a_name_that_is_no_field_is_refused() -> None:
    assert "colour" not in FIELD_NAMES
    with pytest.raises(LocalMisuse, match="no field 'colour'"):
        disclosed({"colour": "red"}, withheld=())


def test_a_field_cannot_be_both_known_and_withheld() -> None:
    with pytest.raises(LocalMisuse, match="'version' is given and named as withheld"):
        disclosed({"version": 1}, withheld=("version",))
