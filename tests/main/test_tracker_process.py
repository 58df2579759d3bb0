"""The tracker's process: what it takes, and in which realm."""

import asyncio
from collections.abc import Coroutine
from io import StringIO
from pathlib import Path

import pytest

from bongsu.adapters.json_journal import JsonJournal
from bongsu.adapters.keys.changes import NationRoot
from bongsu.adapters.keys.cryptography_keys import CryptographySigner, CryptographyVerifier
from bongsu.adapters.keys.files import read_signer
from bongsu.adapters.keys.folders import KeyFolders, NationPlan
from bongsu.adapters.keys.nation_keys import make_nation_keys
from bongsu.adapters.keys.trust_folder import trust_nations
from bongsu.adapters.keys.trust_watch import TrustWatch
from bongsu.adapters.local_link import LocalSender
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.settings import TrackerSettings
from bongsu.main.tracker_process import TrackerProcess
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import plots_body
from bongsu.records.certificate import Role
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor_tables import RadarTable
from bongsu.vocabulary.units import NationId, NodeId, SensorId

RADAR = SensorId("KR-RADAR-1")
TRACKER = "KR-TRACKER-1"
TABLE = RadarTable(
    id=RADAR,
    nation="KR",
    latitude_deg=36.5,
    longitude_deg=127.5,
    height_m=500.0,
    sigma_range_m=30.0,
    sigma_azimuth_mrad=1.0,
    sigma_elevation_mrad=1.0,
    maximum_range_km=2_000.0,
    minimum_elevation_deg=3.0,
    scan_interval_s=1.0,
    detection_probability=0.9,
    clutter_per_scan=4.0,
)


def process_of(
    realm: Realm, folder: Path, *, sender: LocalSender | None = None
) -> tuple[TrackerProcess, CryptographySigner, StringIO]:
    nation = NationId("KR")
    folders = KeyFolders(folder=folder, nation=nation)
    plan = NationPlan(nation=nation, realm=realm, site=1, sensors=(RADAR,), officers=())
    make_nation_keys(plan, folder, now=SystemClock().system_utc())
    trust_nations(folders, (folders.public,), realm=realm)
    settings = TrackerSettings(
        id=TRACKER,
        realm=realm,
        keys=str(folders.of(Role.TRACKER, TRACKER)),
        trust=str(folders.trust),
        listen="unix:tracker.sock",
        node="unix:node.sock",
        sensors=(TABLE,),
    )
    journal = StringIO()
    process = TrackerProcess(
        settings,
        clock=SystemClock(),
        trust=TrustWatch(folders.trust, realm=realm, verifier=CryptographyVerifier()),
        signer=read_signer(folders.of(Role.TRACKER, TRACKER)),
        sender=sender or LocalSender(f"unix:{folder}/node.sock"),
        journal=JsonJournal(journal, node=NodeId(TRACKER), realm=realm),
    )
    return process, read_signer(folders.of(Role.SENSOR, RADAR)), journal


def batch_of(realm: Realm, signer: CryptographySigner, *, sequence: int = 1) -> bytes:
    clock = SystemClock()
    plots = PlotBatch(
        sensor_id=RADAR,
        realm=realm,
        sequence=sequence,
        observed_at=clock.utc(),
        emitted_at=clock.monotonic(),
        measurements=((900e3, 0.2, 0.4),),
    )
    return sign_batch(
        BatchKind.PLOTS, plots_body(plots), signer, realm=realm, source=RADAR, sequence=sequence
    )


@pytest.mark.parametrize("realm", list(Realm))
def test_a_tracker_takes_the_plots_of_its_own_realm(realm: Realm, tmp_path: Path) -> None:
    process, sensor, journal = process_of(realm, tmp_path / "keys")
    asyncio.run(process.take_batch(batch_of(realm, sensor)))
    assert process.refused_plots == 0
    assert "refused" not in journal.getvalue()


def test_q1_a_live_tracker_refuses_and_counts_a_signed_exercise_batch(tmp_path: Path) -> None:
    process, sensor, journal = process_of(Realm.LIVE, tmp_path / "keys")
    asyncio.run(process.take_batch(batch_of(Realm.EXERCISE, sensor)))
    assert '"event":"refused"' in journal.getvalue()
    assert '"count":1' in journal.getvalue()


def test_a_recorded_batch_played_again_is_refused(tmp_path: Path) -> None:
    process, sensor, journal = process_of(Realm.EXERCISE, tmp_path / "keys")
    batch = batch_of(Realm.EXERCISE, sensor)
    asyncio.run(process.take_batch(batch))
    asyncio.run(process.take_batch(batch))
    assert "is not after 1" in journal.getvalue()


class WatchedSender(LocalSender):
    """Notes each picture that it is given, and lets something happen at that moment."""

    def __init__(self) -> None:
        super().__init__("unix:nobody.sock")
        self.done: list[str] = []
        self.meanwhile: list[Coroutine[None, None, None]] = []

    def send(self, message: bytes) -> None:
        self.done.append("picture")
        if self.meanwhile:
            self._running = asyncio.ensure_future(self.meanwhile.pop(0))


@pytest.mark.parametrize("more", [0, 2])
def test_it_works_ahead_when_its_picture_is_out_and_no_plots_came_meanwhile(
    more: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = WatchedSender()
    process, sensor, _ = process_of(Realm.EXERCISE, tmp_path / "keys", sender=sender)
    batches = [batch_of(Realm.EXERCISE, sensor, sequence=1 + number) for number in range(1 + more)]

    async def scene() -> None:
        looked = asyncio.Event()

        def look_ahead(_: Tracker) -> None:
            sender.done.append("look ahead")
            looked.set()

        monkeypatch.setattr(Tracker, "look_ahead", look_ahead)
        sender.meanwhile = [process.take_batch(batch) for batch in batches[1:]]
        await process.take_batch(batches[0])
        pictures = asyncio.ensure_future(process.send_pictures())
        await looked.wait()
        pictures.cancel()

    asyncio.run(scene())
    assert sender.done == [*["picture"] * (1 + more), "look ahead"]


def test_a_sensor_whose_key_was_revoked_is_refused_without_a_restart(tmp_path: Path) -> None:
    process, sensor, journal = process_of(Realm.EXERCISE, tmp_path / "keys")
    folders = KeyFolders(folder=tmp_path / "keys", nation=NationId("KR"))
    root = NationRoot(folders, Realm.EXERCISE)
    now = SystemClock().system_utc()
    root.revoke(root.present_key(RADAR, now=now), reason="dug out at night", now=now)
    process.look_at_trust()
    assert "trust_changed" not in journal.getvalue()  # the trust folder says nothing of it yet
    trust_nations(folders, (folders.public,), realm=Realm.EXERCISE)
    process.look_at_trust()
    assert '"event":"trust_changed"' in journal.getvalue()
    asyncio.run(process.take_batch(batch_of(Realm.EXERCISE, sensor)))
    assert "was revoked by its nation" in journal.getvalue()


def test_a_trust_folder_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    process, sensor, journal = process_of(Realm.EXERCISE, tmp_path / "keys")
    certificates = tmp_path / "keys" / "trust" / "KR.certificates"
    certificates.write_text("nonsense")
    process.look_at_trust()
    process.look_at_trust()
    assert journal.getvalue().count('"event":"trust_not_read"') == 1
    asyncio.run(process.take_batch(batch_of(Realm.EXERCISE, sensor)))
    assert '"event":"refused"' not in journal.getvalue()
