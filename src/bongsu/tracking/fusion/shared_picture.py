"""All nations' tracks as one picture: side by side by object, and what they say together."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats
from bongsu.tracking.fall.impact_prediction import forecast, survey
from bongsu.tracking.fusion.alignment import aligned
from bongsu.tracking.fusion.contribution import Contribution, Parts, moved
from bongsu.tracking.fusion.correlation import match
from bongsu.tracking.fusion.estimate import UPPER, Estimate, estimate_of
from bongsu.tracking.fusion.fusing import Fused, fuse
from bongsu.tracking.outlook.area import points_under
from bongsu.tracking.outlook.statement import falls
from bongsu.vocabulary.estimates import ImpactEstimate
from bongsu.vocabulary.seen_track import FusedEstimate, SeenTrack, SharedObject
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import NodeId, TrackId, UtcNs, seconds_between

STALE_S: Final = 10.0  # a nation that said nothing of a track for so long is no longer asked
NOBODYS_PARTS: Mapping[tuple[NodeId, TrackId], Parts] = {}


class _Object:
    """One object while the picture is made: its tracks, and those of them that can be fused."""

    __slots__ = ("contributions", "notes", "tracks")

    def __init__(self, track: SeenTrack, contribution: Contribution | None) -> None:
        self.tracks = [track]
        self.contributions = [] if contribution is None else [contribution]
        self.notes: list[str] = []


def shared_picture(
    tracks: Sequence[SeenTrack],
    *,
    parts: Mapping[tuple[NodeId, TrackId], Parts] = NOBODYS_PARTS,
) -> tuple[SharedObject, ...]:
    """Every track once, under the object that it is of, beside what all tracks of it say together.

    tracks: the newest of each, own and partners', no two of one node and one name. parts: what
    each was before further sensors joined, the newest last; where missing, the track's own
    estimate. What can't be fused stands alone, with the reason in words.
    """
    live = [track for track in tracks if track.status is not TrackStatus.DROPPED]
    now = max((track.at for track in live), default=UtcNs(0))
    usable, left_out = _usable(live, parts, now=now)
    objects: list[_Object] = []
    for node in sorted({track.node for track, _ in usable}):
        _join(objects, [one for one in usable if one[0].node == node])
    for track, reason in left_out:
        alone = _Object(track, None)
        alone.notes.append(f"no fusion with {track.track_id} of {track.nation}: {reason}")
        objects.append(alone)
    fused = [fuse(one.contributions) if len(one.contributions) > 1 else None for one in objects]
    impacts = _impacts([one.estimate for one in fused if one is not None])
    return tuple(
        SharedObject(
            tracks=tuple(one.tracks),
            fused=None if of_it is None else _stated(of_it, one.contributions, impacts.pop(0)),
            notes=(*one.notes, *(() if of_it is None else of_it.notes)),
        )
        for one, of_it in zip(objects, fused, strict=True)
    )


def _usable(
    tracks: Sequence[SeenTrack],
    parts: Mapping[tuple[NodeId, TrackId], Parts],
    *,
    now: UtcNs,
) -> tuple[list[tuple[SeenTrack, Contribution]], list[tuple[SeenTrack, str]]]:
    """Tracks with what they bring, moved to `now`; and the others, each with why it can't."""
    usable: list[tuple[SeenTrack, Contribution]] = []
    left_out: list[tuple[SeenTrack, str]] = []
    for track in tracks:
        estimate = estimate_of(track)
        silent_s = seconds_between(now, track.at)
        if isinstance(estimate, str):
            left_out.append((track, estimate))
        elif silent_s > STALE_S:
            left_out.append((track, f"{track.nation} said nothing of it for {silent_s:.0f} s"))
        else:
            known = parts.get((track.node, track.track_id), ())
            earlier = tuple(part for part in known if _is_before(part, estimate))
            usable.append(
                (
                    track,
                    Contribution(
                        nation=track.nation,
                        track_id=track.track_id,
                        parts=(*earlier, estimate),
                    ),
                )
            )
    brought = [contribution for _, contribution in usable]
    at_once = aligned([part for one in brought for part in one.parts], now)
    in_place = moved(brought, at_once)
    return [(track, one) for (track, _), one in zip(usable, in_place, strict=True)], left_out


def _is_before(part: Estimate, estimate: Estimate) -> bool:
    """Whether it is what the same track said before further sensors joined."""
    return part.at <= estimate.at and part.sensors != estimate.sensors


def _join(objects: list[_Object], newcomers: Sequence[tuple[SeenTrack, Contribution]]) -> None:
    """Put one node's tracks to the objects that they are of, or make them objects of their own."""
    known = [fuse(one.contributions).estimate for one in objects]
    matches = match(known, [contribution.newest for _, contribution in newcomers])
    object_of = dict(zip(matches.second.tolist(), matches.first.tolist(), strict=True))
    first_tracks = [one.tracks[0].track_id for one in objects]
    for place, (track, contribution) in enumerate(newcomers):
        if place not in object_of:
            objects.append(_Object(track, contribution))
        elif place in matches.doubtful:
            alone = _Object(track, contribution)
            others = " or ".join(first_tracks[other] for other in matches.doubtful[place])
            alone.notes.append(
                f"no fusion with {track.track_id} of {track.nation}: it may be of {others}"
                " or an object of its own"
            )
            objects.append(alone)
        else:
            one = objects[object_of[place]]
            one.tracks.append(track)
            one.contributions.append(contribution)


def _stated(
    fused: Fused, contributions: Sequence[Contribution], impact: ImpactEstimate | None
) -> FusedEstimate:
    mean = fused.estimate.mean.tolist()
    return FusedEstimate(
        at=fused.estimate.at,
        position_ecef_m=(mean[0], mean[1], mean[2]),
        velocity_ecef_mps=(mean[3], mean[4], mean[5]),
        covariance=tuple(fused.estimate.covariance[UPPER].tolist()),
        members=tuple(one.track_id for one in contributions),
        sensors=tuple(sorted(fused.named)),
        unnamed=fused.unnamed,
        impact=impact,
    )


def _impacts(estimates: Sequence[Estimate]) -> list[ImpactEstimate | None]:
    """Where each comes down, where gravity alone moves it and the area is of use."""
    impacts: list[ImpactEstimate | None] = [None] * len(estimates)
    places = [place for place, one in enumerate(estimates) if one.is_ballistic]
    if not places:
        return impacts
    state: Floats = np.array([estimates[place].mean for place in places])
    covariance: Floats = np.array([estimates[place].covariance for place in places])
    found = falls(
        forecast(state, covariance, survey(state)), points_under(state[:, :3]), estimates[0].at
    )
    for place, fall in zip(places, found, strict=True):
        if fall is not None and fall.is_useful:
            impacts[place] = fall.impact
    return impacts
