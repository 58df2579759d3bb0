"""Reading a record: who said it, which fields are open, which are withheld.

Trust rules:

- What bears authority (a warning) needs its originator's signatures over the statement.
- What does not (a track update) stands under the signed head of the originator's own feed;
  another node cannot pass it on as the originator's.
- What a node signed with a key that has ended since counts under a head that the same node
  signed with its present key, and where we held it before we learnt of the end.
- A disclosure whose digest the statement does not list is refused, and with it the record.
- A field of the kind that is not disclosed is *withheld*; a name that this version does not
  know is listed, its bytes are kept, its value is not read.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bongsu.records.certificate import Role
from bongsu.records.disclosure import digests_of, read_at_once, read_disclosure, refusal
from bongsu.records.keys import Purpose, Verifier
from bongsu.records.kinds import KindForm, RecordKind, form_of
from bongsu.records.realm_mark import require_realm
from bongsu.records.record import STATEMENT, Record, Statement
from bongsu.records.signatory import (
    EndedCounts,
    Signatory,
    every_ended,
    no_ended,
    require_signed_by,
)
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRecord:
    """What a reader may know of a record; values are in their wire forms."""

    record_id: RecordId
    kind: RecordKind
    realm: Realm
    originator: NodeId
    created_at: UtcNs
    signed_at: UtcNs
    fields: Mapping[str, object]
    withheld: tuple[str, ...]  # fields of the kind that are not, or not wholly, shown
    unknown: tuple[str, ...]  # names of a later version


def open_record(
    record: Record,
    *,
    trust: TrustStore,
    verifier: Verifier,
    vouched_by: NodeId | None = None,
) -> OpenedRecord:
    """Check origin, realm and every disclosure, then read; PeerViolation for any doubt."""
    statement = verify_origin(record, trust=trust, verifier=verifier, vouched_by=vouched_by)
    return open_verified(record, statement)


def verify_origin(
    record: Record,
    *,
    trust: TrustStore,
    verifier: Verifier,
    vouched_by: NodeId | None = None,
    ended_counts: EndedCounts = no_ended,
) -> Statement:
    """The statement, if its originator said it in this realm; else PeerViolation.

    `vouched_by` is the node under whose head, signed with its present key, the record stands:
    enough for bulk records of that node itself, never for what bears authority, unless it was
    signed with a key of that node that has ended since. `ended_counts` is asked about an ended
    key in every other case: was the record on our disk before we learnt of the end?
    """
    statement = read_statement(record, realm=trust.realm)
    if record.signatures is not None:
        signatory = Signatory(
            role=Role.NODE,
            subject=statement.originator,
            at=statement.signed_at,
            purpose=Purpose.RECORD,
            what=f"record of {statement.originator}",
        )
        require_signed_by(
            signatory,
            record.statement,
            record.signatures,
            trust=trust,
            verifier=verifier,
            ended_counts=every_ended if vouched_by == statement.originator else ended_counts,
        )
    elif form_of(statement.kind).authority:
        raise STATEMENT.refusal(f"a {statement.kind.value} without its originator's signatures")
    elif vouched_by != statement.originator:
        raise STATEMENT.refusal(f"nobody vouches for it as a record of {statement.originator}")
    return statement


def open_verified(record: Record, statement: Statement) -> OpenedRecord:
    """Check every disclosure, then read; `statement` is what `verify_origin` said of it."""
    values, unknown = _checked(record, statement)
    fields, withheld = _gathered(form_of(statement.kind), values)
    return OpenedRecord(
        record_id=record.record_id,
        kind=statement.kind,
        realm=statement.realm,
        originator=statement.originator,
        created_at=statement.created_at,
        signed_at=statement.signed_at,
        fields=MappingProxyType(fields),
        withheld=withheld,
        unknown=unknown,
    )


def check_verified(record: Record, statement: Statement) -> None:
    """The same checks of a record that is only kept; raises what `open_verified` raises."""
    _checked(record, statement)


def open_unverified_record(record: Record, *, realm: Realm) -> OpenedRecord:
    """Read what our own store holds and `verify_origin` has passed, or will pass, elsewhere.

    Realm, digests and values are checked here; who said it is not.
    """
    return open_verified(record, read_statement(record, realm=realm))


def read_statement(record: Record, *, realm: Realm) -> Statement:
    """The statement of a record of this realm, its digests in order; else PeerViolation."""
    statement = STATEMENT.decode(record.statement)
    require_realm(statement.realm, realm, what=f"record of {statement.originator}")
    if not all(map(operator.lt, statement.digests, statement.digests[1:])):
        raise STATEMENT.refusal("its digests are not in rising order")
    return statement


def _checked(record: Record, statement: Statement) -> tuple[dict[str, object], tuple[str, ...]]:
    """Values by name, and names of a later version, where the statement lists every disclosure."""
    if not set(statement.digests).issuperset(digests_of(record.disclosures)):
        raise refusal(f"record {record.record_id.hex()[:16]} lists no such digest")
    return _read(form_of(statement.kind), record.disclosures)


def _read(
    form: KindForm, disclosures: tuple[bytes, ...]
) -> tuple[dict[str, object], tuple[str, ...]]:
    at_once = read_at_once(disclosures, form)
    if at_once is not None:
        return at_once, ()
    values: dict[str, object] = {}
    unknown: list[str] = []
    for data in disclosures:
        name, value = read_disclosure(data, form)
        if name in values or name in unknown:
            raise refusal(f"field {name} is disclosed twice")
        if form.field(name) is None:
            unknown.append(name)
        else:
            values[name] = value
    return values, tuple(unknown)


def _gathered(
    form: KindForm, values: dict[str, object]
) -> tuple[dict[str, object], tuple[str, ...]]:
    fields: dict[str, object] = {}
    withheld: list[str] = []
    for name, field in form.fields.items():
        if field.itemised:
            items = _items(name, values)
            if items:
                fields[name] = items
            if values.get(name) == len(items):
                fields[name] = items
            else:
                withheld.append(name)
        elif name in values:
            fields[name] = values[name]
        else:
            withheld.append(name)
    return fields, tuple(withheld)


def _items(name: str, values: dict[str, object]) -> tuple[object, ...]:
    prefix = f"{name}/"
    indexed = {int(key[len(prefix) :]): key for key in values if key.startswith(prefix)}
    return tuple(values[indexed[at]] for at in sorted(indexed))
