"""A link to one partner node: both halves, and the way in for everything that it sends."""

from collections.abc import Callable, Coroutine
from typing import Any

from bongsu.node.incoming import Incoming, ReceivedRecord
from bongsu.node.outgoing import Outgoing
from bongsu.node.reader_keys import ReaderKeys
from bongsu.node.services import Services
from bongsu.protocols.log_exchange.inbound import Fault
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
        received: Callable[[ReceivedRecord], None],
    ) -> None:
        self.partner = partner
        self.outgoing = Outgoing(services, partner)
        self.incoming = Incoming(services, partner, keys, received)
        self._services = services
        self._keys = keys
        self._announce_at = MonotonicNs(0)

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What both halves run until cancelled; a failure of one surfaces as it is."""
        return (self.outgoing.carry_out_orders(), self.incoming.open_frames())

    @property
    def is_delivered(self) -> bool:
        """Whether the partner acknowledged all of our feed, or can't be heard at all."""
        feed, heard = self.outgoing.machine, self.incoming.machine
        absent = heard.heard_at is None or Fault.SILENCE in heard.faults
        return absent or feed.acknowledged >= feed.appended

    def as_seen(self) -> dict[str, object]:
        """Positions, faults and the age of the last sign of life, for people."""
        sending, reading = self.outgoing.machine, self.incoming.machine
        now = self._services.clock.monotonic()
        heard_at = reading.heard_at
        return {
            "partner": self.partner,
            "appended": sending.appended,
            "acknowledged": sending.acknowledged,
            "stored": reading.stored,
            "claimed": reading.claimed,
            "heard_s_ago": None if heard_at is None else (now - heard_at) / NS_PER_S,
            "faults": sorted(fault.value for fault in reading.faults),
        }

    def take(self, channel: str, payload: bytes) -> None:
        """Take a message; what is wrong with it is refused, counted and kept."""
        try:
            self._take(channel, payload)
        except BongsuError as error:
            self._services.refuse(error, source=self.partner, payload=payload)

    def time_passed(self) -> None:
        """Let both halves do what is due, and repeat our reader key now and then."""
        now = self._services.clock.monotonic()
        if now >= self._announce_at:
            self._announce_at = MonotonicNs(now + ANNOUNCED_EVERY_NS)
            self.announce_key()
        self.outgoing.time_passed()
        self.incoming.time_passed()

    def announce_key(self) -> None:
        """Tell the partner which key to seal to."""
        self._services.engine.send(self.partner, "key", self._keys.announcement)

    def _take(self, channel: str, payload: bytes) -> None:
        match channel:
            case "urgent" | "bulk":
                self.incoming.take_frame(payload)
            case "head":
                self.incoming.take_head(payload)
            case "receipt" | "ask":
                self.outgoing.take_receipt(payload, asks_for_more=channel == "ask")
            case "key":
                self.outgoing.take_announcement(payload)
            case _:
                raise PeerViolation(
                    f"a message of {self.partner} on an unknown channel {channel[:32]!r}",
                    remedy="Ask which version it runs",
                )
