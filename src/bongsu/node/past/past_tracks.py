"""Tracks as they stood at a moment, from the updates of the minute before it. Bounded.

Our own are recorded once a second, partners' as often as they state them: what stood between two
updates is not known any more. What several nations say together is made anew from that minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bongsu.node.past.log_places import Moment, records_by
from bongsu.node.past.read_once import ReadOnce
from bongsu.node.ports import PlacedRecord
from bongsu.node.services import Services
from bongsu.node.tracks.shared_tracks import objects
from bongsu.node.tracks.track_book import SHOWN_FOR_S, TrackBook, TrackVersion
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord
from bongsu.records.tracks_as_records import seen_track
from bongsu.vocabulary.seen_track import SeenTrack
from bongsu.vocabulary.units import UtcNs, seconds_between

MAXIMUM_UPDATES: Final = 4_096  # of our own tracks, and as many of partners'

UPDATE: Final = RecordKind.TRACK_UPDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTracks:
    """Objects as plain values; not `complete` where the bound was reached within the minute."""

    objects: tuple[dict[str, Any], ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Update:
    at: UtcNs
    track: SeenTrack


class TracksOfThePast:
    """Lives on the node's loop; reads beside it, in turns."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._read: ReadOnce[_Update] = ReadOnce(_update, services.me.realm)

    async def at(self, moment: Moment) -> PastTracks:
        """From the log alone."""
        own, own_complete = await self._updates(moment, own=True)
        partners, complete = await self._updates(moment, own=False)
        book = TrackBook()
        for update in (*own, *partners):
            _take(book, update)
        known = tuple(book.shown(moment.at))
        me = self._services.me.node
        found, _ = await self._services.beside(objects, known, moment.at, me)
        return PastTracks(objects=tuple(found), complete=own_complete and complete)

    async def _updates(self, moment: Moment, *, own: bool) -> tuple[list[_Update], bool]:
        """Oldest first; and whether that is all of the minute."""
        found: list[_Update] = []
        looked = 0
        async for page in records_by(
            self._services, UPDATE, moment, own=own, at_most=MAXIMUM_UPDATES
        ):
            late = [
                one for one in page if seconds_between(moment.at, one.row.stored_at) <= SHOWN_FOR_S
            ]
            known = [placed for placed in late if placed.row.stored_at <= moment.at]
            found += await self._services.beside(self._opened, known)
            if len(late) < len(page):
                return found[::-1], True
            looked += len(page)
        return found[::-1], looked < MAXIMUM_UPDATES

    def _opened(self, page: Sequence[PlacedRecord]) -> list[_Update]:
        updates = (self._read.of(placed.row) for placed in page)
        return [update for update in updates if update is not None]


def _update(record: OpenedRecord) -> _Update:
    return _Update(at=record.created_at, track=seen_track(record))


def _take(book: TrackBook, update: _Update) -> None:
    track = update.track
    version = TrackVersion(at=update.at, sensors=track.sensors, read=lambda: track)
    book.take(track.node, track.track_id, version)
