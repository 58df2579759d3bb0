"""News for many listeners: asked for once, in order, nothing missed without a word."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import msgspec
import pytest
from tests.console.web.made_up_node import MadeUpNode

from bongsu.console.web import news_hub
from bongsu.console.web.news_hub import AWAY, BACK, MAXIMUM_LISTENERS, MISSED, NewsHub
from bongsu.vocabulary.errors import Unavailable

BEAT = ": beat"


async def of_next(events: AsyncIterator[bytes], count: int = 1) -> list[tuple[str, object]]:
    """The next events that are no beat: each event's name and data."""
    found: list[tuple[str, object]] = []
    async with asyncio.timeout(10.0):
        while len(found) < count:
            lines = (await anext(events)).decode().splitlines()
            if lines[0] == BEAT:
                continue
            parts = dict(line.split(": ", 1) for line in lines if line)
            found.append((parts["event"], msgspec.json.decode(parts["data"])))
    return found


async def running(node: MadeUpNode) -> tuple[NewsHub, "asyncio.Task[None]"]:
    """A hub that has heard where the node's news are."""
    hub = NewsHub(node)
    task = asyncio.ensure_future(hub.run())
    async with asyncio.timeout(10.0):
        while len(node.asked) < 2:
            await asyncio.sleep(0)
    return hub, task


async def listening(hub: NewsHub, after: int | None) -> AsyncGenerator[bytes, None]:
    """Somebody who has begun to listen."""
    hub.require_room()
    events = hub.events(after)
    assert await anext(events) == news_hub.BEAT
    return events


def test_everybody_hears_each_line_once_in_order_and_the_node_is_asked_once() -> None:
    async def story() -> None:
        node = MadeUpNode()
        node.news.write("before", what=0)
        hub, task = await running(node)
        listeners = [await listening(hub, None) for _ in range(20)]
        asked = len(node.asked)
        for number in range(3):
            node.news.write("said", what=number)
        for events in listeners:
            assert await of_next(events, 3) == [("said", {"what": n}) for n in range(3)]
        assert len(node.asked) - asked <= 3
        task.cancel()

    asyncio.run(story())


def test_who_comes_back_hears_what_came_meanwhile_and_nothing_twice() -> None:
    async def story() -> None:
        node = MadeUpNode()
        hub, task = await running(node)
        for number in range(5):
            node.news.write("said", what=number)
        events = await listening(hub, 1_002)
        node.news.write("said", what=5)
        assert [data for _, data in await of_next(events, 4)] == [{"what": n} for n in (2, 3, 4, 5)]
        task.cancel()

    asyncio.run(story())


def test_a_number_of_an_earlier_start_is_told_that_it_missed_something() -> None:
    async def story() -> None:
        node = MadeUpNode()
        node.news.write("said", what=0)
        hub, task = await running(node)
        names = [name for name, _ in await of_next(await listening(hub, 7), 2)]
        assert names == [MISSED, "said"]
        task.cancel()

    asyncio.run(story())


def test_a_listener_that_does_not_read_is_told_what_it_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(news_hub, "MAXIMUM_WAITING", 3)

    async def story() -> None:
        node = MadeUpNode()
        hub, task = await running(node)
        slow, quick = await listening(hub, None), await listening(hub, None)
        for number in range(8):
            node.news.write("said", what=number)
            assert await of_next(quick) == [("said", {"what": number})]
        names = [name for name, _ in await of_next(slow, 4)]
        assert names == ["said", "said", "said", MISSED]
        node.news.write("said", what=8)
        assert await of_next(slow) == [("said", {"what": 8})]
        task.cancel()

    asyncio.run(story())


def test_a_node_that_goes_away_is_said_once_and_its_return_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(news_hub, "ASKED_AGAIN_AFTER_S", 0.0)

    async def story() -> None:
        node = MadeUpNode()
        hub, task = await running(node)
        events = await listening(hub, None)
        node.is_away = True
        [(name, words)] = await of_next(events)
        assert name == AWAY
        assert words == {
            "what": "no node answers",
            "remedy": "Start it with: bongsu node --config FILE",
        }
        late = await listening(hub, None)
        assert (await of_next(late))[0][0] == AWAY
        node.is_away = False
        assert (await of_next(late))[0][0] == BACK
        assert (await of_next(events))[0][0] == BACK
        task.cancel()

    asyncio.run(story())


def test_too_many_listeners_are_refused_and_a_closed_one_makes_room() -> None:
    async def story() -> None:
        node = MadeUpNode()
        hub, task = await running(node)
        kept = [await listening(hub, None) for _ in range(MAXIMUM_LISTENERS)]
        with pytest.raises(Unavailable, match="listen already"):
            await listening(hub, None)
        node.news.write("said", what=0)
        await of_next(kept[0])
        await kept[0].aclose()
        await listening(hub, None)
        task.cancel()

    asyncio.run(story())


def test_a_listener_that_was_never_begun_takes_no_room() -> None:
    async def story() -> None:
        node = MadeUpNode()
        hub, task = await running(node)
        for _ in range(2 * MAXIMUM_LISTENERS):
            await hub.events(None).aclose()
        hub.require_room()
        task.cancel()

    asyncio.run(story())


def test_an_answer_that_is_none_is_said_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news_hub, "ASKED_AGAIN_AFTER_S", 0.0)

    async def story() -> None:
        node = MadeUpNode()
        hub, task = await running(node)
        events = await listening(hub, None)
        node.answers["news"] = {"newest": "soon"}
        [(name, words)] = await of_next(events)
        assert name == AWAY
        assert "not understood" in str(words)
        del node.answers["news"]
        assert (await of_next(events))[0][0] == BACK
        task.cancel()

    asyncio.run(story())


def test_listeners_are_told_when_the_hub_itself_ends() -> None:
    async def story() -> None:
        node = MadeUpNode()
        hub, task = await running(node)
        events = await listening(hub, None)
        task.cancel()
        [(name, words)] = await of_next(events)
        assert name == AWAY
        assert "listens to its node no more" in str(words)

    asyncio.run(story())
