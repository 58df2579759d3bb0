"""A link to one partner node: both halves in both lanes, and the way in for all that it sends."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from bongsu.node.links.epochs import in_epoch
from bongsu.node.links.feeds_as_seen import feeds_as_seen
from bongsu.node.links.incoming import Incoming, Receiver
from bongsu.node.links.link_faults import LinkFaults
from bongsu.node.links.link_measure import LinkMeasure
from bongsu.node.links.outgoing import Outgoing
from bongsu.node.links.reader_keys import ReaderKeys
from bongsu.node.services import Services
from bongsu.protocols.log_exchange.inbound import Fault
from bongsu.protocols.stated_times import PartnerClock
from bongsu.records.feed import SIGNED_HEAD, SIGNED_RECEIPT, open_head, open_receipt
from bongsu.records.lane import Lane
from bongsu.records.reader_key import SIGNED_ANNOUNCEMENT, KeyAnnouncement, open_announcement
from bongsu.records.signatory import every_ended
from bongsu.vocabulary.errors import BongsuError, PeerViolation
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId

ANNOUNCED_EVERY_NS = 2 * NS_PER_S


class PartnerLink:
    """Everything between this node and one partner. Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        partner: NodeId,
        keys: ReaderKeys,
        receiver: Callable[[], Receiver],
    ) -> None:
        self.partner = partner
        faults = LinkFaults(services, partner)
        self._measure = LinkMeasure(services, partner)
        self.outgoing: Mapping[Lane, Outgoing] = {
            lane: Outgoing(services, partner, lane, self._measure) for lane in Lane
        }
        self._urgent_out, self._bulk_out = self.outgoing[Lane.URGENT], self.outgoing[Lane.BULK]
        self.incoming: Mapping[Lane, Incoming] = {
            lane: Incoming(services, partner, lane, keys, faults, receiver) for lane in Lane
        }
        self._halves: tuple[Outgoing | Incoming, ...] = (
            *self.outgoing.values(),
            *self.incoming.values(),
        )
        self._services = services
        self._keys = keys
        self._announce_at = MonotonicNs(0)
        self._clock = PartnerClock()
        self._announced: KeyAnnouncement | None = None  # the newest

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What both halves run until cancelled; a failure of one surfaces as it is."""
        return (
            *(feed.carry_out_orders() for feed in self.outgoing.values()),
            *(feed.filler.run() for feed in self.outgoing.values()),
            *(half for feed in self.incoming.values() for half in feed.work()),
        )

    @property
    def is_delivered(self) -> bool:
        """Whether the partner acknowledged all of our feeds, or can't be heard at all."""
        sending = [feed.machine for feed in self.outgoing.values()]
        return not self.is_heard or all(feed.acknowledged >= feed.appended for feed in sending)

    @property
    def is_heard(self) -> bool:
        """Whether the partner is there, as far as we know."""
        heard = self._judging.machine
        return heard.heard_at is not None and Fault.SILENCE not in heard.faults

    @property
    def is_whole(self) -> bool:
        """Whether the partner is heard, without a fault, and nothing that it stated is missing."""
        reading = [feed.machine for feed in self.incoming.values()]
        return self.is_heard and not any(
            feed.faults or feed.claimed > feed.stored for feed in reading
        )

    @property
    def epoch(self) -> int:
        """The newest epoch of our feeds to the partner, being opened or open."""
        urgent, bulk = self._urgent_out.machine, self._bulk_out.machine
        return max(urgent.opening or urgent.epoch, bulk.opening or bulk.epoch)

    def as_seen(self) -> dict[str, Any]:
        """Positions, faults and the age of the last sign of life, for people."""
        sending = [feed.machine for feed in self.outgoing.values()]
        reading = [feed.machine for feed in self.incoming.values()]
        now = self._services.clock.monotonic()
        heard_at = self._judging.machine.heard_at
        return {
            "partner": self.partner,
            "appended": sum(feed.appended for feed in sending),
            "acknowledged": sum(feed.acknowledged for feed in sending),
            "stored": sum(feed.stored for feed in reading),
            "claimed": sum(feed.claimed for feed in reading),
            "heard_s_ago": None if heard_at is None else (now - heard_at) / NS_PER_S,
            "speaks": None if self._announced is None else self._announced.speaks,
            "epoch_to": self.epoch,
            "epoch_from": max(feed.epoch for feed in reading),
            "faults": sorted({fault.value for feed in reading for fault in feed.faults}),
            "clock_ahead_s": self._clock.ahead_ns / NS_PER_S,
            "feeds": feeds_as_seen(self.outgoing, self.incoming, now=now),
            **self._measure.as_seen(),
        }

    @property
    def lacks_receipts(self) -> bool:
        """See `LinkMeasure`."""
        return self._measure.lacks_receipts

    @property
    def breaks_contract(self) -> bool:
        """See `LinkMeasure`."""
        return self._measure.breaks_contract

    def take(self, channel: str, payload: bytes) -> None:
        """Take a message; what is wrong with it is refused, counted and kept."""
        try:
            self._take(channel, payload)
        except BongsuError as error:
            self._services.refuse(error, source=self.partner, payload=payload)

    def take_carried_receipt(self, payload: bytes) -> None:
        """A receipt that came as a file. Raises PeerViolation for one that is refused."""
        self.require_version()
        self._take_receipt(payload, asks_for_more=False)

    def time_passed(self) -> None:
        """Let both halves do what is due, and repeat our reader key now and then."""
        now = self._services.clock.monotonic()
        if now >= self._announce_at:
            self._announce_at = MonotonicNs(now + ANNOUNCED_EVERY_NS)
            self.announce_key()
        for half in self._halves:
            if now >= half.due_at:
                half.time_passed()
        if now >= self._measure.due_at:
            self._measure.time_passed()

    def key_ended(self) -> None:
        """A key of the partner's node has ended: what it alone had said is forgotten."""
        for lane in Lane:
            self.incoming[lane].key_ended()
            self.outgoing[lane].key_ended()

    def own_key_changed(self) -> None:
        """Our own key is another one: say so with the next words."""
        for feed in self.outgoing.values():
            feed.own_key_changed()
        self.announce_key()

    def keep_receipts(self) -> None:
        """Put the partner's newest receipts into the log."""
        for feed in self.outgoing.values():
            feed.keep_receipt()

    def announce_key(self) -> None:
        """Tell the partner which key to seal to."""
        self._services.engine.send(self.partner, "key", self._keys.announcement)

    @property
    def _judging(self) -> Incoming:
        return self.incoming[Lane.URGENT]

    def _take(self, channel: str, payload: bytes) -> None:
        if channel != "key":
            self.require_version()
        match channel:
            case "urgent" | "bulk":
                self.incoming[Lane(channel)].take_frame(payload)
            case "head":
                self._take_head(payload)
            case "receipt" | "ask":
                self._take_receipt(payload, asks_for_more=channel == "ask")
            case "shown":
                self._take_shown_head(payload)
            case "key":
                self._take_key(payload)
            case _:
                raise PeerViolation(
                    f"a message of {self.partner} on an unknown channel {channel[:32]!r}",
                    remedy="Ask which version it runs",
                )

    def _take_head(self, payload: bytes) -> None:
        """A heartbeat: the partner's own signed head of one of its feeds to us."""
        services = self._services
        head = open_head(
            SIGNED_HEAD.decode(payload), trust=services.trust, verifier=services.verifier
        )
        if (head.feed.sender, head.feed.reader) != (self.partner, services.me.node):
            raise self._of_another_feed("head")
        before = self._judging.machine
        if self.incoming[head.feed.lane].take_head(head, payload):
            self._clock = PartnerClock(ahead_ns=head.stated_at - services.clock.system_utc())
        after = self._judging.machine
        if before.heard_at is None and after.heard_at is not None:
            services.journal.write(
                "link_heard", partner=self.partner, scenario_utc_ns=services.clock.utc()
            )
        if Fault.SILENCE in before.faults and Fault.SILENCE not in after.faults:
            self.incoming[Lane.BULK].link_came_back()

    def _take_receipt(self, payload: bytes, *, asks_for_more: bool) -> None:
        """The partner's countersignature under one of our feeds to it."""
        services = self._services
        receipt = open_receipt(
            SIGNED_RECEIPT.decode(payload), trust=services.trust, verifier=services.verifier
        )
        feed = self.outgoing[receipt.feed.lane]
        if in_epoch(receipt.feed, feed.feed.epoch) != feed.feed:
            raise self._of_another_feed("receipt")
        if receipt.feed == feed.feed:  # of another epoch it is late, or ours is: heads tell
            feed.take_receipt(receipt, payload, asks_for_more=asks_for_more)

    def _take_shown_head(self, payload: bytes) -> None:
        """The partner shows what we ourselves signed, with the key that we have or had."""
        services = self._services
        head = open_head(
            SIGNED_HEAD.decode(payload),
            trust=services.trust,
            verifier=services.verifier,
            ended_counts=every_ended,
        )
        if (head.feed.sender, head.feed.reader) != (services.me.node, self.partner):
            raise self._of_another_feed("head shown")
        self.outgoing[head.feed.lane].take_shown_head(head, payload)

    def _take_key(self, payload: bytes) -> None:
        """The partner's short-lived key: checked, then sealed to in both lanes.

        It is held against the partner's own clock: one that is off is shown, and stops no warning.
        """
        services = self._services
        there = self._clock.now(services.clock.system_utc())
        announced = open_announcement(
            SIGNED_ANNOUNCEMENT.decode(payload),
            trust=services.trust,
            verifier=services.verifier,
            now=there,
        )
        if announced.node != self.partner:
            raise PeerViolation(
                f"{self.partner} announced a key of {announced.node}",
                remedy="Keep it as evidence",
            )
        known = self._announced
        if known is not None and announced.not_before < known.not_before <= there:
            return  # played back: what it spoke then says nothing of now
        self._announced = announced
        try:
            self.require_version()
        except PeerViolation:
            for feed in self.outgoing.values():
                feed.forget_key()
            raise
        for feed in self.outgoing.values():
            feed.use_key(announced, there=there)

    def require_version(self) -> None:
        """Raise PeerViolation for a partner that speaks no version which we accept."""
        if self._announced is not None:
            self._services.versions.agreed_with(self.partner, self._announced.speaks)

    def _of_another_feed(self, what: str) -> PeerViolation:
        return PeerViolation(
            f"a {what} of {self.partner} is of another feed", remedy="Keep it as evidence"
        )
