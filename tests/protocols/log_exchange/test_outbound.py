"""The sender's end: what goes on the wire, when, and how little an ask may cost."""

import pytest
from tests.protocols.log_exchange.made_up_feed import ns

from bongsu.protocols.log_exchange import outbound
from bongsu.protocols.log_exchange.outbound import (
    FLUSH_AT_ENTRIES,
    FRAME_ENTRIES,
    MAXIMUM_EPOCH,
    WINDOW_ENTRIES,
    CatchUpAsked,
    Effect,
    EntriesAppended,
    EpochFilled,
    Event,
    HeadShown,
    OpenEpoch,
    Outbound,
    ReaderKeyEnded,
    ReaderKeyVerified,
    ReceiptVerified,
    ReportFork,
    SendEntries,
    SendHead,
    TellEpochsSpent,
    TimePassed,
)
from bongsu.vocabulary.errors import LocalMisuse


class Sender:
    """One feed's sender on a stage, with the reader's key unless told otherwise."""

    def __init__(self, state: Outbound | None = None, *, with_key: bool = True) -> None:
        self.state = Outbound() if state is None else state
        if with_key:
            self.take(ReaderKeyVerified(b"key 1", ns(600.0)), 0.0)

    def take(self, event: Event, at_s: float) -> list[Effect]:
        self.state, effects = outbound.step(self.state, event, now=ns(at_s))
        return list(effects)

    def frames(self, event: Event, at_s: float) -> list[tuple[int, int]]:
        effects = self.take(event, at_s)
        return [(e.first, e.last) for e in effects if isinstance(e, SendEntries)]

    def heads(self, since_s: float, until_s: float) -> list[float]:
        """When heads are sent while time passes in tenths of a second."""
        ticks = (tick / 10 for tick in range(round(since_s * 10), round(until_s * 10) + 1))
        return [at_s for at_s in ticks if SendHead() in self.take(TimePassed(), at_s)]


def test_an_urgent_entry_goes_out_at_once() -> None:
    effects = Sender().take(EntriesAppended(1, True), 1.0)
    assert effects == [SendEntries(1, 1)]


def test_other_entries_wait_50_ms_for_company() -> None:
    sender = Sender()
    assert sender.frames(EntriesAppended(1, False), 1.0) == []
    assert sender.frames(EntriesAppended(3, False), 1.04) == []
    assert sender.frames(TimePassed(), 1.049) == []
    assert sender.frames(TimePassed(), 1.05) == [(1, 3)]
    assert sender.frames(TimePassed(), 1.1) == []


def test_64_waiting_entries_wait_no_longer() -> None:
    sender = Sender()
    assert sender.frames(EntriesAppended(FLUSH_AT_ENTRIES - 1, False), 1.0) == []
    assert sender.frames(EntriesAppended(FLUSH_AT_ENTRIES, False), 1.0) == [(1, FLUSH_AT_ENTRIES)]


def test_an_urgent_entry_takes_along_what_waits_before_it() -> None:
    sender = Sender()
    sender.take(EntriesAppended(5, False), 1.0)
    assert sender.frames(EntriesAppended(6, True), 1.01) == [(1, 6)]


def test_nothing_is_sent_without_a_key_of_the_reader_or_after_it_expired() -> None:
    sender = Sender(with_key=False)
    assert sender.frames(EntriesAppended(1, True), 1.0) == []
    assert sender.frames(ReaderKeyVerified(b"key 1", ns(10.0)), 2.0) == [(1, 1)]
    assert sender.frames(EntriesAppended(2, True), 10.0) == []
    assert sender.frames(ReaderKeyVerified(b"key 2", ns(20.0)), 11.0) == [(1, 2)]


def test_a_key_announced_again_is_good_for_as_long_as_it_says_now() -> None:
    sender = Sender(with_key=False)
    sender.take(ReaderKeyVerified(b"key 1", ns(10.0)), 1.0)  # our clock was ahead of the reader's
    assert sender.frames(EntriesAppended(2, True), 11.0) == []
    assert sender.frames(ReaderKeyVerified(b"key 1", ns(600.0)), 12.0) == [(1, 2)]
    assert sender.frames(ReaderKeyVerified(b"key 1", ns(20.0)), 13.0) == []  # it was behind it
    assert sender.frames(EntriesAppended(3, True), 20.0) == []


def test_what_was_sealed_to_an_old_key_and_not_acknowledged_is_sealed_anew() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    sender.take(ReceiptVerified(4, True), 1.1)
    assert sender.frames(ReaderKeyVerified(b"key 1", ns(600.0)), 1.2) == []
    assert sender.frames(ReaderKeyVerified(b"key 2", ns(900.0)), 1.3) == [(5, 9)]


def test_a_window_and_no_more_is_on_the_wire_beyond_what_was_countersigned() -> None:
    sender = Sender()
    frames = sender.frames(EntriesAppended(10 * WINDOW_ENTRIES, True), 1.0)
    assert frames[0] == (1, FRAME_ENTRIES)
    assert frames[-1][1] == WINDOW_ENTRIES
    assert sender.frames(ReceiptVerified(FRAME_ENTRIES, True), 1.1) == [
        (WINDOW_ENTRIES + 1, WINDOW_ENTRIES + FRAME_ENTRIES)
    ]


def test_a_reader_that_asks_gets_everything_after_what_it_has() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    assert sender.frames(CatchUpAsked(4), 1.5) == [(5, 9)]


def test_the_same_ask_is_not_answered_twice_within_a_tenth_of_a_second() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    sender.take(CatchUpAsked(4), 1.5)
    assert sender.frames(CatchUpAsked(4), 1.59) == []
    assert sender.frames(CatchUpAsked(4), 1.6) == [(5, 9)]


@pytest.mark.parametrize("after", [-1, 9, 10, 2**62])
def test_an_ask_for_what_does_not_exist_is_not_answered(after: int) -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    assert sender.take(CatchUpAsked(after), 2.0) == []


def test_an_old_ask_played_again_costs_one_window_in_five_seconds() -> None:
    sender = Sender()
    sender.take(EntriesAppended(100, True), 1.0)
    sender.take(ReceiptVerified(100, True), 1.1)
    sent = 0
    for tenths in range(100):
        at_s = 2.0 + tenths / 10.0
        sent += sum(last - first + 1 for first, last in sender.frames(CatchUpAsked(0), at_s))
        sender.take(ReceiptVerified(100, True), at_s)
    assert sent == 200


def test_a_reader_restored_from_a_backup_gets_its_lost_entries_again() -> None:
    sender = Sender()
    sender.take(EntriesAppended(100, True), 1.0)
    sender.take(ReceiptVerified(100, True), 1.1)
    assert sender.frames(CatchUpAsked(40), 2.0) == [(41, 100)]
    assert sender.state.acknowledged == 40


def test_a_sender_that_restarts_goes_on_after_what_was_countersigned() -> None:
    sender = Sender(Outbound(appended=20, sent=15, acknowledged=15), with_key=False)
    assert sender.frames(ReaderKeyVerified(b"key 1", ns(600.0)), 0.1) == [(16, 20)]


def test_the_head_is_said_at_once_and_then_every_half_second() -> None:
    sender = Sender()
    said = [n for n in range(41) if SendHead() in sender.take(TimePassed(), n * 0.05)]
    assert said == [0, 10, 20, 30, 40]


@pytest.mark.parametrize("receipt", [ReceiptVerified(5, False), ReceiptVerified(10, True)])
def test_a_countersigned_history_that_is_not_ours_stops_the_entries_but_not_the_head(
    receipt: ReceiptVerified,
) -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    assert sender.take(receipt, 1.1) == []
    assert sender.take(EntriesAppended(10, True), 1.2) == []
    assert sender.take(ReaderKeyVerified(b"key 2", ns(900.0)), 2.0) == []
    assert sender.take(TimePassed(), 3.0) == [SendHead()]


@pytest.mark.parametrize("receipt", [ReceiptVerified(5, False), ReceiptVerified(10, True)])
def test_a_reader_that_shows_nothing_for_what_it_countersigned_states_another_history(
    receipt: ReceiptVerified,
) -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    told = ReportFork(receipt.sequence)
    for at_s in (1.1, 6.1, 11.1):  # it repeats it, as readers do
        assert told not in sender.take(receipt, at_s)
    assert told not in sender.take(TimePassed(), 16.0)
    assert told in sender.take(TimePassed(), 16.1)
    assert told not in sender.take(TimePassed(), 30.0)
    assert sender.state.forked


def test_a_doubt_ends_with_a_receipt_that_agrees() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    sender.take(ReceiptVerified(12, False), 1.1)
    sender.take(EntriesAppended(11, True), 1.2)
    assert sender.frames(ReceiptVerified(4, True), 2.0) == [(10, 11)]
    assert not any(isinstance(one, ReportFork) for one in sender.take(TimePassed(), 60.0))


@pytest.mark.parametrize(
    "shown",
    [
        HeadShown(epoch=1, sequence=15, agrees=False),  # beyond our log
        HeadShown(epoch=1, sequence=7, agrees=False),  # in place of ours
        HeadShown(epoch=1, sequence=15, agrees=True),  # beyond what is on our disk
    ],
)
def test_our_own_signature_on_what_we_do_not_have_opens_an_epoch(shown: HeadShown) -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    sender.take(ReceiptVerified(6, True), 1.1)
    assert sender.take(shown, 2.0) == [OpenEpoch(2, 6)]
    assert sender.frames(EntriesAppended(12, True), 2.1) == []  # nothing goes out meanwhile
    assert sender.take(shown, 2.2) == []
    assert sender.take(ReceiptVerified(15, False), 2.3) == []
    effects = sender.take(EpochFilled(6), 3.0)
    assert effects == [SendEntries(1, 6)]
    assert sender.state.epoch == 2
    assert sender.state.acknowledged == 0
    assert SendHead() in sender.take(TimePassed(), 3.0)


def test_a_head_that_we_have_ourselves_opens_nothing() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    assert sender.take(HeadShown(epoch=1, sequence=9, agrees=True), 2.0) == []
    assert sender.take(HeadShown(epoch=1, sequence=4, agrees=True), 2.0) == []


def test_a_head_of_an_epoch_that_is_over_opens_nothing() -> None:
    """Somebody plays it again, so that we open one epoch after the other."""
    sender = Sender(Outbound(epoch=3, appended=9))
    assert sender.take(HeadShown(epoch=2, sequence=40, agrees=False), 2.0) == []
    assert sender.take(HeadShown(epoch=1, sequence=40, agrees=False), 2.0) == []


def test_a_node_restored_to_before_an_epoch_opens_one_after_the_latest_that_it_signed() -> None:
    sender = Sender(Outbound(epoch=1, appended=9, acknowledged=9, sent=9))
    assert sender.take(HeadShown(epoch=4, sequence=0, agrees=False), 2.0) == [OpenEpoch(5, 9)]


def test_after_the_last_epoch_there_is_none() -> None:
    sender = Sender(Outbound(epoch=MAXIMUM_EPOCH, appended=9))
    shown = HeadShown(epoch=MAXIMUM_EPOCH, sequence=40, agrees=False)
    assert sender.take(shown, 2.0) == [TellEpochsSpent()]
    assert sender.state.forked


def test_a_feed_that_seemed_forked_is_explained_by_our_own_head() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    sender.take(ReceiptVerified(15, False), 1.1)
    sender.take(TimePassed(), 20.0)
    assert sender.state.forked
    assert sender.take(HeadShown(epoch=1, sequence=15, agrees=False), 21.0) == [OpenEpoch(2, 0)]
    assert sender.frames(EpochFilled(9), 22.0) == [(1, 9)]


def test_a_feed_that_seemed_forked_goes_on_once_its_reader_countersigns_our_chain_beyond() -> None:
    """A restored node that passes on what its partners send again makes the same chain again."""
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    sender.take(ReceiptVerified(12, False), 1.1)
    sender.take(TimePassed(), 20.0)
    assert sender.state.forked
    sender.take(EntriesAppended(14, True), 21.0)
    assert sender.frames(ReceiptVerified(11, True), 22.0) == []  # before what was doubted
    assert sender.frames(ReceiptVerified(13, False), 22.1) == []
    assert sender.frames(ReceiptVerified(12, True), 23.0) == [(13, 14)]
    assert not sender.state.forked


def test_an_epoch_that_nobody_opened_cannot_be_filled() -> None:
    with pytest.raises(LocalMisuse, match="no epoch is being filled"):
        Sender().take(EpochFilled(3), 1.0)


def test_a_reader_of_a_forked_feed_that_asks_gets_one_frame_as_evidence() -> None:
    sender = Sender()
    sender.take(EntriesAppended(3 * FRAME_ENTRIES, True), 1.0)
    sender.take(ReceiptVerified(5, False), 1.1)
    assert sender.frames(CatchUpAsked(7), 2.0) == [(8, 7 + FRAME_ENTRIES)]
    assert sender.frames(CatchUpAsked(7), 6.9) == []
    assert sender.frames(CatchUpAsked(3 * FRAME_ENTRIES), 9.0) == []
    assert sender.frames(CatchUpAsked(7), 600.0) == []  # the reader's key has expired


def test_a_receipt_that_came_before_changes_nothing() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    sender.take(ReceiptVerified(9, True), 1.1)
    assert sender.take(ReceiptVerified(3, True), 1.2) == []
    assert sender.state.acknowledged == 9


def test_entries_cannot_be_appended_backwards_nor_strange_events_taken() -> None:
    sender = Sender()
    sender.take(EntriesAppended(9, True), 1.0)
    with pytest.raises(LocalMisuse, match="in order"):
        sender.take(EntriesAppended(8, True), 1.1)
    with pytest.raises(LocalMisuse, match="no event"):
        sender.take("hello", 1.1)  # type: ignore[arg-type]


def test_a_head_that_nobody_lacks_anything_of_is_repeated_rarely_where_another_feed_is_alive() -> (
    None
):
    sender = Sender(Outbound(idle_heartbeat_ns=ns(5.0)))
    assert sender.heads(0.0, 10.0) == [0.0, 5.0, 10.0]


def test_while_something_is_not_countersigned_the_head_is_repeated_every_half_second() -> None:
    sender = Sender(Outbound(idle_heartbeat_ns=ns(5.0)))
    assert SendHead() in sender.take(TimePassed(), 0.0)
    sender.take(EntriesAppended(1, False), 1.0)
    assert sender.heads(1.0, 3.0) == [1.5, 2.0, 2.5, 3.0]
    sender.take(ReceiptVerified(1, True), 3.1)
    assert sender.heads(3.1, 8.0) == [3.5]


def test_nothing_is_sealed_to_a_reader_key_whose_node_key_has_ended() -> None:
    sender = Sender()
    sender.take(ReaderKeyEnded(), 1.0)
    assert sender.frames(EntriesAppended(3, True), 1.1) == []
    assert sender.frames(ReaderKeyVerified(b"key 2", ns(600.0)), 2.0) == [(1, 3)]
