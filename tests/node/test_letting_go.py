"""Letting old bulk content go from a running node."""

from typing import Any

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.vocabulary.units import NodeId

FAR = 2**62


def _feed(sender: NodeId, reader: NodeId) -> dict[str, object]:
    return {"sender": sender, "reader": reader, "epoch": 1, "after": 0, "through": FAR}


async def let_go(machine: Machine, *feeds: dict[str, object], before: int = FAR) -> int:
    answer: Any = await machine.node.control.call("let_go", {"before": before, "feeds": feeds})
    return int(answer["entries"])


def _kinds_left(machine: Machine) -> set[str]:
    return {row.kind for row in machine.disk.records.values() if row.encoded}


def test_bulk_goes_and_what_bears_authority_stays() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert _kinds_left(america) == {"launch_warning", "track_update"}
        gone = await let_go(america, _feed(KR_1, US_1))
        assert gone > 0
        assert _kinds_left(america) == {"launch_warning"}
        assert len(america.disk.let_go) == gone
        assert await let_go(america, _feed(KR_1, US_1)) == 0

    play(story)


def test_what_is_too_young_stays() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert await let_go(america, _feed(KR_1, US_1), before=1) == 0

    play(story)


def test_of_our_own_feed_only_what_the_reader_acknowledged_goes() -> None:
    async def story(world: World) -> None:
        korea, _, japan = world.three()
        await pass_time(3.0)
        world.network.cut(KR_1, JP_1)
        await korea.sees(korea.observed())
        await pass_time(1.0)
        assert await let_go(korea, _feed(KR_1, JP_1)) == 0
        world.network.mend(KR_1, JP_1)
        await pass_time(5.0)
        assert await let_go(korea, _feed(KR_1, JP_1)) > 0
        assert japan.warnings_of(KR_1)

    play(story)


def test_the_feed_goes_on_after_content_was_let_go_and_after_a_restart() -> None:
    async def story(world: World) -> None:
        korea, america, _ = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed("T1"))
        await pass_time(1.0)
        for machine in (korea, america):
            await let_go(machine, _feed(KR_1, US_1))
        await korea.crash()
        await america.crash()
        korea.restart()
        america.restart()
        await pass_time(3.0)
        before = len(america.warnings_of(KR_1))
        await korea.sees(korea.observed("T2"))
        await pass_time(2.0)
        assert len(america.warnings_of(KR_1)) > before
        assert not america.services.health.link_faults.get(KR_1)

    play(story)
