"""The picture at a moment that is over: what this node knew then, and what can't be said of it.

It is made beside the loop in short turns, one moment at a time: who plays the past holds up
nobody who watches the present. It reads what was stored by then and nothing else, so it is the
same after a restart.
"""

import asyncio
from collections.abc import Iterable
from typing import Annotated, Final

from msgspec import Meta

from bongsu.node.control import Body
from bongsu.node.past.log_places import Moment, moment_at, newest_by, recorded
from bongsu.node.past.past_recalls import PastRecalls
from bongsu.node.past.past_tracks import TracksOfThePast
from bongsu.node.past.past_warnings import WarningsOfThePast
from bongsu.node.ports import Sought
from bongsu.node.recalls.recall_book import RecallBook
from bongsu.node.services import Services
from bongsu.node.warnings_view import threats
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NodeId, UtcNs

# What a log does not hold, said with every picture.
NOT_RECORDED: Final = (
    "links",  # their state
    "senses",  # the state of sensors and of our clock
    "own_tracks",  # between two updates, a second apart
    "opened",  # when a second way opened more fields of a record: as it came first is shown
    "alarms",  # which of them stood; acknowledging one is a record of its own
    "matches",  # which warnings were held to be of one object: weighed anew
)


class MomentAsked(Body, frozen=True, kw_only=True):
    """`utc_ns`: of the node's clock, in an exercise of scenario time."""

    utc_ns: Annotated[int, Meta(ge=0, le=2**63 - 1)]


class PastPicture:
    """Reads the log; changes nothing. Lives on the node's loop."""

    def __init__(self, services: Services, recalls: RecallBook, partners: Iterable[NodeId]) -> None:
        self._services = services
        self._partners = tuple(partners)
        self._warnings = WarningsOfThePast(services, PastRecalls(services, recalls))
        self._tracks = TracksOfThePast(services)
        self._one_at_a_time = asyncio.Lock()

    async def as_seen(self, asked: MomentAsked) -> object:
        """What was known at that moment as plain values. Raises LocalMisuse for one to come."""
        services = self._services
        now = services.clock.utc()
        if asked.utc_ns > now:
            raise LocalMisuse(
                "that moment is still to come", remedy="Ask for one that the log holds already"
            )
        async with self._one_at_a_time:
            moment = await services.beside(moment_at, services.store, UtcNs(asked.utc_ns))
            warnings = await self._warnings.at(moment)
            tracks = await self._tracks.at(moment)
            open_then = await services.beside(threats, warnings.desk)
            whole = await services.beside(recorded, services.store)
            newest = await services.beside(newest_by, services.store, moment)
            heard = [await services.beside(self._heard, one, moment) for one in self._partners]
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": moment.at,
            "now": now,
            "begins": None if whole is None else whole.begins,
            "ends": None if whole is None else whole.ends,
            "newest_at": newest,
            "threats": open_then,
            "over": list(warnings.over),
            "objects": list(tracks.objects),
            "last_from": heard,
            "complete": warnings.complete and tracks.complete,
            "not_recorded": list(NOT_RECORDED),
        }

    def _heard(self, partner: NodeId, moment: Moment) -> dict[str, object]:
        """The last of its own records that lay here; None where one question found none."""
        found = self._services.store.newest_records(
            Sought(originator=partner, stored_to=UtcNs(moment.at + 1)), before=moment.end, limit=1
        )
        last = next((one.row.stored_at for one in found.placed), None)
        return {"node": partner, "stored_at": last}
