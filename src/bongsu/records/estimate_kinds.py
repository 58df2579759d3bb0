"""Kinds of record that say, track by track, where it came from and where it goes.

They are parts of what a warning says, for readers who agreed on that part alone: each has a
coarser variant of its place as a field of its own.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records import estimates, names
from bongsu.records.kind_forms import KindForm, RecordKind, one
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackStatus

_INSTANT = one(names.Instant)
_SENSORS = one(Annotated[tuple[names.Sensor, ...], Meta(max_length=64)])
_SENSOR_KINDS = one(Annotated[tuple[SensorKind, ...], Meta(max_length=16)])
_CAVEATS = one(Annotated[tuple[names.Text, ...], Meta(max_length=32)])

LAUNCH_ESTIMATE = KindForm(
    RecordKind.LAUNCH_ESTIMATE,
    {
        "track_id": one(names.TrackName),
        "at": _INSTANT,
        "first_observed_at": _INSTANT,
        "launch": one(estimates.LaunchEstimateForm | None),
        "launch_cell_20km": one(estimates.GeoPointForm | None),
        "sensors": _SENSORS,
        "sensor_kinds": _SENSOR_KINDS,
        "caveats": _CAVEATS,
    },
    authority=False,
)

IMPACT_ESTIMATE = KindForm(
    RecordKind.IMPACT_ESTIMATE,
    {
        "track_id": one(names.TrackName),
        "at": _INSTANT,
        "status": one(TrackStatus),
        "impact": one(estimates.ImpactEstimateForm | None),
        "impact_cell_100km": one(estimates.GeoPointForm | None),
        "impact_at": one(names.Instant | None),
        "fan": one(estimates.FanForm | None),
        "flight": one(estimates.FlightForm | None),
        "classification": one(estimates.Classification),
        "sensors": _SENSORS,
        "sensor_kinds": _SENSOR_KINDS,
        "caveats": _CAVEATS,
    },
    authority=False,
)
