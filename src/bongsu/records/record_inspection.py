"""Which part of a stored record is wrong, and where in its bytes."""

import hashlib
from dataclasses import dataclass

from bongsu.records.disclosure import digest_of, name_of, read_disclosure
from bongsu.records.keys import Verifier
from bongsu.records.kinds import form_of
from bongsu.records.opened_record import read_statement, verify_origin
from bongsu.records.record import RECORD, Record, Statement
from bongsu.records.signatory import EndedCounts, no_ended
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import NodeId, RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A part of some stored bytes that can't be right: `start` to before `end`.

    `exact` says that the byte at `start` itself is wrong, and not only something in the part.
    """

    part: str
    start: int
    end: int
    reason: str
    exact: bool = False


class OriginChecks:
    """Verifies who said a record; the same statement and signatures only once."""

    __slots__ = ("_passed", "_trust", "_verifier")

    def __init__(self, trust: TrustStore, verifier: Verifier) -> None:
        self._trust = trust
        self._verifier = verifier
        self._passed: set[bytes] = set()

    @property
    def trust(self) -> TrustStore:
        return self._trust

    @property
    def verifier(self) -> Verifier:
        return self._verifier

    def require(
        self, record: Record, *, vouched_by: NodeId | None, ended_counts: EndedCounts
    ) -> None:
        """Raise PeerViolation unless the originator said it; see `verify_origin`."""
        if record.signatures is None:
            verify_origin(record, trust=self._trust, verifier=self._verifier, vouched_by=vouched_by)
            return
        signatures = record.signatures
        seen = hashlib.sha256(record.statement + signatures.ed25519 + signatures.ml_dsa_65).digest()
        if seen not in self._passed:
            verify_origin(
                record,
                trust=self._trust,
                verifier=self._verifier,
                vouched_by=vouched_by,
                ended_counts=ended_counts,
            )
            self._passed.add(seen)


def inspect_record(
    encoded: bytes,
    record_id: RecordId,
    *,
    origins: OriginChecks,
    vouched_by: NodeId | None,
    ended_counts: EndedCounts = no_ended,
) -> Damage | None:
    """The first damaged part of a record's stored bytes, None where all is well.

    `record_id` is the id it is stored under, `vouched_by` and `ended_counts` as in
    `verify_origin`.
    """
    try:
        record = RECORD.decode(encoded)
    except PeerViolation as error:
        return Damage(part="record", start=0, end=len(encoded), reason=error.what)
    if record.record_id != record_id:
        return _damage(encoded, "statement", record.statement, "its hash is not the record's id")
    try:
        statement = read_statement(record, realm=origins.trust.realm)
    except PeerViolation as error:
        return _damage(encoded, "statement", record.statement, error.what)
    return _inspect_disclosures(encoded, record, statement) or _inspect_origin(
        encoded, record, origins, vouched_by, ended_counts
    )


def _inspect_disclosures(encoded: bytes, record: Record, statement: Statement) -> Damage | None:
    listed = set(statement.digests)
    form = form_of(statement.kind)
    seen: set[str] = set()
    for place, data in enumerate(record.disclosures):
        if digest_of(data) not in listed:
            name = _name_of(data) or f"{place + 1} of {len(record.disclosures)}"
            return _damage(encoded, f"disclosure {name}", data, "the statement lists no such hash")
        try:
            name, _ = read_disclosure(data, form)
        except PeerViolation as error:
            return _damage(encoded, f"disclosure {place + 1}", data, error.what)
        if name in seen:
            return _damage(encoded, f"disclosure {name}", data, "it is there twice")
        seen.add(name)
    return None


def _inspect_origin(
    encoded: bytes,
    record: Record,
    origins: OriginChecks,
    vouched_by: NodeId | None,
    ended_counts: EndedCounts,
) -> Damage | None:
    try:
        origins.require(record, vouched_by=vouched_by, ended_counts=ended_counts)
    except PeerViolation as error:
        if record.signatures is None:
            return _damage(encoded, "statement", record.statement, error.what)
        start = encoded.rfind(record.signatures.ed25519)
        return Damage(part="record signatures", start=start, end=len(encoded), reason=error.what)
    return None


def _name_of(disclosure: bytes) -> str | None:
    try:
        return name_of(disclosure)
    except PeerViolation:
        return None


def _damage(encoded: bytes, part: str, piece: bytes, reason: str) -> Damage:
    start = encoded.find(piece)
    return Damage(part=part, start=start, end=start + len(piece), reason=reason)
