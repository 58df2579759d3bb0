"""What a node takes from a partner: stored before acknowledged, refused with a count."""

from dataclasses import replace

import pytest
from tests.node.made_up_world import World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import JP_1, KR_1, US_1, WARNING, track_record, warning_record

from bongsu.node.links import incoming, outgoing
from bongsu.node.links.arrivals import MESSAGES_OF_ONE
from bongsu.protocols.log_exchange.outbound import SendHead
from bongsu.records.feed import RECEIPT, SIGNED_RECEIPT, Receipt
from bongsu.records.frame import SEALED_FRAME
from bongsu.records.lane import Lane
from bongsu.records.record import RECORD, Record
from bongsu.vocabulary.units import NodeId


def receipts(world: World, channel: str = "receipt") -> list[Receipt]:
    return [
        RECEIPT.decode(SIGNED_RECEIPT.decode(message.payload).receipt)
        for message in world.sent(US_1, channel)
    ]


def version(number: int) -> Record:
    return warning_record(warning=replace(WARNING, version=number))


def test_a_receipt_is_sent_only_after_the_disk_has_the_entries() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, at_once=False)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(version(1))
        await pass_time(5.0)
        [commit] = states.store.waiting
        assert [row.sequence for row in commit.entries] == [1]
        assert [row.sequence for row in commit.heads] == [1]
        assert len(commit.records) == 1
        assert receipts(world) == []
        assert states.journal.of("partner_warning") == []
        states.store.complete()
        await pass_time()
        assert [(one.sequence, one.hash) for one in receipts(world)] == [(1, korea.hashes[0])]
        assert len(states.journal.of("partner_warning")) == 1

    play(story)


def test_a_refused_record_keeps_its_place_is_counted_kept_and_never_shown() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        unsigned = warning_record(warning=replace(WARNING, version=2), signed=False)
        korea.sends(version(1), unsigned, version(3))
        await pass_time()
        shown = [line["warning"].version for line in states.journal.of("partner_warning")]
        assert shown == [1, 3]
        [rows] = states.disk.entries.values()
        assert [row.entry_hash for row in rows] == korea.hashes
        assert unsigned.record_id not in states.disk.records
        [line] = states.journal.of("refused")
        assert (line["source"], line["count"]) == (KR_1, 1)
        assert "without its originator's signatures" in line["reason"]
        assert line["remedy"]
        [kept] = states.disk.evidence
        assert kept.payload == RECORD.encode(unsigned)
        assert receipts(world)[-1].sequence == 3

    play(story)


def test_a_flood_of_track_updates_is_verified_beside_the_loop_and_stored_whole() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        forged = warning_record(signed=False)
        korea.sends(*(track_record() for _ in range(60)), forged)
        await pass_time()
        [rows] = states.disk.entries.values()
        assert len(rows) == 61
        assert states.refused() == 1

    play(story)


def test_a_disk_that_refuses_leaves_no_hole_and_what_came_is_asked_for_again() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        korea.sends(version(1))
        await pass_time()
        states.disk.full = True
        korea.sends(version(2))
        await pass_time()
        assert receipts(world)[-1].sequence == 1
        assert len(states.journal.of("partner_warning")) == 1
        assert len(states.journal.of("store_failed")) == 1
        states.disk.full = False
        korea.sends(version(3))
        await pass_time(1.0)
        [rows] = [rows for feed, rows in states.disk.entries.items() if feed.sender == KR_1]
        assert len(rows) == 1
        assert {ask.sequence for ask in receipts(world, "ask")} == {1}

    play(story)


def test_after_a_full_disk_everything_comes_once() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        states.disk.full = True
        for number in range(5):
            await korea.sees(*(korea.observed(f"T{other}") for other in range(number + 1)))
            await pass_time(0.5)
        assert states.disk.entries == {}
        states.disk.full = False
        await pass_time(10.0)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) >= 5
        shown = [line["record_id"] for line in states.journal.of("partner_warning")]
        assert len(shown) == len(set(shown)) == len(korea.warnings_of(KR_1))

    play(story)


def test_a_frame_sealed_to_a_forgotten_key_makes_us_announce_and_ask() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        old_key = korea.present_key()
        await states.crash()
        states.restart()
        await pass_time()
        announced = len(world.sent(US_1, "key"))
        korea.sends(version(1), to=old_key)
        await pass_time(0.01)
        assert len(world.sent(US_1, "key")) == announced + 1
        assert korea.present_key().key_id != old_key.key_id
        assert states.refused() == 0
        korea.beats()
        await pass_time(0.5)
        assert [ask.sequence for ask in receipts(world, "ask")] == [0]

    play(story)


@pytest.mark.parametrize(
    ("channel", "payload", "reason"),
    [
        ("gossip", b"?", "unknown channel 'gossip'"),
        ("head", b"?", "signed head"),
        ("head", bytes(50_000), "signed head"),
        ("receipt", b"", "signed receipt"),
        ("ask", bytes(50_000), "signed receipt"),
        ("key", b"\x00" * 50_000, "signed key announcement"),
        ("urgent", b"?", "sealed frame"),
        ("bulk", bytes(9 * 1024 * 1024), "sealed frame"),
    ],
)
def test_what_is_unknown_malformed_or_too_large_is_refused_counted_and_kept(
    channel: str, payload: bytes, reason: str
) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        before = states.outputs()
        states.brings(KR_1, channel, payload)
        await pass_time()
        [line] = states.journal.of("refused")
        assert reason in line["reason"]
        assert line["remedy"]
        assert states.refused() == 1
        assert [kept.source for kept in states.disk.evidence] == [KR_1]
        assert states.outputs() == before

    play(story)


def test_a_flood_of_bad_messages_is_counted_whole_and_told_and_kept_within_a_bound() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        for _ in range(1_000):
            states.brings(KR_1, "gossip", b"?")
        await pass_time()
        assert states.refused() == 1_000
        told = [line["count"] for line in states.journal.of("refused")]
        assert told == [*range(1, 101), 200, 400, 800]
        assert len(states.disk.evidence) == len(told)

    play(story)


def test_a_node_that_is_no_partner_is_refused_and_counted() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        states.brings(NodeId("XX-1"), "urgent", b"?")
        await pass_time()
        assert states.services.health.refused == {"messages of nodes that are no partner": 1}

    play(story)


def test_messages_beyond_the_bound_are_refused_and_counted() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        for _ in range(MESSAGES_OF_ONE + 2):
            states.brings(NodeId("XX-1"), "urgent", b"?")
        await pass_time()
        refused = states.services.health.refused
        waiting = "messages of nodes that are no partner waiting for the loop"
        assert refused[f"nodes that are no partner: {waiting}"] == 2
        assert refused["messages of nodes that are no partner"] == MESSAGES_OF_ONE
        states.brings(NodeId("XX-1"), "urgent", b"?")
        await pass_time()
        assert refused["messages of nodes that are no partner"] == MESSAGES_OF_ONE + 1

    play(story)


def test_frames_beyond_the_bound_are_counted_and_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(incoming, "MAXIMUM_WAITING_MESSAGES", 2)

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        link = states.node._links[KR_1]
        for _ in range(5):
            link.take("bulk", b"?")
        assert states.services.health.refused == {"KR-1: frames waiting": 3}
        await korea.sees(korea.observed())
        await pass_time(3.0)
        assert len(states.journal.of("partner_warning")) == 1

    play(story)


def test_orders_beyond_the_bound_are_counted_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outgoing, "MAXIMUM_WAITING_ORDERS", 1)

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        for number in range(20):
            await korea.sees(*(korea.observed(f"T{other}") for other in range(number + 1)))
            await pass_time(0.01)
        out = korea.node._links[US_1].outgoing[Lane.URGENT]
        for _ in range(3):
            out._order(SendHead())
        assert korea.services.health.refused["orders to US-1 waiting"] >= 2
        await pass_time(5.0)
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1)) >= 20

    play(story)


def test_a_partner_that_speaks_for_another_is_refused() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        await pass_time()
        korea = PlayedKorea(states)
        states.brings(JP_1, "urgent", korea.frame(version(1)))
        states.brings(JP_1, "head", korea.head())
        states.brings(JP_1, "key", korea.announcement())
        states.brings(JP_1, "receipt", korea.receipt(0, bytes(32)))
        await pass_time()
        reasons = sorted(line["reason"] for line in states.journal.of("refused"))
        assert reasons == [
            "JP-1 announced a key of KR-1",
            "JP-1 brought a frame of KR-1 in its urgent lane",
            "a head of JP-1 is of another feed",
            "a receipt of JP-1 is of another feed",
        ]
        assert states.disk.entries == {}

    play(story)


def test_a_changed_envelope_costs_only_its_sender() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        good = korea.frame(version(1))
        sealed = SEALED_FRAME.decode(good)
        for changed in (good[:-1], good + b"\x00", good[:40] + b"\xff" + good[41:]):
            states.brings(KR_1, "urgent", changed)
        await pass_time()
        assert states.refused() + len(world.sent(US_1, "key")) >= 3
        assert states.disk.entries == {}
        states.brings(KR_1, "urgent", good)
        await pass_time()
        assert len(states.journal.of("partner_warning")) == 1
        assert sealed.reader == US_1

    play(story)


def test_a_partner_that_is_heard_for_the_first_time_is_told_once() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(5.0)
        for machine in (korea, states, japan):
            assert len(machine.journal.of("link_heard")) == 2

    play(story)
