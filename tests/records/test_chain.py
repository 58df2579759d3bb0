"""A frame continues, repeats, leaves a gap or forks; each is told from the others."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records.made_up_nations import TRACK, chain, feed_id, frame_of, track_record

from bongsu.records.chain import Link, check_chain
from bongsu.records.feed import HEAD, genesis_hash
from bongsu.records.frame import OpenedFrame, chain_hashes
from bongsu.records.record import Record

STORY = [
    track_record(track=dataclasses.replace(TRACK, caveats=(f"entry {number}",)))
    for number in range(1, 9)
]
OTHER_STORY = [*STORY[:3], track_record(), *STORY[4:]]
_, HASHES = chain(STORY, feed_id())


def hash_at(sequence: int) -> bytes:
    return HASHES[sequence - 1] if sequence else genesis_hash(feed_id())


def frame(first: int, last: int, story: list[Record] = STORY) -> OpenedFrame:
    value = frame_of(story, first=first, last=last)
    head = HEAD.decode(value.signed_head.head)
    return OpenedFrame(frame=value, head=head, hashes=chain_hashes(value, head))


FRAMES = {(first, last): frame(first, last) for first in range(1, 9) for last in range(first, 9)}


def test_the_next_frame_continues_the_chain() -> None:
    check = check_chain(FRAMES[4, 6], after_sequence=3, after_hash=hash_at(3))
    assert check.link is Link.CONTINUES
    assert [entry.sequence for entry in check.entries] == [4, 5, 6]
    assert check.hashes == HASHES[3:6]


def test_the_first_frame_continues_the_genesis() -> None:
    check = check_chain(FRAMES[1, 2], after_sequence=0, after_hash=hash_at(0))
    assert check.link is Link.CONTINUES


@pytest.mark.parametrize("held", [0, 1, 2])
def test_a_missing_entry_between_is_a_gap(held: int) -> None:
    check = check_chain(FRAMES[4, 6], after_sequence=held, after_hash=hash_at(held))
    assert check.link is Link.GAP
    assert check.entries == ()


@pytest.mark.parametrize("held", [6, 7, 8])
def test_a_frame_that_brings_nothing_new_is_a_duplicate(held: int) -> None:
    check = check_chain(FRAMES[4, 6], after_sequence=held, after_hash=hash_at(held))
    assert check.link is Link.DUPLICATE


@pytest.mark.parametrize("held", [3, 4, 5, 6])
def test_another_story_at_a_place_that_is_held_is_a_fork(held: int) -> None:
    _, other_hashes = chain(OTHER_STORY, feed_id())
    forked = other_hashes[held - 1] if held > 3 else b"f" * 32
    check = check_chain(FRAMES[4, 6], after_sequence=held, after_hash=forked)
    assert check.link is Link.FORK
    assert check.entries == ()


def test_both_sides_of_a_fork_show_it() -> None:
    theirs = frame(5, 8, OTHER_STORY)
    check = check_chain(theirs, after_sequence=4, after_hash=hash_at(4))
    assert check.link is Link.FORK


@given(st.lists(st.sampled_from(sorted(FRAMES)), max_size=20))
def test_frames_in_any_order_and_number_never_show_an_entry_twice_or_out_of_order(
    arrivals: list[tuple[int, int]],
) -> None:
    sequence, hash_ = 0, hash_at(0)
    shown: list[int] = []
    for arrival in arrivals:
        check = check_chain(FRAMES[arrival], after_sequence=sequence, after_hash=hash_)
        assert check.link is not Link.FORK
        shown += [entry.sequence for entry in check.entries]
        if check.entries:
            sequence, hash_ = check.entries[-1].sequence, check.hashes[-1]
    assert shown == list(range(1, len(shown) + 1))
    assert hash_ == hash_at(len(shown))
