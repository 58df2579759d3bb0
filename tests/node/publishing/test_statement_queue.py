"""A bounded queue that is taken in groups."""

import asyncio

from bongsu.node.publishing.statement_queue import StatementQueue


def test_what_waits_is_taken_in_its_order_and_in_groups() -> None:
    async def story() -> None:
        queue = StatementQueue[str](10)
        for statement in ("w1", "w2", "w3"):
            assert queue.put(statement)
        assert await queue.take(2) == ["w1", "w2"]
        queue.done()
        assert await queue.take(10) == ["w3"]

    asyncio.run(story())


def test_what_exceeds_the_bound_is_not_queued() -> None:
    async def story() -> None:
        queue = StatementQueue[str](2)
        assert queue.put("w1")
        assert queue.put("w2")
        assert not queue.put("w3")
        assert queue.not_settled == 2

    asyncio.run(story())


def test_it_is_settled_only_when_the_last_group_is_done() -> None:
    async def story() -> None:
        queue = StatementQueue[str](2)
        await queue.settled(0.0)
        queue.put("w1")
        await queue.take(1)
        waiting = asyncio.ensure_future(queue.settled(60.0))
        await asyncio.sleep(0)
        assert not waiting.done()
        queue.done()
        await waiting
        assert queue.not_settled == 0

    asyncio.run(story())


def test_a_taker_waits_for_what_comes_later() -> None:
    async def story() -> None:
        queue = StatementQueue[str](2)
        taking = asyncio.ensure_future(queue.take(1))
        await asyncio.sleep(0)
        queue.put("w1")
        assert await taking == ["w1"]

    asyncio.run(story())
