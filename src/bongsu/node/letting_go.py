"""Letting old bulk content go: asked by a person who has put it into an archive.

What may go is decided here again, entry by entry: only bulk, only what is old enough, and of our
own feeds only what the reader countersigned. Work goes in small commits, so that nothing urgent
waits for it.
"""

import asyncio
from typing import Annotated

from msgspec import Meta

from bongsu.node.control import Body
from bongsu.node.ports import Commit, LetGo, StoredEntry
from bongsu.node.services import Services
from bongsu.records.archive import content_hash_of, may_be_let_go
from bongsu.records.feed import FeedId
from bongsu.records.lane import Lane
from bongsu.records.names import Instant, Node
from bongsu.vocabulary.errors import LocalMisuse

PAGE_ENTRIES = 256
MAXIMUM_FEEDS = 256

_Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class ArchivedFeed(Body, frozen=True, kw_only=True):
    """Entries from after `after` through `through` of one feed are in an archive."""

    sender: Node
    reader: Node
    lane: Lane = Lane.BULK
    epoch: Annotated[int, Meta(ge=1, le=2**31)]
    after: _Count
    through: _Count


class LetGoBody(Body, frozen=True, kw_only=True):
    before: Instant  # of the time that a record was signed at
    feeds: Annotated[tuple[ArchivedFeed, ...], Meta(max_length=MAXIMUM_FEEDS)]


class LettingGo:
    """One request at a time. Lives on the node's loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._busy = False

    async def let_go(self, body: LetGoBody) -> object:
        """Let go what the body names and the rules allow; how many entries went."""
        if self._busy:
            raise LocalMisuse("content is being let go already", remedy="Wait for that to end")
        self._busy = True
        try:
            gone = 0
            for archived in body.feeds:
                gone += await self._let_feed_go(archived, body)
        finally:
            self._busy = False
        self._services.journal.write(
            "content_let_go", scenario_utc_ns=self._services.clock.utc(), entries=gone
        )
        return {"entries": gone}

    async def _let_feed_go(self, archived: ArchivedFeed, body: LetGoBody) -> int:
        services = self._services
        feed = FeedId(
            realm=services.me.realm,
            sender=archived.sender,
            reader=archived.reader,
            lane=archived.lane,
            epoch=archived.epoch,
        )
        through = archived.through
        if feed.sender == services.me.node:
            through = min(through, services.store.acknowledged(feed))
        gone, after = 0, archived.after
        while after < through:
            limit = min(PAGE_ENTRIES, through - after)
            page = await services.beside(services.store.entries, feed, after=after, limit=limit)
            if not page:
                break
            after = page[-1].sequence
            rows = await services.beside(_rows_that_go, page, body)
            if rows:
                await asyncio.wrap_future(services.append(Commit(let_go=rows)))
                gone += len(rows)
        return gone


def _rows_that_go(page: tuple[StoredEntry, ...], body: LetGoBody) -> tuple[LetGo, ...]:
    return tuple(
        LetGo(
            feed=entry.feed,
            sequence=entry.sequence,
            record_id=entry.record_id,
            content_hash=content_hash_of(entry.encoded, entry.sequence),
        )
        for entry in page
        if may_be_let_go(entry.encoded, before=body.before)
    )
