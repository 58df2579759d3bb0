"""What is acknowledged is on disk; what is refused harms nobody else."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs
from tests.adapters.made_up_log import (
    NODE,
    entry,
    evidence,
    feed,
    head,
    opened,
    receipt,
    record,
    row,
    sha,
)

from bongsu.adapters.stores import group_commit, sqlite_rows
from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.adapters.stores.sqlite_schema import WAL_KEPT_BYTES
from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.node.ports import Commit, FeedPosition, LetGo, PendingRelease, StoredRecord
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs

PATIENCE_S = 30.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "node.log"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = opened(path)
    yield store
    store.close()


def done(future: "Future[None]") -> None:
    future.result(PATIENCE_S)


def reader(path: Path) -> SqliteReader:
    return SqliteReader(path, node=NODE, realm=Realm.EXERCISE)


def test_what_was_appended_can_be_read_back(store: SqliteStore) -> None:
    done(
        store.append(
            Commit(
                records=(record(1), record(2, kind="track_update"), record(3, own=False)),
                entries=(entry(1), entry(2), entry(1, feed("JP-1"))),
                heads=(head(2),),
                receipts=(receipt(1), receipt(2)),
                evidence=(evidence(),),
            )
        )
    )
    assert list(store.all_records()) == [
        record(1),
        record(2, kind="track_update"),
        record(3, own=False),
    ]
    assert list(store.records(kind="launch_warning", own=True)) == [record(1)]
    assert list(store.records(kind="launch_warning", own=False)) == [record(3, own=False)]
    assert store.entries(feed(), after=0, limit=10) == (entry(1), entry(2))
    assert store.entries(feed(), after=0, limit=1) == (entry(1),)
    assert store.entries(feed(), after=1, limit=10) == (entry(2),)
    assert store.entry_hash(feed(), 2) == sha("hash 2")
    assert store.entry_hash(feed(), 3) is None
    assert store.acknowledged(feed()) == 2
    assert store.acknowledged(feed("JP-1")) == 0
    assert list(store.heads()) == [head(2)]
    assert list(store.receipts()) == [receipt(1), receipt(2)]
    assert store.evidence() == (evidence(),)
    assert store.damages() == ()


def test_positions_name_the_last_entry_of_every_feed_in_every_epoch(store: SqliteStore) -> None:
    feeds = [feed("JP-1"), feed("US-1"), feed("US-1", epoch=2)]
    for length, of in enumerate(feeds, start=1):
        done(store.append(Commit(entries=tuple(entry(n, of) for n in range(1, length + 1)))))
    assert store.feeds() == tuple(feeds)
    assert store.positions() == tuple(
        FeedPosition(feed=of, sequence=length, entry_hash=sha(f"hash {length}"))
        for length, of in enumerate(feeds, start=1)
    )


def test_long_logs_are_read_page_by_page_and_whole(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bongsu.adapters.stores.sqlite_reader.PAGE_ROWS", 7)
    numbers = range(1, 51)
    done(
        store.append(
            Commit(
                records=tuple(record(n) for n in numbers),
                entries=tuple(entry(n) for n in numbers),
                heads=tuple(head(n) for n in numbers),
            )
        )
    )
    assert list(store.all_records()) == [record(n) for n in numbers]
    assert list(store.all_entries(feed())) == [entry(n) for n in numbers]
    assert list(store.heads()) == [head(n) for n in numbers]


def test_the_size_counts_rows_and_the_bytes_of_both_files(path: Path, store: SqliteStore) -> None:
    done(store.append(structs.replace(row(1), heads=(head(1),), evidence=(evidence(), evidence()))))
    counts = {"records": 1, "entries": 1, "heads": 1, "receipts": 0, "evidence": 2}
    assert store.row_counts() == counts
    size = store.size()
    wal = path.with_name("node.log-wal")
    assert size.bytes_used == path.stat().st_size + wal.stat().st_size
    assert size.bytes_free is not None
    assert size.bytes_free > 0


def test_commits_that_wait_share_one_transaction(path: Path) -> None:
    store = opened(path)
    transactions: list[str] = []
    store._writing.set_trace_callback(
        lambda sql: transactions.append(sql) if sql == "COMMIT" else None
    )
    with sqlite3.connect(path) as other:
        other.execute("BEGIN IMMEDIATE")  # the writer has to wait, and the rest gathers
        futures = [store.append(row(n)) for n in range(1, 201)]
    other.close()
    wait(futures, PATIENCE_S)
    for future in futures:
        done(future)
    assert len(transactions) <= 3
    store.close()


def test_one_bad_row_fails_its_own_commit_and_harms_no_other(path: Path) -> None:
    store = opened(path)
    done(store.append(row(1)))
    too_long = structs.replace(record(7), stored_at=UtcNs(2**70))
    not_bytes = StoredRecord(
        record_id=RecordId(sha("x")),
        kind="k",
        originator=NODE,
        own=True,
        encoded=None,  # type: ignore[arg-type]
        stored_at=UtcNs(1),
    )
    with sqlite3.connect(path) as other:
        other.execute("BEGIN IMMEDIATE")
        good = [store.append(row(2))]
        bad = [
            store.append(row(1)),  # its place is taken
            store.append(Commit(entries=(entry(9),))),  # leaves a hole
            store.append(Commit(records=(too_long,))),
            store.append(Commit(records=(not_bytes,))),
        ]
        good.append(store.append(row(3)))
    other.close()
    for future in good:
        done(future)
    for future in bad:
        with pytest.raises(LocalMisuse, match="refuses a row"):
            done(future)
    assert [e.sequence for e in store.all_entries(feed())] == [1, 2, 3]
    store.close()


def test_a_chain_never_gets_a_hole_even_when_a_commit_before_it_failed(store: SqliteStore) -> None:
    with pytest.raises(LocalMisuse):
        done(store.append(Commit(entries=(entry(1), structs.replace(entry(3), sequence=3)))))
    with pytest.raises(LocalMisuse, match="follow"):
        done(store.append(Commit(entries=(entry(2),))))
    assert store.feeds() == ()


def test_a_record_head_or_receipt_that_is_there_already_stays_as_it_was(
    store: SqliteStore,
) -> None:
    done(store.append(Commit(records=(record(1),), heads=(head(1),), receipts=(receipt(1),))))
    other = structs.replace(record(1), encoded=b"another projection")
    done(store.append(Commit(records=(other,), heads=(head(1, said=b"later"),))))
    assert list(store.all_records()) == [record(1)]
    assert list(store.heads()) == [head(1)]


def test_a_commit_that_nobody_waits_for_any_more_does_not_stop_the_writer(path: Path) -> None:
    store = opened(path)
    with sqlite3.connect(path) as other:
        other.execute("BEGIN IMMEDIATE")
        first = store.append(row(1))
        cancelled = store.append(Commit(records=(record(5),)))
        was_cancelled = cancelled.cancel()
    other.close()
    done(first)
    done(store.append(row(2)))
    assert was_cancelled == (record(5) not in list(store.all_records()))
    store.close()


def test_closing_commits_what_waits_and_folds_the_write_ahead_log_in(path: Path) -> None:
    store = opened(path)
    futures = [store.append(row(n)) for n in range(1, 301)]
    store.close()
    store.close()
    assert all(future.done() and future.exception() is None for future in futures)
    assert not path.with_name("node.log-wal").exists()
    with pytest.raises(Unavailable, match="closed"):
        done(store.append(row(301)))
    again = opened(path)
    assert again.positions()[0].sequence == 300
    again.close()


def test_rows_that_wait_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MAXIMUM_WAITING_ROWS", 20)
    store = opened(path)
    with sqlite3.connect(path) as other:
        other.execute("BEGIN IMMEDIATE")
        futures = [store.append(row(n)) for n in range(1, 41)]
        refused = [future for future in futures if future.done()]
    other.close()
    assert 20 <= len(refused) < 40
    for future in refused:
        with pytest.raises(Unavailable, match="waiting for the disk"):
            done(future)
    store.close()
    assert all(future.done() for future in futures)


def test_a_commit_larger_than_the_bound_still_fits_when_nothing_else_waits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MAXIMUM_WAITING_ROWS", 20)
    store = opened(path)
    done(store.append(Commit(entries=tuple(entry(n) for n in range(1, 101)))))
    store.close()


def test_a_full_disk_is_unavailable_and_mends_itself_when_there_is_space_again(
    store: SqliteStore,
) -> None:
    done(store.append(row(1)))
    (pages,) = store._writing.execute("PRAGMA page_count").fetchone()
    store._writing.execute(f"PRAGMA max_page_count = {pages}")
    large = structs.replace(record(2), encoded=bytes(200_000))
    with pytest.raises(Unavailable, match="full"):
        done(store.append(Commit(records=(large,), entries=(entry(2),))))
    assert [e.sequence for e in store.all_entries(feed())] == [1]
    store._writing.execute("PRAGMA max_page_count = 1000000")
    done(store.append(Commit(records=(large,), entries=(entry(2),))))
    assert [e.sequence for e in store.all_entries(feed())] == [1, 2]
    assert store.damages() == ()


def test_the_write_ahead_log_does_not_grow_with_the_log(path: Path) -> None:
    store = opened(path)
    blob = bytes(50_000)
    for number in range(1, 401):  # 20 MB, one transaction each
        done(store.append(Commit(records=(structs.replace(record(number), encoded=blob),))))
    assert path.with_name("node.log-wal").stat().st_size < min(8_000_000, WAL_KEPT_BYTES)
    store.close()


def test_evidence_is_bounded_in_rows_in_bytes_and_for_each_source(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_rows, "MAXIMUM_EVIDENCE_ROWS", 12)
    monkeypatch.setattr(sqlite_rows, "MAXIMUM_EVIDENCE_OF_ONE_SOURCE", 5)
    monkeypatch.setattr(sqlite_rows, "MAXIMUM_EVIDENCE_BYTES", 100)
    for source in ("US-1", "JP-1", "XX-1"):
        for _ in range(9):
            done(store.append(Commit(evidence=(evidence(source, payload=bytes(1_000)),))))
    kept = [row.source for row in store.evidence()]
    assert (kept.count("US-1"), kept.count("JP-1"), kept.count("XX-1")) == (5, 5, 2)
    assert {len(row.payload) for row in store.evidence()} == {100}


def test_many_threads_may_append_and_read_at_once(store: SqliteStore) -> None:
    def fill(reader_name: str) -> None:
        for number in range(1, 51):
            done(store.append(Commit(entries=(entry(number, feed(reader_name)),))))
            assert store.entry_hash(feed(reader_name), number) is not None

    threads = [threading.Thread(target=fill, args=(f"N{n}-1",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert [position.sequence for position in store.positions()] == [50] * 4


@pytest.mark.parametrize(
    ("node", "realm", "word"),
    [(NodeId("US-1"), Realm.EXERCISE, "node"), (NODE, Realm.LIVE, "realm")],
)
def test_a_log_of_another_node_or_realm_is_refused(
    path: Path, node: NodeId, realm: Realm, word: str
) -> None:
    opened(path).close()
    with pytest.raises(LocalMisuse, match=f"says {word}"):
        opened(path, node=node, realm=realm)
    with pytest.raises(LocalMisuse, match=f"says {word}"):
        SqliteReader(path, node=node, realm=realm)


def test_a_log_of_another_version_is_refused(path: Path) -> None:
    opened(path).close()
    with sqlite3.connect(path) as file:
        file.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    file.close()
    with pytest.raises(LocalMisuse, match="schema '99'"):
        opened(path)


def test_a_file_that_is_no_log_is_refused_and_left_as_it_was(path: Path) -> None:
    path.write_bytes(b"something else, and longer than a header of SQLite " * 40)
    before = path.read_bytes()
    with pytest.raises(LocalMisuse, match="not a database"):
        opened(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE accounts (name TEXT)")
    file.close()
    with pytest.raises(LocalMisuse, match="not a Bongsu log"):
        opened(path)


def test_a_folder_that_is_missing_or_a_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match="folder"):
        opened(tmp_path / "missing" / "node.log")
    with pytest.raises(LocalMisuse, match="cannot open"):
        opened(tmp_path)


def test_a_disk_without_write_ahead_logs_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = sqlite3.connect(":memory:", isolation_level=None)
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: memory)
    with pytest.raises(LocalMisuse, match="no write-ahead log"):
        opened(path)


def test_the_log_is_private_to_its_owner(path: Path, store: SqliteStore) -> None:
    done(store.append(row(1)))
    for file in (path, path.with_name("node.log-wal")):
        assert file.stat().st_mode & 0o077 == 0


def test_a_log_is_open_for_writing_once_and_for_reading_as_often_as_one_likes(
    path: Path, store: SqliteStore
) -> None:
    with pytest.raises(LocalMisuse, match="another process"):
        opened(path)
    done(store.append(row(1)))
    other = reader(path)
    assert list(other.all_entries(feed())) == [entry(1)]
    done(store.append(row(2)))
    assert [e.sequence for e in other.all_entries(feed())] == [1, 2]
    other.close()


def test_a_reader_of_a_missing_log_says_so_and_makes_none(path: Path) -> None:
    with pytest.raises(LocalMisuse, match="no log"):
        reader(path)
    assert not path.exists()


def test_a_damaged_file_is_said_to_be_damaged(path: Path) -> None:
    store = opened(path)
    for number in range(1, 400):
        store.append(row(number))
    store.close()
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * (path.stat().st_size - 4096 * 3))
    damaged = reader(path)
    with pytest.raises(Unavailable, match="bongsu verify"):
        list(damaged.all_entries(feed()))
    damaged.close()


WRITER = """
import sys
from pathlib import Path
from tests.adapters.made_up_log import opened, row
store = opened(Path(sys.argv[1]))
number = 0
while True:
    futures = [store.append(row(number + n)) for n in range(1, 8)]
    number += 7
    for future in futures:
        future.result()
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


@pytest.mark.processes
def test_after_sigkill_every_row_whose_future_was_done_is_there_and_the_file_is_sound(
    path: Path,
) -> None:
    root = Path(__file__).parents[3]
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert writer.stdout is not None
    said = [int(writer.stdout.readline()) for _ in range(30)]
    writer.send_signal(signal.SIGKILL)
    said += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
    writer.wait(PATIENCE_S)
    writer.stdout.close()

    store = opened(path)  # the lock of a killed process is gone with it
    assert store.damages() == ()
    sequences = [e.sequence for e in store.all_entries(feed())]
    assert sequences == list(range(1, len(sequences) + 1))
    assert len(sequences) >= said[-1]
    done(store.append(row(len(sequences) + 1)))
    store.close()


def test_a_lookup_of_one_thing_reads_no_other_entries(store: SqliteStore, path: Path) -> None:
    done(store.append(Commit(entries=(structs.replace(entry(1), subject="KR-1/W0001"), entry(2)))))
    asked: list[str] = []
    log = reader(path)
    log._reading.set_trace_callback(asked.append)
    for sender in (None, feed().sender):
        (found,) = log.entries_about("KR-1/W0001", sender=sender)
        assert found.sequence == 1
        steps = log._reading.execute(f"EXPLAIN QUERY PLAN {asked.pop()}").fetchall()
        assert "entries_by_subject (subject=?)" in steps[0][3]
        asked.clear()
    log.close()


def _bulk(number: int) -> StoredRecord:
    return record(number, kind="track_update")


def _rows_of(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_bytes_that_a_record_and_its_entries_share_lie_in_the_file_once(
    path: Path, store: SqliteStore
) -> None:
    shared = bytes(1_000)
    entries = [
        structs.replace(entry(1, feed(name)), encoded=shared) for name in ("US-1", "JP-1", "AU-1")
    ]
    stored = structs.replace(record(1), encoded=shared)
    done(store.append(Commit(records=(stored,), entries=tuple(entries))))
    assert _rows_of(path, "SELECT encoded, uses FROM contents") == [(shared, 4)]
    assert list(store.all_records()) == [stored]
    assert [store.entries(one.feed, after=0, limit=9) for one in entries] == [
        (one,) for one in entries
    ]


def test_shared_content_stays_until_the_last_of_its_users_lets_it_go(
    path: Path, store: SqliteStore
) -> None:
    shared = bytes(1_000)
    here, there = (
        structs.replace(entry(1, feed(name)), encoded=shared) for name in ("US-1", "JP-1")
    )
    stored = structs.replace(_bulk(1), encoded=shared)
    done(store.append(Commit(records=(stored,), entries=(here, there))))
    for gone, left in ((here, 1), (there, 0)):
        row = LetGo(
            feed=gone.feed, sequence=1, record_id=gone.record_id, content_hash=sha("content")
        )
        done(store.append(Commit(let_go=(row,))))
        assert store.entries(gone.feed, after=0, limit=1) == (structs.replace(gone, encoded=b""),)
        kept = shared if left else b""
        assert _rows_of(path, "SELECT encoded, uses FROM contents") == [(kept, left)]
    assert list(store.all_records()) == [structs.replace(stored, encoded=b"")]


@pytest.mark.parametrize("number", [1, 4, 5, 255, 257, 700])
def test_a_commit_of_any_number_of_rows_is_written_whole_and_in_order(
    store: SqliteStore, number: int
) -> None:
    records = tuple(_bulk(n) for n in range(1, number + 1))
    entries = tuple(entry(n) for n in range(1, number + 1))
    done(store.append(Commit(records=records, entries=entries)))
    assert tuple(store.all_records()) == records
    assert tuple(store.all_entries(feed())) == entries


def test_a_bulk_record_is_found_by_its_id_only_while_a_release_of_it_is_pending(
    store: SqliteStore,
) -> None:
    waits = PendingRelease(record_id=_bulk(2).record_id, reader=NodeId("JP-1"), due_at=UtcNs(9))
    done(store.append(Commit(records=(_bulk(1), _bulk(2)), pending=(waits,))))
    assert store.record(_bulk(1).record_id) is None
    assert store.record(_bulk(2).record_id) == _bulk(2)


def test_an_entry_knows_its_record_whether_it_came_with_it_or_before_it(
    path: Path, store: SqliteStore
) -> None:
    waits = PendingRelease(record_id=_bulk(3).record_id, reader=NodeId("JP-1"), due_at=UtcNs(9))
    done(store.append(Commit(records=(record(1),))))
    done(
        store.append(
            Commit(
                records=(record(1), _bulk(2), _bulk(3)),
                entries=(entry(1), entry(2)),
                pending=(waits,),
            )
        )
    )
    done(store.append(Commit(entries=(entry(3), entry(4)))))
    found = _rows_of(
        path,
        "SELECT sequence, records.record_id FROM entries LEFT JOIN records ON position = record",
    )
    assert found == [(n, record(n).record_id if n < 4 else None) for n in (1, 2, 3, 4)]
