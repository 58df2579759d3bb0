"""Attack: a feed that tells another story, or ends earlier than it did: forked, or truncated.

Passes when it is found at the next exchange of heads, shown to people, and both sides are kept as
evidence: ours as the chain in the log, the other as the signed words that contradict it. Nothing
more of that feed is taken; every other link goes on.

The two machines by themselves: `tests/protocols/log_exchange/`.
"""

from dataclasses import replace

import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import (
    JP_1,
    KR_1,
    US_1,
    VERIFIER,
    WARNING,
    trust,
    warning_record,
)

from bongsu.node.ports import Evidence
from bongsu.records.feed import SIGNED_HEAD, SIGNED_RECEIPT, Head, open_head, open_receipt
from bongsu.records.frame import FRAME
from bongsu.records.record import Record
from bongsu.vocabulary.realm import Realm

FORK = "it states two histories: both kept as evidence"
TRUNCATED = "it states less than it did: restored from a backup, or cut short"
EXPLAINED_WITHIN_S = 16.0  # a reader that holds more than it was sent shows the sender's own head


def version(number: int) -> Record:
    return warning_record(warning=replace(WARNING, version=number))


def kept_of_the_feed(machine: Machine) -> list[Evidence]:
    return [one for one in machine.disk.evidence if one.source == "KR-1, feed"]


def kept_heads(machine: Machine) -> list[Head]:
    """The evidence, verified again from its bytes: a third party could do the same."""
    return [
        open_head(SIGNED_HEAD.decode(one.payload), trust=trust(Realm.EXERCISE), verifier=VERIFIER)
        for one in kept_of_the_feed(machine)
        if not one.reason.endswith("what it sent")
    ]


def require_shown(machine: Machine, fault: str) -> None:
    assert [line["reason"] for line in machine.journal.of("link_fault")] == [fault]
    assert fault in machine.services.health.link_faults[KR_1]


@pytest.mark.parametrize("how", ["a head", "a frame", "a longer story"])
def test_another_story_is_found_at_the_next_exchange_and_both_sides_are_kept(how: str) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea, twin = PlayedKorea(states), PlayedKorea(states)
        korea.sends(version(1))
        korea.beats()
        await pass_time()
        said = [twin.frame(version(2))]
        if how == "a longer story":
            said.append(twin.frame(version(3)))
        if how == "a head":
            twin.beats()
        else:
            for frame in said:
                states.brings(KR_1, "urgent", frame)
        await pass_time(0.6)  # one heartbeat
        require_shown(states, FORK)
        [rows] = states.disk.entries.values()
        assert [row.entry_hash for row in rows] == korea.hashes  # our side: the chain in the log
        heads = kept_heads(states)
        assert {head.feed for head in heads} == {korea.feed}
        assert heads[0].hash in twin.hashes
        assert heads[1].hash == korea.hashes[0]
        frames = [one for one in kept_of_the_feed(states) if one.reason.endswith("what it sent")]
        assert len(frames) == (how != "a head")
        for one in frames:
            sent = FRAME.decode(one.payload).entries[0].record
            assert sent.record_id == version(2).record_id

    play(story)


def test_a_feed_that_ends_earlier_than_it_did_is_found_and_both_heads_are_kept() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea, shorter = PlayedKorea(states), PlayedKorea(states)
        korea.sends(version(1))
        shorter.frame(version(1))
        korea.sends(version(2))
        korea.beats()
        await pass_time(1.0)
        shorter.beats()
        await pass_time()
        require_shown(states, TRUNCATED)
        assert [head.sequence for head in kept_heads(states)] == [1, 2]
        [rows] = states.disk.entries.values()
        assert len(rows) == 2

    play(story)


def test_a_feed_that_was_truncated_while_its_reader_was_down_is_found() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea, shorter = PlayedKorea(states), PlayedKorea(states)
        korea.sends(version(1), version(2))
        shorter.frame(version(1))
        await pass_time()
        await states.crash()
        states.restart()
        await pass_time(3.0)
        shorter.beats()
        await pass_time()
        assert TRUNCATED in [line["reason"] for line in states.journal.of("link_fault")]
        assert [head.sequence for head in kept_heads(states)] == [1]
        [rows] = [rows for feed, rows in states.disk.entries.items() if feed.sender == KR_1]
        assert len(rows) == 2

    play(story)


def test_nothing_more_of_a_forked_feed_is_taken_and_every_other_link_goes_on() -> None:
    async def story(world: World) -> None:
        japan = world.machine(JP_1, US_1)
        states = world.machine(US_1, KR_1, JP_1)
        await pass_time(3.0)
        korea, twin = PlayedKorea(states), PlayedKorea(states)
        korea.sends(version(1))
        await pass_time()
        twin.sends(version(2))
        korea.sends(version(3))
        await japan.sees(japan.observed())
        await pass_time()
        of_korea = [rows for feed, rows in states.disk.entries.items() if feed.sender == KR_1]
        assert [row.entry_hash for row in of_korea[0]] == korea.hashes[:1]
        assert len(states.warnings_of(JP_1)) == len(japan.warnings_of(JP_1)) == 1
        assert FORK not in states.services.health.link_faults.get(JP_1, set())

    play(story)


def test_a_reader_that_countersigned_another_story_is_found_and_its_receipt_is_kept() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        payload = korea.receipt(7, bytes(32))
        states.brings(KR_1, "receipt", payload)
        await pass_time(EXPLAINED_WITHIN_S)
        [line] = states.journal.of("feed_forked")
        assert (line["partner"], line["sequence"], line["side"]) == (KR_1, 7, "reader")
        [kept] = kept_of_the_feed(states)
        assert kept.payload == payload
        receipt = open_receipt(
            SIGNED_RECEIPT.decode(kept.payload), trust=trust(Realm.EXERCISE), verifier=VERIFIER
        )
        assert receipt.sequence == 7

    play(story)


def test_a_flood_of_garbage_leaves_room_for_the_evidence_of_a_fork() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        for _ in range(2_000):
            states.brings(KR_1, "gossip", b"?")
        korea, twin = PlayedKorea(states), PlayedKorea(states)
        korea.sends(version(1))
        await pass_time()
        twin.sends(version(2))
        await pass_time()
        assert {one.source for one in states.disk.evidence} == {KR_1, "KR-1, feed"}

    play(story)
