"""What a node says, before it is a record; and how it becomes one."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from bongsu.node.services import Services
from bongsu.records.keys import SignaturePair
from bongsu.records.kinds import RecordKind
from bongsu.records.record import Record, make_record, sign_statement
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import MonotonicNs, NationId, RecordId, UtcNs

SIGNING_THREADS = 2  # as many as the crypto executor has

Stored = Callable[[RecordId, MonotonicNs], None]


class Statement(Struct, frozen=True, kw_only=True):
    """What this node says; `stored` is called with the record's id once it is on disk."""

    kind: RecordKind
    fields: Mapping[str, object]
    created_at: UtcNs
    stored: Stored
    readers: frozenset[NationId] | None = None  # fewer than may have it; None: all who may


def bare_record(statement: Statement, services: Services) -> Record | None:
    """The record, not signed yet; None for a statement that can't be recorded: told, counted."""
    try:
        return make_record(
            statement.kind,
            realm=services.me.realm,
            originator=services.me.node,
            created_at=statement.created_at,
            signed_at=services.clock.system_utc(),
            fields=statement.fields,
            salts=services.entropy,
        )
    except LocalMisuse as error:
        count = services.health.refuse(f"own {statement.kind.value}: {error.what}")
        services.journal.write(
            "statement_refused",
            scenario_utc_ns=services.clock.utc(),
            reason=error.what,
            count=count,
        )
        return None


async def signatures_of(
    records: Sequence[Record], services: Services
) -> dict[RecordId, SignaturePair]:
    """Our signatures under each, made on several threads."""
    unsigned = deque(records)
    threads = min(SIGNING_THREADS, len(unsigned))
    done = await asyncio.gather(
        *(services.beside(_signatures, unsigned, services) for _ in range(threads))
    )
    return {record_id: pair for part in done for record_id, pair in part.items()}


def _signatures(unsigned: deque[Record], services: Services) -> dict[RecordId, SignaturePair]:
    """Sign what is left in the line; a signature takes 0.3 to 4 ms, so threads share one."""
    signer, realm = services.signer, services.me.realm
    signatures: dict[RecordId, SignaturePair] = {}
    while True:
        try:
            record = unsigned.popleft()
        except IndexError:
            return signatures
        signatures[record.record_id] = sign_statement(record.statement, signer, realm=realm)
