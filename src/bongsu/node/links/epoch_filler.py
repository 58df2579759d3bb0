"""Fills an epoch that a feed of ours opens, beside everything else, then lets the feed go over.

Meanwhile the old epoch still takes what is stated; the feed goes over in a moment when all of it
stands in the new one.
"""

import asyncio
from typing import Protocol

from bongsu.node.links.epochs import Filling
from bongsu.node.ports import Commit, FeedPosition
from bongsu.node.services import Services
from bongsu.protocols.log_exchange.outbound import Outbound
from bongsu.records.feed import FeedId
from bongsu.vocabulary.errors import BongsuError

RETRY_AFTER_S = 1.0
LOOKED_AT_EVERY_S = 0.05


class OpeningFeed(Protocol):
    """The feed that is filled for."""

    feed: FeedId
    machine: Outbound
    linking: asyncio.Lock

    @property
    def is_settled(self) -> bool: ...

    def begin_epoch(self, start: FeedPosition) -> None: ...


class EpochFiller:
    """Of one feed. Lives on the node's loop."""

    def __init__(self, services: Services, feed: OpeningFeed) -> None:
        self._services = services
        self._feed = feed
        self._woken = asyncio.Event()
        self._woken.set()  # an epoch may have been left half filled

    def wake(self) -> None:
        """An epoch is to be opened."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            opening = self._feed.machine.opening
            if opening is not None:
                await self._fill(opening)

    async def _fill(self, epoch: int) -> None:
        services, feed = self._services, self._feed
        filling = Filling(
            services.store, old=feed.feed, after=feed.machine.acknowledged, epoch=epoch
        )
        while feed.machine.opening is not None:
            rows = await services.beside(filling.next_rows)
            if rows:
                try:
                    await asyncio.wrap_future(services.append(Commit(entries=rows)))
                    filling.written(rows)
                except BongsuError:  # told by `append`: nothing of it is on disk
                    await asyncio.sleep(RETRY_AFTER_S)
                continue
            async with feed.linking:
                if feed.is_settled and filling.taken_through == feed.machine.appended:
                    feed.begin_epoch(filling.reached)
            await asyncio.sleep(LOOKED_AT_EVERY_S)  # what was linked last is still being stored
