"""A live node beside an exercise, as real processes: nothing crosses."""

import asyncio
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from bench.lab import Lab, PlayedTracker
from bench.made_tracks import made_track
from tests.worlds.running_nations import WITHIN_S

from bongsu.adapters.keys.files import read_signer
from bongsu.adapters.keys.folders import KeyFolders, NationPlan, tracker_name
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.adapters.local_link import LocalSender
from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.demo.processes import JournalLine, ProcessGroup
from bongsu.main.settings import EngineTable, NodeSettings, PartnerTable
from bongsu.records.certificate import Role
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId

pytestmark = pytest.mark.processes

PICTURES = 5


def _keys(folder: Path, realm: Realm) -> dict[str, KeyFolders]:
    """Keys of KR and US of one realm, each trusting both."""
    made = {
        name: make_nation_keys(
            NationPlan(
                nation=NationId(name),
                realm=realm,
                site=1,
                sensors=(f"{name}-RADAR-1",),
                officers=(f"{name}-OFFICER-1",),
            ),
            folder / realm.value / name,
            now=SystemClock().system_utc(),
        ).folders
        for name in ("KR", "US")
    }
    publics = tuple(one.public for one in made.values())
    for folders in made.values():
        trust_nations(folders, publics, realm=realm)
    return made


def _node_file(
    home: Path, keys: KeyFolders, realm: Realm, partner: PartnerTable, engine: EngineTable
) -> Path:
    home.mkdir()
    node = NodeId(f"{keys.nation}-1")
    settings = NodeSettings(
        id=node,
        realm=realm,
        keys=str(keys.of(Role.NODE, node)),
        trust=str(keys.trust),
        log="log.sqlite",
        tracker="unix:node.sock",
        engine=engine,
        partners=(partner,),
    )
    path = home / "node.json"
    path.write_bytes(msgspec.json.encode(settings))
    return path


def test_a_live_node_refuses_an_exercise_tracker_and_has_no_link_to_an_exercise_partner() -> None:
    with tempfile.TemporaryDirectory(prefix="bongsu-") as name:
        asyncio.run(_live_beside_exercise(Path(name)))


async def _live_beside_exercise(folder: Path) -> None:
    live, exercise = _keys(folder, Realm.LIVE), _keys(folder, Realm.EXERCISE)
    port = _free_port()
    korea = _node_file(
        folder / "kr",
        live["KR"],
        Realm.LIVE,
        PartnerTable(id=NodeId("US-1")),
        EngineTable(listen=(f"tls/127.0.0.1:{port}",)),
    )
    states = _node_file(
        folder / "us",
        exercise["US"],
        Realm.EXERCISE,
        PartnerTable(id=NodeId("KR-1"), connect=(f"tls/127.0.0.1:{port}",)),
        EngineTable(),
    )
    async with ProcessGroup(folder) as group:
        lab = Lab(folder, group, {})
        await group.start("node", korea, name="KR-1", on_line=lab.take)
        await group.start("node", states, name="US-1", on_line=lab.take)
        await lab.until(lambda _: _started(lab), within_s=WITHIN_S)
        await _send_pictures(exercise["KR"], korea.parent / "node.sock")
        await lab.until(lambda _: len(lab.of_event("refused", "KR")) >= PICTURES, within_s=WITHIN_S)
        # Fifteen seconds after its start a node says which partner it never heard.
        await lab.until(lambda _: _unheard(lab, "KR") and _unheard(lab, "US"), within_s=WITHIN_S)
        for child in group.children:
            await child.stop()
            assert child.process.returncode == 0
    refused = lab.of_event("refused", "KR")
    assert [line["count"] for line in refused] == list(range(1, PICTURES + 1))
    assert {line["source"] for line in refused} == {"tracker"}
    assert all("marked EXERCISE" in str(line["reason"]) for line in refused)
    for event in ("own_warning", "partner_warning", "track_status", "first_plot"):
        assert lab.of_event(event, "KR") == []
    with _log(korea, "KR-1", Realm.LIVE) as log:
        rows = log.row_counts()
        assert rows.pop("evidence") == PICTURES
        assert set(rows.values()) == {0}
    with _log(states, "US-1", Realm.EXERCISE) as log:
        assert log.row_counts()["entries"] == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _started(lab: Lab) -> bool:
    return all(lab.of_event("node_started", nation) for nation in ("KR", "US"))


def _unheard(lab: Lab, nation: str) -> list[JournalLine]:
    return [
        line for line in lab.of_event("link_fault", nation) if line["reason"] == "nothing heard"
    ]


async def _send_pictures(keys: KeyFolders, address: Path) -> None:
    name = tracker_name(keys.nation, 1)
    sender = LocalSender(f"unix:{address}")
    sender.open()
    tracker = PlayedTracker(name, read_signer(keys.of(Role.TRACKER, name)), sender)
    clock = SystemClock()
    for number in range(PICTURES):
        track = made_track(number, at=clock.utc(), emitted_at=clock.monotonic())
        tracker.send([track], at=clock.utc())
    assert await sender.drain(10.0)
    await sender.close()


@contextmanager
def _log(file: Path, node: str, realm: Realm) -> Iterator[SqliteReader]:
    log = SqliteReader(file.parent / "log.sqlite", node=NodeId(node), realm=realm)
    try:
        yield log
    finally:
        log.close()
