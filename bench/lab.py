"""Real node processes on loopback for measurements, fed by a tracker that the bench plays."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bongsu.adapters.first_in_line import go_first
from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.adapters.keys.files import read_signer
from bongsu.adapters.keys.folders import KeyFolders, tracker_name
from bongsu.adapters.local_link import LocalSender
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.demo.federation_files import (
    ExerciseClock,
    NationProcesses,
    ScenarioSource,
    sensor_names,
    write_federation,
)
from bongsu.main.demo.federation_keys import make_demo_federation
from bongsu.main.demo.processes import JournalLine, ProcessGroup
from bongsu.main.scenario_files import packaged_scenario, read_scenario
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import picture_body
from bongsu.records.certificate import Role
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.track import Track, TrackPicture
from bongsu.vocabulary.units import NationId, UtcNs

READY_WITHIN_S = 20.0
CHECKED_EVERY_S = 0.5


@dataclass(slots=True)
class Lab:
    """Running nodes, and every line of their journals so far."""

    folder: Path
    group: ProcessGroup
    nations: dict[NationId, NationProcesses]
    lines: list[JournalLine] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, line: JournalLine) -> None:
        self.lines.append(line)
        self.arrived.set()

    async def until(self, wanted: Any, *, within_s: float) -> None:
        """Wait until `wanted(lines)` holds; raises for a process that failed or a time-out."""
        async with asyncio.timeout(within_s):
            while not wanted(self.lines):
                self.group.raise_failure()
                self.arrived.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CHECKED_EVERY_S):
                        await self.arrived.wait()

    async def until_started(self, nodes: int) -> None:
        """Wait until so many nodes said that they started."""
        await self.until(
            lambda lines: sum(line["event"] == "node_started" for line in lines) == nodes,
            within_s=READY_WITHIN_S,
        )

    def of_event(self, event: str, nation: str) -> list[JournalLine]:
        """Lines of one event of one nation's node."""
        return [
            line
            for line in self.lines
            if line["event"] == event and str(line["node"]).startswith(f"{nation}-")
        ]


@dataclass(slots=True)
class PlayedTracker:
    """Signs pictures with a nation's tracker key and sends them to its node."""

    name: str
    signer: CryptographySigner
    sender: LocalSender
    sequence: int = field(default_factory=SystemClock().system_utc)

    def send(self, tracks: Sequence[Track], *, at: UtcNs) -> None:
        picture = TrackPicture(at=at, tracks=tuple(tracks), refused_plots=0, quarantined_plots=0)
        self.sequence += 1
        self.sender.send(
            sign_batch(
                BatchKind.PICTURE,
                picture_body(picture),
                self.signer,
                realm=Realm.EXERCISE,
                source=self.name,
                sequence=self.sequence,
            )
        )


@contextmanager
def first_in_line() -> Iterator[None]:
    """A radar that the bench plays goes first as trackers do, and nothing else that it does."""
    first = go_first()
    try:
        yield
    finally:
        if first:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


@asynccontextmanager
async def running_lab(nations: Sequence[str], *, guideline: bool = True) -> AsyncIterator[Lab]:
    """Nodes of the named nations of the packaged scenario, all started and linked."""
    async with written_lab(guideline=guideline) as lab:
        for one in lab.nations.values():
            if one.nation in nations:
                await lab.group.start("node", one.node_file, name=one.node, on_line=lab.take)
        await lab.until_started(len(nations))
        yield lab


@asynccontextmanager
async def written_lab(*, guideline: bool = True) -> AsyncIterator[Lab]:
    """Keys and files of the packaged scenario's nations; nothing runs yet.

    Without the demo's guideline they have agreed on nothing.
    """
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as name:
        folder = Path(name)
        scenario_file = folder / "scenario.toml"
        scenario_file.write_bytes(packaged_scenario())
        scenario = read_scenario(scenario_file)
        now = SystemClock().system_utc()
        make_demo_federation(folder / "keys", now=now, sensors=sensor_names(scenario))
        if not guideline:
            for agreed in (folder / "keys").glob("*/trust/guideline.*"):
                agreed.unlink()
        written = write_federation(
            folder,
            scenario,
            ScenarioSource(file=scenario_file, flight=None, seed=None),
            folder / "keys",
            ExerciseClock(scenario_start=now, anchor_utc=now, speed=1.0),
        )
        async with ProcessGroup(folder) as group:
            yield Lab(folder, group, {one.nation: one for one in written})


@asynccontextmanager
async def played_tracker(lab: Lab, nation: str) -> AsyncIterator[PlayedTracker]:
    """A tracker of that nation, connected to its node."""
    name = tracker_name(NationId(nation), 1)
    keys = KeyFolders(folder=lab.folder / "keys" / nation, nation=NationId(nation))
    socket = lab.nations[NationId(nation)].node_file.parent / "node.sock"
    sender = LocalSender(f"unix:{socket}")
    sender.open()
    try:
        yield PlayedTracker(name, read_signer(keys.of(Role.TRACKER, name)), sender)
    finally:
        await sender.drain(5.0)
        await sender.close()
