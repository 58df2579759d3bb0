"""Attack, or mishap: a node goes on from an old backup; what it sent before is played to it again.

Passes when nothing that partners hold is lost or stated twice; when the node learns of it from its
own signature, whoever shows it, and goes on in a new epoch; when both sides say so in words; when
nothing forks; and when frames of the epoch that is over are refused. What only looks like a proof
(a forged head, another's, one of an epoch that is over) opens nothing.

The two machines by themselves, on a hostile channel: `tests/protocols/log_exchange/`.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import replace

import pytest
from tests.node.disk_log import DiskLog
from tests.node.made_up_world import EXERCISE, Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import (
    KR_1,
    NOW,
    US_1,
    VERIFIER,
    WARNING,
    nation,
    warning_record,
)

from bongsu.adapters.simulated.memory_store import Disk
from bongsu.node.links.display_comparison import DISPLAYS_DISAGREE
from bongsu.records.feed import HEAD, SIGNED_HEAD, FeedId, Head, genesis_hash, sign_head
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.records.verification import verify_log
from bongsu.vocabulary.units import NodeId, RecordId

FORK = "it states two histories: both kept as evidence"


def backup(machine: Machine) -> Disk:
    return deepcopy(machine.disk)


async def restore(machine: Machine, kept: Disk) -> None:
    """The machine is set up again from the backup, and starts; any partner tells it at once."""
    await machine.crash()
    machine.disk = deepcopy(kept)
    machine.restart()
    await pass_time()


def warnings_at(machine: Machine, origin: NodeId) -> Counter[RecordId]:
    """Warnings shown to people, by record."""
    return Counter(
        RecordId(bytes.fromhex(str(line["record_id"])))
        for line in machine.journal.of("partner_warning")
        if line["origin"] == origin
    )


def own_warnings(machine: Machine) -> set[RecordId]:
    return own_warnings_in(machine.disk)


def own_warnings_in(disk: Disk) -> set[RecordId]:
    return {
        row.record_id
        for row in disk.records.values()
        if row.own and row.kind == RecordKind.LAUNCH_WARNING.value
    }


def epochs(machine: Machine, sender: NodeId, reader: NodeId) -> set[int]:
    return {
        feed.epoch
        for feed in machine.disk.entries
        if (feed.sender, feed.reader) == (sender, reader) and feed.lane is Lane.URGENT
    }


def require_sound(world: World) -> None:
    """Every log verifies, nothing was shown twice, no link has a fault left.

    But where partners go on showing what only the lost part of a log held, all are told of that.
    """
    for machine in world.machines:
        report = verify_log(
            DiskLog(machine.disk),
            node=machine.node_id,
            trust=machine.services.trust,
            verifier=VERIFIER,
        )
        assert report.ok, (machine.node_id, report.first_bad)
        assert not machine.journal.of("feed_forked")
        for partner in machine.partners:
            faults = machine.services.health.link_faults.get(partner, set())
            assert faults <= {DISPLAYS_DISAGREE}, machine.node_id
            told = machine.journal.of("displays_disagree")
            differing = [one for line in told for one in line["differences"]]
            assert {one["aspect"] for one in differing} <= {"not fed the same"}
            shown = warnings_at(machine, partner)
            assert set(shown.values()) <= {1}, (machine.node_id, partner)


async def lived(korea: Machine, first: int, last: int) -> None:
    """Korea sees one more flight every second."""
    for number in range(first, last + 1):
        await korea.sees(*(korea.observed(f"T{seen}") for seen in range(1, number + 1)))
        await pass_time(1.0)


def test_a_restored_sender_goes_on_in_a_new_epoch_and_partners_keep_what_they_had() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        await lived(korea, 1, 2)
        kept = backup(korea)
        await lived(korea, 3, 5)
        had = {machine.node_id: warnings_at(machine, KR_1) for machine in (states, japan)}
        assert len(had[US_1]) > len(own_warnings_in(kept))
        await restore(korea, kept)
        await pass_time(3.0)
        await lived(korea, 6, 7)
        await pass_time(10.0)
        for machine in (states, japan):
            assert set(had[machine.node_id]) <= set(warnings_at(machine, KR_1))
            assert own_warnings(korea) <= set(warnings_at(machine, KR_1))
            assert epochs(machine, KR_1, machine.node_id) == {1, 2}
            said = machine.journal.of("feed_restored")
            assert {(line["partner"], line["epoch"]) for line in said} >= {(KR_1, 2)}
            assert "restored from a backup" in str(said[0]["reason"])
        lost = had[US_1].keys() - own_warnings(korea)
        assert lost
        for machine, partner in ((korea, US_1), (states, KR_1)):
            assert DISPLAYS_DISAGREE in machine.services.health.link_faults[partner]
        told = korea.journal.of("own_feed_restored")
        assert "a head that we signed and do not have" in str(told[0]["reason"])
        require_sound(world)

    play(story)


def test_a_restored_reader_gets_again_what_it_lost_and_nothing_new_begins() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await lived(korea, 1, 2)
        kept = backup(states)
        await lived(korea, 3, 5)
        await restore(states, kept)
        await pass_time(15.0)
        assert {row.record_id for row in states.disk.records.values()} >= own_warnings(korea)
        assert epochs(states, KR_1, US_1) == {1}

    play(story)


def test_both_restored_go_on() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await lived(korea, 1, 2)
        korea_kept, states_kept = backup(korea), backup(states)
        await lived(korea, 3, 5)
        await korea.crash()
        await states.crash()
        korea.disk, states.disk = deepcopy(korea_kept), deepcopy(states_kept)
        korea.restart()
        states.restart()
        await pass_time(3.0)
        await lived(korea, 6, 7)
        await pass_time(15.0)
        assert {row.record_id for row in states.disk.records.values()} >= own_warnings(korea)
        assert not korea.journal.of("feed_forked")
        assert not states.services.health.link_faults.get(KR_1)

    play(story)


def test_restored_to_before_an_epoch_it_opens_the_one_after_the_latest() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await lived(korea, 1, 2)
        kept = backup(korea)
        for number in (3, 4):
            await lived(korea, number, number)
            await restore(korea, kept)
            await pass_time(8.0)
        await lived(korea, 5, 5)
        await pass_time(8.0)
        assert epochs(states, KR_1, US_1) == {1, 2, 3}
        assert own_warnings(korea) <= set(warnings_at(states, KR_1))
        require_sound(world)

    play(story)


def test_a_kill_while_the_new_epoch_is_being_filled_loses_nothing() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await lived(korea, 1, 1)
        kept = backup(korea)
        await lived(korea, 2, 2)
        world.network.cut(KR_1, US_1)
        await restore(korea, kept)
        await lived(korea, 3, 6)
        world.network.mend(KR_1, US_1)
        for _ in range(2_000):
            if epochs(korea, KR_1, US_1) == {1, 2}:
                break
            await pass_time(0.005)
        await korea.crash()
        [feed] = [
            feed
            for feed in korea.disk.entries
            if (feed.reader, feed.lane, feed.epoch) == (US_1, Lane.URGENT, 2)
        ]
        del korea.disk.entries[feed][1:]  # as if the disk had taken the first of them only
        korea.restart()
        await pass_time(10.0)
        assert own_warnings(korea) <= set(warnings_at(states, KR_1))
        require_sound(world)

    play(story)


def test_a_cut_in_the_middle_only_puts_it_off() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        await lived(korea, 1, 1)
        kept = backup(korea)
        await lived(korea, 2, 3)
        world.network.cut(KR_1, US_1)
        await restore(korea, kept)
        await lived(korea, 4, 5)
        assert epochs(states, KR_1, US_1) == {1}
        world.network.mend(KR_1, US_1)
        await pass_time(15.0)
        for machine in (states, japan):
            assert own_warnings(korea) <= set(warnings_at(machine, KR_1))
            assert epochs(machine, KR_1, machine.node_id) == {1, 2}
        require_sound(world)

    play(story)


def test_frames_of_the_epoch_that_is_over_are_refused() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        recorded = korea.frame(warning_record())
        anew = PlayedKorea(states, epoch=2)
        anew.beats()
        await pass_time(1.0)
        assert states.journal.of("feed_restored")
        states.brings(KR_1, "urgent", recorded)
        await pass_time()
        assert states.warnings_of(KR_1) == []
        refused = states.journal.of("refused")
        assert any("epoch 1, which is over" in str(line["reason"]) for line in refused)
        anew.sends(warning_record())
        await pass_time()
        assert len(states.warnings_of(KR_1)) == 1

    play(story)


def shown_by(
    states: Machine, sequence: int, *, epoch: int = 1, key: str = "node", sender: str = "US-1"
) -> bytes:
    """A head of America's feed to Korea, as Korea might show it."""
    feed = FeedId(realm=EXERCISE, sender=NodeId(sender), reader=KR_1, lane=Lane.URGENT, epoch=epoch)
    head = Head(
        feed=feed,
        sequence=sequence,
        hash=bytes(32) if sequence else genesis_hash(feed),
        beat=NOW,
        stated_at=states.clock.system_utc(),
    )
    return SIGNED_HEAD.encode(
        sign_head(head, getattr(nation(nation_of(NodeId(sender)), EXERCISE), key))
    )


@pytest.mark.parametrize("lie", ["forged", "foreign", "empty", "over", "garbage"])
def test_what_only_looks_like_our_own_head_opens_nothing(lie: str) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states)
        states.brings(KR_1, "key", korea.announcement())
        await states.sees(states.observed("T1"))
        await pass_time(1.0)
        payload = {
            "forged": shown_by(states, 99, key="officer"),
            "foreign": shown_by(states, 99, sender="KR-1"),
            "empty": shown_by(states, 0),
            "over": shown_by(states, 0, epoch=1),
            "garbage": b"\x93\x00",
        }[lie]
        states.brings(KR_1, "shown", payload)
        await pass_time(3.0)
        machine = states.node._links[KR_1].outgoing[Lane.URGENT].machine
        assert (machine.epoch, machine.opening) == (1, None)
        assert not states.journal.of("own_feed_restored")
        assert bool(states.refused()) is (lie in ("forged", "foreign", "garbage"))

    play(story)


def test_a_stolen_key_is_told_in_the_same_words_for_the_signs_are_the_same() -> None:
    """Somebody else signs as America: its own node sees a head that it never signed."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time(1.0)
        states.brings(KR_1, "shown", shown_by(states, 99))
        await pass_time(3.0)
        [told] = states.journal.of("own_feed_restored")
        assert "its key is in other hands" in str(told["reason"])
        assert told["epoch"] == 2
        [kept] = [one for one in states.disk.evidence if "shows a head" in one.reason]
        assert HEAD.decode(SIGNED_HEAD.decode(kept.payload).head).sequence == 99

    play(story)


def test_a_partner_cannot_drive_the_epochs_up_with_one_head() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time(1.0)
        shown = shown_by(states, 99)
        for _ in range(10):
            states.brings(KR_1, "shown", shown)
            await pass_time(1.0)
        machine = states.node._links[KR_1].outgoing[Lane.URGENT].machine
        assert machine.epoch == 2

    play(story)


def test_a_sender_that_leaps_over_a_thousand_epochs_is_not_followed() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        PlayedKorea(states, epoch=2_000).beats()
        await pass_time()
        assert not states.journal.of("feed_restored")
        assert any("at once" in str(line["reason"]) for line in states.journal.of("refused"))
        PlayedKorea(states, epoch=1_001).beats()
        await pass_time()
        assert states.journal.of("feed_restored")

    play(story)


def test_a_real_fork_stays_one_when_its_sender_has_all_that_it_signed() -> None:
    """It is shown its own head and has it: nothing explains the second story."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea, twin = PlayedKorea(states), PlayedKorea(states)
        korea.sends(warning_record())
        await pass_time(1.0)
        twin.frame(warning_record(warning=replace(WARNING, version=9)))
        twin.beats()
        await pass_time(30.0)
        assert FORK in states.services.health.link_faults[KR_1]
        assert world.sent(US_1, "shown")
        assert epochs(states, KR_1, US_1) == {1}

    play(story)


def test_the_head_that_is_shown_is_the_very_one_that_the_sender_signed() -> None:
    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await lived(korea, 1, 1)
        kept = backup(korea)
        await lived(korea, 2, 2)
        await restore(korea, kept)
        await pass_time(3.0)
        shown = [one.payload for one in world.sent(US_1, "shown") if one.to == KR_1]
        head = SIGNED_HEAD.decode(shown[0])
        stored = {one.encoded for one in states.disk.heads.values()}
        beats = {one.payload for one in world.sent(KR_1, "head")}
        assert shown[0] in stored | beats
        assert head.signatures.ml_dsa_65

    play(story)
