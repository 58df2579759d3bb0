"""Kinds of record: the fields of each, and how each field looks as bytes.

The list of a kind is fixed. A value that does not exist is stated as null, so that a field
that is not shown is withheld and never empty. A *list* field is stated item by item
("derived_from/0", "derived_from/1", ...) beside its own name, whose value is the number of
items: a projection that drops an item drops the number too, and decoys hide how many
digests there are.
"""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bongsu.records import estimates, names
from bongsu.records.encoding import Wire
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, WarningAction
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus

MAXIMUM_ITEMS = 64


class RecordKind(Enum):
    """What a record states."""

    LAUNCH_WARNING = "launch_warning"
    TRACK_UPDATE = "track_update"


@dataclass(frozen=True, slots=True)
class FieldForm:
    """The bytes of one field's value; `itemised` where each item is a disclosure."""

    form: Any  # of one item, where itemised
    itemised: bool
    decoder: msgspec.msgpack.Decoder[Any]  # of one item, where itemised


class KindForm:
    """What makes a kind.

    `authority`: its originator signs each record. Otherwise the signed head of the
    originator's feed covers it. `digests_multiple`: decoys fill the list up to a multiple.
    `correction_fields`: without these an amendment or end of it would correct nothing;
    empty where the kind has none.
    """

    __slots__ = (
        "_by_name",
        "_values",
        "authority",
        "correction_fields",
        "digests_multiple",
        "fields",
        "kind",
    )

    def __init__(
        self,
        kind: RecordKind,
        fields: dict[str, FieldForm],
        *,
        authority: bool,
        digests_multiple: int = 1,
        correction_fields: frozenset[str] = frozenset(),
    ) -> None:
        self.kind = kind
        self.fields = fields
        self.authority = authority
        self.digests_multiple = digests_multiple
        self.correction_fields = correction_fields
        self._by_name = _disclosures(fields)
        # One structure of all values, so that a record is checked in one call.
        self._values = msgspec.defstruct(
            f"{kind.value}_values",
            [(name, _all_of(field)) for name, field in fields.items()],
            forbid_unknown_fields=True,
            frozen=True,
        )

    def checked(self, values: Mapping[str, object]) -> tuple[object, ...]:
        """Wire forms of all fields' values, in order.

        Values are given in the vocabulary's own types. Raises LocalMisuse for a missing or
        unknown field, NaN, a value out of range, or a ready-made wire form, which nothing
        would check any more.
        """
        if any(_holds_wire_form(value) for value in values.values()):
            raise LocalMisuse(
                f"a {self.kind.value} was given a ready-made wire form",
                remedy="Give the vocabulary's own types",
            )
        try:
            read = msgspec.convert(values, self._values, from_attributes=True)
        except (msgspec.ValidationError, TypeError) as error:
            raise LocalMisuse(
                f"a {self.kind.value} cannot be recorded: {error}",
                remedy="State every field, None where there is no value, finite plain numbers",
            ) from error
        return msgspec.structs.astuple(read)

    def field(self, name: str) -> FieldForm | None:
        """The form of a disclosure of this name, or None where the kind has none."""
        return self._by_name.get(name)


class StateForm(Wire, frozen=True, kw_only=True):
    """Position and velocity, ECEF, with the upper triangle of their covariance."""

    position_ecef_m: tuple[names.Finite, names.Finite, names.Finite]
    velocity_ecef_mps: tuple[names.Finite, names.Finite, names.Finite]
    covariance: Annotated[tuple[names.Finite, ...], Meta(min_length=21, max_length=21)]


def _one(form: Any) -> FieldForm:
    return FieldForm(form, itemised=False, decoder=msgspec.msgpack.Decoder(form))


def _each(form: Any) -> FieldForm:
    return FieldForm(form, itemised=True, decoder=msgspec.msgpack.Decoder(form))


def _disclosures(fields: dict[str, FieldForm]) -> dict[str, FieldForm]:
    """The form of every disclosure that may be: fields, numbers of items, items."""
    by_name: dict[str, FieldForm] = {}
    for name, field in fields.items():
        by_name[name] = _COUNT if field.itemised else field
        if field.itemised:
            by_name |= {f"{name}/{at}": field for at in range(MAXIMUM_ITEMS)}
    return by_name


def _holds_wire_form(value: object) -> bool:
    if isinstance(value, tuple):
        return any(isinstance(item, Wire) for item in value)
    return isinstance(value, Wire)


def _all_of(field: FieldForm) -> Any:
    if not field.itemised:
        return field.form
    items = types.GenericAlias(tuple, (field.form, ...))
    return Annotated[items, Meta(max_length=MAXIMUM_ITEMS)]


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
