"""Projections: the fields of a record that one reader may see. They can only close more."""

from collections.abc import Callable, Set

from bongsu.records.disclosure import DISCLOSURE, Disclosure
from bongsu.records.kinds import KindForm, form_of
from bongsu.records.record import STATEMENT, Record
from bongsu.vocabulary.units import RecordId


def project(record: Record, allowed: Set[str], *, visible: Callable[[RecordId], bool]) -> Record:
    """`record` with the disclosures of `allowed` fields, and no others.

    `visible` says of each id in an itemised field (`derived_from`) whether the reader may
    know of that record; where an id is dropped, the field's count is dropped with it, so
    that the field shows as withheld. Id and signatures stay.
    """
    form = form_of(STATEMENT.decode(record.statement).kind)
    read = [(DISCLOSURE.decode(disclosure), disclosure) for disclosure in record.disclosures]
    shown = [pair for pair in read if _base(pair[0]) in allowed]
    hidden = {
        _base(disclosure)
        for disclosure, _ in shown
        if "/" in disclosure.name and not visible(_item(form, disclosure))
    }
    if hidden:
        shown = [
            (disclosure, data)
            for disclosure, data in shown
            if disclosure.name not in hidden
            and not ("/" in disclosure.name and not visible(_item(form, disclosure)))
        ]
    return Record(
        statement=record.statement,
        disclosures=tuple([data for _, data in shown]),
        signatures=record.signatures,
    )


def _base(disclosure: Disclosure) -> str:
    return disclosure.name.partition("/")[0]


def _item(form: KindForm, disclosure: Disclosure) -> RecordId:
    field = form.field(disclosure.name)
    if field is None:
        raise DISCLOSURE.refusal(f"a {form.kind.value} has no field {disclosure.name}")
    return RecordId(field.codec.decode(bytes(disclosure.value)))
