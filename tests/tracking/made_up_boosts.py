"""Boosted flights over made-up infrared sensors and radars, and what these see of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bongsu.physics.boost import Perturbation
from bongsu.physics.boost_fit import fit_flight
from bongsu.physics.frames import ecef_to_enu
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.trajectory import Trajectory, fly
from bongsu.physics.wind import WindProfile
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.estimates import GeoPoint, ObjectClass
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import (
    MonotonicNs,
    NationId,
    SensorId,
    UtcNs,
    after_seconds,
    seconds_between,
)

Floats = NDArray[np.float64]

LAUNCH_AT = UtcNs(1_664_835_720_000_000_000)
LAUNCH_PLACE = GeoPoint(latitude_rad=np.radians(40.611208), longitude_rad=np.radians(126.425743))
FIRST_SCAN_S = -5.0
CLOUDS_M = 8_000.0

EYE = SensorSite(
    sensor_id=SensorId("XA-IR-1"),
    nation=NationId("XA"),
    kind=SensorKind.INFRARED,
    latitude_rad=0.0,
    longitude_rad=np.radians(105.0),
    height_m=35_786e3,
    sigmas=(30e-6, 30e-6),
    scan_interval_s=1.0,
    detection_probability=0.95,
    cloud_height_m=CLOUDS_M,
)
OTHER_EYE = replace(EYE, sensor_id=SensorId("XA-IR-2"), longitude_rad=np.radians(165.0))
RADAR = SensorSite(
    sensor_id=SensorId("XB-RADAR-1"),
    nation=NationId("XB"),
    kind=SensorKind.RADAR,
    latitude_rad=np.radians(36.4),
    longitude_rad=np.radians(128.4),
    height_m=100.0,
    sigmas=(30.0, 1e-3, 1e-3),
    scan_interval_s=1.0,
    detection_probability=0.9,
    maximum_range_m=2_000e3,
    minimum_elevation_rad=np.radians(2.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a flight is fitted to."""

    object_class: ObjectClass
    apogee_m: float
    range_m: float
    bearing_rad: float = np.radians(80.0)


LONG_SHOT = Figures(object_class=ObjectClass.IRBM, apogee_m=970e3, range_m=4_500e3)
SHORT_SHOT = Figures(object_class=ObjectClass.SRBM, apogee_m=100e3, range_m=350e3)
TWO_STAGES = Figures(object_class=ObjectClass.ICBM, apogee_m=2_802e3, range_m=933e3)


@cache
def flown(figures: Figures, seed: int = 0) -> Trajectory:
    """A flight whose thrust, pitch and wind differ from the generic ones by a few percent."""
    fitted = fit_flight(
        object_class=figures.object_class,
        apogee_m=figures.apogee_m,
        range_m=figures.range_m,
        latitude_rad=LAUNCH_PLACE.latitude_rad,
        longitude_rad=LAUNCH_PLACE.longitude_rad,
        bearing_rad=figures.bearing_rad,
    )
    rng = np.random.default_rng([seed, 77])
    factors = 1.0 + 0.02 * rng.standard_normal(len(fitted.profile.stages))
    pitch = fitted.controls.final_pitch_rad * (1.0 + 0.03 * rng.standard_normal())
    wind = WindProfile(
        height_m=np.array([0.0, 11e3, 25e3]),
        east_mps=rng.normal(0.0, 15.0, 3),
        north_mps=rng.normal(0.0, 15.0, 3),
    )
    return fly(
        fitted.profile,
        replace(fitted.controls, final_pitch_rad=pitch),
        fitted.place,
        perturbation=Perturbation(thrust_factors=tuple(factors.tolist()), wind=wind),
    )


def burnout_s(flight: Trajectory) -> float:
    """Time from launch to the end of the last burn."""
    return float(flight.time_s[np.flatnonzero(flight.burning)[-1] + 1])


def ground_point(position_ecef_m: Floats) -> GeoPoint:
    latitude, longitude, _ = ecef_to_geodetic(position_ecef_m)
    return GeoPoint(latitude_rad=float(latitude), longitude_rad=float(longitude))


def at(seconds: float) -> UtcNs:
    """An instant counted from the launch of an undelayed flight."""
    return after_seconds(LAUNCH_AT, seconds)


def since_launch_s(instant: UtcNs) -> float:
    return seconds_between(instant, LAUNCH_AT)


def in_sight(site: SensorSite, position_ecef_m: Floats, *, burning: bool) -> bool:
    """Whether a sensor could detect it, by geometry written apart from the tracker's own."""
    east, north, up = ecef_to_enu(
        position_ecef_m, site.latitude_rad, site.longitude_rad, site.height_m
    )
    if site.kind is SensorKind.INFRARED:
        return burning and float(ecef_to_geodetic(position_ecef_m)[2]) > site.cloud_height_m
    distance = float(np.sqrt(east**2 + north**2 + up**2))
    high_enough = bool(np.arcsin(up / distance) > site.minimum_elevation_rad)
    return high_enough and distance < site.maximum_range_m


def measured(site: SensorSite, position_ecef_m: Floats) -> Floats:
    """An exact plot of a position (3,)."""
    east, north, up = ecef_to_enu(
        position_ecef_m, site.latitude_rad, site.longitude_rad, site.height_m
    )
    if site.kind is SensorKind.INFRARED:
        return np.array([np.arctan2(east, -up), np.arctan2(north, -up)])
    ground = np.hypot(east, north)
    return np.array([np.hypot(ground, up), np.arctan2(east, north), np.arctan2(up, ground)])


@dataclass(slots=True, kw_only=True)
class BoostWorld:
    """Flights, each with its delay of launch, over sensors that scan one after the other."""

    flights: Sequence[tuple[Trajectory, float]]
    sites: Sequence[SensorSite]
    seed: int = 0
    clutter_per_scan: float = 0.0

    def batches(self, until_s: float) -> Iterator[PlotBatch]:
        """Every scan up to an instant, in the order in which they were observed."""
        rng = np.random.default_rng([self.seed, 3])
        offsets = rng.random(len(self.sites))
        scans = [
            (FIRST_SCAN_S + (offset + number) * site.scan_interval_s, number + 1, site)
            for offset, site in zip(offsets.tolist(), self.sites, strict=True)
            for number in range(int((until_s - FIRST_SCAN_S) / site.scan_interval_s))
        ]
        for seconds, sequence, site in sorted(scans, key=lambda scan: scan[0]):
            yield PlotBatch(
                sensor_id=site.sensor_id,
                realm=Realm.EXERCISE,
                sequence=sequence,
                observed_at=at(seconds),
                emitted_at=MonotonicNs(sequence),
                measurements=self._plots(site, seconds, rng),
            )

    def _plots(
        self, site: SensorSite, seconds: float, rng: np.random.Generator
    ) -> tuple[tuple[float, ...], ...]:
        plots = []
        for flight, delay_s in self.flights:
            since = seconds - delay_s
            luck, noise = rng.random(), rng.standard_normal(len(site.sigmas)) * site.sigmas
            if not 0.0 < since < flight.duration_s or luck > site.detection_probability:
                continue
            position = flight.state_at(since)[:3]
            if in_sight(site, position, burning=bool(flight.burning_at(since))):
                plots.append(tuple((measured(site, position) + noise).tolist()))
        for _ in range(rng.poisson(self.clutter_per_scan)):
            plots.append(tuple(rng.uniform(-0.15, 0.15, 2).tolist()))
        return tuple(plots)


def watched(
    world: BoostWorld, moments_s: Sequence[float], *, tracker: Tracker | None = None
) -> list[TrackPicture]:
    """A tracker's pictures at the given moments, after all that was observed before each."""
    tracker = tracker or Tracker(world.sites, name="XA-1")
    pictures: list[TrackPicture] = []
    waiting = sorted(moments_s)
    for batch in world.batches(waiting[-1] + 1.0):
        while waiting and since_launch_s(batch.observed_at) > waiting[0]:
            pictures.append(tracker.picture(now=at(waiting.pop(0))))
        tracker.process(batch, now=batch.observed_at)
    return pictures + [tracker.picture(now=at(moment)) for moment in waiting]
