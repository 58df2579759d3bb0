"""Q1: nothing marked exercise, or not marked, moves a live node; and the other way round."""

from collections.abc import Callable

import pytest
from tests.node.made_up_world import EXERCISE, LIVE, Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import KR, KR_1, SEALER, US_1, nation, warning_record

from bongsu.records.feed import Entry, FeedId, Head, entry_hash, genesis_hash, sign_head
from bongsu.records.frame import Frame, seal_frame
from bongsu.records.record import RECORD
from bongsu.vocabulary.realm import Realm

REALMS = [
    pytest.param(LIVE, EXERCISE, id="exercise meets live"),
    pytest.param(EXERCISE, LIVE, id="live meets exercise"),
]


async def a_node_with_a_warning(world: World, realm: Realm) -> Machine:
    """A node of that realm that sees something and knows a partner's warning too."""
    states = world.machine(US_1, KR_1, realm=realm)
    await pass_time()
    korea = PlayedKorea(states, realm)
    states.brings(KR_1, "key", korea.announcement())
    korea.sends(warning_record(realm))
    await states.sees(states.observed())
    await pass_time()
    assert len(states.journal.of("own_warning")) == 1
    assert len(states.journal.of("partner_warning")) == 1
    return states


@pytest.mark.parametrize(("here", "other"), REALMS)
@pytest.mark.parametrize("what", ["urgent", "bulk", "head", "receipt", "ask", "key"])
def test_q1_a_message_of_the_other_realm_is_refused_counted_and_changes_no_output(
    here: Realm, other: Realm, what: str
) -> None:
    async def story(world: World) -> None:
        states = await a_node_with_a_warning(world, here)
        korea = PlayedKorea(states, other)
        payloads: dict[str, Callable[[], bytes]] = {
            "urgent": lambda: korea.frame(warning_record(other)),
            "bulk": lambda: korea.frame(warning_record(other)),
            "head": korea.head,
            "receipt": lambda: korea.receipt(1, bytes(32)),
            "ask": lambda: korea.receipt(0, bytes(32)),
            "key": lambda: korea.announcement(),
        }
        payload = payloads[what]()
        before, sent = states.outputs(), len(world.sent(US_1, "urgent"))
        states.brings(KR_1, what, payload)
        await pass_time()
        assert states.refused() == 1
        [line] = states.journal.of("refused")
        assert f"marked {other.banner}" in line["reason"]
        assert [kept.payload for kept in states.disk.evidence] == [payload]
        assert states.outputs() == before
        assert len(world.sent(US_1, "urgent")) == sent

    play(story)


@pytest.mark.parametrize(("here", "other"), REALMS)
def test_q1_a_picture_of_the_other_realm_is_refused_counted_and_changes_no_output(
    here: Realm, other: Realm
) -> None:
    async def story(world: World) -> None:
        states = await a_node_with_a_warning(world, here)
        before = states.outputs()
        payload = states.picture(states.observed("T2"), realm=other)
        await states.node.take_tracker_batch(payload)
        await pass_time()
        assert states.refused() == 1
        [line] = states.journal.of("refused")
        assert (line["source"], line["count"]) == ("tracker", 1)
        assert f"marked {other.banner}" in line["reason"]
        assert states.outputs() == before

    play(story)


@pytest.mark.parametrize(("here", "other"), REALMS)
def test_q1_a_record_of_the_other_realm_inside_a_good_frame_is_never_shown(
    here: Realm, other: Realm
) -> None:
    """A confused partner puts a record of the other realm into its own feed of ours."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, realm=here)
        await pass_time()
        korea = PlayedKorea(states, here)
        smuggled = warning_record(other)
        before = states.outputs()[0], states.outputs()[3]
        korea.sends(smuggled)
        await pass_time()
        assert (states.outputs()[0], states.outputs()[3]) == before
        assert states.disk.records == {}
        assert states.refused() == 1
        assert states.disk.evidence[0].payload == RECORD.encode(smuggled)

    play(story)


def test_q1_a_picture_without_any_mark_is_refused_and_counted() -> None:
    async def story(world: World) -> None:
        states = await a_node_with_a_warning(world, LIVE)
        before = states.outputs()
        good = states.picture(states.observed("T2"))
        unmarked = good.replace(b"live", b"", 1)
        assert unmarked != good
        for payload in (unmarked, good.replace(b"live", b"test", 1), b"", b"{}"):
            await states.node.take_tracker_batch(payload)
        await pass_time()
        assert states.refused() == 4
        assert states.outputs() == before

    play(story)


def test_q1_a_frame_with_a_live_envelope_and_an_exercise_feed_inside_is_refused() -> None:
    """Whoever holds a live reader key still holds no live signing key."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, realm=LIVE)
        await pass_time()
        record = warning_record(EXERCISE)
        feed = FeedId(realm=LIVE, sender=KR_1, reader=US_1, epoch=1)
        entry = Entry(sequence=1, record=record)
        head = Head(
            feed=feed,
            sequence=1,
            hash=entry_hash(genesis_hash(feed), entry),
            beat=states.clock.system_utc(),
            stated_at=states.clock.system_utc(),
        )
        frame = Frame(
            previous=genesis_hash(feed),
            entries=(entry,),
            signed_head=sign_head(head, nation(KR, EXERCISE).node),
        )
        before = states.outputs()
        key = PlayedKorea(states, LIVE).present_key()
        states.brings(KR_1, "urgent", seal_frame(frame, to=key, sealer=SEALER))
        await pass_time()
        assert states.refused() == 1
        assert "signature" in states.journal.of("refused")[0]["reason"]
        assert states.outputs() == before

    play(story)


def test_q1_two_nodes_of_different_realms_on_one_network_exchange_nothing() -> None:
    async def story(world: World) -> None:
        live = world.machine(KR_1, US_1, realm=LIVE)
        exercise = world.machine(US_1, KR_1, realm=EXERCISE)
        await pass_time(1.0)
        await live.sees(live.observed())
        await exercise.sees(exercise.observed())
        await pass_time(20.0)
        for node, partner in ((live, US_1), (exercise, KR_1)):
            assert node.refused() > 0
            assert node.warnings_of(partner) == []
            assert node.journal.of("partner_warning") == []
            assert len(node.journal.of("own_warning")) >= 1
            assert node.disk.receipts == {}

    play(story)
