"""What makes a kind of record: its fields, how each looks as bytes, and the rules of the kind.

The list of a kind is fixed. A value that does not exist is stated as null, so that a field
that is not shown is withheld and never empty. A *list* field is stated item by item
("derived_from/0", "derived_from/1", ...) beside its own name, whose value is the number of
items: a projection that drops an item drops the number too, and decoys hide how many
digests there are.
"""

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from bongsu.records.encoding import Wire
from bongsu.records.lane import Lane
from bongsu.vocabulary.errors import LocalMisuse

SALT_BYTES = 16
MAXIMUM_ITEMS = 64
MAXIMUM_PATTERNS = 64  # of a kind; making one costs as much as reading a dozen records

V = TypeVar("V")


class RecordKind(Enum):
    """What a record states."""

    LAUNCH_WARNING = "launch_warning"
    TRACK_UPDATE = "track_update"
    LAUNCH_ESTIMATE = "launch_estimate"
    IMPACT_ESTIMATE = "impact_estimate"
    PLOTS = "plots"
    LAUNCH_NOTICE = "launch_notice"
    INTELLIGENCE_REPORT = "intelligence_report"
    GUIDELINE_DRAFT = "guideline_draft"
    GUIDELINE_SIGNATURE = "guideline_signature"
    GUIDELINE_AGREED = "guideline_agreed"
    RECALL = "recall"
    RECALL_ANSWER = "recall_answer"
    KEY_CERTIFICATE = "key_certificate"
    KEY_REVOCATION = "key_revocation"
    KEY_CUT = "key_cut"
    HELD_WARNINGS = "held_warnings"
    SITE_STATUS = "site_status"
    SHOWN_PICTURE = "shown_picture"
    WATCH_LOG = "watch_log"

    # Members are compared by identity; `Enum` hashes their names, in Python, at each look-up.
    __hash__ = object.__hash__


class ShownField(Wire, Generic[V], frozen=True):
    """A disclosure: a salt, a name, and the value of the type that the kind gives the name."""

    salt: Annotated[bytes, Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    name: Annotated[str, Meta(max_length=64)]
    value: V


class ShownReader(NamedTuple):
    """Reads whole disclosures of one name."""

    name: str
    decode: Callable[[bytes], ShownField[Any]]


class ShownPattern(NamedTuple):
    """Reads all disclosures of a record at once, where they have these names in this order."""

    names: list[str]
    decode: Callable[[bytes], Sequence[ShownField[Any]]]


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
    empty where the kind has none. `subject`: the field that all versions of one thing share
    (a warning's id), None where each record stands alone. `starting`: it crosses before any
    guideline is in force, by the fixed starting rule. `by_path`: it goes where the record that
    it speaks of went, whatever guideline is in force. `internal`: it never leaves its nation,
    whatever a guideline says.
    """

    __slots__ = (
        "_by_name",
        "_patterns",
        "_shown",
        "_usual",
        "_values",
        "authority",
        "by_path",
        "correction_fields",
        "digests_multiple",
        "fields",
        "has_items",
        "internal",
        "kind",
        "names",
        "starting",
        "subject",
    )

    def __init__(
        self,
        kind: RecordKind,
        fields: dict[str, FieldForm],
        *,
        authority: bool,
        digests_multiple: int = 1,
        correction_fields: frozenset[str] = frozenset(),
        subject: str | None = None,
        starting: bool = False,
        by_path: bool = False,
        internal: bool = False,
    ) -> None:
        self.kind = kind
        self.fields = fields
        self.names = tuple(fields)
        self.has_items = any(field.itemised for field in fields.values())
        self.authority = authority
        self.digests_multiple = digests_multiple
        self.correction_fields = correction_fields
        self.subject = subject
        self.starting = starting
        self.by_path = by_path
        self.internal = internal
        self._by_name = _disclosures(fields)
        self._shown: dict[bytes, ShownReader] = {}
        self._patterns: dict[tuple[bytes, ...], ShownPattern] = {}
        self._usual: dict[int, ShownPattern] = {}  # by the number of names
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
        if _hold_wire_form(values.values()):
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

    def subject_of(self, fields: Mapping[str, object]) -> str | None:
        """What a record with these fields is about; None where the kind or the reader has none."""
        value = None if self.subject is None else fields.get(self.subject)
        return None if value is None else str(value)

    @property
    def lane(self) -> Lane:
        """Which feed its records go through."""
        return Lane.URGENT if self.authority else Lane.BULK

    def field(self, name: str) -> FieldForm | None:
        """The form of a disclosure of this name, or None where the kind has none."""
        return self._by_name.get(name)

    def shown(self, name: bytes) -> ShownReader | None:
        """What reads a whole disclosure of this name (UTF-8), None where the kind has none."""
        reader = self._shown.get(name)
        if reader is None and (field := self._by_name.get(text := name.decode(errors="replace"))):
            # Made when it is first needed: a kind has some hundred names, most never used.
            shown: Any = ShownField
            reader = ShownReader(text, msgspec.msgpack.Decoder(shown[field.form]).decode)
            self._shown[name] = reader
        return reader

    def pattern(self, names: tuple[bytes, ...]) -> ShownPattern | None:
        """What reads disclosures of these names (UTF-8) in this order; None for what is unusual.

        What a reader is shown of a kind is nearly always the same fields. The first few patterns
        are learned; names that the kind lacks, or that come twice, make none.
        """
        pattern = self._patterns.get(names)
        if pattern is None and len(self._patterns) < MAXIMUM_PATTERNS:
            texts = [name.decode(errors="replace") for name in names]
            forms = [field.form for text in texts if (field := self._by_name.get(text))]
            if len(forms) == len(set(texts)) == len(names) > 0:
                shown: Any = ShownField
                whole = types.GenericAlias(tuple, tuple(shown[form] for form in forms))
                pattern = ShownPattern(texts, msgspec.msgpack.Decoder(whole).decode)
                self._patterns[names] = pattern
        if pattern is not None:
            self._usual[len(names)] = pattern
        return pattern

    def usual_pattern(self, size: int) -> ShownPattern | None:
        """The one of so many names that was met last: tried before names are looked at."""
        return self._usual.get(size)


def one(form: Any) -> FieldForm:
    """A field with one value."""
    return FieldForm(form, itemised=False, decoder=msgspec.msgpack.Decoder(form))


def each(form: Any) -> FieldForm:
    """A list field, stated item by item; `form` is that of one item."""
    return FieldForm(form, itemised=True, decoder=msgspec.msgpack.Decoder(form))


def _disclosures(fields: dict[str, FieldForm]) -> dict[str, FieldForm]:
    """The form of every disclosure that may be: fields, numbers of items, items."""
    by_name: dict[str, FieldForm] = {}
    for name, field in fields.items():
        by_name[name] = _COUNT if field.itemised else field
        if field.itemised:
            by_name |= {f"{name}/{at}": field for at in range(MAXIMUM_ITEMS)}
    return by_name


_PLAIN = frozenset({int, float, str, bytes, bool, type(None)})  # most values, and quickly told


def _hold_wire_form(values: Iterable[object]) -> bool:
    for value in values:
        if type(value) in _PLAIN:
            continue
        if isinstance(value, Wire):
            return True
        if isinstance(value, tuple):
            for item in value:
                if isinstance(item, Wire):
                    return True
    return False


def _all_of(field: FieldForm) -> Any:
    if not field.itemised:
        return field.form
    items = types.GenericAlias(tuple, (field.form, ...))
    return Annotated[items, Meta(max_length=MAXIMUM_ITEMS)]


_COUNT = one(Annotated[int, Meta(ge=0, le=MAXIMUM_ITEMS)])
