"""Attack: a node's key is stolen, and the thief speaks with it.

Passes when its revocation is enforced at every node that can be reached within 60 s: what was
countersigned before stands and still verifies, and whatever the thief signs from then on is
refused, whatever time it states: records, heads, receipts, key announcements, to whom it will.

How nodes learn of a change, go on under a new key, and show whose status is stale:
`tests/node/keys/test_key_changes.py`. The line in a log: `tests/records/test_key_cuts.py`.
"""

from dataclasses import replace

import pytest
from tests.node.disk_log import DiskLog
from tests.node.made_up_publishing import publish
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_key_changes import ended
from tests.records.made_up_nations import JP_1, KR_1, US_1, VERIFIER, WARNING, warning_record

from bongsu.records.revocation import Cause
from bongsu.records.verification import verify_log
from bongsu.vocabulary.units import NS_PER_S, UtcNs

WITHIN_S = 60.0


def thief_of(victim: Machine) -> PlayedKorea:
    """Korea's key and Korea's log, in other hands: the feed goes on where it was."""
    thief = PlayedKorea(victim)
    rows = victim.disk.entries.get(thief.feed, [])
    thief.sequence, thief.hashes = len(rows), [row.entry_hash for row in rows]
    return thief


async def robbed(world: World) -> tuple[Machine, Machine]:
    """Korea warned both partners; then its machine was taken away, and its root said so."""
    korea, states, japan = world.three()
    await pass_time(2.0)
    await korea.sees(korea.observed())
    await pass_time(2.0)
    await korea.crash()
    at = UtcNs(states.clock.system_utc())
    await publish(states, ended(Cause.REVOKED, ends_at=at))
    return states, japan


def warnings_shown(machine: Machine) -> int:
    return len(machine.journal.of("partner_warning"))


def test_within_a_minute_no_reachable_node_takes_anything_under_the_stolen_key() -> None:
    async def story(world: World) -> None:
        states, japan = await robbed(world)
        await pass_time(WITHIN_S)
        for machine in (states, japan):
            shown, refused = warnings_shown(machine), machine.refused()
            thief = thief_of(machine)
            stolen = replace(WARNING, version=9)
            thief.sends(warning_record(warning=stolen))
            thief.beats()
            machine.brings(KR_1, "key", thief.announcement())
            machine.brings(KR_1, "receipt", thief.receipt(0, bytes(32)))
            await pass_time(1.0)
            assert warnings_shown(machine) == shown == 1
            assert machine.refused() >= refused + 4
            reasons = {line["reason"] for line in machine.journal.of("refused")}
            assert any("revoked" in reason for reason in reasons)

    play(story)


@pytest.mark.parametrize("stated_s", [-3_600.0, 0.0], ids=["an hour before", "now"])
def test_no_time_that_the_thief_states_makes_its_signature_count(stated_s: float) -> None:
    async def story(world: World) -> None:
        states, _ = await robbed(world)
        await pass_time(5.0)
        thief = thief_of(states)
        states.clock.skew_ns += round(stated_s * NS_PER_S)  # the thief's clock, for its head
        payload = thief.head()
        states.clock.skew_ns -= round(stated_s * NS_PER_S)
        states.brings(KR_1, "head", payload)
        await pass_time()
        assert "revoked" in states.journal.of("refused")[-1]["reason"]

    play(story)


def test_what_was_countersigned_before_still_verifies_in_every_log() -> None:
    async def story(world: World) -> None:
        states, japan = await robbed(world)
        await pass_time(5.0)
        for machine, partner in ((states, JP_1), (japan, US_1)):
            assert warnings_shown(machine) == len(machine.warnings_of(KR_1)) == 1
            report = verify_log(
                DiskLog(machine.disk),
                node=machine.node_id,
                trust=machine.services.trust,
                verifier=VERIFIER,
            )
            assert report.ok, (partner, report.first_bad)

    play(story)


def test_a_revocation_that_was_held_back_arrives_once_the_link_heals() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(2.0)
        await korea.crash()
        world.network.cut(US_1, JP_1)
        await publish(states, ended(Cause.REVOKED, ends_at=UtcNs(states.clock.system_utc())))
        await pass_time(5.0)
        assert "nothing heard" in japan.services.health.link_faults[US_1]
        world.network.mend(US_1, JP_1)
        await pass_time(10.0)
        thief_of(japan).sends(warning_record())
        await pass_time(1.0)
        assert warnings_shown(japan) == 0

    play(story)
