"""Keys that change while nodes run: enforced everywhere, nothing stops, nothing is lost."""

from collections.abc import Iterable

import pytest
from tests.node.disk_log import DiskLog
from tests.node.made_up_publishing import USB, brought_along, publish
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_key_changes import ended, next_certificate, next_node_key
from tests.records.made_up_nations import (
    JP_1,
    KR,
    KR_1,
    NOW,
    US,
    US_1,
    VERIFIER,
    nation,
)

from bongsu.adapters.simulated.network import Arrival, Message, prompt
from bongsu.node.ports import StoredRecord
from bongsu.records.certificate import Role
from bongsu.records.kinds import RecordKind
from bongsu.records.revocation import Cause, revoke
from bongsu.records.verification import verify_log
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.units import NS_PER_S, UtcNs

A_MINUTE_S = 60.0


def now(machine: Machine) -> UtcNs:
    return machine.clock.system_utc()


def own_records(machine: Machine, kind: RecordKind) -> list[StoredRecord]:
    return [row for row in machine.disk.records.values() if row.own and row.kind == kind.value]


def has_learnt(machine: Machine) -> bool:
    end = machine.services.trust.end_of(nation(KR, machine.realm).node.public)
    return end is not None


async def renew(korea: Machine, cause: Cause = Cause.RENEWED) -> dict[str, object]:
    """Korea's node gets another key without stopping."""
    brought_along(korea)
    at = now(korea)
    return await publish(korea, ended(cause, ends_at=at), next_certificate(begins=at), private=USB)


@pytest.mark.parametrize("cause", Cause)
def test_every_reachable_node_learns_within_a_minute(cause: Cause) -> None:
    async def story(world: World) -> None:
        machines = world.three()
        await pass_time(2.0)
        await publish(machines[1], ended(cause, ends_at=now(machines[1])))
        await pass_time(1.0)
        assert all(has_learnt(machine) for machine in machines)

    play(story)


def test_it_reaches_a_node_that_only_a_chain_of_partners_leads_to() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        united_states = world.machine(US_1, KR_1, JP_1)
        japan = world.machine(JP_1, US_1)
        await pass_time(2.0)
        await publish(
            korea,
            ended(
                subject="KR-OFFICER-1",
                role=Role.OFFICER,
                signer=nation(KR, korea.realm).officer,
                ends_at=now(korea),
            ),
        )
        await pass_time(1.0)
        for machine in (korea, united_states, japan):
            with pytest.raises(PeerViolation, match="was revoked"):
                machine.services.trust.keys_of(Role.OFFICER, "KR-OFFICER-1", at=NOW)

    play(story)


def test_each_node_restates_it_once_however_many_bring_it() -> None:
    async def story(world: World) -> None:
        machines = world.three()
        await pass_time(2.0)
        await publish(machines[1], ended(ends_at=now(machines[1])))
        await pass_time(30.0)
        for machine in machines[1:]:
            assert len(own_records(machine, RecordKind.KEY_REVOCATION)) == 1
            assert len(own_records(machine, RecordKind.KEY_CUT)) == 1

    play(story)


@pytest.mark.parametrize("cause", Cause)
def test_a_node_goes_on_in_the_same_feeds_with_its_new_key(cause: Cause) -> None:
    async def story(world: World) -> None:
        korea, united_states, japan = world.three()
        await pass_time(2.0)
        await korea.sees(korea.observed("T1"))
        await pass_time(1.0)
        answer = await renew(korea, cause)
        assert answer["own_key_changed"]
        assert answer["own_key_counts"]
        await korea.sees(korea.observed("T1"), korea.observed("T2"))
        await pass_time(10.0)
        for machine in (united_states, japan):
            assert len({one.fields["warning_id"] for one in machine.warnings_of(KR_1)}) == 2
            assert machine.refused() == 0
            assert not machine.services.health.link_faults.get(KR_1)
        feeds = {feed.epoch for feed in united_states.disk.entries if feed.sender == KR_1}
        assert feeds == {1}

    play(story)


def test_what_is_cut_off_during_the_change_catches_up_under_the_new_key() -> None:
    async def story(world: World) -> None:
        korea, united_states, japan = world.three()
        await pass_time(2.0)
        world.network.cut(KR_1, JP_1)
        world.network.cut(US_1, JP_1)
        await korea.sees(korea.observed("T1"))
        await renew(korea, Cause.REVOKED)
        await pass_time(20.0)
        assert not has_learnt(japan)
        world.network.mend(KR_1, JP_1)
        await pass_time(15.0)
        assert has_learnt(japan)
        assert len(japan.warnings_of(KR_1)) >= 1
        assert has_learnt(united_states)

    play(story)


def test_everybodys_log_verifies_after_a_change() -> None:
    async def story(world: World) -> None:
        machines = world.three()
        korea = machines[0]
        await pass_time(2.0)
        await korea.sees(korea.observed("T1"))
        await pass_time(1.0)
        await renew(korea, Cause.REVOKED)
        await korea.sees(korea.observed("T1"), korea.observed("T2"))
        await pass_time(10.0)
        for machine in machines:
            report = verify_log(
                DiskLog(machine.disk),
                node=machine.node_id,
                trust=machine.services.trust,
                verifier=VERIFIER,
            )
            assert report.ok, (machine.node_id, report.first_bad)
            assert report.counts["receipts"] > 0

    play(story)


def test_a_change_survives_a_kill_and_a_restart() -> None:
    async def story(world: World) -> None:
        korea, united_states, japan = world.three()
        await pass_time(2.0)
        await renew(korea, Cause.REVOKED)
        await pass_time(1.0)
        for machine in (korea, united_states, japan):
            await machine.crash()
            machine.restart()
        await pass_time(3.0)
        await korea.sees(korea.observed("T1"))
        await pass_time(1.0)
        assert len(united_states.warnings_of(KR_1)) == 1
        assert len(own_records(united_states, RecordKind.KEY_CUT)) == 1
        assert all(has_learnt(machine) for machine in (korea, united_states, japan))

    play(story)


def test_a_node_killed_before_it_drew_the_line_draws_it_at_the_next_start() -> None:
    async def story(world: World) -> None:
        korea, united_states, _ = world.three()
        await pass_time(2.0)
        await publish(korea, ended(ends_at=now(korea)))
        await pass_time(0.2)
        await united_states.crash()
        for kind in (RecordKind.KEY_CUT, RecordKind.KEY_REVOCATION):
            for row in own_records(united_states, kind):
                del united_states.disk.records[row.record_id]
        united_states.restart()
        assert has_learnt(united_states)
        await pass_time(1.0)
        assert len(own_records(united_states, RecordKind.KEY_CUT)) == 1
        assert len(own_records(united_states, RecordKind.KEY_REVOCATION)) == 1

    play(story)


def test_a_public_part_under_another_root_changes_nothing() -> None:
    async def story(world: World) -> None:
        korea, united_states, _ = world.three()
        before = united_states.services.trust
        with pytest.raises(PeerViolation):
            await publish(
                united_states,
                ended(realm=world.machines[0].realm, signer=nation(US, korea.realm).node),
                nation(KR, united_states.realm).certificates[0],
            )
        assert united_states.services.trust is before

    play(story)


def test_a_new_key_without_its_private_part_is_refused_and_nothing_changes() -> None:
    async def story(world: World) -> None:
        korea, united_states, _ = world.three()
        brought_along(korea)
        at = now(korea)
        with pytest.raises(LocalMisuse, match="private keys at hand are not the new ones"):
            await publish(korea, ended(ends_at=at), next_certificate(begins=at))
        assert not has_learnt(korea)
        await pass_time(5.0)
        assert not has_learnt(united_states)

    play(story)


def test_a_new_key_that_begins_later_is_refused_until_then() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        brought_along(korea)
        later = UtcNs(now(korea) + 600 * NS_PER_S)
        with pytest.raises(LocalMisuse, match="no key of KR-1 that counts now"):
            await publish(
                korea,
                ended(Cause.REVOKED, ends_at=now(korea)),
                next_certificate(begins=later),
                private=USB,
            )

    play(story)


def test_a_node_whose_key_was_revoked_says_so_and_still_tells_its_partners() -> None:
    async def story(world: World) -> None:
        korea, united_states, _ = world.three()
        await pass_time(2.0)
        answer = await publish(united_states, ended(ends_at=now(korea)))
        assert answer["own_key_counts"]
        await pass_time(1.0)
        assert [line for line in korea.journal.lines if line.event == "own_key_ended"]
        seen = await korea.node.control.call("keys_status", {})
        assert isinstance(seen, dict)
        assert seen["own_key_counts"] is False

    play(story)


def test_people_see_whose_status_is_stale() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three()
        await pass_time(A_MINUTE_S + 10)
        fresh = await korea.node.control.call("keys_status", {})
        assert isinstance(fresh, dict)
        assert [nation["stale"] for nation in fresh["nations"]] == [False, False]
        assert all(nation["age_s"] <= 11 for nation in fresh["nations"])
        await japan.crash()
        await pass_time(A_MINUTE_S - 10)
        assert not [line for line in korea.journal.lines if line.event == "key_status_stale"]
        await pass_time(21.0)
        seen = await korea.node.control.call("keys_status", {})
        assert isinstance(seen, dict)
        assert {row["nation"]: row["stale"] for row in seen["nations"]} == {"JP": True, "US": False}
        japan.restart()
        await pass_time(12.0)
        told = [line.event for line in korea.journal.lines if line.event.startswith("key_status_")]
        assert told == ["key_status_stale", "key_status_fresh"]

    play(story)


def test_people_see_that_a_partner_knows_other_statements_than_we_do() -> None:
    async def story(world: World) -> None:
        korea, united_states, _ = world.three()
        await pass_time(12.0)
        world.network.route = without_frames
        officer = nation(US, korea.realm).officer
        await publish(
            united_states,
            revoke(
                nation(US, korea.realm).root,
                realm=korea.realm,
                role=Role.OFFICER,
                subject="US-OFFICER-1",
                keys=officer.public,
                cause=Cause.REVOKED,
                ends_at=now(korea),
                reason="lost",
            ),
        )
        await pass_time(1.0)
        seen = await korea.node.control.call("keys_status", {})
        assert isinstance(seen, dict)
        assert {row["nation"]: row["same_as_ours"] for row in seen["nations"]} == {
            "JP": True,
            "US": False,
        }

    play(story)


def without_frames(message: Message) -> Iterable[Arrival]:
    """Everything but feeds arrives."""
    return () if message.channel in ("urgent", "bulk") else prompt(message)


def test_the_trust_folder_is_told_what_was_learnt() -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        await renew(korea)
        assert korea.kept_keys is not None
        assert korea.kept_keys.own is next_node_key()
        (kept,) = korea.kept_keys.public
        assert len(kept.revocations) == len(kept.certificates) == 1

    play(story)


def test_a_guideline_of_the_trust_folder_is_noted_when_an_officers_key_ends() -> None:
    async def story(world: World) -> None:
        machines = world.three()
        await pass_time(2.0)
        assert not own_records(machines[1], RecordKind.GUIDELINE_AGREED)
        revocation = ended(
            role=Role.OFFICER,
            subject="KR-OFFICER-1",
            signer=nation(KR, machines[0].realm).officer,
            ends_at=now(machines[0]),
        )
        for _ in range(2):
            await publish(machines[0], revocation)
            await pass_time(1.0)
        for machine in machines:
            assert len(own_records(machine, RecordKind.GUIDELINE_AGREED)) == 1
            assert machine.services.agreements.in_force() is not None
        await machines[1].crash()
        machines[1].guideline = None  # its trust folder's approvals verify no more
        machines[1].restart()
        assert machines[1].services.agreements.in_force() is not None

    play(story)
