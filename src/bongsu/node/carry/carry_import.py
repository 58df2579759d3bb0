"""Reading a trip: the same checks as on the wire, into the same feeds.

Afterwards a frame by file can't be told from one by wire. A folder that is imported again shows
nothing twice: the feeds know their entries, and the keys of its frames are erased.
"""

from bongsu.node.carry.carry_export import RECEIPT_CHANNEL
from bongsu.node.carry.carry_ports import ArrivedTrip, CarriedFile, SingleUseKeys
from bongsu.node.carry.carry_stocks import CHANNEL as STOCK_CHANNEL
from bongsu.node.carry.carry_stocks import CarryStocks
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.services import Services
from bongsu.records.frame import SEALED_FRAME
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import BongsuError, PeerViolation, Unavailable


class CarryImport:
    """Lives on the node's loop; one trip at a time."""

    def __init__(self, services: Services, stocks: CarryStocks, keys: SingleUseKeys) -> None:
        self._services = services
        self._stocks = stocks
        self._keys = keys

    async def take(self, trip: ArrivedTrip, link: PartnerLink) -> list[dict[str, object]]:
        """Every file of a trip of the link's partner: its name, its outcome, and in words."""
        return [await self._outcome(trip, link, file) for file in trip.files]

    async def _outcome(
        self, trip: ArrivedTrip, link: PartnerLink, file: CarriedFile
    ) -> dict[str, object]:
        """One file, in words; what is refused is counted, told and kept as on the wire."""
        payload = b""
        try:
            payload = await self._stocks.on_files(trip.read, file.name)
            link.require_version()
            outcome, detail = await self._taken(link, file.channel, payload)
        except BongsuError as error:
            self._services.refuse(error, source=f"{link.partner}, carried", payload=payload)
            outcome, detail = "refused", f"{error.what}. {error.remedy}"
        return {"name": file.name, "outcome": outcome, "detail": detail}

    async def _taken(self, link: PartnerLink, channel: str, payload: bytes) -> tuple[str, str]:
        if channel in (Lane.URGENT.value, Lane.BULK.value):
            return await self._frame_taken(link, Lane(channel), payload)
        if channel == RECEIPT_CHANNEL:
            return self._receipt_taken(link, payload)
        if channel == STOCK_CHANNEL:
            news = await self._stocks.take(link.partner, payload)
            detail = f"single-use keys of {link.partner}"
            return ("new" if news else "duplicate"), detail
        raise PeerViolation(
            f"a file for a channel {channel!r} that nobody reads",
            remedy="Ask which version the sender runs",
        )

    def _receipt_taken(self, link: PartnerLink, payload: bytes) -> tuple[str, str]:
        before = [feed.machine.acknowledged for feed in link.outgoing.values()]
        link.take_carried_receipt(payload)
        after = [feed.machine.acknowledged for feed in link.outgoing.values()]
        detail = f"a receipt: {link.partner} has {sum(after):,} of our entries"
        return ("new" if after != before else "duplicate"), detail

    async def _frame_taken(self, link: PartnerLink, lane: Lane, payload: bytes) -> tuple[str, str]:
        """Its key is erased once the entries are on our disk, and not before."""
        keys, partner = self._keys, link.partner
        key_id = SEALED_FRAME.decode(payload).reader_key_id
        opener = await self._stocks.on_files(keys.opener, partner, key_id)
        if opener is None:
            if await self._stocks.on_files(keys.was_used, partner, key_id):
                return "duplicate", "imported before; its key is erased"
            raise PeerViolation(
                f"a frame of {partner} is sealed to a key that we did not give out, or that ended",
                remedy="Give it fresh keys (bongsu carry keys give), and have it export again",
            )
        frame = await link.incoming[lane].take_carried(payload, {key_id: opener})
        if frame.stored_after < frame.last:
            if frame.first > frame.stored_before + 1:
                missing = f"{frame.stored_before + 1} to {frame.first - 1}"
                return "waiting", f"entries {missing} have to come first: import it again then"
            raise Unavailable(
                f"entries {frame.first} to {frame.last} of {partner} were not stored",
                remedy="See its link and the disk: bongsu links; then import the folder again",
            )
        await self._stocks.on_files(
            keys.erase, partner, key_id, now=self._services.clock.system_utc()
        )
        came = frame.stored_after - frame.stored_before
        if not came:
            return "duplicate", f"{lane.value} entries {frame.first} to {frame.last} were here"
        return "new", f"{came:,} {lane.value} entries, up to {frame.last}"
