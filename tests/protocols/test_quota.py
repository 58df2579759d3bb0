"""What may come on a channel, and what is refused unread."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.protocols.quota import (
    ALLOWANCES,
    FAILED_COSTS,
    Arrived,
    Failed,
    Pass,
    Quota,
    Refuse,
    step,
)
from bongsu.records.carry_key import SIGNED_CARRY_STOCK
from bongsu.records.encoding import Codec
from bongsu.records.feed import SIGNED_HEAD, SIGNED_RECEIPT
from bongsu.records.frame import SEALED_FRAME
from bongsu.records.key_status import SIGNED_KEY_STATUS
from bongsu.records.reader_key import SIGNED_ANNOUNCEMENT
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

LARGEST: dict[str, Codec[Any]] = {
    "urgent": SEALED_FRAME,
    "bulk": SEALED_FRAME,
    "head": SIGNED_HEAD,
    "receipt": SIGNED_RECEIPT,
    "ask": SIGNED_RECEIPT,
    "shown": SIGNED_HEAD,
    "key": SIGNED_ANNOUNCEMENT,
    "keys": SIGNED_KEY_STATUS,
    "carry-keys": SIGNED_CARRY_STOCK,
}


def passed(channel: str, *, size_bytes: int, per_s: int, for_s: int) -> int:
    """How many of evenly spaced messages pass."""
    state, count = Quota(), 0
    for number in range(per_s * for_s):
        now = MonotonicNs(number * NS_PER_S // per_s)
        state, answer = step(state, Arrived(channel, size_bytes), now=now)
        count += isinstance(answer, Pass)
    return count


def test_catch_up_at_its_fastest_passes_whole() -> None:
    """30,000 records of 1 KiB a second, in the largest and in the smallest frames."""
    for entries in (1_024, 256, 64):
        frames = 30_000 // entries
        assert passed("bulk", size_bytes=entries * 1_124, per_s=frames, for_s=20) == frames * 20


@pytest.mark.parametrize(
    ("channel", "per_s", "size_bytes"),
    [("head", 2, 3_500), ("receipt", 100, 3_500), ("ask", 2, 3_500), ("key", 1, 4_700)],
)
def test_an_honest_partner_at_its_busiest_is_never_refused(
    channel: str, per_s: int, size_bytes: int
) -> None:
    assert passed(channel, size_bytes=size_bytes, per_s=per_s, for_s=30) == per_s * 30


@pytest.mark.parametrize("channel", ALLOWANCES)
def test_ten_times_the_load_passes_at_the_allowed_rate_and_no_faster(channel: str) -> None:
    allowance = ALLOWANCES[channel]
    per_s = round(10 * allowance.messages_per_s)
    most = allowance.messages_at_once + 5 * allowance.messages_per_s
    assert most - 2 <= passed(channel, size_bytes=100, per_s=per_s, for_s=5) <= most


@pytest.mark.parametrize("channel", ALLOWANCES)
def test_the_largest_message_of_each_channel_passes_after_a_rest(channel: str) -> None:
    _, answer = step(Quota(), Arrived(channel, LARGEST[channel].maximum_bytes), now=MonotonicNs(0))
    assert answer == Pass()


@pytest.mark.parametrize("channel", ALLOWANCES)
def test_few_messages_with_too_many_bytes_are_refused(channel: str) -> None:
    allowance = ALLOWANCES[channel]
    size = round(allowance.bytes_at_once)
    state, first = step(Quota(), Arrived(channel, size), now=MonotonicNs(0))
    state, second = step(state, Arrived(channel, size), now=MonotonicNs(1))
    rest = MonotonicNs(round(allowance.bytes_at_once / allowance.bytes_per_s * NS_PER_S) + 1)
    _, third = step(state, Arrived(channel, size), now=rest)
    assert (first, second, third) == (Pass(), Refuse(), Pass())


def test_a_frame_that_was_none_costs_as_much_as_many_and_a_second_pays_for_any_number() -> None:
    state, _ = step(Quota(), Arrived("urgent", 100), now=MonotonicNs(0))
    for _ in range(1_000):
        state, _ = step(state, Failed("urgent"), now=MonotonicNs(0))
    state, early = step(state, Arrived("urgent", 100), now=MonotonicNs(NS_PER_S // 2))
    _, later = step(state, Arrived("urgent", 100), now=MonotonicNs(NS_PER_S + NS_PER_S // 50))
    assert (early, later) == (Refuse(), Pass())


def test_garbage_passes_at_a_twentieth_of_the_rate() -> None:
    allowance = ALLOWANCES["bulk"]
    state, count = Quota(), 0
    for number in range(round(5 * 10 * allowance.messages_per_s)):
        now = MonotonicNs(round(number * NS_PER_S / (10 * allowance.messages_per_s)))
        state, answer = step(state, Arrived("bulk", 100), now=now)
        if isinstance(answer, Pass):
            count += 1
            state, _ = step(state, Failed("bulk"), now=now)
    whole = allowance.messages_at_once + 5 * allowance.messages_per_s
    assert count <= whole / FAILED_COSTS + 1


def test_channels_do_not_share_what_they_are_allowed() -> None:
    state = Quota()
    for _ in range(100):
        state, answer = step(state, Arrived("ask", 100), now=MonotonicNs(0))
    assert answer == Refuse()
    _, answer = step(state, Arrived("head", 100), now=MonotonicNs(0))
    assert answer == Pass()


@given(st.lists(st.tuples(st.integers(0, NS_PER_S), st.integers(0, 5_000)), max_size=200))
def test_whatever_comes_and_when_no_more_passes_than_is_allowed(
    messages: list[tuple[int, int]],
) -> None:
    allowance = ALLOWANCES["head"]
    state, now, count, size = Quota(), 0, 0, 0
    for waited, size_bytes in messages:
        now += waited
        state, answer = step(state, Arrived("head", size_bytes), now=MonotonicNs(now))
        if isinstance(answer, Pass):
            count, size = count + 1, size + size_bytes
    elapsed_s = now / NS_PER_S
    assert count <= allowance.messages_at_once + elapsed_s * allowance.messages_per_s + 1e-6
    assert size <= allowance.bytes_at_once + elapsed_s * allowance.bytes_per_s + 1e-6
