"""One picture of several nations: our tracks, each partner's, and what they say together.

It is made when somebody asks, beside the loop, and shown here only. What is fused is never stated
as a record: it holds what partners showed to us alone.
"""

from collections import deque
from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta

from bongsu.node.control import Body, NoBody
from bongsu.node.services import Services
from bongsu.node.tracks.partner_tracks import PartnerTracks
from bongsu.node.tracks.track_book import KnownTrack, Read, TrackBook, TrackVersion
from bongsu.node.tracks.trails import Numbers, Place, TrackName, Trails
from bongsu.records.opened_record import OpenedRecord
from bongsu.records.tracks_as_records import seen_track
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.seen_track import SeenTrack, whole_track
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import NodeId, TrackId, UtcNs

UNREAD_UPDATES: Final = 20_000  # of partners' tracks, whose places nobody asked for yet


class PathsSought(Body, frozen=True, kw_only=True):
    """`after`: only where tracks were later than that instant, ns UTC."""

    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0


class SharedTracks:
    """Lives on the node's loop; only the making of the picture is beside it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._partners = PartnerTracks(services)
        self._book = TrackBook()
        self._trails = Trails()
        self._unread: deque[Read] = deque(maxlen=UNREAD_UPDATES)

    def take_picture(self, picture: TrackPicture) -> None:
        """What our own tracker sees."""
        for track in picture.tracks:
            if track.status is not TrackStatus.TENTATIVE:
                self._book.take(
                    self._services.me.node,
                    track.track_id,
                    TrackVersion(at=track.at, sensors=track.sensors, read=self._own(track)),
                )
                name = (self._services.me.node, track.track_id)
                self._trails.add(name, track.at, track.position_ecef_m)

    def _take_update(self, record: OpenedRecord) -> None:
        """A partner's track update that is verified and on our disk."""
        track_id = record.fields.get("track_id")
        if not isinstance(track_id, str):
            return  # withheld: nobody can tell which track it is of
        version = TrackVersion(
            at=record.created_at,
            sensors=record.fields.get("sensors"),
            read=lambda: seen_track(record),
        )
        self._book.take(record.originator, TrackId(track_id), version)
        self._unread.append(version.read)

    async def as_seen(self, _: NoBody) -> object:
        """The picture as plain values, object by object."""
        services = self._services
        now, known = await self._known_now()
        found, refused = await services.beside(objects, known, now, services.me.node)
        for error, node in refused:
            services.refuse(error, source=node, payload=b"")
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": now,
            "objects": found,
        }

    async def paths(self, sought: PathsSought) -> object:
        """Where tracks were, and where those that fall freely go, as plain values."""
        services = self._services
        now, known = await self._known_now()
        unread, self._unread = self._unread, deque(maxlen=UNREAD_UPDATES)
        for name, at, place in await services.beside(_places, unread):
            self._trails.add(name, at, place)
        trails = tuple(self._trails.after(UtcNs(sought.after)))
        newest = tuple(one.newest for _, one in known)
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": now,
            "paths": await services.beside(_paths, trails, newest),
        }

    async def _known_now(self) -> tuple[UtcNs, tuple[tuple[NodeId, KnownTrack], ...]]:
        """The time, and every track of which something was said of late."""
        for update in await self._partners.news():
            self._take_update(update)
        now = self._services.clock.utc()
        return now, tuple(self._book.shown(now))

    def _own(self, track: Track) -> Read:
        me = self._services.me
        return lambda: whole_track(track, node=me.node, nation=me.nation)


def objects(
    known: Sequence[tuple[NodeId, KnownTrack]], now: UtcNs, me: NodeId
) -> tuple[list[dict[str, Any]], list[tuple[BongsuError, NodeId]]]:
    """See `object_figures`; the tracker's arithmetic is loaded when it is first asked for."""
    from bongsu.node.tracks.object_figures import object_figures

    return object_figures(known, now=now, me=me)


def _places(unread: Sequence[Read]) -> list[tuple[TrackName, UtcNs, Place]]:
    """Where partners' tracks were, the earliest first; nothing of what is withheld or unreadable.

    What can't be read is refused, and told, when the track itself is asked for.
    """
    tracks = sorted(_readable(unread), key=lambda track: track.at)
    return [
        ((track.node, track.track_id), track.at, track.position_ecef_m)
        for track in tracks
        if track.position_ecef_m is not None
    ]


def _paths(
    trails: Sequence[tuple[TrackName, Numbers]], newest: Sequence[TrackVersion]
) -> list[dict[str, Any]]:
    """See `path_figures`; its arithmetic is loaded when it is first asked for."""
    from bongsu.node.tracks.path_figures import path_figures

    return path_figures(trails, _readable([version.read for version in newest]))


def _readable(reads: Sequence[Read]) -> list[SeenTrack]:
    found = []
    for read in reads:
        try:
            found.append(read())
        except BongsuError:
            continue
    return found
