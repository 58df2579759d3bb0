"""Kinds of record that say what a nation sees: launch warnings and track updates."""

from typing import Annotated

from msgspec import Meta

from bongsu.records import estimates, names
from bongsu.records.encoding import Wire
from bongsu.records.kind_forms import KindForm, RecordKind, each, one
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus


class StateForm(Wire, frozen=True, kw_only=True):
    """Position and velocity, ECEF, with the upper triangle of their covariance."""

    position_ecef_m: tuple[names.Finite, names.Finite, names.Finite]
    velocity_ecef_mps: tuple[names.Finite, names.Finite, names.Finite]
    covariance: Annotated[tuple[names.Finite, ...], Meta(min_length=21, max_length=21)]


_SENSORS = one(Annotated[tuple[names.Sensor, ...], Meta(max_length=64)])
_SENSOR_KINDS = one(Annotated[tuple[SensorKind, ...], Meta(max_length=16)])
_CLASSIFICATION = one(estimates.Classification)
_CAVEATS = one(Annotated[tuple[names.Text, ...], Meta(max_length=32)])
_INSTANT = one(names.Instant)

LAUNCH_WARNING = KindForm(
    RecordKind.LAUNCH_WARNING,
    {
        "warning_id": one(Annotated[str, Meta(min_length=1, max_length=96)]),
        "version": one(Annotated[int, Meta(ge=1, le=2**31)]),
        "action": one(WarningAction),
        "node": one(names.Node),
        "nation": one(names.Nation),
        "track_id": one(names.TrackName),
        "stated_at": _INSTANT,
        "first_observed_at": _INSTANT,
        "data_at": _INSTANT,
        "track_status": one(TrackStatus),
        "phase": one(Phase),
        "confirmation": one(Confirmation),
        "sensors": _SENSORS,
        "sensor_kinds": _SENSOR_KINDS,
        "corroborated_by": each(names.RecordName),
        "classification": _CLASSIFICATION,
        "launch": one(estimates.LaunchEstimateForm | None),
        "launch_cell_20km": one(estimates.GeoPointForm | None),
        "impact": one(estimates.ImpactEstimateForm | None),
        "fan": one(estimates.FanForm | None),
        "flight": one(estimates.FlightForm | None),
        "caveats": _CAVEATS,
        "end_reason": one(EndReason | None),
        "derived_from": each(names.RecordName),
    },
    authority=True,
    digests_multiple=8,
    correction_fields=frozenset(
        {"warning_id", "version", "action", "node", "nation", "stated_at", "end_reason"}
    ),
    subject="warning_id",
)

TRACK_UPDATE = KindForm(
    RecordKind.TRACK_UPDATE,
    {
        "track_id": one(names.TrackName),
        "at": _INSTANT,
        "first_observed_at": _INSTANT,
        "last_observed_at": _INSTANT,
        "status": one(TrackStatus),
        "phase": one(Phase),
        "state": one(StateForm),
        "sensors": _SENSORS,
        "sensor_kinds": _SENSOR_KINDS,
        "classification": _CLASSIFICATION,
        "caveats": _CAVEATS,
    },
    authority=False,
)
