"""Warnings as a node could have stated them of the truth made by hand."""

from dataclasses import replace
from math import radians

from tests.exercise.made_up import LAUNCHED_AT, truth

from bongsu.exercise.flight_figures import flight_figures
from bongsu.vocabulary.estimates import (
    Ellipse,
    Fan,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
)
from bongsu.vocabulary.launch_warning import Confirmation, LaunchWarning, WarningAction
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, SensorId, TrackId, UtcNs, after_seconds

KR, US, JP = NationId("KR"), NationId("US"), NationId("JP")
TRUTH = truth()
FIGURES = flight_figures(TRUTH.objects[0])
LAUNCH = LaunchEstimate(
    point=replace(FIGURES.launch_point, latitude_rad=FIGURES.launch_point.latitude_rad + 1e-3),
    ellipse=Ellipse(semi_major_m=8e3, semi_minor_m=4e3, azimuth_rad=0.0),
    at=after_seconds(LAUNCHED_AT, -1.5),
    sigma_time_s=2.0,
    azimuth_rad=FIGURES.launch_azimuth_rad + radians(0.5) - radians(360),
    sigma_azimuth_rad=radians(0.4),
)
IMPACT = ImpactEstimate(
    point=replace(FIGURES.impact_point, longitude_rad=FIGURES.impact_point.longitude_rad - 2e-3),
    ellipse=Ellipse(semi_major_m=30e3, semi_minor_m=10e3, azimuth_rad=1.0),
    at=after_seconds(FIGURES.impact_at, 3.0),
    sigma_time_s=2.5,
)
FLIGHT = Flight(
    apogee_m=FIGURES.apogee_m + 2e3,
    sigma_apogee_m=3e3,
    range_m=FIGURES.range_m - 7e3,
    sigma_range_m=9e3,
    flight_time_s=FIGURES.flight_time_s + 4.5,
    sigma_flight_time_s=3.0,
)


def at(time_s: float) -> UtcNs:
    return after_seconds(LAUNCHED_AT, time_s)


def fan(*, azimuth_deg: float = 80.0, maximum_range_km: float = 5_500.0) -> Fan:
    return Fan(
        origin=LAUNCH.point,
        azimuth_rad=radians(azimuth_deg),
        half_width_rad=radians(5.0),
        minimum_range_m=0.0,
        maximum_range_m=1e3 * maximum_range_km,
    )


def warning(
    time_s: float, *, nation: NationId = KR, number: int = 1, version: int = 1, **changed: object
) -> LaunchWarning:
    """A version stated `time_s` after the launch, without estimates unless they are given."""
    plain = LaunchWarning(
        warning_id=f"{nation}-1/W{number:04}",
        version=version,
        action=WarningAction.ISSUED if version == 1 else WarningAction.AMENDED,
        node=NodeId(f"{nation}-1"),
        nation=nation,
        track_id=TrackId(f"{nation}-1/T{number:04}"),
        stated_at=at(time_s),
        first_observed_at=at(45.0),
        data_at=at(time_s - 0.5),
        track_status=TrackStatus.OBSERVED,
        phase=Phase.BOOST,
        confirmation=Confirmation.SINGLE_SOURCE,
        sensors=(SensorId(f"{nation}-RADAR-1"),),
        sensor_kinds=(SensorKind.RADAR,),
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def point(latitude_deg: float, longitude_deg: float) -> GeoPoint:
    return GeoPoint(latitude_rad=radians(latitude_deg), longitude_rad=radians(longitude_deg))
