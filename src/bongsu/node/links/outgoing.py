"""The sending half of a partner link: one of our feeds to that partner.

Owns the feed's chain: gives each new entry its sequence and hash, keeps recent entries at hand,
and turns the machine's effects into signed and sealed frames, in order.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bongsu.node.links.epoch_filler import EpochFiller
from bongsu.node.links.epochs import own_epochs
from bongsu.node.links.link_measure import LinkMeasure
from bongsu.node.ports import Commit, Evidence, FeedPosition, StoredEntry, StoredReceipt
from bongsu.node.services import Services
from bongsu.protocols.log_exchange import outbound
from bongsu.protocols.unacknowledged import MAXIMUM_WAITING
from bongsu.records.feed import (
    SIGNED_HEAD,
    Entry,
    FeedId,
    Head,
    Receipt,
    SignedHead,
    entry_hash,
    genesis_hash,
    sign_head,
)
from bongsu.records.frame import MAXIMUM_FRAME_BYTES, seal_stored
from bongsu.records.keys import SealingKey
from bongsu.records.kinds import ALARMING_KINDS
from bongsu.records.lane import Lane
from bongsu.records.reader_key import KeyAnnouncement
from bongsu.records.record import RECORD, STATEMENT, Record
from bongsu.vocabulary.errors import Unavailable
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId, RecordId, UtcNs

RECENT_ENTRIES = 4_096
RECENT_BYTES = 8 * 1024 * 1024
RECEIPT_KEPT_WITHIN_NS = NS_PER_S // 5
MAXIMUM_WAITING_ORDERS = 64
DUE_NOW = MonotonicNs(-(2**63))
FIRST_EPOCH = 1
FRAME_RESERVE_BYTES = 16 * 1024  # for the head, its signatures and the frame's own form
ENTRY_FRAMING_BYTES = 32
# The urgent lane says that we are there; the bulk lane's head matters while something is missing.
IDLE_HEARTBEAT_NS = {Lane.URGENT: outbound.HEARTBEAT_EVERY_NS, Lane.BULK: 5 * NS_PER_S}

RESTORED = (
    "a partner shows a head that we signed and do not have: this node was restored from a backup,"
    " or its key is in other hands"
)

Order = outbound.SendEntries | outbound.SendHead


class Tail(NamedTuple):
    """The last place given in the chain; on disk once its commit is done."""

    sequence: int
    hash: bytes


class Mark(NamedTuple):
    """An end of the chain to go back to."""

    feed: FeedId
    tail: Tail


class Unplaced(NamedTuple):
    """What a reader gets of a record, before it has a place in the feed."""

    record: Record
    record_id: RecordId
    encoded: bytes


class Ahead(NamedTuple):
    """What was made before it was known to be on disk: the signed head, and a frame up to it."""

    place: Tail
    signed_head: SignedHead
    first: int = 0
    key_id: bytes = b""
    sealed: bytes = b""  # nothing where there was no key, or not everything fitted


class Outgoing:
    """One feed, this node to one partner node. Lives on the node's loop."""

    def __init__(
        self, services: Services, partner: NodeId, lane: Lane, measure: LinkMeasure
    ) -> None:
        self._services = services
        self._partner = partner
        self._measure = measure
        self.feed = FeedId(
            realm=services.me.realm,
            sender=services.me.node,
            reader=partner,
            lane=lane,
            epoch=FIRST_EPOCH,
        )
        self._recent: OrderedDict[int, StoredEntry] = OrderedDict()
        self._recent_bytes = 0
        self._reader_key: KeyAnnouncement | None = None
        self._orders: asyncio.Queue[Order] = asyncio.Queue(MAXIMUM_WAITING_ORDERS)
        self._ahead: Ahead | None = None
        self._has_order_in_hand = False
        self._newest_receipt: StoredReceipt | None = None  # that is not in the log yet
        self._keep_receipt_at: MonotonicNs | None = None
        self._beat = UtcNs(0)
        self.due_at = DUE_NOW  # the next moment at which time alone changes anything
        self.filler = EpochFiller(services, self)
        self.linking = asyncio.Lock()  # held by whoever links into it beside the loop
        epochs = own_epochs(services.store, self.feed)
        self.feed = epochs.present.feed
        self.tail = Tail(epochs.present.sequence, epochs.present.entry_hash)
        acknowledged = services.store.acknowledged(self.feed)
        self.machine = outbound.Outbound(
            epoch=self.feed.epoch,
            opening=epochs.opening,
            appended=self.tail.sequence,
            sent=acknowledged,
            acknowledged=acknowledged,
            idle_heartbeat_ns=IDLE_HEARTBEAT_NS[lane],
        )
        measure.began(lane, stored=self.tail.sequence, acknowledged=acknowledged)
        if lane is Lane.URGENT:
            self._expect_receipts_again(acknowledged)

    def mark(self) -> Mark:
        """Where the chain ends now, to be able to take back what is linked from here on."""
        return Mark(self.feed, self.tail)

    def take_back(self, mark: Mark) -> None:
        """What was linked since is not on disk; an epoch that was opened since begins without."""
        if mark.feed == self.feed:
            self.tail = mark.tail

    def link(self, record: Record) -> Tail:
        """Give `record` (not signed yet) the next place in the chain."""
        entry = Entry(sequence=self.tail.sequence + 1, record=record)
        self.tail = Tail(entry.sequence, entry_hash(self.tail.hash, entry))
        return self.tail

    def row(self, place: Tail, record: Record, subject: str | None) -> StoredEntry:
        """The linked entry as the store keeps it; `record` now carries its signatures."""
        row = StoredEntry(
            feed=self.feed,
            sequence=place.sequence,
            record_id=record.record_id,
            encoded=RECORD.encode(record),
            entry_hash=place.hash,
            subject=subject,
        )
        self._keep_at_hand((row,))
        return row

    def placed(self, shown: Iterable[Unplaced]) -> list[StoredEntry]:
        """`link` and `row` of records that need no signatures, and whose bytes are known."""
        rows: list[StoredEntry] = []
        sequence, hash_ = self.tail
        for record, record_id, encoded in shown:
            sequence += 1
            hash_ = entry_hash(hash_, Entry(sequence=sequence, record=record))
            rows.append(
                StoredEntry(
                    feed=self.feed,
                    sequence=sequence,
                    record_id=record_id,
                    encoded=encoded,
                    entry_hash=hash_,
                )
            )
        self.tail = Tail(sequence, hash_)
        self._keep_at_hand(rows)
        return rows

    def _keep_at_hand(self, rows: Sequence[StoredEntry]) -> None:
        recent = self._recent
        for row in rows:
            replaced = recent.pop(row.sequence, None)  # of a place that was taken back
            self._recent_bytes += len(row.encoded) - (len(replaced.encoded) if replaced else 0)
            recent[row.sequence] = row
        while len(recent) > RECENT_ENTRIES or self._recent_bytes > RECENT_BYTES:
            _, oldest = recent.popitem(last=False)
            self._recent_bytes -= len(oldest.encoded)

    async def sign_ahead(self) -> None:
        """Sign the head of what was linked so far, beside the signing of what it covers.

        What is made ahead is kept here until `appended`; a place that is taken back makes it
        worthless.
        """
        place = self.tail
        signed = await self._services.beside(sign_head, self._head_of(place), self._services.signer)
        self._ahead = Ahead(place, signed)

    async def seal_ahead(self) -> None:
        """Seal a frame of it, while the disk still works on what it holds."""
        key = self._reader_key
        if self._ahead is not None and key is not None:
            first = self.machine.sent + 1
            self._ahead = await self._services.beside(self._with_frame, self._ahead, first, key)

    def _with_frame(self, ahead: Ahead, first: int, key: KeyAnnouncement) -> Ahead:
        entries = self._at_hand(first, ahead.place.sequence)
        if not entries or len(fitting(entries)) < len(entries):
            return ahead
        sealed = self._sealed(entries, ahead.signed_head, key)
        return ahead._replace(first=first, key_id=key.key_id, sealed=sealed)

    def appended(self, through: int) -> None:
        """Entries through this sequence are on our disk."""
        self._measure.stored(self.feed.lane, through)
        self._take(outbound.EntriesAppended(through, self.feed.lane is Lane.URGENT))

    def expect_receipt(self, sequence: int, record_id: RecordId) -> None:
        """This entry is on our disk and alarms the reader; without a receipt people are told."""
        self._measure.alarm_stored(sequence, record_id)

    def _expect_receipts_again(self, acknowledged: int) -> None:
        """After a restart: the alarms that the reader has not countersigned."""
        for row in self._services.store.entries(
            self.feed, after=acknowledged, limit=MAXIMUM_WAITING
        ):
            record = RECORD.decode(row.encoded)
            if STATEMENT.decode(record.statement).kind in ALARMING_KINDS:
                self.expect_receipt(row.sequence, row.record_id)

    def time_passed(self) -> None:
        """Flush what waits, repeat the head, keep a receipt. Before `due_at` there is nothing."""
        now = self._services.clock.monotonic()
        if now >= outbound.quiet_until(self.machine):
            self._take(outbound.TimePassed())
        if self._keep_receipt_at is not None and now >= self._keep_receipt_at:
            self.keep_receipt()
        self.due_at = outbound.quiet_until(self.machine)
        if self._keep_receipt_at is not None:
            self.due_at = min(self.due_at, self._keep_receipt_at)

    def use_key(self, announced: KeyAnnouncement, *, there: UtcNs) -> None:
        """From now on frames are sealed to this key of the reader, which its node signed.

        `there` is the reader's own time now: what it announced while its clock was ahead of that
        makes way for an earlier one. The same key again is good for as long as it says by what we
        know of that time now: while a clock was being set we may have known it wrongly.
        """
        known = self._reader_key
        is_another = known is not None and announced.key_id != known.key_id
        if known is not None and is_another and announced.not_before <= known.not_before <= there:
            return  # an older one played back
        self._reader_key = announced
        valid_for_ns = announced.not_after - there
        expires_at = self._services.clock.monotonic() + valid_for_ns
        self._take(outbound.ReaderKeyVerified(announced.key_id, MonotonicNs(expires_at)))

    def key_ended(self) -> None:
        """A key of the partner's node has ended, and with it the reader key that it had signed."""
        self._reader_key = None
        self._take(outbound.ReaderKeyEnded())

    def own_key_changed(self) -> None:
        """What was signed ahead with our old key is signed anew."""
        self._ahead = None

    @property
    def acknowledged(self) -> Tail:
        """How far the partner has countersigned the feed."""
        sequence = self.machine.acknowledged
        return Tail(sequence, self._required_hash(sequence))

    def forget_key(self) -> None:
        """Nothing more is sealed to the reader until it announces a key that will do."""
        self._reader_key = None
        self._take(outbound.ReaderKeyVerified(b"", self._services.clock.monotonic()))

    def take_receipt(self, receipt: Receipt, encoded: bytes, *, asks_for_more: bool) -> None:
        """The reader's countersignature of this feed; with `asks_for_more`, go on after it."""
        news = receipt.sequence > self.machine.acknowledged
        agrees = self._hash_at(receipt.sequence) == receipt.hash
        was_held = self.machine.is_held
        self._take(outbound.ReceiptVerified(receipt.sequence, agrees))
        if self.machine.is_held:
            if not (was_held or agrees):
                self._keep_other_side("it countersigned another history than ours", encoded)
        elif agrees:
            self._measure.receipted(self.feed.lane, receipt.sequence)
        if news and agrees and not self.machine.is_held:
            self._note_receipt(receipt.sequence, encoded)
        if asks_for_more:
            self._take(outbound.CatchUpAsked(receipt.sequence))

    def _note_receipt(self, sequence: int, encoded: bytes) -> None:
        """The newest goes into the log soon, several cost one commit; one lost sends again."""
        self._newest_receipt = StoredReceipt(feed=self.feed, sequence=sequence, encoded=encoded)
        if self._keep_receipt_at is None:
            now = self._services.clock.monotonic()
            self._keep_receipt_at = MonotonicNs(now + RECEIPT_KEPT_WITHIN_NS)
            self.due_at = min(self.due_at, self._keep_receipt_at)

    def keep_receipt(self) -> None:
        """Put the newest receipt into the log, if it isn't there."""
        if self._newest_receipt is not None:
            self._services.append(Commit(receipts=(self._newest_receipt,)))
        self._newest_receipt, self._keep_receipt_at = None, None

    def take_shown_head(self, head: Head, encoded: bytes) -> None:
        """The reader shows a head of this feed, in whatever epoch, that we signed."""
        agrees = head.feed == self.feed and self._hash_at(head.sequence) == head.hash
        was_opening = self.machine.opening
        self._take(outbound.HeadShown(epoch=head.feed.epoch, sequence=head.sequence, agrees=agrees))
        if self.machine.opening != was_opening:
            self._keep_other_side("it shows a head that we signed and do not have", encoded)

    @property
    def is_settled(self) -> bool:
        """Whether all that was linked is on disk, and no order is being carried out."""
        return self.tail.sequence == self.machine.appended and not self._has_order_in_hand

    def begin_epoch(self, start: FeedPosition) -> None:
        """From here on everything goes into the new epoch; nothing of the old one is under way."""
        self.feed = start.feed
        self.tail = Tail(start.sequence, start.entry_hash)
        self._recent.clear()
        self._recent_bytes = 0
        self._ahead = None
        while not self._orders.empty():
            self._orders.get_nowait()
        self._measure.began_anew(self.feed.lane, stored=start.sequence)
        if self.feed.lane is Lane.URGENT:
            self._expect_receipts_again(0)
        self._journal("own_epoch_opened", epoch=start.feed.epoch, released_again=start.sequence)
        self._take(outbound.EpochFilled(start.sequence))

    def _keep_other_side(self, reason: str, payload: bytes) -> None:
        """What the reader has in place of our history, which is in the log."""
        evidence = Evidence(
            reason=reason,
            source=f"{self._partner}, feed",
            payload=payload,
            kept_at=self._services.clock.utc(),
        )
        self._services.append(Commit(evidence=(evidence,)))

    async def carry_out_orders(self) -> None:
        """Run until cancelled: sign, seal and send what the machine decided, in order."""
        while True:
            order = await self._orders.get()
            self._has_order_in_hand = True
            try:
                await self._carry_out(order)
            except Unavailable:
                # The log can't be read just now. The reader sees the gap and asks again.
                self._services.health.refuse(f"orders to {self._partner} put off")
            self._has_order_in_hand = False

    async def _carry_out(self, order: Order) -> None:
        match order:
            case outbound.SendHead():
                payload = await self._services.beside(self._signed_head)
                self._services.engine.send(self._partner, "head", payload)
            case outbound.SendEntries(first, last):
                while first <= last:
                    through, payload = await self._services.beside(self._sealed_frame, first, last)
                    self._services.engine.send(self._partner, self.feed.lane.value, payload)
                    first = through + 1

    def _take(self, event: outbound.Event) -> None:
        now = self._services.clock.monotonic()
        self.machine, effects = outbound.step(self.machine, event, now=now)
        self.due_at = DUE_NOW
        for effect in effects:
            match effect:
                case outbound.ReportFork(sequence):
                    self._journal("feed_forked", sequence=sequence, side="reader")
                case outbound.OpenEpoch(epoch, after):
                    self._journal("own_feed_restored", reason=RESTORED, epoch=epoch, after=after)
                    self.filler.wake()
                case outbound.TellEpochsSpent():
                    self._journal("epochs_spent", reason="make a further site, with a new name")
                case outbound.SendEntries() | outbound.SendHead():
                    self._order(effect)

    def _order(self, order: Order) -> None:
        if not self._has_order_in_hand and self._orders.empty() and self._is_sent_at_once(order):
            return
        try:
            self._orders.put_nowait(order)
        except asyncio.QueueFull:
            # Nothing is lost by it: the reader sees the gap at the next head and asks.
            self._services.health.refuse(f"orders to {self._partner} waiting")

    def _is_sent_at_once(self, order: Order) -> bool:
        """Whether it was a frame that is ready: it leaves without another step."""
        if not isinstance(order, outbound.SendEntries) or self._ahead is None:
            return False
        place, _, first, key_id, sealed = self._ahead
        is_it = (first, place.sequence) == (order.first, order.last) and sealed
        if not is_it or place.hash != self._hash_at(place.sequence):
            return False
        if self._reader_key is None or key_id != self._reader_key.key_id:
            return False
        self._services.engine.send(self._partner, self.feed.lane.value, sealed)
        self._ahead = None
        return True

    def _signed_head(self) -> bytes:
        sequence = self.machine.appended
        return SIGNED_HEAD.encode(sign_head(self._head(sequence), self._services.signer))

    def _sealed_frame(self, first: int, last: int) -> tuple[int, bytes]:
        """A frame from `first` on, as far as its size allows (at most `last`), and how far."""
        if self._reader_key is None:
            raise Unavailable(f"no key of {self._partner}", remedy="Wait for its announcement")
        return self.sealed_frame(first, last, self._reader_key)

    def sealed_frame(self, first: int, last: int, key: SealingKey) -> tuple[int, bytes]:
        """The same, sealed to any key of the reader's. Safe on any thread."""
        entries = fitting(self._entries(first, last))
        through, _ = entries[-1]
        return through, self._sealed(entries, self._head_for_frame(through), key)

    def _sealed(
        self, entries: list[tuple[int, bytes]], signed_head: SignedHead, key: SealingKey
    ) -> bytes:
        first, _ = entries[0]
        return seal_stored(
            entries,
            previous=self._required_hash(first - 1),
            signed_head=signed_head,
            to=key,
            sealer=self._services.sealer,
        )

    def _head_for_frame(self, sequence: int) -> SignedHead:
        ahead = self._ahead
        if ahead is not None and ahead.place == Tail(sequence, self._required_hash(sequence)):
            return ahead.signed_head
        return sign_head(self._head(sequence), self._services.signer)

    def _head(self, sequence: int) -> Head:
        return self._head_of(Tail(sequence, self._required_hash(sequence)))

    def _head_of(self, place: Tail) -> Head:
        # Beats rise whatever our clock does: the reader takes a lower one for a recording.
        now = self._services.clock.system_utc()
        self._beat = max(UtcNs(self._beat + 1), now)
        return Head(
            feed=self.feed,
            sequence=place.sequence,
            hash=place.hash,
            beat=self._beat,
            stated_at=now,
        )

    def _entries(self, first: int, last: int) -> list[tuple[int, bytes]]:
        """Sequences with encoded records, from `first` on."""
        at_hand = self._at_hand(first, last)
        if at_hand:
            return at_hand
        stored = self._services.store.entries(self.feed, after=first - 1, limit=last - first + 1)
        if not stored:
            raise self._missing(first)
        if not all(row.encoded for row in stored):
            raise Unavailable(
                f"{self._partner} asks for entries after {first - 1} whose content was let go",
                remedy="Give it the archive; it has to start from a later backup",
            )
        return [(row.sequence, row.encoded) for row in stored]

    def _at_hand(self, first: int, last: int) -> list[tuple[int, bytes]]:
        """The same, if none of them has to be read from the log; otherwise nothing."""
        recent = [(at, self._recent.get(at)) for at in range(first, last + 1)]
        at_hand = [(at, found.encoded) for at, found in recent if found is not None]
        return at_hand if len(at_hand) == len(recent) else []

    def _hash_at(self, sequence: int) -> bytes | None:
        if sequence == 0:
            return genesis_hash(self.feed)
        recent = self._recent.get(sequence)
        return recent.entry_hash if recent else self._services.store.entry_hash(self.feed, sequence)

    def _required_hash(self, sequence: int) -> bytes:
        found = self._hash_at(sequence)
        if found is None:
            raise self._missing(sequence)
        return found

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(
            event,
            partner=self._partner,
            lane=self.feed.lane.value,
            scenario_utc_ns=self._services.clock.utc(),
            **fields,
        )

    def _missing(self, sequence: int) -> Unavailable:
        return Unavailable(
            f"entry {sequence} to {self._partner} is not in the log",
            remedy="Check the log with: bongsu verify",
        )


def fitting(entries: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """As many of the first entries as one frame holds by their bytes, at least one."""
    room = MAXIMUM_FRAME_BYTES - FRAME_RESERVE_BYTES
    for taken, (_, encoded) in enumerate(entries):
        room -= len(encoded) + ENTRY_FRAMING_BYTES
        if room < 0:
            return entries[: max(1, taken)]
    return entries
