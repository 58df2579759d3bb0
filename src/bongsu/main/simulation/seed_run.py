"""One seed from beginning to end: plan, compose, let it happen, look at it."""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bongsu.adapters.simulated.clock import SimulatedClock, SimulatedTime
from bongsu.adapters.simulated.event_loop import SimulatedEventLoop, run_in_simulated_time
from bongsu.adapters.simulated.network import Message, SimulatedNetwork
from bongsu.adapters.simulated.relayed_route import RelayedRoute
from bongsu.exercise.fault_plan import Episode, FaultKind, plan_faults
from bongsu.exercise.federation_plan import FederationPlan, plan_federation
from bongsu.exercise.sighting_plan import plan_sightings
from bongsu.main.simulation.fault_injection import FaultInjection
from bongsu.main.simulation.federation_keys import (
    START_UTC,
    Cryptography,
    FederationKeys,
    make_federation_keys,
)
from bongsu.main.simulation.intruder import Intruder
from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.played_officers import PlayedOfficers
from bongsu.main.simulation.played_trackers import PlayedTracker
from bongsu.main.simulation.trace import Trace
from bongsu.main.simulation.verdict import Invariant, Verdict, Violation
from bongsu.main.simulation.watching import Watching
from bongsu.vocabulary.units import NS_PER_S, NodeId

LOOKED_UP_EVERY_S = 1.0
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSettings:
    """What one run is to be."""

    seed: int
    duration_s: float
    nations: int | None = None
    cryptography: Cryptography = Cryptography.MARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCount:
    """What was delivered, by kind."""

    messages: int  # that reached an open node
    disk_groups: int  # that a disk completed
    timers: int  # of nodes, wires, disks and faults that came due, less the two above

    @property
    def all(self) -> int:
        """Every event once."""
        return self.messages + self.disk_groups + self.timers


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedResult:
    """What one run was."""

    settings: SeedSettings
    plan: FederationPlan
    simulated_s: float
    records: int
    events: EventCount
    faults: Counter[FaultKind]
    mischief: Counter[str]
    checked: Counter[Invariant]
    violation: Violation | None
    digest: str


class SeedRun:
    """A federation of one seed."""

    def __init__(self, settings: SeedSettings) -> None:
        seed = settings.seed
        self.settings = settings
        self.plan = plan_federation(seed, nations=settings.nations)
        self.time = SimulatedTime()
        self.verdict = Verdict(self.time)
        marked = settings.cryptography is Cryptography.MARKED
        self.trace = Trace(self.time, whole_payloads=marked)
        self.watching = Watching(self.verdict, self.trace, self.plan)
        keys = make_federation_keys(self.plan, settings.cryptography, random.Random(f"{seed}/keys"))
        self.route = RelayedRoute(
            paths=self.plan.paths,
            chance=random.Random(f"{seed}/wires"),
            is_up=lambda node: self.watching.machines[node].is_up,
        )
        self.network = SimulatedNetwork(
            route=self.route,
            remembers=False,
            passes=self.route.passes,
            witness=self._sent,
        )
        for node in self.plan.nodes:
            self.watching.machines[node] = self._machine(node, keys)
        self.intruder = Intruder(
            self.watching.machines, self.network, random.Random(f"{seed}/intruder")
        )
        self.officers = PlayedOfficers(self.watching.machines, random.Random(f"{seed}/officers"))
        self.faults = FaultInjection(
            self.watching.machines, self.route, random.Random(f"{seed}/faults")
        )

    def result(self) -> SeedResult:
        """Run to the end, or to the first thing that must never happen."""
        timers = run_in_simulated_time(self._run(), self.time)
        groups = sum(machine.disk_groups for machine in self.watching.machines.values())
        return SeedResult(
            settings=self.settings,
            plan=self.plan,
            simulated_s=self.time.elapsed_ns / NS_PER_S,
            records=len(self.watching.records),
            events=EventCount(
                messages=self.network.delivered,
                disk_groups=groups,
                timers=timers - self.network.arrived - groups,
            ),
            faults=self.faults.injected,
            mischief=self.route.done,
            checked=self.verdict.checked,
            violation=self.verdict.violation,
            digest=self.trace.hexdigest(),
        )

    def _sent(self, message: Message) -> None:
        self.watching.sent(message)
        self.intruder.heard(message)

    async def _run(self) -> int:
        """How many timers came due."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._failed)
        machines = self.watching.machines.values()
        for machine in machines:
            machine.start()
        looks = plan_sightings(self.settings.seed, self.plan, duration_s=self.settings.duration_s)
        played = [PlayedTracker(one, looks).run() for one in machines]
        played += [self.intruder.run(), self.officers.run()]
        played_tasks = [self._playing(one) for one in played]
        for episode in plan_faults(
            self.settings.seed, self.plan, duration_s=self.settings.duration_s
        ):
            await self._play(episode)
            if self.verdict.violation is not None:
                break
        for machine in machines:
            machine.crash()
        for task in played_tasks:
            task.cancel()
        await asyncio.gather(*played_tasks, return_exceptions=True)
        return loop.fired if isinstance(loop, SimulatedEventLoop) else 0

    def _playing(self, role: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """A role that ends by itself did so by an error of the node that it spoke to."""
        task = asyncio.ensure_future(role)
        task.add_done_callback(self._role_over)
        return task

    def _role_over(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled():
            self.verdict.require(
                False, Invariant.KEEPS_RUNNING, "a node failed its caller: {!r}", task.exception()
            )

    async def _play(self, episode: Episode) -> None:
        now_s = self.time.elapsed_ns / NS_PER_S
        faults = [
            asyncio.ensure_future(self.faults.carry_out(fault, in_s=fault.at_s - now_s))
            for fault in episode.faults
        ]
        await self._until(episode.mended_at_s)
        if self.verdict.violation is None:
            await asyncio.gather(*faults)
            await self._until(episode.ends_at_s)
            await self._come_to_rest()
        for fault in faults:
            fault.cancel()
        if self.verdict.violation is None:
            await self.watching.at_rest(self.intruder)

    async def _until(self, at_s: float) -> None:
        """Let time pass, not much longer than until something is wrong."""
        while self.verdict.violation is None:
            left_s = at_s - self.time.elapsed_ns / NS_PER_S
            if left_s <= 0.0:
                return
            await asyncio.sleep(min(left_s, LOOKED_UP_EVERY_S))

    async def _come_to_rest(self) -> None:
        """What was stated a moment ago is on its way: wait for that, within a bound."""
        ends_s = self.time.elapsed_ns / NS_PER_S + PATIENCE_S
        while self.verdict.violation is None and not await self.watching.all_acknowledged():
            if self.time.elapsed_ns / NS_PER_S >= ends_s:
                return
            await asyncio.sleep(0.02)

    def _failed(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Something on the loop ended by an error that nobody waited for.

        Where a node was killed that may be its own cancellation, and nothing is wrong with it.
        """
        if isinstance(context.get("exception"), asyncio.CancelledError):
            return
        self.verdict.require(
            False,
            Invariant.KEEPS_RUNNING,
            "{}: {!r}",
            context.get("message"),
            context.get("exception"),
        )

    def _machine(self, node: NodeId, keys: FederationKeys) -> Machine:
        chance = random.Random(f"{self.settings.seed}/{node}")
        slow = chance.random() < 0.5
        return Machine(
            node_id=node,
            partners=self.plan.partners[node],
            keys=keys,
            clock=SimulatedClock(
                time=self.time,
                start_utc=START_UTC,
                scenario_start=START_UTC,
                states_own_time=self.plan.states_own_time,
            ),
            network=self.network,
            onlooker=self.watching,
            chance=chance,
            crypto_delay_s=(lambda: chance.uniform(0.0001, 0.003)) if slow else (lambda: 0.0),
        )
