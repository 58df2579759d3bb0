"""`bongsu verify`: a whole log passes, a changed byte is named, an unusable folder is refused."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.records.made_up_log import RECEIVED, SENT, MadeUpLog, RecordRow, made_up_log
from tests.records.made_up_nations import JP, KR, NOW, US, US_1, nation

from bongsu.adapters.keys.files import write_certificates
from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.main.commands.verify import verify
from bongsu.node.ports import Commit, StoredEntry, StoredHead, StoredReceipt, StoredRecord
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import BongsuError, LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import RecordId

EXERCISE = Realm.EXERCISE


def _record(row: RecordRow) -> StoredRecord:
    opened = open_unverified_record(RECORD.decode(row.encoded), realm=EXERCISE)
    return StoredRecord(
        record_id=row.record_id,
        kind=opened.kind.value,
        originator=opened.originator,
        own=row.own,
        encoded=row.encoded,
        stored_at=NOW,
    )


def _commit(log: MadeUpLog) -> Commit:
    return Commit(
        records=tuple(_record(row) for row in log.record_rows),
        entries=tuple(
            StoredEntry(
                feed=feed,
                sequence=row.sequence,
                record_id=row.record_id,
                encoded=row.encoded,
                entry_hash=row.entry_hash,
            )
            for feed in (RECEIVED, SENT)
            for row in log.entry_rows[feed]
        ),
        heads=tuple(
            StoredHead(feed=RECEIVED, sequence=row.sequence, encoded=row.encoded)
            for row in log.head_rows[RECEIVED]
        ),
        receipts=tuple(
            StoredReceipt(feed=SENT, sequence=row.sequence, encoded=row.encoded)
            for row in log.receipt_rows[SENT]
        ),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    trust = tmp_path / "trust"
    trust.mkdir()
    for name in (KR, US, JP):
        write_certificates(trust / f"{name}.certificates", nation(name, EXERCISE).certificates)
    settings = {
        "realm": "exercise",
        "keys": "keys",
        "trust": "trust",
        "id": US_1,
        "log": "log.sqlite",
        "tracker": "unix:node.sock",
        "clock": {
            "scenario_start": "2022-10-03T22:21:30Z",
            "anchor": "2026-01-01T00:00:00Z",
            "speed": 1.0,
        },
    }
    (tmp_path / "node.json").write_text(json.dumps(settings))
    store = SqliteStore(tmp_path / "log.sqlite", node=US_1, realm=EXERCISE)
    store.append(_commit(made_up_log())).result(timeout=30)
    store.close()
    return tmp_path


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(folder / "log.sqlite")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def run(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(verify, [str(folder), *arguments], env={"COLUMNS": "200"})
    if isinstance(result.exception, BongsuError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def as_json(folder: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(folder, "--json").output)
    return answer


def test_a_whole_log_verifies(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0
    assert "EXERCISE: the log of US-1" in result.output
    assert "Everything verifies." in result.output
    answer = as_json(folder)
    assert answer["verified"] is True
    assert answer["first_bad"] is None
    assert answer["counts"]["entries"] == 7


def test_the_first_bad_byte_of_a_changed_record_is_named(folder: Path) -> None:
    row = made_up_log().record_rows[3]
    changed = bytearray(row.encoded)
    changed[70] ^= 0x10
    with database(folder) as connection:
        connection.execute(
            "UPDATE contents SET encoded = ?"
            " WHERE position = (SELECT content FROM records WHERE record_id = ?)",
            (bytes(changed), row.record_id),
        )
    result = run(folder)
    assert result.exit_code == 1
    assert "NOT VERIFIED: 1 bad" in result.output
    assert "first bad byte 70" in result.output.replace("\n", " ")
    answer = as_json(folder)
    assert answer["verified"] is False
    assert answer["first_bad"]["record_id"] == row.record_id.hex()
    assert (answer["first_bad"]["first_byte"], answer["first_bad"]["exact"]) == (70, True)


def test_a_changed_entry_is_named_with_feed_and_sequence(folder: Path) -> None:
    with database(folder) as connection:
        connection.execute("UPDATE entries SET entry_hash = zeroblob(32) WHERE sequence = 2")
    bad = as_json(folder)["first_bad"]
    assert bad["where"] == "entries"
    assert bad["feed"] == {
        "sender": "KR-1",
        "reader": "US-1",
        "lane": "urgent",
        "epoch": 1,
    }
    assert bad["sequence"] == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contents SET encoded = 'text' WHERE position = 3",
        "UPDATE contents SET encoded = 12 WHERE position = 1",
        "UPDATE records SET content = 'x' WHERE own = 1",
        "UPDATE entries SET content = -1 WHERE sequence = 1",
        "UPDATE heads SET encoded = x'00'",
        "UPDATE receipts SET sequence = -4",
        "UPDATE entries SET sequence = 'x' WHERE sequence = 3",
        "UPDATE heads SET sender = x'0102'",
        "DELETE FROM entries WHERE sequence = 3",
    ],
)
def test_any_other_damage_is_reported_and_never_a_traceback(folder: Path, change: str) -> None:
    with database(folder) as connection:
        connection.execute(change)
    assert run(folder).exit_code == 1


def test_a_feed_of_a_lane_that_there_is_not_makes_the_log_unreadable(folder: Path) -> None:
    with database(folder) as connection:
        connection.execute("UPDATE entries SET lane = 'fast'")
    with pytest.raises(LocalMisuse, match="can't be read as a log: 'fast'"):
        run(folder)


def test_a_log_of_another_node_is_refused(folder: Path) -> None:
    settings = json.loads((folder / "node.json").read_text())
    (folder / "node.json").write_text(json.dumps({**settings, "id": "US-2"}))
    with pytest.raises(LocalMisuse, match="says node 'US-1', expected 'US-2'"):
        run(folder)


def test_a_folder_without_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match="neither node.toml nor node.json"):
        run(tmp_path)


def test_a_missing_log_is_refused_and_not_made(folder: Path) -> None:
    (folder / "log.sqlite").unlink()
    with pytest.raises(LocalMisuse, match="there is no log"):
        run(folder)
    assert not (folder / "log.sqlite").exists()


@pytest.mark.parametrize("content", [b"", b"no database at all, but quite long enough" * 100])
def test_a_file_that_is_no_log_is_refused(folder: Path, content: bytes) -> None:
    (folder / "log.sqlite").write_bytes(content)
    with pytest.raises(LocalMisuse, match="is not a Bongsu log"):
        run(folder)


def test_a_log_of_the_other_realm_is_refused(folder: Path) -> None:
    with database(folder) as connection:
        connection.execute("UPDATE meta SET value = 'live' WHERE name = 'realm'")
    with pytest.raises(LocalMisuse, match="says realm 'live', expected 'exercise'"):
        run(folder)


def test_a_file_that_is_broken_below_its_rows_is_not_verified(folder: Path) -> None:
    with database(folder) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root_page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'records_by_kind'"
        ).fetchone()
        (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    path = folder / "log.sqlite"
    content = bytearray(path.read_bytes())
    end = root_page * page_bytes
    content[end - 8 : end] = bytes(8)  # index entries that point nowhere
    path.write_bytes(content)
    result = run(folder)
    assert result.exit_code == 1
    assert "NOT VERIFIED" in result.output
    assert "file structure" in result.output


def test_the_record_id_of_a_row_is_what_the_record_must_have(folder: Path) -> None:
    row = made_up_log().record_rows[4]
    with database(folder) as connection:
        connection.execute(
            "UPDATE records SET record_id = ? WHERE record_id = ?",
            (RecordId(b"z" * 32), row.record_id),
        )
    assert not as_json(folder)["verified"]
