"""Warnings first; one bound over all."""

import asyncio

from bongsu.node.publishing.statement_queue import StatementQueue


def test_a_warning_goes_before_the_updates_that_came_first_and_never_with_them() -> None:
    async def story() -> None:
        queue = StatementQueue[str](10)
        for statement, urgent in (("u1", False), ("w1", True), ("u2", False), ("w2", True)):
            assert queue.put(statement, urgent=urgent)
        assert await queue.take(10) == ["w1", "w2"]
        queue.done()
        assert await queue.take(1) == ["u1"]
        queue.done()
        assert await queue.take(10) == ["u2"]

    asyncio.run(story())


def test_what_exceeds_the_bound_is_not_queued() -> None:
    async def story() -> None:
        queue = StatementQueue[str](2)
        assert queue.put("u1", urgent=False)
        assert queue.put("w1", urgent=True)
        assert not queue.put("w2", urgent=True)
        assert queue.not_settled == 2

    asyncio.run(story())


def test_it_is_settled_only_when_the_last_group_is_done() -> None:
    async def story() -> None:
        queue = StatementQueue[str](2)
        await queue.settled(0.0)
        queue.put("w1", urgent=True)
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
        queue.put("u1", urgent=False)
        assert await taking == ["u1"]

    asyncio.run(story())
