"""What signed batches carry: the plots of one scan, the picture of one tracker.

Realm, source and sequence stand in the envelope alone, so that envelope and body cannot
disagree. Plots are passed on as measured, NaN and all: judging them is the tracker's work,
plot by plot. A picture is a statement of our own tracker and must be finite throughout.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from bongsu.records import estimates, names
from bongsu.records.batch import MAXIMUM_BODY_BYTES, Batch
from bongsu.records.encoding import Codec, Wire
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.plot import Platform, PlotBatch, TrackedScan
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.sensor_bias import SensorBias
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import MonotonicNs, SensorId, UtcNs

MAXIMUM_PLOTS = 100_000
_ARRAY_OF_FOUR = b"\x94"  # how MessagePack begins one; plots of a sensor that stands are three
MAXIMUM_TRACKS = 10_000
MAXIMUM_SCANS = 64

_Vector = tuple[names.Finite, names.Finite, names.Finite]
_Measurement = Annotated[tuple[float, ...], Meta(max_length=8)]
_Monotonic = Annotated[MonotonicNs, Meta(ge=-(2**63), le=2**63 - 1)]
_Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class PlotsForm(Wire, frozen=True, kw_only=True):
    """The body of a batch of plots."""

    observed_at: names.Instant
    emitted_at: _Monotonic
    measurements: Annotated[tuple[_Measurement, ...], Meta(max_length=MAXIMUM_PLOTS)]


class PlatformForm(Wire, frozen=True, kw_only=True):
    """Where a sensor that moves was, and how fast."""

    position_ecef_m: _Vector
    velocity_ecef_mps: _Vector


class MovingPlotsForm(Wire, frozen=True, kw_only=True):
    """The body of a batch of plots of a sensor that moves: one element more."""

    observed_at: names.Instant
    emitted_at: _Monotonic
    measurements: Annotated[tuple[_Measurement, ...], Meta(max_length=MAXIMUM_PLOTS)]
    platform: PlatformForm


class TrackForm(Wire, frozen=True, kw_only=True):
    """A track as its tracker sends it."""

    track_id: names.TrackName
    at: names.Instant
    first_observed_at: names.Instant
    last_observed_at: names.Instant
    last_plot_emitted_at: _Monotonic
    status: TrackStatus
    phase: Phase
    position_ecef_m: _Vector
    velocity_ecef_mps: _Vector
    covariance: Annotated[tuple[names.Finite, ...], Meta(min_length=21, max_length=21)]
    sensors: Annotated[tuple[names.Sensor, ...], Meta(max_length=64)]
    sensor_kinds: Annotated[tuple[SensorKind, ...], Meta(max_length=16)]
    classification: estimates.Classification
    launch: estimates.LaunchEstimateForm | None
    impact: estimates.ImpactEstimateForm | None
    fan: estimates.FanForm | None
    flight: estimates.FlightForm | None
    caveats: Annotated[tuple[names.Text, ...], Meta(max_length=32)]


class TrackedPlotForm(Wire, frozen=True, kw_only=True):
    track_id: names.TrackName
    measurement: Annotated[tuple[names.Finite, ...], Meta(max_length=8)]


class TrackedScanForm(Wire, frozen=True, kw_only=True):
    """The plots of one scan that stand behind confirmed tracks."""

    sensor_id: names.Sensor
    sensor_kind: SensorKind
    observed_at: names.Instant
    latitude_rad: estimates.Latitude
    longitude_rad: estimates.Angle
    height_m: names.Finite
    sigmas: Annotated[tuple[names.NotNegative, ...], Meta(max_length=8)]
    plots: Annotated[tuple[TrackedPlotForm, ...], Meta(max_length=MAXIMUM_TRACKS)]


class ClockSuspicionForm(Wire, frozen=True, kw_only=True):
    sensors: Annotated[tuple[names.Sensor, ...], Meta(min_length=2, max_length=1024)]
    slow_s: names.Finite
    followed: bool


_Offsets = Annotated[tuple[names.Finite, ...], Meta(min_length=2, max_length=8)]


class SensorBiasForm(Wire, frozen=True, kw_only=True):
    sensor_id: names.Sensor
    kind: SensorKind
    offsets: _Offsets
    sigmas: _Offsets
    correction: _Offsets
    suspicion: names.Text | None


class PictureForm(Wire, frozen=True, kw_only=True):
    """The body of a tracker's batch."""

    at: names.Instant
    tracks: Annotated[tuple[TrackForm, ...], Meta(max_length=MAXIMUM_TRACKS)]
    refused_plots: _Count
    quarantined_plots: _Count
    silent_sensors: Annotated[tuple[names.Sensor, ...], Meta(max_length=1024)]
    scans: Annotated[tuple[TrackedScanForm, ...], Meta(max_length=MAXIMUM_SCANS)]
    clock: ClockSuspicionForm | None
    biases: Annotated[tuple[SensorBiasForm, ...], Meta(max_length=64)]
    off_time_sensors: Annotated[tuple[names.Sensor, ...], Meta(max_length=1024)]


PLOTS = Codec(PlotsForm, maximum_bytes=MAXIMUM_BODY_BYTES, what="batch of plots")
MOVING_PLOTS = Codec(
    MovingPlotsForm, maximum_bytes=MAXIMUM_BODY_BYTES, what="batch of plots of a moving sensor"
)
PICTURE = Codec(PictureForm, maximum_bytes=MAXIMUM_BODY_BYTES, what="track picture")


def plots_body(batch: PlotBatch) -> bytes:
    """The body for the plots of one scan; raises LocalMisuse for what is not plain numbers."""
    try:
        if batch.platform is not None:
            moving = msgspec.convert(batch, MovingPlotsForm, from_attributes=True)
            return MOVING_PLOTS.encode(moving)
        return PLOTS.encode(msgspec.convert(batch, PlotsForm, from_attributes=True))
    except msgspec.ValidationError as error:
        raise _misuse("plots", error) from error


def plots_of(batch: Batch) -> PlotBatch:
    """The plots of an opened batch; raises PeerViolation for a body of any other form."""
    platform = None
    body: PlotsForm | MovingPlotsForm
    if batch.body[:1] == _ARRAY_OF_FOUR:
        body = moving = MOVING_PLOTS.decode(batch.body)
        platform = Platform(
            position_ecef_m=moving.platform.position_ecef_m,
            velocity_ecef_mps=moving.platform.velocity_ecef_mps,
        )
    else:
        body = PLOTS.decode(batch.body)
    return PlotBatch(
        sensor_id=SensorId(batch.source),
        realm=batch.realm,
        sequence=batch.sequence,
        observed_at=UtcNs(body.observed_at),
        emitted_at=MonotonicNs(body.emitted_at),
        measurements=body.measurements,
        platform=platform,
    )


def picture_body(picture: TrackPicture) -> bytes:
    """The body for a picture; raises LocalMisuse for NaN, infinity or what is out of range."""
    try:
        return PICTURE.encode(msgspec.convert(picture, PictureForm, from_attributes=True))
    except msgspec.ValidationError as error:
        raise _misuse("picture", error) from error


def picture_of(batch: Batch) -> TrackPicture:
    """The picture of an opened batch; raises PeerViolation for a body of any other form."""
    form = PICTURE.decode(batch.body)
    return TrackPicture(
        at=form.at,
        tracks=msgspec.convert(form.tracks, tuple[Track, ...], from_attributes=True),
        refused_plots=form.refused_plots,
        quarantined_plots=form.quarantined_plots,
        silent_sensors=form.silent_sensors,
        scans=msgspec.convert(form.scans, tuple[TrackedScan, ...], from_attributes=True),
        clock=msgspec.convert(form.clock, ClockSuspicion | None, from_attributes=True),
        biases=msgspec.convert(form.biases, tuple[SensorBias, ...], from_attributes=True),
        off_time_sensors=form.off_time_sensors,
    )


def _misuse(what: str, error: msgspec.ValidationError) -> LocalMisuse:
    return LocalMisuse(
        f"these {what} cannot be sent: {error}",
        remedy="Send Python floats and integers within their ranges",
    )
