"""Five nations in a ring, in a line, and round a middle: what is to reach everybody does, once."""

from collections import Counter
from collections.abc import Sequence

import pytest
from tests.node.made_up_publishing import publish
from tests.node.made_up_world import EXERCISE, Machine, World, agreed, pass_time, play
from tests.records.made_up_nations import JP, KR, US, nation, trust_in

from bongsu.records.certificate import Role
from bongsu.records.revocation import Cause, SignedRevocation, revoke
from bongsu.vocabulary.units import NationId, NodeId, UtcNs

AU, FR = NationId("AU"), NationId("FR")
FIVE = (KR, US, JP, AU, FR)
NODES = tuple(NodeId(f"{name}-1") for name in FIVE)
TRUSTED = trust_in(EXERCISE, *FIVE)
ONWARD = agreed(onward=True, nations=FIVE)
LEARNT_WITHIN_S = 60.0

Links = Sequence[tuple[int, int]]
RING: Links = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]
LINE: Links = RING[:4]
STAR: Links = [(2, 0), (2, 1), (2, 3), (2, 4)]
SHAPES = [
    pytest.param(RING, id="ring"),
    pytest.param(LINE, id="line"),
    pytest.param(STAR, id="star"),
]


def federation(world: World, links: Links) -> list[Machine]:
    """Nodes that are partners of those that they have a link to, and know of no others."""
    world.trust = TRUSTED
    partners = {node: set[NodeId]() for node in NODES}
    for one, other in links:
        partners[NODES[one]].add(NODES[other])
        partners[NODES[other]].add(NODES[one])
    return [world.machine(node, *sorted(partners[node]), guideline=ONWARD) for node in NODES]


def officer_of(name: NationId, at: UtcNs) -> SignedRevocation:
    """A nation revokes its release officer's key."""
    keys = nation(name, EXERCISE)
    return revoke(
        keys.root,
        realm=EXERCISE,
        role=Role.OFFICER,
        subject=f"{name}-OFFICER-1",
        keys=keys.officer.public,
        cause=Cause.REVOKED,
        ends_at=at,
        reason="lost",
    )


def has_learnt(machine: Machine, name: NationId) -> bool:
    return machine.services.trust.end_of(nation(name, EXERCISE).officer.public) is not None


@pytest.mark.parametrize("links", SHAPES)
def test_a_revocation_reaches_every_node_within_a_minute(links: Links) -> None:
    async def story(world: World) -> None:
        machines = federation(world, links)
        await pass_time(3.0)
        korea = machines[0]
        await publish(korea, officer_of(KR, korea.clock.system_utc()))
        await pass_time(LEARNT_WITHIN_S)
        assert [has_learnt(machine, KR) for machine in machines] == [True] * 5
        for machine in machines:
            told = machine.journal.of("key_ended")
            assert len(told) == 1, machine.node_id

    play(story)


def test_a_ring_that_is_cut_in_one_place_is_a_line() -> None:
    async def story(world: World) -> None:
        machines = federation(world, RING)
        await pass_time(3.0)
        world.network.cut(NODES[0], NODES[1])
        await publish(machines[0], officer_of(KR, machines[0].clock.system_utc()))
        await pass_time(LEARNT_WITHIN_S)
        assert all(has_learnt(machine, KR) for machine in machines)

    play(story)


def test_a_node_that_was_cut_off_learns_when_it_is_back() -> None:
    async def story(world: World) -> None:
        machines = federation(world, LINE)
        await pass_time(3.0)
        world.network.cut(NODES[3], NODES[4])
        await publish(machines[0], officer_of(KR, machines[0].clock.system_utc()))
        await pass_time(LEARNT_WITHIN_S)
        assert not has_learnt(machines[4], KR)
        world.network.mend(NODES[3], NODES[4])
        await pass_time(LEARNT_WITHIN_S)
        assert has_learnt(machines[4], KR)

    play(story)


@pytest.mark.parametrize("links", SHAPES)
def test_a_warning_that_may_be_passed_on_reaches_every_nation_once(links: Links) -> None:
    async def story(world: World) -> None:
        machines = federation(world, links)
        await pass_time(3.0)
        korea = machines[0]
        await korea.sees(korea.observed("T1"))
        await pass_time(10.0)
        stated = {one.record_id for one in korea.warnings_of(NODES[0])}
        assert stated
        for machine in machines[1:]:
            shown = Counter(
                line["record_id"]
                for line in machine.journal.of("partner_warning")
                if line["origin"] == NODES[0]
            )
            assert {record_id.hex() for record_id in stated} <= set(shown), machine.node_id
            assert set(shown.values()) == {1}

    play(story)


def test_key_status_is_shown_for_the_nations_that_we_have_links_to() -> None:
    async def story(world: World) -> None:
        machines = federation(world, LINE)
        await pass_time(75.0)
        for machine, expected in zip(
            machines, (["US"], ["JP", "KR"], ["AU", "US"], ["FR", "JP"], ["AU"]), strict=True
        ):
            seen = await machine.node.control.call("keys_status", {})
            assert isinstance(seen, dict)
            assert [row["nation"] for row in seen["nations"]] == expected
            assert not any(row["stale"] for row in seen["nations"])
            assert all(row["same_as_ours"] for row in seen["nations"])

    play(story)


def test_statements_of_a_nation_that_somebody_does_not_trust_are_left_by_that_one_alone() -> None:
    async def story(world: World) -> None:
        machines = federation(world, LINE)
        machines[2].services.keyring.trust = trust_in(EXERCISE, US, JP, AU)  # not yet Korea
        await pass_time(3.0)
        await publish(machines[0], officer_of(KR, machines[0].clock.system_utc()))
        await pass_time(LEARNT_WITHIN_S)
        assert has_learnt(machines[1], KR)
        assert not has_learnt(machines[2], KR)
        assert machines[2].refused() == 0

    play(story)
