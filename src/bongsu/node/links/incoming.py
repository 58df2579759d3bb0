"""The receiving half of a partner link: one of that partner's feeds to us.

What arrives is opened and verified, then the machine decides about order. An entry is stored
together with the signed head that covers it before anything is acknowledged or shown.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from bongsu.node.links.epochs import beginning, positions_of
from bongsu.node.links.frame_reading import FrameReader, ReadEntry, ReadFrame
from bongsu.node.links.link_faults import LinkFaults
from bongsu.node.links.reader_keys import ReaderKeys
from bongsu.node.ports import Commit, Evidence, PendingRelease, StoredHead
from bongsu.node.services import Services
from bongsu.protocols.log_exchange import inbound
from bongsu.protocols.log_exchange.inbound import Position
from bongsu.protocols.stated_times import time_doubts
from bongsu.records.feed import (
    SIGNED_HEAD,
    SIGNED_RECEIPT,
    FeedId,
    Head,
    Receipt,
    genesis_hash,
    sign_receipt,
)
from bongsu.records.frame import FRAME, Frame
from bongsu.records.keys import Opener
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.opened_record import OpenedRecord
from bongsu.records.record import RECORD, Record
from bongsu.vocabulary.errors import BongsuError, PeerViolation, Unavailable
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId, RecordId, UtcNs

FIRST_EPOCH = 1
MAXIMUM_EPOCHS_AT_ONCE = 1_024
RESTORED = "it begins a feed anew: restored from a backup, or its key is in other hands"
MAXIMUM_WAITING_MESSAGES = 1_024
MAXIMUM_WAITING_BYTES = 64 * 1_048_576
OPENED_INLINE_BYTES = 64 * 1024  # a small frame is opened on the loop: cheaper than a hand-off
DUE_NOW = MonotonicNs(-(2**63))
MAXIMUM_STORING = 2  # frames that the disk has in hand while the next one is read
ANNOUNCED_AGAIN_NS = NS_PER_S // 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRecord:
    """A partner's record: verified, and on our disk since `stored_at`."""

    record: OpenedRecord
    sender: NodeId
    stored_at: MonotonicNs
    time_doubts: tuple[str, ...] = ()  # why its times may be wrong; its place in the feed is sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is about to be stored: shown afterwards, and passed on by `pending`, stored with it.

    `known` are the records that were here before; they came by another way.
    """

    records: tuple[OpenedRecord, ...]
    known: frozenset[RecordId] = frozenset()
    pending: tuple[PendingRelease, ...] = ()


class Receiver(Protocol):
    """Where verified records of partners go, before and after they are on our disk."""

    def is_taken(self, kind: RecordKind) -> bool:
        """Whether anybody does anything with such records; asked on any thread."""
        ...

    def examine(
        self, records: Sequence[tuple[OpenedRecord, Record]], *, sender: NodeId
    ) -> Arrival: ...

    def take(self, arrival: Arrival, received: Sequence[ReceivedRecord]) -> None: ...


class CarriedFrame(NamedTuple):
    """What became of a frame that came as a file: its sequences, and how far the feed was."""

    first: int
    last: int
    stored_before: int
    stored_after: int


class _Storing(NamedTuple):
    """Entries that the disk has in hand."""

    on_disk: asyncio.Future[None]
    position: Position
    arrival: Arrival


class Incoming:
    """One feed, one partner node to this node. Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        partner: NodeId,
        lane: Lane,
        keys: ReaderKeys,
        faults: LinkFaults,
        receiver: Callable[[], Receiver],
    ) -> None:
        self._services = services
        self._partner = partner
        self._keys = keys
        self._faults = faults
        self._receiver = receiver
        self.feed = FeedId(
            realm=services.me.realm,
            sender=partner,
            reader=services.me.node,
            lane=lane,
            epoch=FIRST_EPOCH,
        )
        known = [beginning(self.feed), *positions_of(services.store, self.feed)][-1]
        self.feed = known.feed
        start = Position(sequence=known.sequence, entry_hash=known.entry_hash)
        self.machine = inbound.Inbound(
            epoch=self.feed.epoch,
            judges_link=lane is Lane.URGENT,
            accepted=start,
            stored=start.sequence,
            opened_with=start.sequence,
            opened_at=services.clock.monotonic(),
        )
        self.due_at = DUE_NOW  # the next moment at which time alone changes anything
        self._stored = start
        self._reader = self._reader_of(self.feed)
        self._frames: asyncio.Queue[bytes] = asyncio.Queue(MAXIMUM_WAITING_MESSAGES)
        self._storing: asyncio.Queue[_Storing] = asyncio.Queue(MAXIMUM_STORING)
        self._waiting_bytes = 0
        self._under_way = 0  # commits that the disk has in hand
        self._highest_said = (0, b"")  # of this epoch's heartbeats
        self._said_before = b""  # the newest signed head that did not contradict
        self._said_now = b""  # the one that is being looked at
        self._frame_now: Frame | None = None  # that came under it
        self._signed_at: UtcNs | None = None  # of the newest record of this feed
        self.delay_ns: int | None = None  # of the same: from its signature to our disk
        self._in_hand = asyncio.Lock()
        self._announce_again_at = MonotonicNs(0)

    def _reader_of(self, feed: FeedId) -> FrameReader:
        return FrameReader(self._services, feed, lambda kind: self._receiver().is_taken(kind))

    def take_head(self, head: Head, encoded: bytes) -> bool:
        """A heartbeat of this lane, signed by the partner; `encoded` is what it signed.

        False for what is no news: it may be a recording.
        """
        if head.feed.epoch > self.feed.epoch:
            if self._in_hand.locked() or self._under_way:
                return False  # something of the old epoch is being stored; heads come again
            self._open_epoch(head.feed)
        self._said_now = encoded
        before = self.machine.believed_beat
        self._take(
            inbound.HeadVerified(
                epoch=head.feed.epoch,
                head=Position(sequence=head.sequence, entry_hash=head.hash),
                beat=head.beat,
                stated_at=head.stated_at,
                received_at=self._services.clock.system_utc(),
            )
        )
        if head.feed == self.feed:
            self._said_before = encoded
            if head.sequence >= self._highest_said[0]:
                self._highest_said = (head.sequence, encoded)
        return self.machine.believed_beat != before

    def link_came_back(self) -> None:
        """The partner was silent and is heard again, in the other lane."""
        self._take(inbound.LinkCameBack())

    def take_frame(self, payload: bytes) -> None:
        """A sealed frame, opened in the order of arrival; too many waiting: asked for again."""
        if self._frames.full() or self._waiting_bytes + len(payload) > MAXIMUM_WAITING_BYTES:
            self._services.health.refuse(f"{self._partner}: frames waiting")
            return
        self._waiting_bytes += len(payload)
        self._frames.put_nowait(payload)

    def time_passed(self) -> None:
        """Send what is due; notice silence and gaps. Before `due_at` there is nothing."""
        if self._services.clock.monotonic() >= inbound.quiet_until(self.machine):
            self._take(inbound.TimePassed())
        self.due_at = inbound.quiet_until(self.machine)

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What has to run, until it is cancelled."""
        return self._open_frames(), self._store_frames()

    async def _open_frames(self) -> None:
        """One after the other."""
        while True:
            payload = await self._frames.get()
            self._waiting_bytes -= len(payload)
            if not self._frames.empty():
                await asyncio.sleep(0)  # a queue that is never empty would keep the others waiting
            async with self._in_hand:
                await self._open_frame(payload)

    async def settled(self) -> None:
        """Wait until the frame in hand, if there is one, is on disk or refused."""
        async with self._in_hand:
            await self._storing.join()

    def key_ended(self) -> None:
        """A key of the partner's node has ended; frames under it are refused from now on."""
        self._take(inbound.KeyEnded())

    @property
    def position(self) -> Position:
        """How far the feed is on our disk."""
        return self._stored

    async def take_carried(self, payload: bytes, openers: Mapping[bytes, Opener]) -> CarriedFrame:
        """A frame that came as a file: read, judged and stored as any other.

        Raises BongsuError for what is refused; the caller tells of it.
        """
        async with self._in_hand:
            await self._storing.join()
            read = await self._read(payload, openers)
            before, feed = self._stored.sequence, read.opened.head.feed
            if feed != self.feed:
                raise PeerViolation(
                    f"a frame of epoch {feed.epoch}; {self._partner} began {self.feed.epoch} since",
                    remedy="Have it export again",
                )
            await self._store_read(read)
            await self._storing.join()
        entries = read.opened.frame.entries
        return CarriedFrame(
            first=entries[0].sequence,
            last=entries[-1].sequence,
            stored_before=before,
            stored_after=self._stored.sequence,
        )

    async def _open_frame(self, payload: bytes) -> None:
        try:
            read = await self._read(payload, self._keys.openers)
        except Unavailable:
            self._announce_key()
            return
        except BongsuError as error:
            now = self._services.clock.monotonic()
            self._services.arrivals.failed(self._partner, self.feed.lane.value, now=now)
            self._services.refuse(error, source=self._partner, payload=payload)
            return
        await self._store_read(read)

    async def _read(self, payload: bytes, openers: Mapping[bytes, Opener]) -> ReadFrame:
        trust = self._services.trust
        if len(payload) <= OPENED_INLINE_BYTES:
            read = self._reader.read(payload, openers)
        else:
            read = await self._services.beside(self._reader.read, payload, openers)
        if trust is not self._services.trust:
            read = self._reader.read(payload, openers)  # a key ended while it was being opened
        feed = read.opened.head.feed
        if feed.epoch > self.feed.epoch:
            await self._storing.join()
            self._open_epoch(feed)
        return read

    async def _store_read(self, read: ReadFrame) -> None:
        for order in self._take_read(read):
            await self._store(read, read.entries[-len(order.entries) :])

    def _announce_key(self) -> None:
        """A frame was sealed to a key that we forgot (a restart): say which is ours, and not often.

        What was lost is asked for.
        """
        now = self._services.clock.monotonic()
        if now >= self._announce_again_at:
            self._announce_again_at = MonotonicNs(now + ANNOUNCED_AGAIN_NS)
            self._services.engine.send(self._partner, "key", self._keys.announcement)

    def _take_read(self, read: ReadFrame) -> list[inbound.StoreEntries]:
        self._said_now = SIGNED_HEAD.encode(read.opened.frame.signed_head)
        self._frame_now = read.opened.frame
        to_store = self._take(inbound.FrameVerified(read.opened))
        self._frame_now = None
        return to_store

    def _take(self, event: inbound.Event) -> list[inbound.StoreEntries]:
        """Step the machine; what is to be stored is left to the caller, who can wait for it."""
        now = self._services.clock.monotonic()
        self.machine, effects = inbound.step(self.machine, event, now=now)
        self.due_at = DUE_NOW
        to_store: list[inbound.StoreEntries] = []
        for effect in effects:
            if isinstance(effect, inbound.StoreEntries):
                to_store.append(effect)
            else:
                self._perform(effect)
        return to_store

    def _perform(self, effect: inbound.Effect) -> None:
        match effect:
            case inbound.SendReceipt():
                self._send_receipt("receipt")
            case inbound.AskAfter():
                self._send_receipt("ask")
            case inbound.CompareHistory(at):
                known = self._services.store.entry_hash(self.feed, at.sequence)
                agrees = known is None or known == at.entry_hash
                self._take(inbound.HistoryCompared(at, agrees))
            case inbound.ShowHead(shared):
                self._show_head(shared)
            case inbound.RaiseFault(fault):
                self._faults.raised(self.feed.lane, fault)
                if fault in inbound.LOST_ITS_PLACE:
                    self._keep_both_sides(fault)
            case inbound.ClearFault(fault, caught_up):
                self._faults.cleared(self.feed.lane, fault, caught_up)
            case inbound.ReopenSession():
                self._services.engine.reopen(self._partner)

    def _open_epoch(self, feed: FeedId) -> None:
        """The partner lost its place and begins a feed anew; the old one stays as it is."""
        if feed.epoch - self.feed.epoch > MAXIMUM_EPOCHS_AT_ONCE:
            raise PeerViolation(
                f"{self._partner} goes from epoch {self.feed.epoch} to {feed.epoch} at once",
                remedy="Keep it as evidence, and ask its people what happened to the node",
            )
        before, self.feed = self.feed, feed
        start = Position(sequence=0, entry_hash=genesis_hash(feed))
        self._stored = start
        self._reader = self._reader_of(feed)
        self._highest_said = (0, b"")
        self._said_before = b""
        self._services.journal.write(
            "feed_restored",
            partner=self._partner,
            lane=feed.lane.value,
            epoch=feed.epoch,
            reason=RESTORED,
            kept=f"epoch {before.epoch}",
            scenario_utc_ns=self._services.clock.utc(),
        )
        self._take(inbound.EpochOpened(epoch=feed.epoch, start=start))

    def _show_head(self, shared: Position | None) -> None:
        """Countersign what we share, then show the partner the newest heads that it signed.

        That is the one of what is on our disk, and a heartbeat that promised more.
        """
        kept = self._services.store.newest_head(self.feed)
        shown = [] if kept is None else [kept.encoded]
        if kept is None or self._highest_said[0] > kept.sequence:
            shown += [encoded for encoded in self._highest_said[1:] if encoded]
        receipt = None if shared is None else self._receipt(shared)
        signer, engine = self._services.signer, self._services.engine

        def signed_and_sent() -> None:
            if receipt is not None:
                signed = SIGNED_RECEIPT.encode(sign_receipt(receipt, signer))
                engine.send(self._partner, "receipt", signed)
            for encoded in shown:
                engine.send(self._partner, "shown", encoded)

        self._services.submit(signed_and_sent)

    def _keep_both_sides(self, fault: inbound.Fault) -> None:
        """The head that contradicts, its frame, and the head before; our chain is in the log.

        Under a source of its own, so that no flood of garbage uses up the room for it.
        """
        now = self._services.clock.utc()
        frame = b"" if self._frame_now is None else FRAME.encode(self._frame_now)
        sides = (
            ("states now", self._said_now),
            ("stated before", self._said_before),
            ("sent", frame),
        )
        evidence = tuple(
            Evidence(
                reason=f"{fault.value}: what it {when}",
                source=f"{self._partner}, feed",
                payload=said,
                kept_at=now,
            )
            for when, said in sides
            if said
        )
        self._services.append(Commit(evidence=evidence))

    async def _store(self, read: ReadFrame, entries: Sequence[ReadEntry]) -> None:
        """Hand it to the disk; while that works the next frame is read."""
        for one in entries:
            if one.refusal is not None:
                payload = RECORD.encode(one.entry.record)
                self._services.refuse(one.refusal, source=self._partner, payload=payload)
        arrival = self._receiver().examine(
            [(one.opened, one.entry.record) for one in entries if one.opened is not None],
            sender=self._partner,
        )
        head = read.opened.head
        on_disk = self._services.append(
            Commit(
                records=tuple([one.record for one in entries if one.record is not None]),
                entries=tuple([one.row for one in entries]),
                heads=(
                    StoredHead(
                        feed=self.feed,
                        sequence=head.sequence,
                        encoded=SIGNED_HEAD.encode(read.opened.frame.signed_head),
                    ),
                ),
                pending=arrival.pending,
            )
        )
        position = Position(sequence=head.sequence, entry_hash=head.hash)
        self._under_way += 1
        storing = _Storing(asyncio.wrap_future(on_disk), position, arrival)
        await self._storing.put(storing)

    async def _store_frames(self) -> None:
        """In their order. After one that the disk refused it refuses those behind it, too: a chain
        has no holes, and all of it is asked for again."""
        while True:
            await self._finish(await self._storing.get())
            self._storing.task_done()

    async def _finish(self, storing: _Storing) -> None:
        try:
            await storing.on_disk
        except BongsuError:
            self._under_way -= 1
            self._take(inbound.StoringFailed(self._stored))
            return
        self._under_way -= 1
        self._stored = storing.position
        stored_at = self._services.clock.monotonic()
        self._receiver().take(
            storing.arrival,
            [
                ReceivedRecord(
                    record=record,
                    sender=self._partner,
                    stored_at=stored_at,
                    time_doubts=self._time_doubts(record),
                )
                for record in storing.arrival.records
            ],
        )
        urgent = self.feed.lane is Lane.URGENT
        self._take(inbound.EntriesStored(self._stored.sequence, urgent))

    def _time_doubts(self, record: OpenedRecord) -> tuple[str, ...]:
        if record.originator != self._partner:
            return ()  # passed on: its times are not in the order of this feed, nor of its clock
        received_at = self._services.clock.system_utc()
        self.delay_ns = received_at - record.signed_at
        doubts = time_doubts(
            record.signed_at,
            before=self._signed_at,
            received_at=received_at,
            clocks_disagree=self._faults.has(inbound.Fault.SKEW),
        )
        self._signed_at = record.signed_at
        return doubts

    @property
    def receipt(self) -> Receipt:
        """What is on our disk now, to be countersigned."""
        return self._receipt(self._stored)

    def _receipt(self, at: Position) -> Receipt:
        return Receipt(
            feed=self.feed,
            sequence=at.sequence,
            hash=at.entry_hash,
            stored_at=self._services.clock.system_utc(),
        )

    def _send_receipt(self, channel: str) -> None:
        receipt = self.receipt

        def signed_and_sent() -> None:
            payload = SIGNED_RECEIPT.encode(sign_receipt(receipt, self._services.signer))
            self._services.engine.send(self._partner, channel, payload)

        self._services.submit(signed_and_sent)
