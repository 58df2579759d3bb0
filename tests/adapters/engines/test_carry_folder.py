"""Folders that people carry: whole or not there, never overwritten, read with suspicion."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bongsu.adapters.engines import carry_folder
from bongsu.adapters.engines.carry_folder import ArrivedFolder, CarryFolders, DepartingFolder
from bongsu.adapters.engines.carry_manifest import MANIFEST_FILE
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

KR, US = NodeId("KR-1"), NodeId("US-1")
AT_US = CarryFolders(realm=Realm.EXERCISE, node=US)


def departing(folder: Path) -> DepartingFolder:
    trip = CarryFolders(realm=Realm.EXERCISE, node=KR).departing(str(folder), US)
    trip.open(lambda *_: None)
    return trip


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    folder = tmp_path / "to-US"
    trip = departing(folder)
    trip.send(US, "urgent", b"first")
    trip.send(US, "bulk", b"second")
    trip.close()
    return folder


def arrived(folder: Path) -> ArrivedFolder:
    return AT_US.arrived(str(folder))


def test_the_folder_says_whose_it_is_and_holds_one_message_a_file(carried: Path) -> None:
    manifest = json.loads((carried / MANIFEST_FILE).read_text())
    assert (manifest["banner"], manifest["sender"], manifest["reader"]) == ("EXERCISE", KR, US)
    assert sorted(file.name for file in carried.iterdir()) == [
        "0001-urgent",
        "0002-bulk",
        MANIFEST_FILE,
    ]
    trip = arrived(carried)
    assert trip.sender == KR
    assert [(trip.read(file.name), file.channel) for file in trip.files] == [
        (b"first", "urgent"),
        (b"second", "bulk"),
    ]


def test_until_it_is_closed_there_is_no_such_folder(tmp_path: Path) -> None:
    folder = tmp_path / "to-US"
    trip = departing(folder)
    trip.send(US, "urgent", b"first")
    assert not folder.exists()
    trip.abandon()
    trip.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["to-US", "to-US.partial"])
def test_nothing_is_ever_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(LocalMisuse, match="never overwritten"):
        departing(tmp_path / "to-US")


def test_a_stick_that_is_not_there_or_full_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LocalMisuse, match="cannot write"):
        departing(tmp_path / "no-stick" / "to-US")
    trip = departing(tmp_path / "to-US")
    monkeypatch.setattr(os, "fsync", _no_room)
    with pytest.raises(LocalMisuse, match="cannot write .*No space left") as refused:
        trip.send(US, "bulk", b"x")
    assert "free space" in refused.value.remedy
    with pytest.raises(LocalMisuse, match="cannot write"):
        trip.close()


def _no_room(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_trip_is_bounded_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carry_folder, "MAXIMUM_TRIP_BYTES", 1_000)
    trip = departing(tmp_path / "to-US")
    assert trip.send(US, "bulk", bytes(600))
    assert not trip.send(US, "bulk", bytes(401))
    assert trip.send(US, "bulk", bytes(400))
    with pytest.raises(LocalMisuse, match="no channel"):
        trip.send(US, "../x", b"")


@pytest.mark.parametrize("where", ["to another node", "in the other realm"])
def test_a_folder_that_is_for_somebody_else_is_not_read(carried: Path, where: str) -> None:
    other = (
        CarryFolders(realm=Realm.EXERCISE, node=NodeId("JP-1"))
        if where == "to another node"
        else CarryFolders(realm=Realm.LIVE, node=US)
    )
    with pytest.raises(LocalMisuse, match="is a trip to US-1 in the exercise realm"):
        other.arrived(str(carried))


def _flipped(carried: Path) -> None:
    (carried / "0001-urgent").write_bytes(b"First")


def _longer(carried: Path) -> None:
    (carried / "0001-urgent").write_bytes(b"first and more")


def _missing(carried: Path) -> None:
    (carried / "0001-urgent").unlink()


def _a_link(carried: Path) -> None:
    (carried / "0001-urgent").rename(carried / "elsewhere")
    (carried / "0001-urgent").symlink_to(carried / "elsewhere")


def _a_pipe(carried: Path) -> None:
    (carried / "0001-urgent").unlink()
    os.mkfifo(carried / "0001-urgent")


@pytest.mark.parametrize("damage", [_flipped, _longer, _missing, _a_link, _a_pipe])
def test_a_damaged_message_is_refused_and_the_others_are_read(
    carried: Path, damage: Callable[[Path], None]
) -> None:
    damage(carried)
    trip = arrived(carried)
    with pytest.raises(PeerViolation, match="0001-urgent is missing or was damaged") as refused:
        trip.read("0001-urgent")
    assert "Copy the folder once more" in refused.value.remedy
    heard: list[bytes] = []
    trip.open(lambda _sender, _channel, payload: heard.append(payload))
    assert heard == [b"second"]
    assert trip.refused == 1


def _changed(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest | changes


def _file_changed(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest | {"files": [manifest["files"][0] | changes]}


@pytest.mark.parametrize(
    "change",
    [
        _changed(format=2),
        _changed(sender="../x"),
        _changed(more=1),
        _changed(files=[{}]),
        _file_changed(name="../0001-urgent"),
        _file_changed(name="0001-urgent\n"),
        _file_changed(size_bytes=-1),
        _file_changed(size_bytes=10**9),
        _file_changed(sha256="0"),
        lambda manifest: manifest | {"files": manifest["files"][:1] * 2},
        lambda manifest: manifest | {"files": manifest["files"] * 1_000},
        lambda _: [],
    ],
)
def test_a_manifest_that_is_not_as_we_write_it_is_refused(
    carried: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    path = carried / MANIFEST_FILE
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(LocalMisuse, match=".") as said:
        arrived(carried)
    assert said.value.remedy


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 100_000, b"x" * 600_000])
def test_what_is_no_manifest_is_one_clear_error(carried: Path, content: bytes) -> None:
    (carried / MANIFEST_FILE).write_bytes(content)
    with pytest.raises(LocalMisuse, match="is no folder of carried messages"):
        arrived(carried)


def test_a_folder_without_a_manifest_is_none(tmp_path: Path) -> None:
    with pytest.raises(LocalMisuse, match="is no folder of carried messages"):
        arrived(tmp_path)
