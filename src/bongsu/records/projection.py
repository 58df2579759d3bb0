"""Projections: the fields of a record that one reader may see. They can only close more."""

from collections.abc import Callable, Set
from functools import lru_cache

from bongsu.records.disclosure import name_of, name_of_checked, read_disclosure
from bongsu.records.kinds import KindForm, RecordKind, form_of
from bongsu.records.record import STATEMENT, Record
from bongsu.vocabulary.units import RecordId


def project(record: Record, allowed: Set[str], *, visible: Callable[[RecordId], bool]) -> Record:
    """`record`, which we made or verified, with the disclosures of `allowed` fields alone.

    `visible` says of each id in an itemised field (`derived_from`) whether the reader may
    know of that record; where an id is dropped, the field's number of items is dropped with
    it, so that the field shows as withheld. Id and signatures stay.
    """
    shown: list[tuple[str, bytes]] = []
    has_items = False
    for disclosure in record.disclosures:
        name = name_of_checked(disclosure)
        if name in allowed:
            shown.append((name, disclosure))
        elif "/" in name and name.partition("/")[0] in allowed:
            shown.append((name, disclosure))
            has_items = True
    if has_items:
        shown = _visible_items(shown, form_of(STATEMENT.decode(record.statement).kind), visible)
    return Record(
        statement=record.statement,
        disclosures=tuple([disclosure for _, disclosure in shown]),
        signatures=record.signatures,
    )


def project_made(record: Record, kind: RecordKind, allowed: frozenset[str]) -> Record:
    """`project` for a record that `make_record` just made: its fields stand in the kind's order."""
    places = _places(kind, allowed)
    if places is None:
        return project(record, allowed, visible=lambda _: True)
    return Record(
        statement=record.statement,
        disclosures=tuple([record.disclosures[at] for at in places]),
        signatures=record.signatures,
    )


@lru_cache(maxsize=256)
def _places(kind: RecordKind, allowed: frozenset[str]) -> tuple[int, ...] | None:
    """None where the number of disclosures depends on the values."""
    form = form_of(kind)
    if form.has_items:
        return None
    return tuple(at for at, name in enumerate(form.names) if name in allowed)


def united(record: Record, *copies: Record) -> Record:
    """One record with everything that any of its projections shows."""
    shown: dict[str, bytes] = {}
    for copy in (record, *copies):
        for data in copy.disclosures:
            shown.setdefault(name_of(data), data)
    return Record(
        statement=record.statement,
        disclosures=tuple(shown.values()),
        signatures=record.signatures,
    )


def shown_fields(projection: Record) -> frozenset[str]:
    """The fields that it shows anything of; an itemised one counts from its first item on."""
    return frozenset(name_of(data).partition("/")[0] for data in projection.disclosures)


def _visible_items(
    shown: list[tuple[str, bytes]], form: KindForm, visible: Callable[[RecordId], bool]
) -> list[tuple[str, bytes]]:
    dropped: set[str] = set()
    for name, disclosure in shown:
        field, _, index = name.partition("/")
        if index and not _may_see(disclosure, form, visible):
            dropped |= {name, field}
    return [(name, disclosure) for name, disclosure in shown if name not in dropped]


def _may_see(disclosure: bytes, form: KindForm, visible: Callable[[RecordId], bool]) -> bool:
    _, item = read_disclosure(disclosure, form)
    return isinstance(item, bytes) and visible(RecordId(item))
