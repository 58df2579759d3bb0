"""What a delay does to a version: every combination against the rules in plain words."""

import itertools

import pytest

from bongsu.protocols.delayed_release import Course, course
from bongsu.records.version_role import VersionRole

NEWS, END, VOID = VersionRole.NEWS, VersionRole.END, VersionRole.VOID
FLAGS = (False, True)


def decided(
    role: VersionRole = NEWS,
    *,
    waits: bool = False,
    was_shown: bool = False,
    ended: VersionRole | None = None,
    was_shown_the_end: bool = False,
    is_recalled: bool = False,
) -> Course:
    return course(
        role,
        waits=waits,
        was_shown=was_shown,
        ended=ended,
        was_shown_the_end=was_shown_the_end,
        is_recalled=is_recalled,
    )


def test_without_a_delay_everything_goes_at_once() -> None:
    for role, shown in itertools.product(VersionRole, FLAGS):
        assert decided(role, was_shown=shown) is Course.NOW


def test_first_versions_and_amendments_wait() -> None:
    assert decided(waits=True) is Course.LATER
    assert decided(waits=True, was_shown=True) is Course.LATER


@pytest.mark.parametrize("role", [END, VOID])
def test_an_end_never_waits_for_who_was_shown_a_version(role: VersionRole) -> None:
    assert decided(role, waits=True, was_shown=True) is Course.NOW


def test_an_end_before_the_first_release_waits_and_a_void_one_never_goes() -> None:
    assert decided(END, waits=True) is Course.LATER
    assert decided(VOID, waits=True) is Course.NEVER


def test_what_ended_before_its_first_release_goes_with_its_end_or_not_at_all() -> None:
    assert decided(ended=END) is Course.WITH_ITS_END
    assert decided(ended=VOID) is Course.NEVER
    assert decided(ended=END, waits=True) is Course.LATER  # never early, whatever came after it


def test_amendments_that_still_wait_when_the_end_has_gone_are_dropped() -> None:
    for role, waits in itertools.product(VersionRole, FLAGS):
        shown = decided(role, waits=waits, was_shown=True, was_shown_the_end=True)
        assert shown is Course.NEVER


def test_what_is_recalled_is_never_released() -> None:
    for role, waits, shown in itertools.product(VersionRole, FLAGS, FLAGS):
        assert decided(role, waits=waits, was_shown=shown, is_recalled=True) is Course.NEVER


def test_no_first_version_or_amendment_ever_goes_early() -> None:
    for shown, ended, end_shown in itertools.product(FLAGS, (None, END, VOID), FLAGS):
        what = decided(waits=True, was_shown=shown, ended=ended, was_shown_the_end=end_shown)
        assert what in (Course.LATER, Course.NEVER)
