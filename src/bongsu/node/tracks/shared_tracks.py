"""One picture of several nations: our tracks, each partner's, and what they say together.

It is made when somebody asks, beside the loop, and shown here only. What is fused is never stated
as a record: it holds what partners showed to us alone.
"""

from collections.abc import Sequence
from typing import Any

from bongsu.node.control import NoBody
from bongsu.node.services import Services
from bongsu.node.tracks.partner_tracks import PartnerTracks
from bongsu.node.tracks.track_book import KnownTrack, Read, TrackBook, TrackVersion
from bongsu.records.opened_record import OpenedRecord
from bongsu.records.tracks_as_records import seen_track
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.seen_track import whole_track
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import NodeId, TrackId, UtcNs


class SharedTracks:
    """Lives on the node's loop; only the making of the picture is beside it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._partners = PartnerTracks(services)
        self._book = TrackBook()

    def take_picture(self, picture: TrackPicture) -> None:
        """What our own tracker sees."""
        for track in picture.tracks:
            if track.status is not TrackStatus.TENTATIVE:
                self._book.take(
                    self._services.me.node,
                    track.track_id,
                    TrackVersion(at=track.at, sensors=track.sensors, read=self._own(track)),
                )

    def _take_update(self, record: OpenedRecord) -> None:
        """A partner's track update that is verified and on our disk."""
        track_id = record.fields.get("track_id")
        if not isinstance(track_id, str):
            return  # withheld: nobody can tell which track it is of
        self._book.take(
            record.originator,
            TrackId(track_id),
            TrackVersion(
                at=record.created_at,
                sensors=record.fields.get("sensors"),
                read=lambda: seen_track(record),
            ),
        )

    async def as_seen(self, _: NoBody) -> object:
        """The picture as plain values, object by object."""
        services = self._services
        for update in await self._partners.news():
            self._take_update(update)
        now = services.clock.utc()
        known = tuple(self._book.shown(now))
        found, refused = await services.beside(objects, known, now, services.me.node)
        for error, node in refused:
            services.refuse(error, source=node, payload=b"")
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": now,
            "objects": found,
        }

    def _own(self, track: Track) -> Read:
        me = self._services.me
        return lambda: whole_track(track, node=me.node, nation=me.nation)


def objects(
    known: Sequence[tuple[NodeId, KnownTrack]], now: UtcNs, me: NodeId
) -> tuple[list[dict[str, Any]], list[tuple[BongsuError, NodeId]]]:
    """See `object_figures`; the tracker's arithmetic is loaded when it is first asked for."""
    from bongsu.node.tracks.object_figures import object_figures

    return object_figures(known, now=now, me=me)
