"""People of a node: invited once, a few tries, a passkey that is no copy."""

import pytest

from bongsu.node.people import (
    INVITED_FOR_S,
    MAXIMUM_PEOPLE,
    MAXIMUM_TRIES,
    Passkey,
    People,
    enrolled,
    invited,
    removed,
    tried,
    used,
)
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.role import Role
from bongsu.vocabulary.units import NS_PER_S, UtcNs

NOW = UtcNs(1_000)
LATE = UtcNs(NOW + INVITED_FOR_S * NS_PER_S)
KEY = Passkey(credential=b"c", public_key=b"p", used=3)


def kim() -> People:
    return invited(People(), "Kim", Role.WATCH_OFFICER, code="right", now=NOW)


def test_an_invitation_is_good_once_and_makes_one_passkey() -> None:
    people = enrolled(kim(), "Kim", "right", KEY, now=NOW)
    known = people.holding(b"c")
    assert known is not None
    assert (known.name, known.role, known.invitation) == ("Kim", Role.WATCH_OFFICER, None)
    with pytest.raises(PeerViolation, match="was used, or has ended"):
        enrolled(people, "Kim", "right", Passkey(credential=b"d", public_key=b"", used=0), now=NOW)
    with pytest.raises(LocalMisuse, match="has a passkey already"):
        invited(people, "Kim", Role.READER, code="x", now=NOW)


def test_an_invitation_ends_with_its_time() -> None:
    assert tried(kim(), "Kim", "right", now=UtcNs(LATE - 1))[1]
    assert not tried(kim(), "Kim", "right", now=LATE)[1]


def test_an_invitation_ends_after_a_few_wrong_codes() -> None:
    people = kim()
    for _ in range(MAXIMUM_TRIES):
        assert tried(people, "Kim", "right", now=NOW)[1]
        people, stands = tried(people, "Kim", "wrong", now=NOW)
        assert not stands
    assert not tried(people, "Kim", "right", now=NOW)[1]
    assert tried(people, "Lee", "right", now=NOW) == (people, False)


def test_the_code_itself_is_kept_nowhere() -> None:
    assert "right" not in repr(kim())


def test_a_counter_that_does_not_grow_is_a_copy() -> None:
    people = enrolled(kim(), "Kim", "right", KEY, now=NOW)
    people = used(people, b"c", count=4)
    for count in (4, 3, 0):
        with pytest.raises(PeerViolation, match="may be a copy"):
            used(people, b"c", count=count)
    with pytest.raises(PeerViolation, match="not known here"):
        used(removed(people, "Kim"), b"c", count=9)


def test_a_passkey_without_a_counter_enters_again() -> None:
    bare = Passkey(credential=b"c", public_key=b"p", used=0)
    people = enrolled(kim(), "Kim", "right", bare, now=NOW)
    assert used(people, b"c", count=0) == people


@pytest.mark.parametrize("name", ["", " Kim", "Kim\n", "<b>", "x" * 41])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(LocalMisuse, match="is no name"):
        invited(People(), name, Role.READER, code="x", now=NOW)


def test_people_are_bounded_and_nobody_is_removed_twice() -> None:
    people = People()
    for number in range(MAXIMUM_PEOPLE):
        people = invited(people, f"P{number}", Role.READER, code="x", now=NOW)
    with pytest.raises(LocalMisuse, match="Remove|are known"):
        invited(people, "one more", Role.READER, code="x", now=NOW)
    with pytest.raises(LocalMisuse, match="nobody is called"):
        removed(removed(people, "P0"), "P0")
