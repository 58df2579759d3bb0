"""Kinds of record: the fields of each, and how each field looks as bytes.

The list of a kind is fixed. A value that does not exist is stated as null, so that a field
that is not shown is withheld and never empty. A *list* field is stated item by item
("derived_from/0", "derived_from/1", ...) beside its own name, whose value is the number of
items: a projection that drops an item drops the number too, and decoys hide how many
digests there are.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bongsu.records import estimates, names
from bongsu.records.encoding import Codec, Wire
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus

MAXIMUM_VALUE_BYTES = 65_000
MAXIMUM_ITEMS = 64


class RecordKind(Enum):
    """What a record states."""

    LAUNCH_WARNING = "launch_warning"
    TRACK_UPDATE = "track_update"


@dataclass(frozen=True, slots=True)
class FieldForm:
    """The bytes of one field's value; `itemised` where each item is a disclosure."""

    form: Any  # of one item, where itemised
    codec: Codec[Any]
    itemised: bool = False

    def checked(self, value: object, name: str) -> object:
        """`value` in its wire form; raises LocalMisuse where it has none (NaN, wrong type)."""
        try:
            return msgspec.convert(value, self.form, from_attributes=True)
        except (msgspec.ValidationError, TypeError) as error:
            raise LocalMisuse(
                f"field {name} cannot be recorded: {error}",
                remedy="Record finite numbers and the vocabulary's own types only",
            ) from error


@dataclass(frozen=True, slots=True)
class KindForm:
    """What makes a kind.

    `authority`: its originator signs each record. Otherwise the signed head of the
    originator's feed covers it. `digests_multiple`: decoys fill the list up to a multiple.
    `correction_fields`: without these an amendment or end of it would correct nothing;
    empty where the kind has none.
    """

    kind: RecordKind
    fields: dict[str, FieldForm]
    authority: bool
    digests_multiple: int = 1
    correction_fields: frozenset[str] = frozenset()

    def field(self, name: str) -> FieldForm | None:
        """The form of a disclosure of this name, or None where the kind has none."""
        found = self.fields.get(name)
        if found is not None:
            return _COUNT if found.itemised else found
        base, _, index = name.partition("/")
        found = self.fields.get(base)
        return found if found is not None and found.itemised and index else None


class StateForm(Wire, frozen=True, kw_only=True):
    """Position and velocity, ECEF, with the upper triangle of their covariance."""

    position_ecef_m: tuple[names.Finite, names.Finite, names.Finite]
    velocity_ecef_mps: tuple[names.Finite, names.Finite, names.Finite]
    covariance: Annotated[tuple[names.Finite, ...], Meta(min_length=21, max_length=21)]


def _one(form: Any) -> FieldForm:
    return FieldForm(form, Codec(form, maximum_bytes=MAXIMUM_VALUE_BYTES, what="field value"))


def _each(form: Any) -> FieldForm:
    codec = Codec(form, maximum_bytes=MAXIMUM_VALUE_BYTES, what="item of a field")
    return FieldForm(form, codec, itemised=True)


_COUNT = _one(Annotated[int, Meta(ge=0, le=MAXIMUM_ITEMS)])
_SENSORS = _one(Annotated[tuple[names.Sensor, ...], Meta(max_length=64)])
_SENSOR_KINDS = _one(Annotated[tuple[SensorKind, ...], Meta(max_length=16)])
_CLASSIFICATION = _one(estimates.Classification)
_CAVEATS = _one(Annotated[tuple[names.Text, ...], Meta(max_length=32)])
_INSTANT = _one(names.Instant)

_LAUNCH_WARNING = KindForm(
    RecordKind.LAUNCH_WARNING,
    {
        "warning_id": _one(Annotated[str, Meta(min_length=1, max_length=96)]),
        "version": _one(Annotated[int, Meta(ge=1, le=2**31)]),
        "action": _one(WarningAction),
        "node": _one(names.Node),
        "nation": _one(names.Nation),
        "track_id": _one(names.TrackName),
        "stated_at": _INSTANT,
        "first_observed_at": _INSTANT,
        "data_at": _INSTANT,
        "track_status": _one(TrackStatus),
        "phase": _one(Phase),
        "confirmation": _one(Confirmation),
        "sensors": _SENSORS,
        "sensor_kinds": _SENSOR_KINDS,
        "corroborated_by": _each(names.RecordName),
        "classification": _CLASSIFICATION,
        "launch": _one(estimates.LaunchEstimateForm | None),
        "launch_cell_20km": _one(estimates.GeoPointForm | None),
        "impact": _one(estimates.ImpactEstimateForm | None),
        "fan": _one(estimates.FanForm | None),
        "flight": _one(estimates.FlightForm | None),
        "caveats": _CAVEATS,
        "end_reason": _one(EndReason | None),
        "derived_from": _each(names.RecordName),
    },
    authority=True,
    digests_multiple=8,
    correction_fields=frozenset(
        {"warning_id", "version", "action", "node", "nation", "stated_at", "end_reason"}
    ),
)

_TRACK_UPDATE = KindForm(
    RecordKind.TRACK_UPDATE,
    {
        "track_id": _one(names.TrackName),
        "at": _INSTANT,
        "first_observed_at": _INSTANT,
        "last_observed_at": _INSTANT,
        "status": _one(TrackStatus),
        "phase": _one(Phase),
        "state": _one(StateForm),
        "sensors": _SENSORS,
        "sensor_kinds": _SENSOR_KINDS,
        "classification": _CLASSIFICATION,
        "caveats": _CAVEATS,
    },
    authority=False,
)

_FORMS = {form.kind: form for form in (_LAUNCH_WARNING, _TRACK_UPDATE)}


def form_of(kind: RecordKind) -> KindForm:
    """The fields and rules of `kind`."""
    return _FORMS[kind]


def field_names(kind: RecordKind) -> frozenset[str]:
    """Names that a guideline may speak of."""
    return frozenset(_FORMS[kind].fields)
