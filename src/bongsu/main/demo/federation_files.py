"""Which processes the demo runs, and the configuration file of each.

Every nation of the scenario gets a node, a tracker and its sensors, each with keys of its own.
A node that has no direct link to a partner reaches it through the relay.
"""

import datetime
import socket
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import msgspec

from bongsu.adapters.keys.folders import KeyFolders, tracker_name
from bongsu.exercise.scenario import Scenario
from bongsu.main.settings import (
    ClockTable,
    EngineTable,
    NodeSettings,
    PartnerTable,
    SensorSettings,
    TrackerSettings,
)
from bongsu.records.certificate import Role
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor_tables import table_of
from bongsu.vocabulary.units import NationId, NodeId, SensorId, UtcNs

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NationProcesses:
    """The configuration files of one nation's processes."""

    nation: NationId
    node: NodeId
    node_file: Path
    log_file: Path
    tracker_file: Path
    sensor_files: Mapping[SensorId, Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseClock:
    scenario_start: UtcNs
    anchor_utc: UtcNs
    speed: float

    def table(self) -> ClockTable:
        return ClockTable(
            scenario_start=_instant(self.scenario_start),
            anchor=_instant(self.anchor_utc),
            speed=self.speed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSource:
    """Where a sensor process finds the scenario: a file, and a published flight put into it."""

    file: Path
    flight: str | None
    seed: int | None


def relays(scenario: Scenario, here: NationId) -> dict[NationId, NationId]:
    """For every other nation, the direct neighbour through which it is reached, by fewest hops.

    Raises LocalMisuse for a nation that no path leads to.
    """
    through: dict[NationId, NationId] = {}
    waiting = deque((nation, nation) for nation in _neighbours(scenario, here))
    while waiting:
        nation, first = waiting.popleft()
        if nation == here or nation in through:
            continue
        through[nation] = first
        waiting.extend((further, first) for further in _neighbours(scenario, nation))
    for known in scenario.nations:
        if known.nation != here and known.nation not in through:
            raise LocalMisuse(
                f"no link leads from {here} to {known.nation}",
                remedy="Add it under [[links]] of the scenario",
            )
    return through


def sensor_names(scenario: Scenario) -> dict[NationId, tuple[str, ...]]:
    """Every nation with the names of its sensors: whose keys to make."""
    return {
        nation.nation: tuple(
            sensor.site.sensor_id
            for sensor in scenario.sensors
            if sensor.site.nation == nation.nation
        )
        for nation in scenario.nations
    }


def write_federation(
    folder: Path, scenario: Scenario, source: ScenarioSource, keys: Path, clock: ExerciseClock
) -> tuple[NationProcesses, ...]:
    """Write every process's configuration file; `folder` is the demo's own."""
    names = [nation.nation for nation in scenario.nations]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    return tuple(
        _write_nation(folder, scenario, source, keys, clock, nation.nation, ports)
        for nation in scenario.nations
    )


class _Process(TypedDict):
    realm: Realm
    trust: str
    keys: str
    clock: ClockTable


def _write_nation(
    folder: Path,
    scenario: Scenario,
    source: ScenarioSource,
    keys: Path,
    clock: ExerciseClock,
    nation: NationId,
    ports: Mapping[NationId, int],
) -> NationProcesses:
    home = folder / nation.lower()
    home.mkdir(mode=0o700)
    node = _node_of(scenario, nation)
    folders = KeyFolders(folder=keys / nation, nation=nation)
    tracker = tracker_name(nation, 1)

    def process(role: Role, subject: str) -> _Process:
        return _Process(
            realm=Realm.EXERCISE,
            trust=str(folders.trust),
            keys=str(folders.of(role, subject)),
            clock=clock.table(),
        )

    own = [sensor for sensor in scenario.sensors if sensor.site.nation == nation]
    tables = tuple(table_of(sensor.site) for sensor in own)
    node_file = _write(
        home / "node.json",
        NodeSettings(
            id=node,
            log="log.sqlite",
            tracker="unix:node.sock",
            engine=EngineTable(listen=(_endpoint(ports[nation]),)),
            sensors=tables,
            partners=_partners(scenario, nation, ports),
            **process(Role.NODE, node),
        ),
    )
    tracker_file = _write(
        home / "tracker.json",
        TrackerSettings(
            id=tracker,
            listen="unix:tracker.sock",
            node="unix:node.sock",
            sensors=tables,
            **process(Role.TRACKER, tracker),
        ),
    )
    sensor_files = {
        sensor.site.sensor_id: _write(
            home / f"{sensor.site.sensor_id.lower()}.json",
            SensorSettings(
                id=sensor.site.sensor_id,
                scenario=str(source.file),
                flight=source.flight,
                seed=source.seed,
                tracker="unix:tracker.sock",
                **process(Role.SENSOR, sensor.site.sensor_id),
            ),
        )
        for sensor in own
    }
    return NationProcesses(
        nation=nation,
        node=node,
        node_file=node_file,
        log_file=home / "log.sqlite",
        tracker_file=tracker_file,
        sensor_files=sensor_files,
    )


def _partners(
    scenario: Scenario, nation: NationId, ports: Mapping[NationId, int]
) -> tuple[PartnerTable, ...]:
    """Of two linked nations the one that stands first in the alphabet connects."""
    through = relays(scenario, nation)
    return tuple(
        PartnerTable(
            id=_node_of(scenario, other),
            direct=first == other,
            connect=(_endpoint(ports[other]),) if first == other and nation < other else (),
            carries_for=tuple(
                _node_of(scenario, far)
                for far, near in through.items()
                if near == other and far != other
            ),
        )
        for other, first in through.items()
    )


def _endpoint(port: int) -> str:
    return f"tls/{LOOPBACK}:{port}"


def _neighbours(scenario: Scenario, nation: NationId) -> tuple[NationId, ...]:
    return tuple(
        link.second if link.first == nation else link.first
        for link in scenario.links
        if nation in (link.first, link.second)
    )


def _node_of(scenario: Scenario, nation: NationId) -> NodeId:
    return next(known.node for known in scenario.nations if known.nation == nation)


def _write(path: Path, settings: msgspec.Struct) -> Path:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(settings), indent=2))
    return path


def free_ports(count: int) -> list[int]:
    """Ports that were free just now, all different: they are held until all are found."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]


def _instant(at: UtcNs) -> datetime.datetime:
    """The instant to the microsecond that a configuration file holds."""
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return epoch + datetime.timedelta(microseconds=at // 1_000)
