"""A second site of a nation: keys, feeds and names of its own, and a takeover by a person."""

import pytest
from tests.node.made_up_world import AGREED, EXERCISE, Machine, World, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, KR_2, US_1

from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import LocalMisuse


def two_sites(world: World) -> tuple[Machine, Machine, Machine]:
    """Korea's two sites and the United States; the second one stands by."""
    first = world.machine(KR_1, KR_2, US_1)
    second = Machine(world, KR_2, EXERCISE, (KR_1, US_1), AGREED[EXERCISE], stands_by=True)
    second.restart()
    world.machines.append(second)
    return first, second, world.machine(US_1, KR_1, KR_2)


async def takes_over(site: Machine) -> None:
    body = {"in_place_of": "KR-1", "reason": "KR-1 lost power"}
    await site.node.control.call("site_take_over", body)


def test_a_standby_holds_everything_and_states_nothing() -> None:
    async def story(world: World) -> None:
        first, second, america = two_sites(world)
        await pass_time(3.0)
        seen = first.observed()
        await first.sees(seen)
        await second.sees(seen)
        await pass_time(2.0)
        assert len(second.warnings_of(KR_1)) == 1
        assert second.warnings_of(KR_1)[0].withheld == ()
        kinds = {row.kind for row in second.disk.records.values() if row.originator == KR_1}
        assert RecordKind.TRACK_UPDATE.value in kinds
        assert second.warnings_of(KR_2) == america.warnings_of(KR_2) == []

    play(story)


def test_a_takeover_states_its_own_warnings_tied_to_those_of_the_lost_site() -> None:
    async def story(world: World) -> None:
        first, second, america = two_sites(world)
        await pass_time(3.0)
        await first.sees(first.observed())
        await pass_time(2.0)
        await first.crash()
        await takes_over(second)
        await second.sees(second.observed())
        await pass_time(2.0)
        [lost] = america.warnings_of(KR_1)
        [continued] = america.warnings_of(KR_2)
        assert continued.fields["warning_id"] == "KR-2/W0001"
        assert lost.record_id in continued.fields["derived_from"]  # type: ignore[operator]
        assert lost.record_id not in continued.fields["corroborated_by"]  # type: ignore[operator]
        [told] = america.journal.of("site_status")
        assert (told["node"], told["in_place_of"]) == (KR_2, KR_1)
        feeds = {(feed.sender, feed.reader) for feed in america.disk.entries}
        assert {(KR_1, US_1), (KR_2, US_1)} <= feeds

    play(story)


def test_the_lost_site_stands_by_when_it_comes_back_and_after_a_restart() -> None:
    async def story(world: World) -> None:
        first, second, america = two_sites(world)
        await pass_time(3.0)
        await first.crash()
        await takes_over(second)
        await pass_time(1.0)
        first.restart()
        await pass_time(5.0)
        await first.sees(first.observed())
        await pass_time(2.0)
        assert america.warnings_of(KR_1) == []
        assert america.journal.of("two_sites_speak") == []
        assert [line["state"].value for line in america.journal.of("site_status")] == [
            "active",
            "standby",
        ]
        await first.crash()
        first.restart()
        await pass_time(3.0)
        seen = await first.node.control.call("sites", {})
        assert isinstance(seen, dict)
        assert seen["speaks"] is False

    play(story)


def test_a_site_that_could_not_hear_of_the_takeover_is_shown_as_a_second_voice() -> None:
    async def story(world: World) -> None:
        first, second, america = two_sites(world)
        await pass_time(3.0)
        world.network.cut(KR_1, KR_2)
        await takes_over(second)
        await pass_time(20.0)
        await first.sees(first.observed())
        await pass_time(2.0)
        assert len(america.warnings_of(KR_1)) == 1  # never silenced: it may be the one that sees
        [told] = america.journal.of("two_sites_speak")
        assert told["sites"] == (KR_1, KR_2)

    play(story)


def test_a_site_releases_its_word_and_the_other_takes_it_again() -> None:
    async def story(world: World) -> None:
        first, second, america = two_sites(world)
        await pass_time(3.0)
        await takes_over(second)
        await pass_time(3.0)
        await second.node.control.call("site_release", {"reason": "KR-1 is back"})
        await pass_time(1.0)
        body = {"in_place_of": "KR-2", "reason": "back"}
        await first.node.control.call("site_take_over", body)
        await pass_time(1.0)
        await first.sees(first.observed())
        await pass_time(2.0)
        assert len(america.warnings_of(KR_1)) == 1
        assert america.journal.of("two_sites_speak") == []
        with pytest.raises(LocalMisuse, match="stands by already"):
            await second.node.control.call("site_release", {"reason": "again"})

    play(story)


def test_only_another_site_of_our_nation_can_be_replaced() -> None:
    async def story(world: World) -> None:
        _, second, _ = two_sites(world)
        for other in ("US-1", "KR-2", "KR-9", "nobody"):
            with pytest.raises(LocalMisuse, match="no other site"):
                await second.node.control.call(
                    "site_take_over", {"in_place_of": other, "reason": "because"}
                )
        assert JP_1 not in second.partners

    play(story)
