"""Records: signed once, disclosed selectively.

The originator signs a *statement*: kind, realm, originator, time, and the digests of all
fields. The record's id is the SHA-256 of the statement, so it is the same for every reader:
partners compare ids, and nobody can tell two partners two stories unseen. Each reader holds
a *projection*: the statement and those disclosures that he may see. What bears authority
carries its originator's signatures over the statement; nothing else is ever signed, so the
same signatures serve every projection.
"""

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from msgspec import Meta

from bongsu.records.disclosure import (
    MAXIMUM_DISCLOSURE_BYTES,
    decoy,
    digests_of,
    disclose_each,
)
from bongsu.records.encoding import Codec, Wire
from bongsu.records.keys import Purpose, SignaturePair, Signer, context_for
from bongsu.records.kind_forms import SALT_BYTES
from bongsu.records.kinds import KindForm, RecordKind, form_of
from bongsu.records.names import VERSION, Instant, Node, Sha256, Version
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

MAXIMUM_DIGESTS = 256
MAXIMUM_STATEMENT_BYTES = 16_384
MAXIMUM_RECORD_BYTES = 131_072


class Statement(Wire, frozen=True, kw_only=True):
    """What the originator signs; `digests` rise strictly and include decoys.

    `created_at` is the record's time (in an exercise the scenario's); `signed_at` is the
    machine's own time and decides which certificate of the originator counts.
    """

    version: Version = VERSION
    kind: RecordKind
    realm: Realm
    originator: Node
    created_at: Instant
    signed_at: Instant
    digests: Annotated[tuple[Sha256, ...], Meta(max_length=MAXIMUM_DIGESTS)]


class Record(Wire, frozen=True, kw_only=True):
    """A record as one reader holds it: exact bytes, and the fields that are open to him."""

    statement: Annotated[bytes, Meta(max_length=MAXIMUM_STATEMENT_BYTES)]
    disclosures: Annotated[
        tuple[Annotated[bytes, Meta(max_length=MAXIMUM_DISCLOSURE_BYTES)], ...],
        Meta(max_length=MAXIMUM_DIGESTS),
    ]
    signatures: SignaturePair | None = None

    @property
    def record_id(self) -> RecordId:
        """The same for every reader."""
        return RecordId(hashlib.sha256(self.statement).digest())


STATEMENT = Codec(Statement, maximum_bytes=MAXIMUM_STATEMENT_BYTES, what="statement")
RECORD = Codec(Record, maximum_bytes=MAXIMUM_RECORD_BYTES, what="record")

Salts = Callable[[int], bytes]  # so many random bytes
_SALTS = struct.Struct(f"{SALT_BYTES}s")


def make_record(
    kind: RecordKind,
    *,
    realm: Realm,
    originator: NodeId,
    created_at: UtcNs,
    signed_at: UtcNs,
    fields: Mapping[str, object],
    salts: Salts,
) -> Record:
    """State `fields` (all of the kind's, absent values as None) as an unsigned record.

    Raises LocalMisuse for a missing or unknown field or a value that the field can't hold.
    """
    form = form_of(kind)
    names, values = _stated_values(form, fields)
    salted = _salts(salts, len(values) + (-len(values) % form.digests_multiple))
    disclosures = disclose_each(zip(salted, names, values, strict=False))
    digests = digests_of(disclosures)
    digests += [decoy(salt) for salt in salted[len(values) :]]
    digests.sort()
    statement = Statement(
        kind=kind,
        realm=realm,
        originator=originator,
        created_at=created_at,
        signed_at=signed_at,
        digests=tuple(digests),
    )
    return Record(statement=STATEMENT.encode(statement), disclosures=tuple(disclosures))


def sign_statement(statement: bytes, signer: Signer, *, realm: Realm) -> SignaturePair:
    """The originator's signatures; may run beside the signing of the head that covers it."""
    return signer.sign(statement, context=context_for(realm, Purpose.RECORD))


def signed_record(record: Record, signatures: SignaturePair) -> Record:
    """The same record with its originator's signatures; its id and chain hash stay."""
    return Record(statement=record.statement, disclosures=record.disclosures, signatures=signatures)


def _salts(source: Salts, count: int) -> list[bytes]:
    randomness = source(SALT_BYTES * count)
    if len(randomness) != SALT_BYTES * count:
        raise LocalMisuse(
            f"the source of salts gave {len(randomness)} bytes for {count} salts",
            remedy="Give as many random bytes as it is asked for",
        )
    return [salt for (salt,) in _SALTS.iter_unpack(randomness)]


def _stated_values(
    form: KindForm, fields: Mapping[str, object]
) -> tuple[Sequence[str], Sequence[object]]:
    """Names and values of every disclosure, itemised fields item by item after their number."""
    checked = form.checked(fields)
    if not form.has_items:
        return form.names, checked
    names: list[str] = []
    values: list[object] = []
    for (name, field), value in zip(form.fields.items(), checked, strict=True):
        names.append(name)
        if field.itemised and isinstance(value, tuple):
            names += [f"{name}/{at}" for at in range(len(value))]
            values += [len(value), *value]
        else:
            values.append(value)
    return names, values
