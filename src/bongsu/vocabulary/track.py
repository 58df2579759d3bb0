"""Tracks: estimates with covariance, and what they say about launch and impact."""

from dataclasses import dataclass
from enum import Enum

from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Fan,
    Flight,
    ImpactEstimate,
    LaunchEstimate,
)
from bongsu.vocabulary.plot import TrackedScan
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.sensor_bias import SensorBias
from bongsu.vocabulary.units import MonotonicNs, SensorId, TrackId, UtcNs


class TrackStatus(Enum):
    """Whether a track is seen, or only predicted."""

    TENTATIVE = "tentative"
    OBSERVED = "observed"  # confirmed, and seen lately by a sensor
    PREDICTED = "predicted, not observed"  # confirmed, not seen lately: its uncertainty grows
    DROPPED = "dropped"


class Phase(Enum):
    """What moves the object at the moment."""

    UNKNOWN = "unknown"
    BOOST = "boost"
    FREE_FLIGHT = "free flight"
    REENTRY = "re-entry"
    GLIDE = "glide"  # on lift, in the air: gliding, skipping or pulling up
    MANOEUVRE = "manoeuvre"  # above the air, moved by what nobody has named


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One object as one tracker sees it at the instant `at`.

    Position and velocity are ECEF (WGS 84, rotating); `covariance` is the upper
    triangle, row by row, of the 6 x 6 matrix of (position, velocity): 21 numbers.
    `last_plot_emitted_at` belongs to the newest plot that updated the track.
    """

    track_id: TrackId
    at: UtcNs
    first_observed_at: UtcNs
    last_observed_at: UtcNs
    last_plot_emitted_at: MonotonicNs
    status: TrackStatus
    phase: Phase
    position_ecef_m: tuple[float, float, float]
    velocity_ecef_mps: tuple[float, float, float]
    covariance: tuple[float, ...]
    sensors: tuple[SensorId, ...]
    sensor_kinds: tuple[SensorKind, ...]
    classification: tuple[ClassProbability, ...] = ()
    launch: LaunchEstimate | None = None
    impact: ImpactEstimate | None = None
    fan: Fan | None = None
    flight: Flight | None = None
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPicture:
    """Everything a tracker sends to its node after a batch."""

    at: UtcNs
    tracks: tuple[Track, ...]
    refused_plots: int  # since start: NaN, out of range, impossible
    quarantined_plots: int  # since start: from the future
    silent_sensors: tuple[SensorId, ...] = ()
    scans: tuple[TrackedScan, ...] = ()  # since the last picture, the newest last
    clock: ClockSuspicion | None = None
    biases: tuple[SensorBias, ...] = ()  # of sensors that see what others see
    off_time_sensors: tuple[SensorId, ...] = ()  # alone with their time: suspect themselves
