"""The reader's end: order, completeness, receipts, and faults that people are told of."""

import pytest
from msgspec.structs import replace
from tests.protocols.log_exchange.made_up_feed import FEED, Chain, chain, chain_of, ns, utc

from bongsu.protocols.log_exchange import inbound
from bongsu.protocols.log_exchange.inbound import (
    AskAfter,
    ClearFault,
    CompareHistory,
    Effect,
    EntriesStored,
    EpochOpened,
    Event,
    Fault,
    HeadVerified,
    HistoryCompared,
    Inbound,
    KeyEnded,
    LinkCameBack,
    RaiseFault,
    ReopenSession,
    SendReceipt,
    ShowHead,
    StoreEntries,
    StoringFailed,
    TimePassed,
)
from bongsu.protocols.log_exchange.inbound_timers import RECEIPT_AT_ENTRIES
from bongsu.vocabulary.errors import LocalMisuse

FEED_OF_20 = chain(20)


class Reader:
    """One feed's reader on a stage; what it hands to the store is stored when the play says."""

    def __init__(
        self,
        history: Chain = FEED_OF_20,
        *,
        stored: int = 0,
        at_s: float = 0.0,
        judges_link: bool = True,
    ) -> None:
        self.state = Inbound(
            epoch=FEED.epoch,
            judges_link=judges_link,
            accepted=history.position(stored),
            stored=stored,
            opened_at=ns(at_s),
            opened_with=stored,
        )

    def take(self, event: Event, at_s: float) -> list[Effect]:
        self.state, effects = inbound.step(self.state, event, now=ns(at_s))
        return list(effects)

    def stores(self, history: Chain, first: int, last: int, at_s: float) -> list[Effect]:
        """A frame comes and is on disk at once."""
        self.take(history.frame(first, last), at_s)
        return self.take(EntriesStored(last, True), at_s)

    def waits(self, since_s: float, until_s: float) -> list[tuple[float, Effect]]:
        """Time passes in the steps of a node's tick."""
        happened: list[tuple[float, Effect]] = []
        for tick in range(round(since_s * 20) + 1, round(until_s * 20) + 1):
            happened += ((tick / 20, effect) for effect in self.take(TimePassed(), tick / 20))
        return happened

    def hears_heads(self, history: Chain, sequence: int, since_s: float, until_s: float) -> None:
        for half in range(round(since_s * 2), round(until_s * 2) + 1):
            self.take(history.head(sequence, at_s=half / 2), half / 2)
            self.waits(half / 2, half / 2 + 0.45)


def test_what_continues_the_chain_is_stored_and_acknowledged_only_when_it_is_on_disk() -> None:
    reader = Reader()
    (store,) = reader.take(FEED_OF_20.frame(1, 3), 1.0)
    assert isinstance(store, StoreEntries)
    assert store.hashes == FEED_OF_20.hashes[1:4]
    assert not any(isinstance(e, SendReceipt) for _, e in reader.waits(1.0, 20.0))
    assert reader.take(EntriesStored(3, True), 20.0) == [SendReceipt(3)]


def test_a_receipt_of_what_is_not_urgent_follows_within_50_ms() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.frame(1, 3), 1.0)
    assert reader.take(EntriesStored(3, False), 1.0) == []
    assert reader.waits(1.0, 1.1) == [(1.05, SendReceipt(3))]


def test_only_what_is_new_of_an_overlapping_frame_is_stored() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    (store,) = reader.take(FEED_OF_20.frame(3, 8), 1.1)
    assert isinstance(store, StoreEntries)
    assert [entry.sequence for entry in store.entries] == [6, 7, 8]


def test_a_quarter_of_a_window_is_acknowledged_at_once() -> None:
    """The sender's window moves on before it is used up, whatever the ticks are."""
    long = chain(RECEIPT_AT_ENTRIES + 10)
    reader = Reader(long)
    reader.take(long.frame(1, RECEIPT_AT_ENTRIES - 1), 1.0)
    assert reader.take(EntriesStored(RECEIPT_AT_ENTRIES - 1, False), 1.0) == []
    reader.take(long.frame(RECEIPT_AT_ENTRIES, RECEIPT_AT_ENTRIES), 1.01)
    effects = reader.take(EntriesStored(RECEIPT_AT_ENTRIES, False), 1.01)
    assert effects == [SendReceipt(RECEIPT_AT_ENTRIES)]
    reader.take(long.frame(RECEIPT_AT_ENTRIES + 1, RECEIPT_AT_ENTRIES + 2), 1.02)
    assert reader.take(EntriesStored(RECEIPT_AT_ENTRIES + 2, False), 1.02) == []


def test_a_duplicate_is_not_stored_and_its_receipt_is_said_again() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    assert reader.take(FEED_OF_20.frame(1, 5), 2.0) == []
    assert reader.waits(2.0, 2.1) == [(2.05, SendReceipt(5))]


def test_an_old_duplicate_is_compared_with_what_is_on_disk() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    assert reader.take(FEED_OF_20.frame(1, 3), 2.0) == [CompareHistory(FEED_OF_20.position(3))]
    there = FEED_OF_20.position(3)
    assert reader.take(HistoryCompared(there, True), 2.0) == []
    forked = [RaiseFault(Fault.FORK), ShowHead(None)]
    assert reader.take(HistoryCompared(there, False), 2.0) == forked


def test_a_position_that_is_still_being_stored_is_not_taken_for_a_fork() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    reader.take(FEED_OF_20.frame(6, 9), 1.1)
    assert reader.take(FEED_OF_20.head(9, at_s=1.2), 1.2) == []
    assert reader.take(FEED_OF_20.frame(6, 7), 1.2) == []
    assert reader.state.faults == frozenset()


def test_a_gap_is_asked_for_after_a_short_grace_and_shown_within_three_seconds() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.frame(4, 6), 1.0)
    happened = reader.waits(1.0, 4.0)
    assert next(item for item in happened) == (1.2, AskAfter(0))
    assert (3.0, RaiseFault(Fault.BEHIND)) in happened


def test_a_lost_frame_shows_at_the_next_heartbeat() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    reader.take(FEED_OF_20.head(8, at_s=1.5), 1.5)
    assert reader.waits(1.5, 1.9) == [(1.7, AskAfter(5))]


def test_a_head_that_overtakes_its_frame_asks_for_nothing() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.head(3, at_s=1.0), 1.0)
    reader.stores(FEED_OF_20, 1, 3, 1.1)
    assert not any(isinstance(effect, AskAfter) for _, effect in reader.waits(1.1, 3.0))


def test_while_frames_flow_nothing_is_asked_for_although_more_is_missing() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.head(20, at_s=1.0), 1.0)
    asked = []
    for number in range(20):
        at_s = 1.1 + number * 0.1
        reader.stores(FEED_OF_20, number + 1, number + 1, at_s)
        asked += [e for _, e in reader.waits(at_s, at_s + 0.05) if isinstance(e, AskAfter)]
    assert asked == []


def test_unanswered_asks_come_ever_more_rarely() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.head(3, at_s=1.0), 1.0)
    asked = [at_s for at_s, effect in reader.waits(1.0, 40.0) if isinstance(effect, AskAfter)]
    assert asked == [1.2, 1.7, 2.7, 4.7, 8.7, 16.7, 24.7, 32.7]


def test_a_link_that_is_back_is_asked_at_once_and_the_faults_clear_with_what_came() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    reader.hears_heads(FEED_OF_20, 5, 1.0, 2.0)
    silent = reader.waits(2.5, 30.0)
    assert next(item for item in silent) == (4.5, RaiseFault(Fault.SILENCE))
    assert reader.take(FEED_OF_20.head(9, at_s=30.0), 30.0) == [ClearFault(Fault.SILENCE, 0)]
    assert reader.waits(30.0, 30.2) == [(30.2, AskAfter(5))]
    reader.waits(30.2, 32.2)
    assert Fault.BEHIND in reader.state.faults
    reader.stores(FEED_OF_20, 6, 9, 32.3)
    assert reader.take(TimePassed(), 32.35) == [ClearFault(Fault.BEHIND, 4)]


def test_silence_is_shown_within_three_seconds_and_the_session_reopened_ever_more_rarely() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.head(0, at_s=1.0), 1.0)
    happened = reader.waits(1.0, 30.0)
    assert happened[0] == (3.5, RaiseFault(Fault.SILENCE))
    reopened = [at_s for at_s, effect in happened if effect == ReopenSession()]
    assert reopened == [4.0, 10.0, 22.0]


def test_a_partner_that_was_never_heard_is_absent_after_fifteen_seconds() -> None:
    reader = Reader(at_s=10.0)
    assert reader.waits(10.0, 25.0) == [
        (25.0, RaiseFault(Fault.SILENCE)),
        (25.0, ReopenSession()),
    ]


def test_a_recorded_heartbeat_played_again_does_not_break_the_silence() -> None:
    reader = Reader()
    recorded = FEED_OF_20.head(0, at_s=1.0)
    reader.take(recorded, 1.0)
    for half in range(3, 12):
        reader.take(recorded, half / 2)
        reader.waits(half / 2, half / 2 + 0.45)
    assert reader.state.faults == {Fault.SILENCE}


def test_a_heartbeat_of_another_epoch_proves_nothing() -> None:
    reader = Reader()
    other = HeadVerified(
        epoch=2,
        head=FEED_OF_20.position(3),
        beat=utc(1.0),
        stated_at=utc(1.0),
        received_at=utc(1.0),
    )
    assert reader.take(other, 1.0) == []
    assert reader.state.heard_at is None


def test_clocks_that_disagree_are_shown_and_cleared() -> None:
    reader = Reader()
    ahead = FEED_OF_20.head(0, at_s=4.5, received_s=1.0)
    assert reader.take(ahead, 1.0) == [RaiseFault(Fault.SKEW)]
    right = FEED_OF_20.head(0, at_s=5.0, received_s=5.0)
    assert reader.take(right, 5.0) == [ClearFault(Fault.SKEW, 0)]


def test_a_sender_whose_clock_was_set_back_is_heard_by_its_beats_and_shown_as_skewed() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.head(0, at_s=1.0), 1.0)
    back = replace(FEED_OF_20.head(0, at_s=-3_600.0, received_s=1.5), beat=utc(1.0 + 1e-9))
    assert reader.take(back, 1.5) == [RaiseFault(Fault.SKEW)]
    assert reader.state.heard_at == ns(1.5)


def test_a_sender_whose_clock_was_ahead_is_believed_again_once_it_is_right() -> None:
    """Also when it began anew in between, and knows nothing of the beats that it stated."""
    reader = Reader()
    reader.take(FEED_OF_20.head(0, at_s=7_200.0, received_s=1.0), 1.0)
    assert reader.state.faults == {Fault.SKEW}
    assert reader.take(FEED_OF_20.head(0, at_s=9.0), 9.0) == [ClearFault(Fault.SKEW, 0)]
    assert reader.state.heard_at == ns(9.0)


def test_recorded_beats_from_beyond_our_time_show_as_skew_and_make_no_fork() -> None:
    reader = Reader()
    ahead = FEED_OF_20.head(0, at_s=7_200.0, received_s=1.0)
    reader.take(ahead, 1.0)
    reader.take(FEED_OF_20.head(1, at_s=9.0), 9.0)
    played = reader.take(replace(ahead, received_at=utc(10.0)), 10.0)
    assert played == [RaiseFault(Fault.SKEW)]
    at_its_time = reader.take(replace(ahead, received_at=utc(7_200.0)), 7_200.0)
    assert RaiseFault(Fault.FORK) not in at_its_time


def test_a_feed_that_does_not_judge_the_link_tells_neither_silence_nor_skew() -> None:
    reader = Reader(judges_link=False)
    assert reader.take(FEED_OF_20.head(0, at_s=9.0, received_s=1.0), 1.0) == []
    assert reader.waits(1.0, 30.0) == []


def test_when_the_link_is_back_what_is_missing_is_asked_for_at_once() -> None:
    reader = Reader(judges_link=False)
    reader.take(FEED_OF_20.frame(4, 6), 1.0)
    asked = [at_s for at_s, effect in reader.waits(1.0, 20.0) if effect == AskAfter(0)]
    assert len(asked) < 8  # ever more rarely
    assert reader.take(LinkCameBack(), 20.0) == []
    assert reader.waits(20.0, 20.05) == [(20.05, AskAfter(0))]


FORKED = chain(20, story="two", same_until=5)
AGAIN = chain_of([f"one {number}" for number in range(2, 8)], epoch=2)


@pytest.mark.parametrize(
    "other_story",
    [
        FORKED.frame(8, 12),  # follows by number, not by hash
        FORKED.frame(6, 9),  # overlaps
        FORKED.frame(6, 7),  # the same place
        FORKED.head(7, at_s=2.0),  # a heartbeat of the same place
    ],
)
def test_a_fork_is_found_and_nothing_of_it_is_stored(other_story: Event) -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    assert reader.take(other_story, 2.0) == [RaiseFault(Fault.FORK), ShowHead(None)]
    assert reader.take(FORKED.frame(8, 12), 2.1) == []
    assert reader.take(FEED_OF_20.frame(8, 12), 2.1) == []


def test_a_forked_feed_is_asked_for_nothing() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FORKED.head(7, at_s=2.0), 2.0)
    reader.take(FORKED.head(9, at_s=2.5), 2.5)
    assert not any(isinstance(effect, AskAfter) for _, effect in reader.waits(2.5, 4.0))


def test_a_later_head_that_states_less_is_a_truncated_history() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FEED_OF_20.head(7, at_s=2.0), 2.0)
    shared = FEED_OF_20.position(5)
    cut_short = [RaiseFault(Fault.TRUNCATED), CompareHistory(shared)]
    assert reader.take(FEED_OF_20.head(5, at_s=2.5), 2.5) == cut_short
    assert reader.take(HistoryCompared(shared, True), 2.5) == [ShowHead(shared)]
    assert reader.take(FEED_OF_20.head(5, at_s=3.0), 3.0) == [CompareHistory(shared)]
    assert reader.take(HistoryCompared(shared, True), 3.0) == []


def test_what_is_still_being_stored_is_not_countersigned_as_shared() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FEED_OF_20.head(9, at_s=2.0), 2.0)
    reader.take(FEED_OF_20.head(5, at_s=2.5), 2.5)
    [store] = reader.take(FEED_OF_20.frame(8, 8), 2.6)
    assert isinstance(store, StoreEntries)
    assert not _countersigned(reader.take(FEED_OF_20.head(8, at_s=2.7), 2.7))
    reader.take(EntriesStored(8, True), 2.8)
    assert _countersigned(reader.take(FEED_OF_20.head(8, at_s=2.9), 2.9))


def _countersigned(effects: list[Effect]) -> bool:
    return any(isinstance(one, ShowHead) and one.shared is not None for one in effects)


def test_a_sender_that_lost_its_place_is_shown_its_head_every_five_seconds() -> None:
    reader = Reader(judges_link=False)
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FEED_OF_20.head(7, at_s=2.0), 2.0)
    assert reader.take(FEED_OF_20.head(0, at_s=2.5), 2.5) == [
        RaiseFault(Fault.TRUNCATED),
        ShowHead(None),
    ]
    shown = [at_s for at_s, effect in reader.waits(2.5, 13.0) if effect == ShowHead(None)]
    assert shown == [7.5, 12.5]


def test_a_sender_whose_log_is_whole_again_is_believed() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FEED_OF_20.head(7, at_s=2.0), 2.0)
    reader.take(FEED_OF_20.head(5, at_s=2.5), 2.5)
    assert reader.take(FEED_OF_20.head(7, at_s=3.0), 3.0) == [ClearFault(Fault.TRUNCATED, 0)]
    assert len(reader.take(FEED_OF_20.frame(8, 9), 3.1)) == 1


def test_a_later_epoch_begins_a_feed_of_its_own_and_the_old_one_is_over() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FEED_OF_20.head(7, at_s=2.0), 2.0)
    reader.take(FORKED.frame(8, 9), 2.5)
    opened = EpochOpened(epoch=2, start=AGAIN.position(0))
    assert reader.take(opened, 3.0) == [ClearFault(Fault.FORK, 0)]
    assert reader.state.heard_at == ns(2.0)
    assert reader.take(FEED_OF_20.frame(8, 9), 3.1) == []
    assert reader.take(AGAIN.head(6, at_s=3.5), 3.5) == []
    (store,) = reader.take(AGAIN.frame(1, 6), 3.6)
    assert isinstance(store, StoreEntries)
    assert reader.take(EntriesStored(6, True), 3.7) == [SendReceipt(6)]


def test_an_epoch_is_not_opened_twice_nor_an_earlier_one() -> None:
    reader = Reader()
    reader.take(EpochOpened(epoch=2, start=AGAIN.position(0)), 1.0)
    reader.stores(AGAIN, 1, 6, 1.1)
    for epoch in (1, 2):
        assert reader.take(EpochOpened(epoch=epoch, start=AGAIN.position(0)), 2.0) == []
    assert reader.state.stored == 6


def test_a_sender_that_speaks_of_an_epoch_that_is_over_is_shown_the_present_one() -> None:
    """It was restored to before the epoch that it had opened."""
    reader = Reader()
    reader.take(EpochOpened(epoch=2, start=AGAIN.position(0)), 1.0)
    reader.take(AGAIN.head(0, at_s=1.5), 1.5)
    assert reader.take(FEED_OF_20.head(7, at_s=2.0), 2.0) == [ShowHead(None)]
    assert reader.take(FEED_OF_20.head(7, at_s=2.5), 2.5) == []
    assert reader.take(FEED_OF_20.head(7, at_s=1.4), 9.0) == []  # a recording
    assert reader.state.heard_at == ns(1.5)


def test_an_earlier_head_that_comes_late_is_no_truncated_history() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FEED_OF_20.head(7, at_s=2.0), 2.0)
    assert reader.take(FEED_OF_20.head(5, at_s=1.5), 2.5) == []


def test_a_reader_that_restarted_finds_a_history_truncated_in_between() -> None:
    reader = Reader(stored=7, at_s=100.0)
    lately = FEED_OF_20.head(5, at_s=101.0)  # may have been on its way while we started
    assert reader.take(lately, 101.0) == [CompareHistory(FEED_OF_20.position(5))]
    assert RaiseFault(Fault.TRUNCATED) in reader.take(FEED_OF_20.head(5, at_s=103.0), 103.0)


def test_a_frame_that_overtakes_a_heartbeat_makes_no_fork_of_it() -> None:
    reader = Reader(stored=0, at_s=0.0)
    reader.take(FEED_OF_20.head(5, at_s=9.0), 9.0)
    reader.stores(FEED_OF_20, 1, 7, 9.6)
    late = FEED_OF_20.head(6, at_s=9.5)
    assert reader.take(late, 9.7) == [CompareHistory(FEED_OF_20.position(6))]


def test_what_was_claimed_under_a_key_that_ended_is_forgotten() -> None:
    """A thief states a far future and entries that never were; the next key is heard even so."""
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 3, 1.0)
    reader.take(FEED_OF_20.head(20, at_s=5_000.0), 1.5)
    assert reader.state.claimed == 20
    reader.take(KeyEnded(), 2.0)
    assert reader.state.claimed == 3
    reader.take(FEED_OF_20.head(3, at_s=2.5), 2.5)
    assert reader.state.heard_at == ns(2.5)


def test_a_fork_under_a_key_that_ended_may_have_been_the_thiefs() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 7, 1.0)
    reader.take(FORKED.frame(8, 9), 1.5)
    assert Fault.FORK in reader.state.faults
    assert reader.take(KeyEnded(), 2.0) == [ClearFault(Fault.FORK, 0)]
    assert len(reader.take(FEED_OF_20.frame(8, 9), 3.0)) == 1


def test_what_a_refusing_disk_did_not_take_is_asked_for_again() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    reader.take(FEED_OF_20.frame(6, 9), 2.0)
    assert reader.take(StoringFailed(FEED_OF_20.position(5)), 2.1) == []
    assert (2.3, AskAfter(5)) in reader.waits(2.1, 2.5)
    (store,) = reader.take(FEED_OF_20.frame(6, 9), 2.6)
    assert isinstance(store, StoreEntries)


def test_a_disk_that_goes_on_refusing_is_shown_however_often_it_is_tried() -> None:
    reader = Reader()
    happened: list[tuple[float, Effect]] = []
    for tenths in range(10, 45, 5):
        at_s = tenths / 10
        reader.take(FEED_OF_20.frame(1, 5), at_s)
        reader.take(StoringFailed(FEED_OF_20.position(0)), at_s + 0.05)
        happened += reader.waits(at_s + 0.05, at_s + 0.45)
    assert [e for _, e in happened if isinstance(e, RaiseFault)] == [RaiseFault(Fault.BEHIND)]
    reader.stores(FEED_OF_20, 1, 5, 5.0)
    assert reader.take(TimePassed(), 5.05) == [ClearFault(Fault.BEHIND, 5)]


def test_a_commit_that_was_under_way_when_another_failed_is_not_acknowledged() -> None:
    reader = Reader()
    reader.take(FEED_OF_20.frame(1, 5), 1.0)
    reader.take(FEED_OF_20.frame(6, 9), 1.0)
    reader.take(StoringFailed(FEED_OF_20.position(0)), 1.1)
    assert reader.take(EntriesStored(9, True), 1.2) == [SendReceipt(0)]


def test_the_receipt_of_an_idle_feed_is_repeated_every_five_seconds() -> None:
    reader = Reader()
    reader.stores(FEED_OF_20, 1, 5, 1.0)
    receipts = [at_s for at_s, e in reader.waits(1.0, 13.0) if e == SendReceipt(5)]
    assert receipts == [6.0, 11.0]


def test_an_empty_feed_has_no_receipt_to_repeat() -> None:
    assert not any(isinstance(e, SendReceipt) for _, e in Reader().waits(0.0, 12.0))


def test_strange_events_are_refused() -> None:
    with pytest.raises(LocalMisuse, match="no event"):
        Reader().take("hello", 1.0)  # type: ignore[arg-type]
