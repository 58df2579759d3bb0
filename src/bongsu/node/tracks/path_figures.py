"""Paths in figures for a map: where tracks were, and where free flight takes them. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from bongsu.node.tracks.trails import NUMBERS, Numbers, TrackName
from bongsu.physics.arrays import Floats
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.propagation import propagate, propagate_to_impact
from bongsu.vocabulary.seen_track import SeenTrack
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import NS_PER_S

MAXIMUM_PREDICTED: Final = 32
ARC_STEPS: Final = 40
STEP_S: Final = 5.0
FALLS: Final = frozenset({Phase.FREE_FLIGHT, Phase.REENTRY})

Rows = list[tuple[int, float, float, float]]  # ns of UTC, latitude, longitude, height


def path_figures(
    trails: Sequence[tuple[TrackName, Numbers]], tracks: Iterable[SeenTrack]
) -> list[dict[str, Any]]:
    """What is new of each trail, and the arc ahead of those that fall freely, as plain values."""
    past = {name: _rows(np.array(numbers).reshape(-1, NUMBERS)) for name, numbers in trails}
    ahead = predicted_arcs(tracks)
    return [
        {
            "node": name[0],
            "track_id": name[1],
            "past": past.get(name, []),
            "predicted": ahead.get(name, []),
        }
        for name in dict.fromkeys((*past, *ahead))
    ]


def predicted_arcs(tracks: Iterable[SeenTrack]) -> dict[TrackName, Rows]:
    """Free flight without air from each state to the ground, for at most 32 that fall; predicted.

    It is drawn; what is stated of an impact, with its area, is the warning's.
    """
    falling = [
        (track, state)
        for track in tracks
        if track.phase in FALLS and (state := _state(track)) is not None
    ][:MAXIMUM_PREDICTED]
    if not falling:
        return {}
    states = np.array([state for _, state in falling])
    ends = propagate_to_impact(states)
    arcs: dict[TrackName, Rows] = {}
    for number, (track, _) in enumerate(falling):
        if ends.reached[number]:
            arc = _arc(states[number], float(ends.time_s[number]), track.at / NS_PER_S)
            arcs[track.node, track.track_id] = arc
    return arcs


def _state(track: SeenTrack) -> tuple[float, ...] | None:
    position, velocity = track.position_ecef_m, track.velocity_ecef_mps
    if position is None or velocity is None or track.status is TrackStatus.DROPPED:
        return None
    return (*position, *velocity)


def _arc(state: Floats, duration_s: float, at_s: float) -> Rows:
    """Rows from now to the ground, at equal times."""
    states = [state]
    for _ in range(ARC_STEPS):
        states.append(propagate(states[-1], duration_s / ARC_STEPS, step_s=STEP_S))
    times = at_s + np.linspace(0.0, duration_s, ARC_STEPS + 1)
    return _rows(np.column_stack([times, np.array(states)[:, :3]]))


def _rows(steps: Floats) -> Rows:
    """(N, 4) seconds and ECEF positions as rows for an answer."""
    latitude, longitude, height = ecef_to_geodetic(steps[:, 1:])
    return [
        (round(at_s * NS_PER_S), float(north), float(east), float(up))
        for at_s, north, east, up in zip(steps[:, 0], latitude, longitude, height, strict=True)
    ]
