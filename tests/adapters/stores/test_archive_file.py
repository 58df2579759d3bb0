"""Archives: written whole or not at all, read with suspicion."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.records.made_up_nations import feed_id, track_record

from bongsu.adapters.stores.archive_file import MAGIC, read_archive, write_archive
from bongsu.records.archive import ArchivedEntry
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

ENTRIES = [
    ArchivedEntry(feed=feed_id(), sequence=at, encoded=RECORD.encode(track_record()))
    for at in (1, 2, 3)
]


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "old.archive"
    assert write_archive(path, ENTRIES) == 3
    assert list(read_archive(path)) == ENTRIES
    assert path.stat().st_mode & 0o077 == 0


def test_an_archive_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "old.archive"
    write_archive(path, ENTRIES)
    with pytest.raises(LocalMisuse, match="exists"):
        write_archive(path, [])
    assert len(list(read_archive(path))) == 3


def test_a_failure_leaves_no_archive_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[ArchivedEntry]:
        yield ENTRIES[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(LocalMisuse, match="No space left"):
        write_archive(tmp_path / "old.archive", broken())
    assert list(tmp_path.iterdir()) == []


def test_an_archive_cut_anywhere_is_noticed(tmp_path: Path) -> None:
    whole = tmp_path / "old.archive"
    write_archive(whole, ENTRIES)
    data = whole.read_bytes()
    part = tmp_path / "part"
    ends = {len(MAGIC)}
    for size in range(len(data)):
        part.write_bytes(data[:size])
        try:
            entries = list(read_archive(part))
        except (LocalMisuse, PeerViolation):
            continue
        ends.add(size)
        assert entries == ENTRIES[: len(entries)]
    assert len(ends) == 3  # empty, after the first entry, after the second


def test_a_length_beyond_every_bound_is_damage_and_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "old.archive"
    path.write_bytes(MAGIC + b"\xff\xff\xff\xff" + bytes(100))
    with pytest.raises(PeerViolation, match="damaged"):
        list(read_archive(path))


def test_another_file_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("something else altogether")
    with pytest.raises(LocalMisuse, match="no archive"):
        list(read_archive(path))
    with pytest.raises(LocalMisuse, match="cannot read"):
        list(read_archive(tmp_path / "missing"))
