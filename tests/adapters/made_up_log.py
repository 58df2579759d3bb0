"""Rows for a log, short to write."""

import hashlib
from pathlib import Path

from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.node.ports import (
    Commit,
    Evidence,
    StoredEntry,
    StoredHead,
    StoredReceipt,
    StoredRecord,
)
from bongsu.records.feed import FeedId
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

NODE = NodeId("KR-1")


def feed(reader: str = "US-1", *, epoch: int = 1) -> FeedId:
    return FeedId(realm=Realm.EXERCISE, sender=NODE, reader=NodeId(reader), epoch=epoch)


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def record(number: int, *, kind: str = "launch_warning", own: bool = True) -> StoredRecord:
    return StoredRecord(
        record_id=RecordId(sha(f"record {number}")),
        kind=kind,
        originator=NODE if own else NodeId("US-1"),
        own=own,
        encoded=f"record {number}".encode(),
        stored_at=UtcNs(number),
    )


def entry(sequence: int, of: FeedId | None = None) -> StoredEntry:
    return StoredEntry(
        feed=feed() if of is None else of,
        sequence=sequence,
        record_id=RecordId(sha(f"record {sequence}")),
        encoded=f"record {sequence}".encode(),
        entry_hash=sha(f"hash {sequence}"),
    )


def head(sequence: int, *, said: bytes = b"head", of: FeedId | None = None) -> StoredHead:
    return StoredHead(feed=feed() if of is None else of, sequence=sequence, encoded=said)


def receipt(sequence: int, *, of: FeedId | None = None) -> StoredReceipt:
    return StoredReceipt(feed=feed() if of is None else of, sequence=sequence, encoded=b"receipt")


def evidence(source: str = "US-1", *, payload: bytes = b"?") -> Evidence:
    return Evidence(reason="refused", source=source, payload=payload, kept_at=UtcNs(1))


def row(number: int) -> Commit:
    """A record with its entry: what one statement commits."""
    return Commit(records=(record(number),), entries=(entry(number),))


def opened(path: Path, *, node: NodeId = NODE, realm: Realm = Realm.EXERCISE) -> SqliteStore:
    return SqliteStore(path, node=node, realm=realm)
