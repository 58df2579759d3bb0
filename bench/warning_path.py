"""From a batch of plots leaving its sensor to the nation's own warning record on disk.

Real tracker and node processes; 50 objects over one radar, ten of them appearing at a time, so
that up to ten new warnings fall due at once while the others go on being amended.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from bench.lab import Lab, first_in_line, running_lab
from bench.row import BenchRow
from numpy.typing import NDArray

from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.adapters.keys.files import read_signer
from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.local_link import LocalSender
from bongsu.adapters.system_clock import SystemClock
from bongsu.exercise.sensor_geometry import measured_exactly
from bongsu.main.demo.journal_events import delay_of
from bongsu.main.demo.processes import JournalLine
from bongsu.main.scenario_files import read_scenario
from bongsu.physics.frames import enu_axes, enu_to_ecef
from bongsu.physics.propagation import propagate
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import plots_body
from bongsu.records.certificate import Role
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import NationId, SensorId

RADAR = SensorId("KR-RADAR-1")
OBJECTS = 50
NEW_AT_ONCE = 10
NEW_EVERY_SCANS = 4
SCANS = 40
SCAN_S = 1.0
SEED = 20221003

Floats = NDArray[np.float64]


def rows() -> Iterator[BenchRow]:
    """The delay of every warning record that a fresh plot led to."""
    with first_in_line():
        samples = asyncio.run(_measure())
    delay = delay_of(samples)
    for quantile, value in (("p50", delay.p50), ("p99", delay.p99)):
        yield BenchRow(
            name=f"plot batch in to own warning record on disk, {quantile}",
            value=value,
            unit="ms",
            target="<= 50 ms" if quantile == "p99" else "",
            met=value is not None and value <= 50.0 if quantile == "p99" else None,
            note=f"{OBJECTS} tracks, {NEW_AT_ONCE} new at once, {delay.count} records",
        )


@dataclass(slots=True)
class _PlayedRadar:
    """Signs plots of the objects with the radar's key and sends them to its tracker."""

    site: SensorSite
    sender: LocalSender
    signer: CryptographySigner
    sequence: int = 0

    def send(self, positions_ecef_m: Floats, rng: np.random.Generator) -> None:
        exact = measured_exactly(self.site, positions_ecef_m)
        noisy = exact + rng.standard_normal(exact.shape) * np.array(self.site.sigmas)
        clock = SystemClock()
        self.sequence += 1
        plots = PlotBatch(
            sensor_id=RADAR,
            realm=Realm.EXERCISE,
            sequence=self.sequence,
            observed_at=clock.utc(),
            emitted_at=clock.monotonic(),
            measurements=tuple(tuple(map(float, row)) for row in noisy),
        )
        self.sender.send(
            sign_batch(
                BatchKind.PLOTS,
                plots_body(plots),
                self.signer,
                realm=Realm.EXERCISE,
                source=RADAR,
                sequence=self.sequence,
            )
        )


async def _measure() -> list[float]:
    async with running_lab(("KR", "US", "JP")) as lab:
        korea = lab.nations[NationId("KR")]
        await lab.group.start("tracker", korea.tracker_file, name="tracker", on_line=_ignore)
        site = read_scenario(lab.folder / "scenario.toml").sensor(RADAR).site
        sender = LocalSender(f"unix:{korea.node_file.parent / 'tracker.sock'}")
        sender.open()
        keys = KeyFolders(folder=lab.folder / "keys" / "KR", nation=NationId("KR"))
        await _play(_PlayedRadar(site, sender, read_signer(keys.of(Role.SENSOR, RADAR))))
        await lab.until(lambda _: _issued(lab) >= OBJECTS, within_s=20.0)
        await sender.close()
        return [
            (_number(line, "stored_monotonic_ns") - _number(line, "plot_emitted_monotonic_ns"))
            / 1e6
            for line in lab.of_event("own_warning", "KR")
            if line["plot_emitted_monotonic_ns"] is not None
        ]


async def _play(radar: _PlayedRadar) -> None:
    rng = np.random.default_rng(SEED)
    states = _objects(radar.site, rng)
    for scan in range(SCANS):
        await asyncio.sleep(SCAN_S)
        states = propagate(states, SCAN_S, ballistic_coefficient_kgpm2=np.inf, step_s=SCAN_S)
        seen = min(OBJECTS, NEW_AT_ONCE * (1 + scan // NEW_EVERY_SCANS))
        radar.send(states[:seen, :3], rng)


def _objects(site: SensorSite, rng: np.random.Generator) -> Floats:
    """States (N, 6) ECEF of objects in free flight, spread over the radar's sky."""
    east = rng.uniform(-700e3, 700e3, OBJECTS)
    north = rng.uniform(200e3, 900e3, OBJECTS)
    up = rng.uniform(300e3, 600e3, OBJECTS)
    place = (site.latitude_rad, site.longitude_rad)
    position = enu_to_ecef(np.stack([east, north, up], axis=-1), *place, site.height_m)
    velocity_enu = rng.normal((2_500.0, -500.0, 500.0), 300.0, (OBJECTS, 3))
    return np.concatenate([position, velocity_enu @ enu_axes(*place)], axis=-1)


def _issued(lab: Lab) -> int:
    return len({str(line["record_id"]) for line in lab.of_event("own_warning", "KR")})


def _number(line: JournalLine, name: str) -> int:
    return int(str(line[name]))


def _ignore(_: JournalLine) -> None:
    """The tracker's own lines are not measured."""
