"""A node that starts again goes on from its disk: chains, open warnings, what it lacks."""

from dataclasses import replace

from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.protocols.made_up_tracks import impact
from tests.records.made_up_nations import JP_1, KR_1, US_1, WARNING, warning_record

from bongsu.adapters.simulated.network import Faulty
from bongsu.records.feed import FeedId
from bongsu.vocabulary.launch_warning import WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, after_seconds


def feed(sender: NodeId, reader: NodeId) -> FeedId:
    return FeedId(realm=Realm.EXERCISE, sender=sender, reader=reader, epoch=1)


def require_same_history(korea: Machine, *readers: Machine) -> None:
    """Every reader has Korea's whole feed, and showed each warning once."""
    for reader in readers:
        name = feed(KR_1, reader.node_id)
        assert reader.disk.entries[name] == korea.disk.entries[name]
        shown = [line["record_id"] for line in reader.journal.of("partner_warning")]
        assert len(shown) == len(set(shown)) == len(korea.warnings_of(KR_1))


def test_a_sender_that_was_killed_continues_its_chain_and_its_open_warnings() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time()
        before = korea.node._watch.desk.open_warnings
        assert [known.stated.version for known in before.values()] == [1]
        await korea.crash()
        korea.restart()
        await pass_time()
        assert korea.journal.of("node_started")[-1]["open_warnings"] == 1
        after = korea.node._watch.desk.open_warnings
        assert [known.stated for known in after.values()] == [
            known.stated for known in before.values()
        ]
        await pass_time(2.0)
        await korea.sees(korea.observed(), korea.observed("T2"))
        await pass_time(3.0)
        ids = [one.fields["warning_id"] for one in korea.warnings_of(KR_1)]
        assert ids[0] == "KR-1/W0001"
        assert "KR-1/W0002" in ids
        assert [one.fields["version"] for one in korea.warnings_of(KR_1)].count(1) == 2
        require_same_history(korea, states, japan)

    play(story)


def test_a_warning_that_ended_before_the_restart_stays_ended() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        falls = replace(impact(), at=after_seconds(korea.clock.utc(), 5.0))
        seen = korea.observed(impact=falls)
        await korea.sees(seen)
        await pass_time(120.0)
        actions = [one.fields["action"] for one in korea.warnings_of(KR_1)]
        assert actions[-1] is WarningAction.ENDED
        await korea.crash()
        korea.restart()
        await pass_time()
        assert korea.journal.of("node_started")[-1]["open_warnings"] == 0
        await korea.sees(seen)
        await pass_time()
        assert len(korea.warnings_of(KR_1)) == len(actions)

    play(story)


def test_a_reader_that_was_killed_catches_up_with_0_lost_and_0_twice() -> None:
    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        tracks = []
        for number in range(30):
            if number == 8:
                await japan.crash()
            if number == 22:
                japan.restart()
            tracks.append(f"T{number}")
            await korea.sees(*(korea.observed(name) for name in tracks))
            await pass_time(0.15)
        await pass_time(5.0)
        assert len(korea.warnings_of(KR_1)) >= 30
        require_same_history(korea, states, japan)

    play(story)


def test_what_was_not_durable_when_the_reader_was_killed_is_sent_again() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, at_once=False)
        await pass_time()
        korea = PlayedKorea(states)
        records = [warning_record(warning=replace(WARNING, version=at)) for at in (1, 2)]
        korea.sends(records[0])
        await pass_time()
        states.store.complete()
        korea.sends(records[1])
        await pass_time()
        assert len(states.store.waiting) == 1
        await states.crash()
        states.restart()
        await pass_time()
        korea.beats()
        await pass_time(0.5)
        assert len(world.sent(US_1, "ask")) == 1
        assert [one.fields["version"] for one in states.warnings_of(KR_1)] == [1]

    play(story)


def test_partners_warnings_stand_on_the_desk_again_after_a_restart() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time()
        before = states.node._watch.desk.partner_warnings
        assert set(before) == {"KR-1/W0001"}
        await states.crash()
        states.restart()
        after = states.node._watch.desk.partner_warnings
        assert {name: known.warning for name, known in after.items()} == {
            name: known.warning for name, known in before.items()
        }
        assert len(states.journal.of("partner_warning")) == 1

    play(story)


def test_over_a_network_that_loses_doubles_and_disorders_nothing_is_lost_or_shown_twice() -> None:
    async def story(world: World) -> None:
        world.network.route = Faulty(
            chance=world.chance, loss=0.3, doubling=0.3, least_delay_s=0.005, most_delay_s=0.4
        )
        korea, states, japan = world.three()
        await pass_time(5.0)
        for number in range(20):
            names = [f"T{other}" for other in range(number + 1)]
            await korea.sees(*(korea.observed(name) for name in names))
            await pass_time(0.3)
        await pass_time(20.0)
        require_same_history(korea, states, japan)

    for seed in (1, 2):
        play(story, seed=seed)


def test_a_cut_is_shown_within_3_s_and_after_it_everything_comes() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, JP_1)
        japan = world.machine(JP_1, KR_1)
        await pass_time(3.0)
        await korea.sees(korea.observed())
        await pass_time()
        world.network.cut(KR_1, JP_1)
        await pass_time(3.0)
        for node in (korea, japan):
            [fault] = node.journal.of("link_fault")
            assert fault["reason"] == "nothing heard"
            assert "nothing heard" in node.services.health.link_faults[fault["partner"]]
        await korea.sees(korea.observed(), korea.observed("T2"))
        await pass_time(10.0)
        assert japan.engine.reopened >= 1
        assert len(japan.journal.of("partner_warning")) == 1
        world.network.mend(KR_1, JP_1)
        await pass_time(5.0)
        restored = [line["reason"] for line in japan.journal.of("link_restored")]
        assert "nothing heard" in restored
        assert japan.services.health.link_faults == {KR_1: set()}
        require_same_history(korea, japan)

    play(story)
