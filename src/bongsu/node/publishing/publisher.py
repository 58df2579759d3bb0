"""What leaves this node: own records and what it passes on, stored and linked, then sent.

Work waits in a bounded queue; the publisher takes what waits as one group. Bulk goes ways of its
own, when it is stated (`bulk_publisher`) and when its delay is over, so that a warning waits for
nothing but warnings. Records, their feed entries, pending releases and what was settled commit
together before anything is sent. Nobody else gives places in feeds.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from bongsu.node.links.outgoing import Outgoing
from bongsu.node.publishing.bulk_publisher import BulkPublisher
from bongsu.node.publishing.publication import Publication, Work
from bongsu.node.publishing.statement import Statement
from bongsu.node.publishing.statement_queue import StatementQueue
from bongsu.node.recalls.recall_book import RecallBook
from bongsu.node.releases.due_releases import DueRelease, DueReleases
from bongsu.node.releases.releasing import Releasing
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.units import MonotonicNs, NationId, NodeId, RecordId

MAXIMUM_WAITING_STATEMENTS = 4_096
MAXIMUM_GROUP = 128
RETRY_AFTER_S = 1.0
STATED_WITHIN_S = 10.0


class Publisher:
    """Turns statements into records on disk and in feeds. Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        feeds: Mapping[NodeId, Mapping[Lane, Outgoing]],
        recalls: RecallBook,
    ) -> None:
        self._services = services
        self._feeds = feeds
        self._recalls = recalls
        self._queue = StatementQueue[Work](MAXIMUM_WAITING_STATEMENTS)
        self._due_bulk = StatementQueue[Work](MAXIMUM_WAITING_STATEMENTS)
        self.releasing = Releasing(services, feeds)
        self.due = DueReleases(services, self._release)
        bulk = {reader: lanes[Lane.BULK] for reader, lanes in feeds.items()}
        self._bulk = BulkPublisher(
            services,
            bulk,
            no_warning_waits=self._queue.settled,
            pending_stored=self.due.stored,
        )

    @property
    def not_stored(self) -> int:
        """How many statements are not on disk yet."""
        return self._queue.not_settled + self._bulk.not_stored

    def publish(self, statement: Statement) -> bool:
        """Queue a statement; when too many wait it is refused, counted and shown."""
        if form_of(statement.kind).lane is Lane.BULK:
            queued = self._bulk.publish(statement)
        else:
            queued = self._queue.put(statement)
        if not queued:
            count = self._services.health.refuse("own statements waiting for the disk")
            self._journal("statement_dropped", kind=statement.kind, count=count)
        return queued

    async def stated(
        self,
        kind: RecordKind,
        fields: Mapping[str, object],
        *,
        readers: frozenset[NationId] | None = None,
        then: Callable[[RecordId], None] | None = None,
    ) -> RecordId:
        """State something now, for a person who waits; its id, once it is on our disk.

        `then` is called as soon as it is there, also when that takes longer than people wait.

        Raises LocalMisuse for what can't be recorded, Unavailable where the disk takes too long:
        it stays queued then, unless too much was waiting already.
        """
        form_of(kind).checked(fields)
        on_disk: asyncio.Future[RecordId] = asyncio.get_running_loop().create_future()

        def stored(record_id: RecordId, _: MonotonicNs) -> None:
            if then is not None:
                then(record_id)
            if not on_disk.done():
                on_disk.set_result(record_id)

        statement = Statement(
            kind=kind,
            fields=fields,
            created_at=self._services.clock.utc(),
            stored=stored,
            readers=readers,
        )
        if not self.publish(statement):
            raise Unavailable(
                "too many statements wait for the disk", remedy="Check the disk, then try again"
            )
        try:
            async with asyncio.timeout(STATED_WITHIN_S):
                return await on_disk
        except TimeoutError as error:
            raise Unavailable(
                f"the {kind.value} is not on disk after {STATED_WITHIN_S:.0f} s",
                remedy="It is queued: look at the node's log before stating it again",
            ) from error

    async def drained(self, within_s: float) -> None:
        """Wait, bounded, until everything that was published is on disk."""
        await asyncio.gather(self._queue.settled(within_s), self._bulk.drained(within_s))

    def expect_more_of(self, kind: RecordKind, subjects: Iterable[str]) -> None:
        """Read who was shown these things from the log now, and not while one is amended."""
        for subject in subjects:
            self.releasing.shown.of(kind, subject)

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What has to run, until it is cancelled."""
        return (
            self._publish_all(),
            self._release_bulk(),
            self.due.hand_over_all(),
            *self._bulk.work(),
        )

    async def _publish_all(self) -> None:
        while True:
            group = await self._queue.take(MAXIMUM_GROUP)
            for part in _parts(group):
                await self._put_out(part, Lane.URGENT)
            self._queue.done()

    async def _release_bulk(self) -> None:
        while True:
            group = await self._due_bulk.take(MAXIMUM_GROUP)
            async with self._bulk.linking:
                await self._put_out(group, Lane.BULK)
            self._due_bulk.done()

    def _release(self, release: DueRelease) -> bool:
        queue = self._queue if release.lane is Lane.URGENT else self._due_bulk
        return queue.put(release)

    async def _put_out(self, part: Sequence[Work], lane: Lane) -> None:
        while not await self._is_out(part, lane):
            await asyncio.sleep(RETRY_AFTER_S)  # the disk refuses: nothing is given up

    async def _is_out(self, part: Sequence[Work], lane: Lane) -> bool:
        """True when it is on disk, False when it has to be tried again."""
        feeds = [lanes[lane] for lanes in self._feeds.values()]
        marks = [feed.mark() for feed in feeds]
        publication = Publication(self._services, self.releasing, self._recalls)
        try:
            await publication.carry_out(part)
        except Unavailable as error:
            self._journal("publishing_waits", reason=str(error))
            for feed, mark in zip(feeds, marks, strict=True):
                feed.take_back(mark)
            publication.take_back()
            return False
        self.due.settled(publication.settled)
        for row in publication.postponed:
            self.due.postponed(row, lane)
        self.due.stored(publication.pending, lane)
        return True

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)


def _parts(group: Sequence[Work]) -> list[list[Work]]:
    """A recall of ours begins a part: whom it goes to is read from what is on disk by then."""
    parts: list[list[Work]] = [[]]
    for work in group:
        if isinstance(work, Statement) and work.kind is RecordKind.RECALL:
            parts.append([])
        parts[-1].append(work)
    return [part for part in parts if part]
