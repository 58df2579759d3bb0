"""Conducts the demo: makes the federation, starts every process, shows what they say, reports."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.adapters.system_clock import ScenarioClock, SystemClock
from bongsu.console.demo_events import DemoSetting
from bongsu.console.demo_face import DemoFace
from bongsu.console.demo_report import DemoReport
from bongsu.exercise.director import ends_at
from bongsu.exercise.flown_truth import truth_of
from bongsu.exercise.scenario import Scenario
from bongsu.main.demo.federation_files import (
    ExerciseClock,
    NationProcesses,
    ScenarioSource,
    free_ports,
    relays,
    sensor_names,
    write_federation,
)
from bongsu.main.demo.federation_keys import make_demo_federation
from bongsu.main.demo.journal_events import JournalReader
from bongsu.main.demo.outcome import DemoRun, demo_report
from bongsu.main.demo.processes import JournalLine, ProcessGroup, RunningProcess
from bongsu.main.log_verification import verify_folder
from bongsu.main.running import stop_on_signals
from bongsu.vocabulary.published_flight import PublishedFlight
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import (
    NationId,
    after_seconds,
    seconds_between,
)

PREPARED_WITHIN_S = 7.0  # from the start of the first process to the start of the scenario
CONSOLES_WITHIN_S = 5.0  # more, where each nation has a page
WATCHED_FOR_S = 62.0  # of real time, where no speed is asked for
TICK_S = 0.25
SETTLED_WITHIN_S = 10.0
STOPPED_AGAIN = 2  # times at most, where a node had a last word that another missed


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlan:
    """What to show: a scenario around one published flight, at a speed (None: chosen)."""

    scenario: Scenario
    source: ScenarioSource
    published: PublishedFlight
    speed: float | None
    folder: Path
    console: bool = False  # each nation's page is served, also when the flight is over


class Conductor:
    """One run of the demo."""

    def __init__(self, plan: DemoPlan) -> None:
        self._plan = plan
        self._truth = truth_of(plan.scenario)
        end = ends_at(plan.scenario, self._truth)
        lasting_s = seconds_between(end, plan.scenario.start)
        self.speed = plan.speed or max(1.0, lasting_s / WATCHED_FOR_S)
        self._end = end
        self._nations: tuple[NationProcesses, ...] = ()
        nations = [one.nation for one in plan.scenario.nations] if plan.console else []
        self.ports = dict(zip(nations, free_ports(len(nations)), strict=True))
        self._clock = ScenarioClock(
            scenario_start=plan.scenario.start,
            anchor_utc=after_seconds(
                SystemClock().system_utc(),
                PREPARED_WITHIN_S + (CONSOLES_WITHIN_S if plan.console else 0.0),
            ),
            speed=self.speed,
        )
        nodes = {nation.node: nation.nation for nation in plan.scenario.nations}
        self._journal = JournalReader(
            nation_of=nodes,
            sensor_kinds={s.site.sensor_id: s.site.kind for s in plan.scenario.sensors},
            relayed_by=dict(_relayed(plan.scenario)),
        )

    @property
    def setting(self) -> DemoSetting:
        """What stands before the first event."""
        scenario = self._plan.scenario
        nations = tuple(nation.nation for nation in scenario.nations)
        through = set(self._journal.relayed_by.values())
        return DemoSetting(
            realm=Realm.EXERCISE,
            flight_id=self._plan.published.id,
            site=self._plan.published.site,
            launched_at=scenario.launch_at(scenario.flights[0]),
            speed=self.speed,
            nations=nations,
            links=tuple((link.first, link.second) for link in scenario.links),
            relay=next(iter(through), None),
        )

    async def run(self, face: DemoFace) -> DemoReport:
        """Run to the end of the scenario; raises Unavailable when a process fails."""
        keys = self._plan.folder / "keys"
        make_demo_federation(
            keys, now=SystemClock().system_utc(), sensors=sensor_names(self._plan.scenario)
        )
        self._nations = nations = write_federation(
            self._plan.folder,
            self._plan.scenario,
            self._plan.source,
            keys,
            ExerciseClock(
                scenario_start=self._clock.scenario_start,
                anchor_utc=self._clock.anchor_utc,
                speed=self.speed,
            ),
        )
        async with ProcessGroup(self._plan.folder) as group:
            await self._perform(group, nations, face)
        with _opened_logs(nations) as stores:
            return demo_report(
                DemoRun(
                    scenario=self._plan.scenario,
                    truth=self._truth,
                    published=self._plan.published,
                    speed=self.speed,
                    nations=nations,
                    journal=self._journal,
                    stores=stores,
                    verification={
                        one.nation: verify_folder(one.node_file.parent)[1] for one in nations
                    },
                )
            )

    async def _perform(
        self, group: ProcessGroup, nations: tuple[NationProcesses, ...], face: DemoFace
    ) -> None:
        show = partial(self._take_line, face)
        nodes = [
            await group.start("node", one.node_file, name=one.node, on_line=show) for one in nations
        ]
        others = await self._consoles(group)
        for one in nations:
            others.append(
                await group.start(
                    "tracker", one.tracker_file, name=f"{one.node}-tracker", on_line=_ignore
                )
            )
            for sensor, file in one.sensor_files.items():
                others.append(await group.start("sensor", file, name=sensor, on_line=_ignore))
        while self._clock.utc() < self._end:
            face.tick(self._clock.utc())
            group.raise_failure()
            await asyncio.sleep(TICK_S)
        await asyncio.gather(*(child.stop() for child in others))
        await self._stop(group, nodes, nations)
        for _ in range(STOPPED_AGAIN):
            with _opened_logs(nations) as stores:
                if _complete(stores):
                    return
            # One stated something while another was stopping already: it catches up, as ever.
            await self._stop(group, await self._started_again(group, face), nations)

    async def _started_again(self, group: ProcessGroup, face: DemoFace) -> list[RunningProcess]:
        """Every node, once it says that it started: before that a stop would kill it."""
        started: list[JournalLine] = []

        def take(line: JournalLine) -> None:
            if line["event"] == "node_started":
                started.append(line)
            self._take_line(face, line)

        nodes = [
            await group.start("node", one.node_file, name=one.node, on_line=take)
            for one in self._nations
        ]
        async with asyncio.timeout(SETTLED_WITHIN_S):
            while len(started) < len(nodes):
                group.raise_failure()
                await asyncio.sleep(TICK_S)
        return nodes

    async def _stop(
        self,
        group: ProcessGroup,
        nodes: Sequence[RunningProcess],
        nations: tuple[NationProcesses, ...],
    ) -> None:
        await _settled(nations)
        await asyncio.gather(*(node.stop() for node in nodes))
        group.raise_failure()

    async def serve(self) -> None:
        """Nodes and consoles once more, from what is on their disks, until Ctrl-C."""
        stopping = asyncio.Event()
        stop_on_signals(stopping.set)
        async with ProcessGroup(self._plan.folder) as group:
            for one in self._nations:
                await group.start("node", one.node_file, name=one.node, on_line=_ignore)
            await self._consoles(group)
            while not stopping.is_set():
                group.raise_failure()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TICK_S):
                        await stopping.wait()

    async def _consoles(self, group: ProcessGroup) -> list[RunningProcess]:
        """A page of each nation, if they were asked for."""
        return [
            await group.start(
                "console", one.node_file, "--without-login", "--port", str(self.ports[one.nation]),
                name=f"{one.node}-console", on_line=_ignore,
            )
            for one in self._nations
            if one.nation in self.ports
        ]  # fmt: skip

    def _take_line(self, face: DemoFace, line: JournalLine) -> None:
        for event in self._journal.take(line):
            face.show(event)


def _ignore(_: JournalLine) -> None:
    """Trackers' and sensors' lines: their counts reach the node's own journal."""


async def _settled(nations: tuple[NationProcesses, ...]) -> None:
    """Wait, bounded, until every reader's log has what its senders' logs released to it."""
    with _opened_logs(nations) as stores:
        try:
            async with asyncio.timeout(SETTLED_WITHIN_S):
                while not _complete(stores):
                    await asyncio.sleep(TICK_S)
        except TimeoutError:
            return  # the report counts what is missing as lost


def _complete(stores: Mapping[NationId, SqliteReader]) -> bool:
    positions = [position for store in stores.values() for position in store.positions()]
    copies: dict[tuple[object, int], int] = {}
    for position in positions:
        key = (position.feed, position.sequence)
        copies[key] = copies.get(key, 0) + 1
    return all(count == 2 for count in copies.values())


@contextmanager
def _opened_logs(nations: tuple[NationProcesses, ...]) -> Iterator[dict[NationId, SqliteReader]]:
    with ExitStack() as stack:
        stores: dict[NationId, SqliteReader] = {}
        for one in nations:
            store = SqliteReader(one.log_file, node=one.node, realm=Realm.EXERCISE)
            stack.callback(store.close)
            stores[one.nation] = store
        yield stores


def _relayed(scenario: Scenario) -> Iterator[tuple[tuple[NationId, NationId], NationId]]:
    for nation in scenario.nations:
        for other, through in relays(scenario, nation.nation).items():
            if through != other:
                yield (nation.nation, other), through
