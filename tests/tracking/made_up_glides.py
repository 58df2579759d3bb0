"""Bodies that come down into the air over a made-up radar: falling, gliding, skipping."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import SITE, batch_of, new_tracker, seen_from

from bongsu.physics.fall import sampled_fall
from bongsu.physics.frames import enu_axes, enu_to_ecef
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.lift import LiftFigures, flight_on_lift
from bongsu.physics.trajectory import Trajectory
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.estimates import Fan, GeoPoint
from bongsu.vocabulary.track import Track, TrackPicture

Floats = NDArray[np.float64]
RADAR = replace(SITE, maximum_range_m=1_500e3, minimum_elevation_rad=-0.2)
FALL = LiftFigures(lift_to_drag=0.0, ballistic_coefficient_kgpm2=5_000.0)
GLIDE = LiftFigures(lift_to_drag=2.6)
SKIP = LiftFigures(lift_to_drag=2.6, skips=True)
PULL_UP = LiftFigures(lift_to_drag=2.6, bank_rad=0.5, ends_at_mps=2_200.0)
CLUTTER_PER_SCAN = 3.0


class Moment(NamedTuple):
    """What the tracker says one second, beside the truth."""

    seconds: float
    truth: Floats  # (6,)
    height_m: float
    track: Track | None
    picture: TrackPicture


def coming_down(
    figures: LiftFigures, *, speed_mps: float = 3_000.0, down_deg: float = 8.0
) -> Trajectory:
    """From 110 km, 700 km east of the radar, on its way west past it."""
    down = np.radians(down_deg)
    course = speed_mps * np.array([-np.cos(down), 0.0, -np.sin(down)])
    place = enu_to_ecef([700e3, 150e3, 0.0], SITE.latitude_rad, SITE.longitude_rad, 0.0)
    latitude, longitude, _ = ecef_to_geodetic(place)
    start = np.concatenate(
        [geodetic_to_ecef(latitude, longitude, 110e3), course @ enu_axes(latitude, longitude)]
    )
    time, states, landed = sampled_fall(
        start, flight_on_lift(figures), maximum_time_s=3_000.0, longest_step_s=10.0
    )
    return Trajectory(
        time_s=time,
        state_ecef=states,
        thrust_acceleration_ecef_mps2=np.zeros((len(time), 3)),
        stage=np.zeros(len(time), dtype=np.int_),
        burning=np.zeros(len(time), dtype=np.bool_),
        landed=landed,
    )


def watched(
    flight: Trajectory, *, seed: int = 1, until_s: float = 3_000.0, tracker: Tracker | None = None
) -> Iterator[Moment]:
    """A look every second, and a picture after each."""
    tracker = tracker or new_tracker(RADAR)
    rng = np.random.default_rng(seed)
    for second in range(int(min(until_s, flight.duration_s))):
        truth = flight.state_at(float(second))
        exact = seen_from(RADAR, truth[None])
        plots = exact + rng.standard_normal((1, 3)) * np.array(RADAR.sigmas)
        plots = plots[rng.random(1) < RADAR.detection_probability]
        false = rng.uniform([300e3, 0.6, 0.05], [1_200e3, 2.4, 0.8], (rng.poisson(3.0), 3))
        batch = batch_of(
            RADAR, np.concatenate([plots, false]), sequence=second + 1, seconds=float(second)
        )
        tracker.process(batch, now=batch.observed_at)
        picture = tracker.picture(now=batch.observed_at)
        yield Moment(
            seconds=float(second),
            truth=truth,
            height_m=float(ecef_to_geodetic(truth[:3])[2]),
            track=_nearest(picture, truth),
            picture=picture,
        )


def _nearest(picture: TrackPicture, truth: Floats) -> Track | None:
    near = [track for track in picture.tracks if _apart_m(track, truth) < 20e3]
    return min(near, key=lambda track: _apart_m(track, truth), default=None)


def _apart_m(track: Track, truth: Floats) -> float:
    return float(np.linalg.norm(np.array(track.position_ecef_m) - truth[:3]))


def holds(fan: Fan, place: GeoPoint) -> bool:
    """Whether a place lies in the sector."""
    distance, azimuth, _ = geodesic_inverse(
        fan.origin.latitude_rad, fan.origin.longitude_rad, place.latitude_rad, place.longitude_rad
    )
    off = abs((float(azimuth) - fan.azimuth_rad + np.pi) % (2.0 * np.pi) - np.pi)
    inside = fan.minimum_range_m <= float(distance) <= fan.maximum_range_m
    return inside and off <= fan.half_width_rad
