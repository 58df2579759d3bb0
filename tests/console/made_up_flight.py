"""A made-up flight for the faces: smooth curves and drawn errors, no flight model."""

from dataclasses import replace
from math import asin, atan2, cos, degrees, exp, pi, radians, sin

import numpy as np

from bongsu.console.demo_report import Moment, TruthSample
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    Fan,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
    ObjectClass,
)
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, SensorId, TrackId, UtcNs, after_seconds

LAUNCHED_AT = UtcNs(1_664_835_720_000_000_000)  # 2022-10-03T22:22:00Z
LAUNCH_DEG = (40.611208, 126.425743)
BEARING_DEG = 80.0
BURNOUT_S, IMPACT_S = 145.0, 1313.0
KR, US, JP = NationId("KR"), NationId("US"), NationId("JP")
NATIONS = (KR, US, JP)
FIRST_WARNING_S = {KR: 86.0, US: 46.0, JP: 152.0}
SENSORS: tuple[tuple[str, NationId, SensorKind, float, float, float, float], ...] = (
    ("KR-RADAR-1", KR, SensorKind.RADAR, 37.9, 128.7, 82.0, 420.0),
    ("US-INFRARED-1", US, SensorKind.INFRARED, 0.0, 135.0, 43.0, 145.0),
    ("US-RADAR-1", US, SensorKind.RADAR, 38.6, 143.0, 190.0, 900.0),
    ("JP-RADAR-1", JP, SensorKind.RADAR, 40.9, 140.3, 148.0, 1010.0),
)
MOMENTS: tuple[tuple[Moment, float], ...] = (
    ("T+60 s", 60.0),
    ("T+120 s", 120.0),
    ("burnout", BURNOUT_S),
    ("burnout + 60 s", BURNOUT_S + 60.0),
    ("end", IMPACT_S),
)


def along(distance_km: float, bearing_deg: float = BEARING_DEG) -> tuple[float, float]:
    """Latitude and longitude in degrees on a sphere, from the launch place."""
    arc, bearing = distance_km / 6371.0, radians(bearing_deg)
    latitude, longitude = radians(LAUNCH_DEG[0]), radians(LAUNCH_DEG[1])
    there = asin(sin(latitude) * cos(arc) + cos(latitude) * sin(arc) * cos(bearing))
    turn = atan2(sin(bearing) * sin(arc) * cos(latitude), cos(arc) - sin(latitude) * sin(there))
    return degrees(there), (degrees(longitude + turn) + 180.0) % 360.0 - 180.0


def truth_at(time_s: float) -> TruthSample:
    """Quadratic boost, then a parabola in height and an even speed over ground."""
    if time_s <= BURNOUT_S:
        part = (time_s / BURNOUT_S) ** 2
        distance_km, altitude_km = 175.0 * part, 160.0 * part
    else:
        part = (time_s - BURNOUT_S) / (IMPACT_S - BURNOUT_S)
        distance_km = 175.0 + 4325.0 * part
        altitude_km = 160.0 * (1 - part) + 3560.0 * part * (1 - part)
    latitude_deg, longitude_deg = along(distance_km)
    return TruthSample(
        time_s=time_s,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        altitude_km=altitude_km,
        burning=time_s <= BURNOUT_S,
    )


def impact_sigma_km(time_s: float) -> float:
    """Shrinks steeply after burnout, as real ones do."""
    return 1.1 + 900.0 * exp(-(time_s - 90.0) / 27.0)


def _point(latitude_deg: float, longitude_deg: float) -> GeoPoint:
    return GeoPoint(latitude_rad=radians(latitude_deg), longitude_rad=radians(longitude_deg))


def _ellipse(semi_major_km: float, azimuth_deg: float) -> Ellipse:
    azimuth_rad = radians(azimuth_deg) % pi
    major_m = 1000 * semi_major_km
    return Ellipse(semi_major_m=major_m, semi_minor_m=0.45 * major_m, azimuth_rad=azimuth_rad)


def made_up_warning(nation: NationId, time_s: float, version: int, *, seed: int) -> LaunchWarning:
    """What the nation's node would say at that time, with an error drawn from its ellipse."""
    drawn = np.random.default_rng([seed, version, ord(nation[0])]).normal(size=4)
    launch_km, impact_km = 0.7 + 6.0 * exp(-(time_s - 45.0) / 30.0), impact_sigma_km(time_s)
    launch = LaunchEstimate(
        point=_point(LAUNCH_DEG[0] + drawn[0] * launch_km / 300, LAUNCH_DEG[1]),
        ellipse=_ellipse(2.4 * launch_km, 30.0),
        at=after_seconds(LAUNCHED_AT, float(drawn[1])),
        sigma_time_s=1.2,
        azimuth_rad=radians(BEARING_DEG),
        sigma_azimuth_rad=0.01,
    )
    latitude_deg, longitude_deg = along(
        4500.0 + drawn[2] * impact_km, BEARING_DEG + drawn[3] * impact_km * 0.005
    )
    impact = ImpactEstimate(
        point=_point(latitude_deg, longitude_deg),
        ellipse=_ellipse(2.4 * impact_km, 118.0),
        at=after_seconds(LAUNCHED_AT, IMPACT_S + float(drawn[1]) * impact_km / 8),
        sigma_time_s=impact_km / 8,
    )
    fan = Fan(
        origin=launch.point,
        azimuth_rad=radians(BEARING_DEG),
        half_width_rad=radians(9.0),
        minimum_range_m=900e3,
        maximum_range_m=5.4e6,
    )
    early = time_s < 118.0
    coasting = time_s > 1010.0
    kinds = (SensorKind.RADAR,) if nation != US or time_s < 190 else tuple(SensorKind)
    return LaunchWarning(
        warning_id=f"{nation}-1/W0001",
        version=version,
        action=WarningAction.ISSUED if version == 1 else WarningAction.AMENDED,
        node=NodeId(f"{nation}-1"),
        nation=nation,
        track_id=TrackId(f"{nation}-1/T0001"),
        stated_at=after_seconds(LAUNCHED_AT, time_s),
        first_observed_at=after_seconds(LAUNCHED_AT, FIRST_WARNING_S[nation] - 4.0),
        data_at=after_seconds(LAUNCHED_AT, 1009.0 if coasting else time_s - 1.2),
        track_status=TrackStatus.PREDICTED if coasting else TrackStatus.OBSERVED,
        phase=Phase.BOOST if time_s < BURNOUT_S else Phase.FREE_FLIGHT,
        confirmation=Confirmation.CONFIRMED if len(kinds) == 2 else Confirmation.SINGLE_SOURCE,
        sensors=tuple(SensorId(row[0]) for row in SENSORS if row[1] == nation),
        sensor_kinds=kinds,
        classification=(
            ClassProbability(object_class=ObjectClass.IRBM, probability=0.52 if early else 0.93),
            ClassProbability(object_class=ObjectClass.MRBM, probability=0.4 if early else 0.07),
        ),
        launch=launch,
        impact=None if early else impact,
        fan=fan if early else None,
        flight=None
        if early
        else Flight(
            apogee_m=970e3 + 1e3 * drawn[0] * impact_km / 3,
            sigma_apogee_m=1e3 * impact_km / 3,
            range_m=4.5e6 + 1e3 * drawn[2] * impact_km,
            sigma_range_m=1e3 * impact_km,
            flight_time_s=IMPACT_S + drawn[1] * impact_km / 8,
            sigma_flight_time_s=impact_km / 8,
        ),
        caveats=("sun within 20 deg of the infrared line of sight",) if nation == US else (),
    )


def made_up_versions(nation: NationId) -> tuple[LaunchWarning, ...]:
    """Often at first, seldom later, and an end."""
    times = [FIRST_WARNING_S[nation]]
    while times[-1] < IMPACT_S - 5.0:
        times.append(times[-1] + 2.0 + 0.05 * (times[-1] - FIRST_WARNING_S[nation]))
    versions = [
        made_up_warning(nation, min(time_s, IMPACT_S - 1.0), number, seed=7)
        for number, time_s in enumerate(times, start=1)
    ]
    last = replace(
        versions[-1],
        version=len(versions) + 1,
        action=WarningAction.ENDED,
        stated_at=after_seconds(LAUNCHED_AT, IMPACT_S + 64.0),
        end_reason=EndReason.EXPIRED,
    )
    return (*versions, last)
