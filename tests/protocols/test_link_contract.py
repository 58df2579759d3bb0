"""A link's contract: measured from receipts, judged on enough, told when it breaks and is kept."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bongsu.protocols import link_contract
from bongsu.protocols.link_contract import (
    BIN_RATIO,
    ENOUGH_ENTRIES,
    Agreed,
    ContractHolds,
    Effect,
    EntriesStored,
    Event,
    FeedBegan,
    Figures,
    LinkContract,
    ReceiptVerified,
    TellBroken,
    TellKept,
    TimePassed,
    Verdict,
    figures,
    step,
)
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

MS = 1_000_000
AGREED = Agreed(latency_ns=100 * MS, completeness=0.999, window_ns=60 * NS_PER_S)


class Stage:
    """A link on a stage: tell it what happens and when."""

    def __init__(self, agreed: Agreed | None = AGREED) -> None:
        self.state = LinkContract()
        self.now = MonotonicNs(0)
        self.told: list[Effect] = []
        self.take(ContractHolds(agreed))

    def take(self, event: Event, *, after_ms: float = 0.0) -> None:
        self.now = MonotonicNs(self.now + round(after_ms * MS))
        self.state, effects = step(self.state, event, now=self.now)
        self.told += effects

    def entries(self, count: int, *, take_ms: float) -> None:
        """So many entries one after the other, each receipted after that time."""
        for _ in range(count):
            through = self.state.through + 1
            self.take(EntriesStored(through))
            self.take(ReceiptVerified(through), after_ms=take_ms)
            self.take(TimePassed())

    @property
    def figures(self) -> Figures:
        return figures(self.state, now=self.now)

    def says(self) -> Verdict:
        return self.figures.verdict


def test_with_enough_entries_in_time_it_is_kept() -> None:
    link = Stage()
    link.entries(ENOUGH_ENTRIES - 1, take_ms=10.0)
    assert link.says() is Verdict.TOO_FEW
    link.entries(1, take_ms=10.0)
    assert link.says() is Verdict.KEPT
    assert link.told == []


def test_without_a_contract_it_is_measured_and_not_judged() -> None:
    link = Stage(None)
    link.entries(50, take_ms=500.0)
    seen = link.figures
    assert seen.verdict is Verdict.NONE
    assert seen.receipted == 50
    assert seen.p50_ns is not None
    assert link.told == []


def test_it_breaks_when_more_than_one_of_a_hundred_is_late_and_says_since_when() -> None:
    link = Stage()
    link.entries(300, take_ms=10.0)
    link.entries(3, take_ms=200.0)
    assert link.says() is Verdict.KEPT
    link.entries(1, take_ms=200.0)
    [told] = link.told
    assert isinstance(told, TellBroken)
    assert told.figures.since == link.now
    link.entries(3, take_ms=200.0)
    assert len(link.told) == 1  # once
    assert link.figures.since == told.figures.since


def test_one_late_entry_of_few_breaks_nothing() -> None:
    link = Stage()
    link.entries(ENOUGH_ENTRIES, take_ms=10.0)
    link.entries(1, take_ms=5_000.0)
    assert link.says() is Verdict.KEPT
    link.entries(1, take_ms=5_000.0)
    assert link.says() is Verdict.BROKEN


def test_what_never_comes_breaks_it_as_soon_as_it_is_overdue() -> None:
    link = Stage()
    link.entries(50, take_ms=10.0)
    link.take(EntriesStored(link.state.through + 5))
    link.take(TimePassed(), after_ms=99.0)
    assert link.told == []
    link.take(TimePassed(), after_ms=2.0)
    assert isinstance(link.told[-1], TellBroken)
    assert link.figures.overdue == 5
    assert link.figures.receipted == 50


def test_it_is_kept_again_when_the_bad_time_has_left_the_window() -> None:
    link = Stage()
    link.entries(30, take_ms=500.0)
    assert link.says() is Verdict.BROKEN
    for _ in range(70):
        link.entries(3, take_ms=10.0)
        link.take(TimePassed(), after_ms=1_000.0)
    assert [type(told) for told in link.told] == [TellBroken, TellKept]
    assert link.state.broken_since is None


def test_with_too_few_entries_left_a_broken_contract_stays_broken() -> None:
    link = Stage()
    link.entries(30, take_ms=500.0)
    link.take(TimePassed(), after_ms=200_000.0)
    assert link.says() is Verdict.TOO_FEW
    assert link.figures.since is not None
    assert len(link.told) == 1


def test_another_contract_begins_a_new_window() -> None:
    link = Stage()
    link.entries(30, take_ms=500.0)
    link.take(ContractHolds(AGREED))
    assert link.figures.receipted == 30  # the same one changes nothing
    link.take(ContractHolds(replace(AGREED, latency_ns=NS_PER_S)))
    assert link.figures.receipted == 0
    assert link.figures.since is None


def test_what_was_on_its_way_at_our_start_has_no_time_but_is_missed() -> None:
    link = Stage()
    link.take(EntriesStored(100, at_start=True))
    link.take(ReceiptVerified(60), after_ms=5.0)
    seen = link.figures
    assert (seen.receipted, seen.overdue) == (0, 0)
    link.take(TimePassed(), after_ms=1_000.0)
    assert link.figures.overdue == 40


def test_a_receipt_may_cover_a_part_of_what_was_stored_together() -> None:
    link = Stage()
    link.take(EntriesStored(10))
    link.take(ReceiptVerified(4), after_ms=10.0)
    link.take(ReceiptVerified(4), after_ms=10.0)
    link.take(ReceiptVerified(10), after_ms=10.0)
    assert link.figures.receipted == 10
    assert link.state.batches == ()


def test_a_new_epoch_counts_its_places_anew() -> None:
    link = Stage()
    link.entries(25, take_ms=10.0)
    link.take(EntriesStored(30))
    link.take(FeedBegan(5))
    link.take(ReceiptVerified(5), after_ms=1.0)
    link.entries(1, take_ms=10.0)
    seen = link.figures
    assert (seen.receipted, seen.overdue) == (26, 0)
    assert link.says() is Verdict.KEPT


def test_what_is_under_way_is_bounded_and_no_entry_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link_contract, "MAXIMUM_BATCHES", 4)
    link = Stage()
    for through in range(1, 101):
        link.take(EntriesStored(through), after_ms=1.0)
    assert len(link.state.batches) == 4
    link.take(ReceiptVerified(100), after_ms=1.0)
    assert link.figures.receipted == 100


@given(st.lists(st.floats(0.05, 100_000.0), min_size=1, max_size=60))
def test_quantiles_are_at_most_a_bin_too_long_and_never_too_short(times_ms: list[float]) -> None:
    link = Stage(None)
    link.state = replace(link.state, buckets=())
    for took in times_ms:
        through = link.state.through + 1
        link.take(EntriesStored(through))
        link.take(ReceiptVerified(through), after_ms=took)
    ordered = sorted(round(took * MS) for took in times_ms)
    for share, told in ((0.5, link.figures.p50_ns), (0.99, link.figures.p99_ns)):
        exact = ordered[math.ceil(share * len(ordered)) - 1]
        assert told is not None
        assert exact * (1 - 1e-9) - 1 <= told <= exact * BIN_RATIO * (1 + 1e-9) + 1
