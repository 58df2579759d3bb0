"""A log in PostgreSQL: the contract of every log, and what only a server can do to it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from msgspec import structs
from tests.adapters.made_up_log import NODE, entry, evidence, feed, head, receipt, record, row
from tests.adapters.postgres_server import Server, running_server
from tests.adapters.store_contract import PATIENCE_S, Log, StoreContract

from bongsu.adapters.stores import group_commit, postgres_reader, postgres_rows
from bongsu.adapters.stores.postgres_log import PostgresLog
from bongsu.adapters.stores.postgres_schema import schema_name
from bongsu.adapters.stores.postgres_store import PostgresStore
from bongsu.node.ports import Commit, Store
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, UtcNs

EXERCISE, LIVE = Realm.EXERCISE, Realm.LIVE


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture
def url(server: Server) -> str:
    for realm in Realm:
        server.sql(f'DROP SCHEMA IF EXISTS "{schema_name(NODE, realm)}" CASCADE')
    return server.url


def opened(url: str, *, node: NodeId = NODE, realm: Realm = EXERCISE) -> PostgresStore:
    return PostgresStore(url, node=node, realm=realm)


@dataclass
class InPostgres:
    url: str

    def opened(self) -> Store:
        return opened(self.url)


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def log(self, url: str) -> Log:
        return InPostgres(url)


def test_one_process_at_a_time_writes(url: str) -> None:
    store = opened(url)
    with pytest.raises(LocalMisuse, match="open in another process") as refused:
        opened(url)
    assert refused.value.remedy
    store.close()
    opened(url).close()


def test_live_and_exercise_and_other_nodes_have_logs_of_their_own(url: str) -> None:
    exercise, live = opened(url), opened(url, realm=LIVE)
    exercise.append(row(1)).result(PATIENCE_S)
    assert live.positions() == ()
    assert list(live.all_records()) == []
    for store in (exercise, live):
        store.close()


def test_a_schema_of_another_node_or_version_is_refused(server: Server, url: str) -> None:
    opened(url).close()
    schema = schema_name(NODE, EXERCISE)
    server.sql(f"UPDATE \"{schema}\".meta SET value = 'US-1' WHERE name = 'node'")
    with pytest.raises(LocalMisuse, match="says node 'US-1'"):
        opened(url)
    server.sql(f'DROP TABLE "{schema}".meta')
    with pytest.raises(LocalMisuse, match="there is no log"):
        opened(url)


def test_a_server_that_does_not_sync_is_refused(server: Server, url: str) -> None:
    try:
        _configure(server, "off")
        with pytest.raises(LocalMisuse, match="fsync off"):
            opened(url)
    finally:
        _configure(server, "on")
    opened(url).close()


def _configure(server: Server, fsync: str) -> None:
    server.sql(f"ALTER SYSTEM SET fsync = {fsync}")
    server.sql("SELECT pg_reload_conf()")
    for _ in range(1_000):  # until it has read its configuration
        if server.sql("SHOW fsync") == fsync:
            return
    raise AssertionError(f"fsync is not {fsync}")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="could not be read") as refused:
        opened("postgresql://nobody@/none?host=/nonexistent")
    assert "server runs" in refused.value.remedy


def test_a_password_is_never_shown() -> None:
    with pytest.raises(Unavailable) as refused:
        opened("postgresql://kr:secret@127.0.0.1:1/log")
    assert "secret" not in str(refused.value)


def test_long_logs_are_read_page_by_page(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_reader, "PAGE_ROWS", 7)
    store = opened(url)
    numbers = range(1, 51)
    rows = Commit(
        records=tuple(record(n) for n in numbers),
        entries=tuple(entry(n) for n in numbers),
        heads=tuple(head(n) for n in numbers),
        receipts=tuple(receipt(n) for n in numbers),
    )
    store.append(rows).result(PATIENCE_S)
    log = PostgresLog(url, node=NODE, realm=EXERCISE)
    assert list(log.records()) == list(rows.records)
    read = [(row.sequence, row.encoded, row.entry_hash) for row in log.entries(feed())]
    assert read == [(row.sequence, row.encoded, row.entry_hash) for row in rows.entries]
    assert list(log.heads(feed())) == list(rows.heads)
    assert list(log.receipts(feed())) == list(rows.receipts)
    assert list(log.feeds()) == [feed()]
    assert log.record(record(3).record_id) == record(3).encoded
    assert list(log.copies(record(3).record_id)) == [entry(3).encoded]
    assert log.record(record(99).record_id) is None
    assert log.damages() == ()
    store.append(row(51)).result(PATIENCE_S)
    assert len(list(log.records())) == 50  # as it was when it was opened
    log.close()
    store.close()


def test_rows_that_can_never_be_written_are_refused_and_harm_no_other(url: str) -> None:
    store = opened(url)
    bad = [
        Commit(records=(structs.replace(record(7), stored_at=UtcNs(2**70)),)),
        Commit(records=(structs.replace(record(8), kind="nul \0"),)),
        Commit(entries=(entry(9),)),
    ]
    good = [row(1), row(2)]
    futures = [store.append(commit) for commit in (good[0], *bad, good[1])]
    for future in (futures[0], futures[-1]):
        future.result(PATIENCE_S)
    for future in futures[1:-1]:
        with pytest.raises(LocalMisuse, match="refuses a row"):
            future.result(PATIENCE_S)
    assert [e.sequence for e in store.all_entries(feed())] == [1, 2]
    store.close()


def test_evidence_is_bounded_in_rows_in_bytes_and_for_each_source(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_rows, "MAXIMUM_EVIDENCE_ROWS", 12)
    monkeypatch.setattr(postgres_rows, "MAXIMUM_EVIDENCE_OF_ONE_SOURCE", 5)
    monkeypatch.setattr(postgres_rows, "MAXIMUM_EVIDENCE_BYTES", 100)
    store = opened(url)
    for source in ("US-1", "JP-1", "XX-1"):
        for _ in range(9):
            kept = structs.replace(evidence(source, payload=bytes(1_000)), reason="a \0 in it")
            store.append(Commit(evidence=(kept,))).result(PATIENCE_S)
    sources = [found.source for found in store.evidence()]
    assert (sources.count("US-1"), sources.count("JP-1"), sources.count("XX-1")) == (5, 5, 2)
    assert {len(found.payload) for found in store.evidence()} == {100}
    store.close()


def test_what_was_done_survives_a_crash_of_the_server_and_the_store_goes_on(
    server: Server, url: str
) -> None:
    store = opened(url)
    for number in range(1, 21):
        store.append(row(number)).result(PATIENCE_S)
    server.stop("immediate")
    refused = store.append(row(21))
    with pytest.raises(Unavailable, match="could not be written"):
        refused.result(PATIENCE_S)
    with pytest.raises(Unavailable, match="could not be read"):
        store.positions()
    server.start()
    assert store.positions()[0].sequence == 20
    store.append(row(21)).result(PATIENCE_S)
    assert store.positions()[0].sequence == 21
    store.close()


def test_a_connection_that_broke_during_a_commit_is_told_how_it_ended(
    server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session ends right after COMMIT was sent, or before: the store finds out which."""
    store = opened(url)
    breaks = iter(["after", "before"])
    ended = _break_commits(monkeypatch, lambda: next(breaks, "never"))
    store.append(row(1)).result(PATIENCE_S)  # kept by the server, said to be done
    with pytest.raises(Unavailable, match="kept nothing"):
        store.append(row(2)).result(PATIENCE_S)
    store.append(row(2)).result(PATIENCE_S)
    assert ended == ["after", "before", "never"]
    assert [e.sequence for e in store.all_entries(feed())] == [1, 2]
    store.close()


def _break_commits(monkeypatch: pytest.MonkeyPatch, when: object) -> list[str]:
    from asyncpg.transaction import Transaction

    commit = Transaction.commit
    ended: list[str] = []

    async def broken(self: object) -> None:
        assert callable(when)
        moment = str(when())
        ended.append(moment)
        if moment != "before":
            await commit(self)
        if moment != "never":
            self._connection.terminate()  # type: ignore[attr-defined]
            raise ConnectionResetError("the wire was cut")

    monkeypatch.setattr(Transaction, "commit", broken)
    return ended


def test_rows_that_wait_are_bounded(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MAXIMUM_WAITING_ROWS", 20)
    store = opened(url)
    hold, entered = threading.Event(), threading.Event()
    insert = store._group_commit._insert

    def slow(commits: object) -> None:
        entered.set()
        hold.wait(PATIENCE_S)
        insert(commits)  # type: ignore[arg-type]

    monkeypatch.setattr(store._group_commit, "_insert", slow)
    first = store.append(row(1))
    assert entered.wait(PATIENCE_S)
    futures = [store.append(row(n)) for n in range(2, 40)]
    refused = [future for future in futures if future.done()]
    hold.set()
    first.result(PATIENCE_S)
    assert refused
    for future in refused:
        with pytest.raises(Unavailable, match="waiting for the disk"):
            future.result(PATIENCE_S)
    store.close()
