"""Records about keys in our log: what they say, and which are still to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bongsu.node.ports import Store, StoredRecord
from bongsu.records.certificate import SIGNED_CERTIFICATE
from bongsu.records.key_cuts import HeldPlace, cut_fields
from bongsu.records.key_statements import NO_STATEMENTS, KeyStatements, key_statements
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.revocation import REVOCATION, SIGNED_REVOCATION
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

Fields = Mapping[str, object]


def statements_in(fields: Fields) -> KeyStatements:
    """The root's words in a record about a key; PeerViolation where they are none."""
    certificate, revocation = fields.get("certificate"), fields.get("revocation")
    return key_statements(
        [SIGNED_CERTIFICATE.decode(certificate)] if isinstance(certificate, bytes) else (),
        [SIGNED_REVOCATION.decode(revocation)] if isinstance(revocation, bytes) else (),
    )


@dataclass(slots=True)
class KeyRecords:
    """What our log says about keys; mutable: it follows what is written."""

    statements: tuple[KeyStatements, ...]  # of anybody's records, revocations first
    restated: KeyStatements  # by us
    lines: set[bytes]  # keys under which we drew the line

    def missing(
        self, news: KeyStatements, *, places: Sequence[HeldPlace], learnt_at: UtcNs
    ) -> list[tuple[RecordKind, Fields]]:
        """Records to write now: lines, then ends, then what comes after; each only once."""
        wanted: list[tuple[RecordKind, Fields]] = []
        unsaid = news.without(self.restated)
        for data in news.revocations:
            key = REVOCATION.decode(data).key
            if key not in self.lines:
                self.lines.add(key)
                parts = cut_fields(key, learnt_at=learnt_at, places=places)
                wanted += [(RecordKind.KEY_CUT, part) for part in parts]
        for ended in unsaid.revocations.values():
            encoded = SIGNED_REVOCATION.encode(ended)
            wanted.append((RecordKind.KEY_REVOCATION, {"revocation": encoded}))
        for certified in unsaid.certificates.values():
            encoded = SIGNED_CERTIFICATE.encode(certified)
            wanted.append((RecordKind.KEY_CERTIFICATE, {"certificate": encoded}))
        self.restated = self.restated.with_all(unsaid)
        return wanted


def read_key_records(store: Store, *, realm: Realm) -> KeyRecords:
    """Everything that the log holds about keys."""
    restated = NO_STATEMENTS
    found: list[KeyStatements] = []
    for kind in (RecordKind.KEY_REVOCATION, RecordKind.KEY_CERTIFICATE):
        for own in (True, False):
            for row in store.records(kind=kind.value, own=own):
                statements = statements_in(_fields(row, realm))
                found.append(statements)
                restated = restated.with_all(statements) if own else restated
    lines = {
        key
        for row in store.records(kind=RecordKind.KEY_CUT.value, own=True)
        if isinstance(key := _fields(row, realm).get("key"), bytes)
    }
    return KeyRecords(statements=tuple(found), restated=restated, lines=lines)


def _fields(row: StoredRecord, realm: Realm) -> Fields:
    return open_unverified_record(RECORD.decode(row.encoded), realm=realm).fields
