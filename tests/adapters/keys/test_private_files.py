"""Files that only their owner reads: made so, kept so, refused otherwise."""

import os
from pathlib import Path

import pytest

from bongsu.adapters.keys.private_files import (
    make_private_folder,
    read_file,
    read_private_file,
    replace_file,
    require_private,
    write_new_file,
)
from bongsu.vocabulary.errors import LocalMisuse


def test_folders_and_files_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    folder = make_private_folder(tmp_path / "a" / "b")
    write_new_file(folder / "key", b"secret")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert read_private_file(folder / "key") == b"secret"


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    write_new_file(tmp_path / "key", b"first")
    with pytest.raises(LocalMisuse, match="exists and is never overwritten"):
        write_new_file(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"


def test_a_planted_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LocalMisuse):
        write_new_file(tmp_path / "key", b"secret")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_that_others_can_reach_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    folder = make_private_folder(tmp_path / "keys")
    write_new_file(folder / "key", b"secret")
    (folder / "key").chmod(mode)
    with pytest.raises(LocalMisuse, match=f"mode {mode:o}.*chmod 600"):
        read_private_file(folder / "key")


def test_a_folder_that_others_can_enter_is_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = make_private_folder(tmp_path / "keys")
    write_new_file(folder / "key", b"secret")
    folder.chmod(0o750)
    for act in (lambda: read_private_file(folder / "key"), lambda: make_private_folder(folder)):
        with pytest.raises(LocalMisuse, match="chmod 700"):
            act()


def test_somebody_elses_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_new_file(tmp_path / "key", b"secret")
    owner = (tmp_path / "key").stat().st_uid
    if owner == 0:
        os.chown(tmp_path / "key", 12345, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(LocalMisuse, match="belongs to somebody else"):
        require_private(tmp_path / "key")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    for act in (read_file, read_private_file):
        with pytest.raises(LocalMisuse, match="No such file"):
            act(tmp_path / "none")


def test_a_file_beyond_its_bound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(11))
    with pytest.raises(LocalMisuse, match="exceeds 10 bytes"):
        read_file(tmp_path / "large", 10)


def test_a_folder_where_a_file_stands_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LocalMisuse, match="cannot make the folder"):
        make_private_folder(tmp_path / "file" / "keys")
    with pytest.raises(LocalMisuse, match="cannot write"):
        write_new_file(tmp_path / "none" / "key", b"")


def test_a_public_file_is_replaced_whole(tmp_path: Path) -> None:
    replace_file(tmp_path / "public", b"first")
    (tmp_path / "public.new").write_bytes(b"left by a crash")
    replace_file(tmp_path / "public", b"second")
    assert (tmp_path / "public").read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["public"]
