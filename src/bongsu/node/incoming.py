"""The receiving half of a partner link: one of that partner's feeds to us.

What arrives is opened and verified, then the machine decides about order. An entry is stored
together with the signed head that covers it before anything is acknowledged or shown.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bongsu.node.link_faults import LinkFaults
from bongsu.node.ports import (
    Commit,
    Evidence,
    PendingRelease,
    StoredEntry,
    StoredHead,
    StoredRecord,
)
from bongsu.node.reader_keys import ReaderKeys
from bongsu.node.services import Services
from bongsu.protocols.log_exchange import inbound
from bongsu.protocols.log_exchange.inbound import Position
from bongsu.protocols.stated_times import time_doubts
from bongsu.records.feed import (
    SIGNED_HEAD,
    SIGNED_RECEIPT,
    Entry,
    FeedId,
    Head,
    Receipt,
    genesis_hash,
    sign_receipt,
)
from bongsu.records.frame import FRAME, Frame, OpenedFrame, open_frame
from bongsu.records.kinds import form_of
from bongsu.records.lane import Lane
from bongsu.records.opened_record import OpenedRecord, open_record
from bongsu.records.record import RECORD, Record
from bongsu.vocabulary.errors import BongsuError, PeerViolation, Unavailable
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId, RecordId, UtcNs

FIRST_EPOCH = 1
MAXIMUM_WAITING_MESSAGES = 1_024
MAXIMUM_WAITING_BYTES = 64 * 1_048_576
OPENED_INLINE_BYTES = 64 * 1024  # a small frame is opened on the loop: cheaper than a hand-off
VERIFIED_INLINE_ENTRIES = 8
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

    def examine(
        self, records: Sequence[tuple[OpenedRecord, Record]], *, sender: NodeId
    ) -> Arrival: ...

    def take(self, arrival: Arrival, received: Sequence[ReceivedRecord]) -> None: ...


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
        start = Position(sequence=0, entry_hash=genesis_hash(self.feed))
        for position in services.store.positions():
            if position.feed == self.feed:
                start = Position(sequence=position.sequence, entry_hash=position.entry_hash)
        self.machine = inbound.Inbound(
            epoch=FIRST_EPOCH,
            judges_link=lane is Lane.URGENT,
            accepted=start,
            stored=start.sequence,
            opened_with=start.sequence,
            opened_at=services.clock.monotonic(),
        )
        self._stored = start
        self._frames: asyncio.Queue[bytes] = asyncio.Queue(MAXIMUM_WAITING_MESSAGES)
        self._waiting_bytes = 0
        self._said_before = b""  # the newest signed head that did not contradict
        self._said_now = b""  # the one that is being looked at
        self._frame_now: Frame | None = None  # that came under it
        self._signed_at: UtcNs | None = None  # of the newest record of this feed
        self._in_hand = asyncio.Lock()
        self._announce_again_at = MonotonicNs(0)

    def take_head(self, head: Head, encoded: bytes) -> bool:
        """A heartbeat of this lane, signed by the partner; `encoded` is what it signed.

        False for what is no news: it may be a recording.
        """
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
        self._said_before = encoded
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
        """Send what is due; notice silence and gaps."""
        self._take(inbound.TimePassed())

    async def open_frames(self) -> None:
        """Run until cancelled: open and verify frames one after the other."""
        while True:
            payload = await self._frames.get()
            self._waiting_bytes -= len(payload)
            await asyncio.sleep(0)  # a queue that is never empty would keep the others waiting
            async with self._in_hand:
                await self._open_frame(payload)

    async def settled(self) -> None:
        """Wait until the frame in hand, if there is one, is on disk or refused."""
        async with self._in_hand:
            pass

    def key_ended(self) -> None:
        """A key of the partner's node has ended; frames under it are refused from now on."""
        self._take(inbound.KeyEnded())

    @property
    def position(self) -> Position:
        """How far the feed is on our disk."""
        return self._stored

    async def _open_frame(self, payload: bytes) -> None:
        try:
            trust = self._services.trust
            if len(payload) <= OPENED_INLINE_BYTES:
                opened = self._opened(payload)
            else:
                opened = await self._services.beside(self._opened, payload)
            if trust is not self._services.trust:
                opened = self._opened(payload)  # a key ended while it was being opened
        except Unavailable:
            self._announce_key()
            return
        except BongsuError as error:
            now = self._services.clock.monotonic()
            self._services.arrivals.failed(self._partner, self.feed.lane.value, now=now)
            self._services.refuse(error, source=self._partner, payload=payload)
            return
        for effect in self._take_opened(opened):
            await self._store(effect, opened)

    def _announce_key(self) -> None:
        """A frame was sealed to a key that we forgot (a restart): say which is ours, and not often.

        What was lost is asked for.
        """
        now = self._services.clock.monotonic()
        if now >= self._announce_again_at:
            self._announce_again_at = MonotonicNs(now + ANNOUNCED_AGAIN_NS)
            self._services.engine.send(self._partner, "key", self._keys.announcement)

    def _opened(self, payload: bytes) -> OpenedFrame:
        opened = open_frame(
            payload,
            reader=self._services.me.node,
            openers=self._keys.openers,
            trust=self._services.trust,
            verifier=self._services.verifier,
        )
        feed = opened.head.feed
        if (feed.sender, feed.lane) != (self._partner, self.feed.lane):
            brought = feed.sender if feed.sender != self._partner else f"its {feed.lane.value} lane"
            raise PeerViolation(
                f"{self._partner} brought a frame of {brought} in its {self.feed.lane.value} lane",
                remedy="Keep it as evidence",
            )
        return opened

    def _take_opened(self, opened: OpenedFrame) -> list[inbound.StoreEntries]:
        self._said_now = SIGNED_HEAD.encode(opened.frame.signed_head)
        self._frame_now = opened.frame
        to_store = self._take(inbound.FrameVerified(opened))
        self._frame_now = None
        return to_store

    def _take(self, event: inbound.Event) -> list[inbound.StoreEntries]:
        """Step the machine; what is to be stored is left to the caller, who can wait for it."""
        now = self._services.clock.monotonic()
        self.machine, effects = inbound.step(self.machine, event, now=now)
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
                self._take(inbound.HistoryCompared(at.sequence, agrees))
            case inbound.RaiseFault(fault):
                self._faults.raised(self.feed.lane, fault)
                if fault is inbound.Fault.FORK:
                    self._keep_both_sides()
            case inbound.ClearFault(fault, caught_up):
                self._faults.cleared(self.feed.lane, fault, caught_up)
            case inbound.ReopenSession():
                self._services.engine.reopen(self._partner)

    def _keep_both_sides(self) -> None:
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
                reason=f"{inbound.Fault.FORK.value}: what it {when}",
                source=f"{self._partner}, feed",
                payload=said,
                kept_at=now,
            )
            for when, said in sides
            if said
        )
        self._services.append(Commit(evidence=evidence))

    async def _store(self, order: inbound.StoreEntries, opened: OpenedFrame) -> None:
        """One frame at a time, so that a refusing disk never leaves a hole behind."""
        entries = order.entries
        if len(entries) <= VERIFIED_INLINE_ENTRIES:
            accepted, refused = self._verified(entries)
        else:
            accepted, refused = await self._services.beside(self._verified, entries)
        for entry, error in refused:
            self._services.refuse(error, source=self._partner, payload=RECORD.encode(entry.record))
        projections = {entry.record.record_id: entry.record for entry in entries}
        arrival = self._receiver().examine(
            [(record, projections[record.record_id]) for record in accepted], sender=self._partner
        )
        commit = self._commit(entries, order.hashes, opened, arrival)
        try:
            await asyncio.wrap_future(self._services.append(commit))
        except BongsuError:
            self._take(inbound.StoringFailed(self._stored))
            return
        self._stored = Position(sequence=entries[-1].sequence, entry_hash=order.hashes[-1])
        stored_at = self._services.clock.monotonic()
        self._receiver().take(
            arrival,
            [
                ReceivedRecord(
                    record=record,
                    sender=self._partner,
                    stored_at=stored_at,
                    time_doubts=self._time_doubts(record),
                )
                for record in arrival.records
            ],
        )
        urgent = self.feed.lane is Lane.URGENT
        self._take(inbound.EntriesStored(self._stored.sequence, urgent))

    def _time_doubts(self, record: OpenedRecord) -> tuple[str, ...]:
        if record.originator != self._partner:
            return ()  # passed on: its times are not in the order of this feed, nor of its clock
        doubts = time_doubts(
            record.signed_at,
            before=self._signed_at,
            received_at=self._services.clock.system_utc(),
            clocks_disagree=self._faults.has(inbound.Fault.SKEW),
        )
        self._signed_at = record.signed_at
        return doubts

    def _verified(
        self, entries: tuple[Entry, ...]
    ) -> tuple[list[OpenedRecord], list[tuple[Entry, PeerViolation]]]:
        """Records that are what they say; a refused one keeps its place in the chain, unshown."""
        accepted: list[OpenedRecord] = []
        refused: list[tuple[Entry, PeerViolation]] = []
        for entry in entries:
            try:
                record = open_record(
                    entry.record,
                    trust=self._services.trust,
                    verifier=self._services.verifier,
                    vouched_by=self._partner,
                )
            except PeerViolation as error:
                refused.append((entry, error))
            else:
                accepted.append(record)
        return accepted, refused

    def _commit(
        self,
        entries: tuple[Entry, ...],
        hashes: tuple[bytes, ...],
        opened: OpenedFrame,
        arrival: Arrival,
    ) -> Commit:
        accepted = arrival.records
        subjects = {
            record.record_id: form_of(record.kind).subject_of(record.fields) for record in accepted
        }
        encoded = {entry.record.record_id: RECORD.encode(entry.record) for entry in entries}
        now = self._services.clock.utc()
        return Commit(
            records=tuple(
                StoredRecord(
                    record_id=record.record_id,
                    kind=record.kind.value,
                    originator=record.originator,
                    own=False,
                    encoded=encoded[record.record_id],
                    stored_at=now,
                    subject=subjects[record.record_id],
                )
                for record in accepted
            ),
            entries=tuple(
                StoredEntry(
                    feed=self.feed,
                    sequence=entry.sequence,
                    record_id=entry.record.record_id,
                    encoded=encoded[entry.record.record_id],
                    entry_hash=hash_,
                    subject=subjects.get(entry.record.record_id),
                )
                for entry, hash_ in zip(entries, hashes, strict=True)
            ),
            heads=(
                StoredHead(
                    feed=self.feed,
                    sequence=opened.head.sequence,
                    encoded=SIGNED_HEAD.encode(opened.frame.signed_head),
                ),
            ),
            pending=arrival.pending,
        )

    def _send_receipt(self, channel: str) -> None:
        stored = self._stored
        receipt = Receipt(
            feed=self.feed,
            sequence=stored.sequence,
            hash=stored.entry_hash,
            stored_at=self._services.clock.system_utc(),
        )

        def signed_and_sent() -> None:
            payload = SIGNED_RECEIPT.encode(sign_receipt(receipt, self._services.signer))
            self._services.engine.send(self._partner, channel, payload)

        self._services.submit(signed_and_sent)
