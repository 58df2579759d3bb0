"""Two ends of one feed, a disk at each, and a channel that does its worst, on virtual time.

What is on a disk survives a restart; what is in memory does not. The channel loses, repeats,
delays (and so reorders) and is cut. The world checks at every step what must never happen.
"""

import heapq
import random
from dataclasses import dataclass, field
from typing import Literal

from tests.protocols.log_exchange.made_up_feed import Chain, chain, chain_of, ns

from bongsu.protocols.log_exchange import inbound, outbound
from bongsu.protocols.log_exchange.inbound import Fault, Inbound, Position
from bongsu.protocols.log_exchange.outbound import Outbound
from bongsu.records.feed import FeedId
from bongsu.vocabulary.units import MonotonicNs

TICK_S = 0.05
KEY_ANNOUNCED_EVERY_S = 2.0
LONGEST = 6_000
HISTORY = chain(LONGEST)

Kind = Literal["frame", "head", "receipt", "ask", "shown", "key"]


@dataclass(frozen=True, order=True)
class Message:
    """`first` to `last`, or one position; sealed to `key` where it is a frame."""

    arrives_s: float
    number: int
    kind: Kind = field(compare=False)
    history: Chain = field(compare=False)
    last: int = field(compare=False)
    first: int = field(default=0, compare=False)
    key: int = field(default=0, compare=False)
    stated_s: float = field(default=0.0, compare=False)
    said: bytes = field(default=b"", compare=False)  # the reader's own hash at `last`


@dataclass
class Weather:
    """Chances per message, delays in seconds."""

    loss: float = 0.0
    repeat: float = 0.0
    delay_s: tuple[float, float] = (0.001, 0.05)
    cut: bool = False


class World:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now_s = 0.0
        self.weather = Weather()
        self.air: list[Message] = []
        self.sent_messages = 0
        # the sender's disk and memory
        self.history = HISTORY
        self.appended = 0
        self.acknowledged = 0
        self.reader_key = 0
        self.sender = Outbound()
        self.sender_knows_fork = False
        self.filling: Chain | None = None  # of the epoch that is being opened
        # the reader's disk and memory
        self.epoch = 1
        self.stored: list[bytes] = []  # of the present epoch
        self.held: set[bytes] = set()  # what was said, in any epoch
        self.key = 1
        self.commits: list[tuple[float, inbound.StoreEntries]] = []
        self.disk_refuses = False
        self.reader = self._fresh_reader()
        # what an onlooker knows
        self.fresh_head_s: float | None = None
        self.newest_head_stated_s = -1.0
        self.behind_since_s: float | None = None
        self.faults_seen: set[Fault] = set()

    @property
    def now(self) -> MonotonicNs:
        return ns(self.now_s)

    # --- what happens -------------------------------------------------------------------

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.now_s = round(self.now_s + TICK_S, 6)
            while self.air and self.air[0].arrives_s <= self.now_s:
                self._arrive(heapq.heappop(self.air))
            self._commit_what_is_due()
            if self.filling is not None and self.random.random() < 0.3:
                self._begin_epoch(self.filling)
            self._tell_sender(outbound.TimePassed())
            self._tell_reader(inbound.TimePassed())
            if round(self.now_s / TICK_S) % round(KEY_ANNOUNCED_EVERY_S / TICK_S) == 0:
                self._send("key", last=0, key=self.key)
            self._check()

    def append(self, count: int, *, urgent: bool) -> None:
        self.appended = min(self.appended + count, LONGEST)
        self._tell_sender(outbound.EntriesAppended(self.appended, urgent))

    def say(self, thing: str) -> None:
        """One more entry of the sender's own life."""
        told = [entry.record.statement.decode() for entry in self.history.entries[: self.appended]]
        self.history = chain_of([*told, thing], epoch=self.history.feed.epoch)
        self.append(1, urgent=True)

    def restart_sender(self) -> None:
        self.reader_key = 0
        self.filling = None  # what had been written of it is found again
        self.sender = Outbound(
            epoch=self.history.feed.epoch,
            appended=self.appended,
            sent=self.acknowledged,
            acknowledged=self.acknowledged,
        )

    def restart_reader(self) -> None:
        """What the disk was given last is on it, or is not: as it happens."""
        if self.commits and self.random.random() < 0.5:
            self._write(self.commits[0][1])
        self.commits.clear()
        self.key += 1
        self.reader = self._fresh_reader()
        self.fresh_head_s = self.behind_since_s = None
        self.newest_head_stated_s = -1.0

    def restore_sender_from_backup(self, *, appended: int, then: int) -> None:
        """An old backup, and then a life of its own: another story from there on."""
        self.history = chain(appended + then, story="two", same_until=appended)
        self.appended = appended + then
        self.acknowledged = min(self.acknowledged, appended)
        self.restart_sender()

    def restore_reader_from_backup(self, *, stored: int) -> None:
        """An old backup: what came after it is lost here, and the sender has it still."""
        del self.stored[stored:]
        self.commits.clear()
        self.restart_reader()

    def heal(self) -> None:
        self.weather = Weather()
        self.disk_refuses = False

    # --- the two ends -------------------------------------------------------------------

    def _fresh_reader(self) -> Inbound:
        return Inbound(
            epoch=self.epoch,
            accepted=self._on_disk(),
            stored=len(self.stored),
            opened_at=self.now,
            opened_with=len(self.stored),
        )

    def _on_disk(self) -> Position:
        last = self.stored[-1] if self.stored else chain_of([], epoch=self.epoch).hashes[0]
        return Position(sequence=len(self.stored), entry_hash=last)

    def _tell_sender(self, event: outbound.Event) -> None:
        self.sender, effects = outbound.step(self.sender, event, now=self.now)
        for effect in effects:
            match effect:
                case outbound.SendEntries(first, last):
                    self._send("frame", first=first, last=last, key=self.reader_key)
                case outbound.SendHead():
                    self._send("head", last=self.sender.appended)
                case outbound.ReportFork():
                    self.sender_knows_fork = True
                case outbound.OpenEpoch(epoch, after):
                    lacking = self.history.entries[after : self.appended]
                    told = [entry.record.statement.decode() for entry in lacking]
                    self.filling = chain_of(told, epoch=epoch)

    def _tell_reader(self, event: inbound.Event) -> None:
        self.reader, effects = inbound.step(self.reader, event, now=self.now)
        if self.reader.claimed <= self.reader.accepted.sequence and not self.disk_refuses:
            self.behind_since_s = None  # caught up, if only between two ticks
        for effect in effects:
            match effect:
                case inbound.StoreEntries():
                    self.commits.append((self.now_s + self.random.uniform(0.0, 0.2), effect))
                case inbound.SendReceipt(through):
                    assert through <= len(self.stored), "a receipt claims more than is stored"
                    self._send("receipt", last=through)
                case inbound.AskAfter(sequence):
                    self._send("ask", last=min(sequence, len(self.stored)))
                case inbound.CompareHistory(at):
                    agrees = self.stored[at.sequence - 1] == at.entry_hash
                    self._tell_reader(inbound.HistoryCompared(at, agrees))
                case inbound.ShowHead(shared):
                    if shared is not None:
                        self._send("receipt", last=shared.sequence)
                    self._send("shown", last=len(self.stored))
                case inbound.RaiseFault(fault):
                    self.faults_seen.add(fault)

    def _commit_what_is_due(self) -> None:
        while self.commits and self.commits[0][0] <= self.now_s:
            _, order = self.commits.pop(0)
            if self.disk_refuses:
                self.commits.clear()
                self._tell_reader(inbound.StoringFailed(self._on_disk()))
                return
            self._write(order)
            urgent = self.random.random() < 0.5
            self._tell_reader(inbound.EntriesStored(len(self.stored), urgent))

    def _write(self, order: inbound.StoreEntries) -> None:
        sequences = [entry.sequence for entry in order.entries]
        expected = range(len(self.stored) + 1, len(self.stored) + 1 + len(sequences))
        assert sequences == list(expected), "stored twice, out of order or with a hole"
        self.stored += order.hashes
        self.held |= {entry.record.statement for entry in order.entries}

    def _begin_epoch(self, filled: Chain) -> None:
        """What was said meanwhile is in it too: the node waits for that."""
        self.filling, self.history = None, filled
        self.appended, self.acknowledged = len(filled.entries), 0
        self._tell_sender(outbound.EpochFilled(self.appended))

    def _open_epoch(self, feed: FeedId) -> None:
        if feed.epoch > self.epoch and not self.commits:
            self.epoch, self.stored = feed.epoch, []
            self._tell_reader(inbound.EpochOpened(epoch=feed.epoch, start=self._on_disk()))

    # --- the channel --------------------------------------------------------------------

    def _send(self, kind: Kind, *, last: int, first: int = 0, key: int = 0) -> None:
        copies = 1 + (self.random.random() < self.weather.repeat)
        for _ in range(copies):
            delay_s = self.random.uniform(*self.weather.delay_s)
            if self.weather.cut or self.random.random() < self.weather.loss:
                continue
            self.sent_messages += 1
            arrives_s = self.now_s + delay_s
            said = self.stored[last - 1] if 0 < last <= len(self.stored) else b""
            mine = chain_of([], epoch=self.epoch)  # the reader names its epoch only
            history = self.history if kind in ("frame", "head") else mine
            message = Message(
                arrives_s, self.sent_messages, kind, history, last, first, key, self.now_s, said
            )
            heapq.heappush(self.air, message)

    def _arrive(self, message: Message) -> None:
        match message.kind:
            case "frame" if message.key == self.key:
                self._open_epoch(message.history.feed)
                self._tell_reader(message.history.frame(message.first, message.last))
            case "head":
                self._open_epoch(message.history.feed)
                self._note_head(message)
                head = message.history.head(
                    message.last, at_s=message.stated_s, received_s=self.now_s
                )
                self._tell_reader(head)
            case "receipt" | "ask":
                self._receipt_arrives(message)
            case "shown":
                epoch = message.history.feed.epoch
                self._tell_sender(
                    outbound.HeadShown(
                        epoch=epoch, sequence=message.last, agrees=self._has(message)
                    )
                )
            case "key" if message.key > self.reader_key:
                self.reader_key = message.key
                expires_at = ns(self.now_s + 600.0)
                name = message.key.to_bytes(4, "big")
                self._tell_sender(outbound.ReaderKeyVerified(name, expires_at))

    def _receipt_arrives(self, message: Message) -> None:
        if message.history.feed != self.history.feed:
            return  # of an epoch that is over here or there
        agrees = self._has(message)
        self._tell_sender(outbound.ReceiptVerified(message.last, agrees))
        if agrees and not self.sender.is_held:
            self.acknowledged = max(self.acknowledged, message.last)
        if message.kind == "ask":
            self._tell_sender(outbound.CatchUpAsked(message.last))

    def _has(self, message: Message) -> bool:
        """Does the sender's chain have what the reader has there?"""
        if message.history.feed != self.history.feed or message.last > self.appended:
            return False
        return message.last == 0 or self.history.hashes[message.last] == message.said

    # --- what must never happen ---------------------------------------------------------

    def _note_head(self, message: Message) -> None:
        if message.stated_s > self.newest_head_stated_s:
            self.newest_head_stated_s = message.stated_s
            self.fresh_head_s = self.now_s

    def _check(self) -> None:
        sender, reader = self.sender, self.reader
        assert sender.acknowledged <= sender.appended
        assert sender.sent <= sender.appended
        assert sender.sent <= self.acknowledged + outbound.WINDOW_ENTRIES, "the window is bounded"
        assert reader.stored <= len(self.stored)
        assert reader.stored <= reader.accepted.sequence
        if self.fresh_head_s is not None and self.now_s - self.fresh_head_s >= 3.0:
            assert Fault.SILENCE in reader.faults, "silence is shown within 3 s"
        behind = reader.claimed > reader.accepted.sequence
        if not behind or self.behind_since_s is None:
            self.behind_since_s = self.now_s if behind else None
        elif self.now_s - self.behind_since_s >= 3.0:
            shown = {Fault.BEHIND, Fault.FORK, Fault.TRUNCATED}
            assert reader.faults & shown, "a gap is shown within 3 s"
