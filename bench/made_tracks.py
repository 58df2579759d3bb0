"""Tracks that a played tracker sends: plausible, and changing as the bench wants them to."""

from dataclasses import replace
from math import radians

from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
    ObjectClass,
)
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, Track, TrackStatus
from bongsu.vocabulary.units import MonotonicNs, SensorId, TrackId, UtcNs, after_seconds

SPACING_RAD = radians(1.0)


def made_track(number: int, *, at: UtcNs, emitted_at: MonotonicNs) -> Track:
    """Track `number`, each launched and falling at places of its own."""
    ellipse = Ellipse(semi_major_m=5_000.0, semi_minor_m=2_000.0, azimuth_rad=0.5)
    offset = number % 50 * SPACING_RAD
    return Track(
        track_id=TrackId(f"BENCH/T{number:05d}"),
        at=at,
        first_observed_at=at,
        last_observed_at=at,
        last_plot_emitted_at=emitted_at,
        status=TrackStatus.OBSERVED,
        phase=Phase.FREE_FLIGHT,
        position_ecef_m=(-3.2e6, 4.1e6, 4.3e6),
        velocity_ecef_mps=(-3.0e3, -2.0e3, 3.0e3),
        covariance=tuple([1.0e4] + [0.0] * 20),
        sensors=(SensorId("KR-RADAR-1"),),
        sensor_kinds=(SensorKind.RADAR,),
        classification=(
            ClassProbability(object_class=ObjectClass.IRBM, probability=0.8),
            ClassProbability(object_class=ObjectClass.MRBM, probability=0.2),
        ),
        launch=LaunchEstimate(
            point=GeoPoint(latitude_rad=0.2 + offset, longitude_rad=2.2),
            ellipse=ellipse,
            at=at,
            sigma_time_s=1.0,
            azimuth_rad=1.4,
            sigma_azimuth_rad=0.01,
        ),
        impact=ImpactEstimate(
            point=GeoPoint(latitude_rad=0.1 + offset, longitude_rad=2.9),
            ellipse=ellipse,
            at=after_seconds(at, 900.0),
            sigma_time_s=2.0,
        ),
        flight=Flight(
            apogee_m=9.7e5,
            sigma_apogee_m=1.0e4,
            range_m=4.5e6,
            sigma_range_m=2.0e4,
            flight_time_s=1320.0,
            sigma_flight_time_s=3.0,
        ),
    )


def turned(track: Track) -> Track:
    """The same track with its class probabilities turned round: worth an amendment."""
    first, second = track.classification
    return replace(
        track,
        classification=(
            replace(first, probability=second.probability),
            replace(second, probability=first.probability),
        ),
    )
