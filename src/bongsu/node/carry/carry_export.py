"""Writing a trip: what a partner has not acknowledged, sealed to its single-use keys.

The frames are those that catch-up would send, urgent ones first. With them go our receipts and a
stock of our own keys, so that an answer can come back the same way.
"""

from dataclasses import dataclass, field

from bongsu.node.carry.carry_ports import DepartingTrip, Trips
from bongsu.node.carry.carry_stocks import CHANNEL as STOCK_CHANNEL
from bongsu.node.carry.carry_stocks import CarryStocks
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.services import Services
from bongsu.protocols.log_exchange.outbound import FRAME_ENTRIES
from bongsu.records.carry_key import CarryKey
from bongsu.records.feed import SIGNED_RECEIPT, sign_receipt
from bongsu.records.lane import Lane
from bongsu.vocabulary.units import NodeId

RECEIPT_CHANNEL = "receipt"


@dataclass(slots=True)
class Exported:
    """What a trip holds, and what it does not."""

    frames: int = 0
    entries: dict[str, int] = field(default_factory=lambda: {lane.value: 0 for lane in Lane})
    receipts: int = 0
    left: int = 0  # entries that wait for the next trip
    why_left: str = ""
    keys_left: int = 0


class CarryExport:
    """Lives on the node's loop; one trip at a time."""

    def __init__(self, services: Services, stocks: CarryStocks, trips: Trips) -> None:
        self._services = services
        self._stocks = stocks
        self._trips = trips

    async def export(self, link: PartnerLink, folder: str) -> Exported:
        """Write the folder. Raises LocalMisuse where it exists, or can't be written."""
        keys, why_none = await self._stocks.unspent(link.partner)
        trip = self._trips.departing(folder, link.partner)
        await self._stocks.on_files(trip.open, _nothing_comes_back)
        done = Exported(why_left=why_none)
        try:
            await self._add_answers(trip, link, done)
            for lane in Lane:
                await self._add_frames(trip, link, lane, keys, done)
            await self._stocks.on_files(trip.close)
        finally:
            await self._stocks.on_files(trip.abandon)  # nothing, once it is closed
        done.keys_left = len(keys)
        return done

    async def _add_answers(self, trip: DepartingTrip, link: PartnerLink, done: Exported) -> None:
        """Our keys, and what of the partner's is on our disk."""
        stock = await self._stocks.made_for(link.partner)
        await self._stocks.on_files(trip.send, link.partner, STOCK_CHANNEL, stock)
        for lane in Lane:
            receipt = link.incoming[lane].receipt
            if receipt.sequence:
                signed = await self._services.beside(sign_receipt, receipt, self._services.signer)
                payload = SIGNED_RECEIPT.encode(signed)
                await self._stocks.on_files(trip.send, link.partner, RECEIPT_CHANNEL, payload)
                done.receipts += 1

    async def _add_frames(
        self,
        trip: DepartingTrip,
        link: PartnerLink,
        lane: Lane,
        keys: list[CarryKey],
        done: Exported,
    ) -> None:
        """As many as there are keys and room; `keys` loses those that are spent."""
        feed = link.outgoing[lane]
        if feed.machine.forked:
            return  # people were told; its reader takes nothing more from it
        first, appended = feed.machine.acknowledged + 1, feed.machine.appended
        while first <= appended and keys:
            key = keys.pop()
            await self._stocks.spend(key)
            last = min(first + FRAME_ENTRIES - 1, appended)
            through, payload = await self._services.beside(feed.sealed_frame, first, last, key)
            if not await self._stocks.on_files(trip.send, link.partner, lane.value, payload):
                done.why_left = "the folder is as large as one may be"
                break
            done.frames += 1
            done.entries[lane.value] += through + 1 - first
            first = through + 1
        done.left += max(0, appended + 1 - first)
        if done.left and not done.why_left:
            done.why_left = f"the single-use keys of {link.partner} are used up"


def _nothing_comes_back(_sender: NodeId, _channel: str, _payload: bytes) -> None:
    """A departing trip hears nothing."""
