"""Pictures gathered by track, for formats that show a track as one thing: bounded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.track import Track, TrackPicture
from bongsu.vocabulary.units import TrackId

MAXIMUM_STATES: Final = 1_000_000


@dataclass(slots=True)
class PictureBook:
    """Pictures one after another; refuses more states of tracks than a file may hold."""

    pictures: list[TrackPicture] = field(default_factory=list)
    _states: int = 0

    def add(self, picture: TrackPicture) -> None:
        """Keep a picture; raises LocalMisuse where there would be too many states."""
        self._states += len(picture.tracks)
        if self._states > MAXIMUM_STATES:
            raise LocalMisuse(
                f"More than {MAXIMUM_STATES:,} states of tracks for one file",
                remedy="Write fewer pictures with --every SECONDS, or cut the recording",
            )
        self.pictures.append(picture)


def by_track(pictures: Sequence[TrackPicture]) -> dict[TrackId, list[Track]]:
    """The states of each track, in the pictures' order."""
    tracks: dict[TrackId, list[Track]] = {}
    for picture in pictures:
        for track in picture.tracks:
            tracks.setdefault(track.track_id, []).append(track)
    return tracks
