"""The newest that each node said of each of its tracks, and what it was before sensors joined.

Updates are read no further than their track's name until somebody wants the track.
Bounded for each node, so that a node that floods us pushes out its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bongsu.vocabulary.seen_track import SeenTrack
from bongsu.vocabulary.units import NodeId, TrackId, UtcNs, seconds_between

MAXIMUM_OF_ONE_NODE: Final = 1_000
MAXIMUM_EARLIER: Final = 3  # of one track
SHOWN_FOR_S: Final = 60.0  # after the instant that its newest update speaks of

Read = Callable[[], SeenTrack]  # raises BongsuError where the update contradicts itself


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackVersion:
    """An update that was not read yet."""

    at: UtcNs
    sensors: object  # as they stand in it, None where withheld; compared only
    read: Read


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTrack:
    """`earlier`: the last update of each smaller set of sensors, the oldest first."""

    newest: TrackVersion
    earlier: tuple[TrackVersion, ...] = ()


class TrackBook:
    """Lives on the node's loop."""

    def __init__(self) -> None:
        self._known: dict[NodeId, dict[TrackId, KnownTrack]] = {}

    def take(self, node: NodeId, track_id: TrackId, version: TrackVersion) -> None:
        """An update of a track; one that is older than what is known changes nothing."""
        known = self._known.setdefault(node, {})
        before = known.get(track_id)
        if before is None:
            if len(known) >= MAXIMUM_OF_ONE_NODE:
                del known[next(iter(known))]
            known[track_id] = KnownTrack(newest=version)
            return
        if version.at < before.newest.at:
            return
        earlier = before.earlier
        if version.sensors != before.newest.sensors:
            earlier = (*earlier, before.newest)[-MAXIMUM_EARLIER:]
        del known[track_id]  # the longest unsaid stand first
        known[track_id] = KnownTrack(newest=version, earlier=earlier)

    def shown(self, now: UtcNs) -> Iterator[tuple[NodeId, KnownTrack]]:
        """Every track of which something was said of late."""
        for node, known in self._known.items():
            for track in known.values():
                if seconds_between(now, track.newest.at) <= SHOWN_FOR_S:
                    yield node, track
