"""Which track carries on which open warning: its own, or after a restart one that fits it best.

A tracker that restarts gives its objects new names. Such a track takes over a warning only when
the warning's own track is gone from the picture and everything that both state agrees, launch
and fall; so a second object of one launch, or the other missile of a salvo, gets a warning of
its own rather than moving one that stands for another object.
"""

from collections.abc import Iterable, Mapping

from bongsu.protocols.correlation import GATE_SIGMA, misfit_sigma
from bongsu.protocols.open_warning import OpenWarning
from bongsu.vocabulary.track import Track
from bongsu.vocabulary.units import TrackId


def carried_on(
    open_warnings: Mapping[TrackId, OpenWarning], live: Iterable[Track]
) -> dict[TrackId, TrackId]:
    """For each live track that carries on a warning, the track id that the warning is kept by.

    The closest pair is taken first, and each track and each warning once.
    """
    tracks = {track.track_id: track for track in live}
    carried = {track_id: track_id for track_id in tracks if track_id in open_warnings}
    orphans = [track_id for track_id in open_warnings if track_id not in tracks]
    newcomers = [track for track_id, track in tracks.items() if track_id not in carried]
    pairs: list[tuple[float, TrackId, TrackId]] = []
    for track in newcomers:
        for kept_by in orphans:
            misfit = misfit_sigma(open_warnings[kept_by].current, track)
            if misfit is not None and misfit <= GATE_SIGMA:
                pairs.append((misfit, track.track_id, kept_by))
    taken: set[TrackId] = set()
    for _, track_id, kept_by in sorted(pairs):
        if track_id not in carried and kept_by not in taken:
            carried[track_id] = kept_by
            taken.add(kept_by)
    return carried
