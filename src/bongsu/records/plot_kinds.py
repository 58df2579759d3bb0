"""The kind of record that shares plots: those of one scan that stand behind confirmed tracks.

Track ids and measurements are lists of the same length, in the same order. Components and units
of a measurement are those of the sensor's kind (`vocabulary.sensor.SensorKind`).
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records import estimates, names
from bongsu.records.encoding import Wire
from bongsu.records.kind_forms import KindForm, RecordKind, one
from bongsu.vocabulary.sensor import SensorKind

MAXIMUM_PLOTS = 512  # in one record; a scan with more is several


class SensorPlaceForm(Wire, frozen=True, kw_only=True):
    """On or above the WGS 84 ellipsoid."""

    latitude_rad: estimates.Latitude
    longitude_rad: estimates.Angle
    height_m: names.Finite


_Components = Annotated[tuple[names.Finite, ...], Meta(max_length=8)]

PLOTS = KindForm(
    RecordKind.PLOTS,
    {
        "observed_at": one(names.Instant),
        "sensor": one(names.Sensor),
        "sensor_kind": one(SensorKind),
        "sensor_place": one(SensorPlaceForm),
        "sigmas": one(_Components),
        "track_ids": one(Annotated[tuple[names.TrackName, ...], Meta(max_length=MAXIMUM_PLOTS)]),
        "measurements": one(Annotated[tuple[_Components, ...], Meta(max_length=MAXIMUM_PLOTS)]),
    },
    authority=False,
)
