"""Planned faults carried out: each begins at its time, and is taken back at the end of it."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping

from bongsu.adapters.simulated.relayed_route import Liar, RelayedRoute, Weather, Wire
from bongsu.adapters.simulated.timed_store import PowerCut
from bongsu.exercise.fault_plan import FaultKind, PlannedFault
from bongsu.main.simulation.machine import Machine
from bongsu.vocabulary.units import NS_PER_S, NodeId

DOWN_S = (0.2, 15.0)  # after a crash, until somebody starts the node again
WAITS_FOR_A_WRITE_S = 5.0
CUTS = {
    FaultKind.CRASH_BEFORE_WRITE: PowerCut.BEFORE,
    FaultKind.CRASH_AFTER_WRITE: PowerCut.AFTER,
    FaultKind.TORN_WRITE: PowerCut.TORN,
}


class FaultInjection:
    """Strikes machines and wires. Everything is mended when the last fault is over."""

    def __init__(
        self, machines: Mapping[NodeId, Machine], route: RelayedRoute, chance: random.Random
    ) -> None:
        self._machines = machines
        self._route = route
        self._chance = chance
        self.injected: Counter[FaultKind] = Counter()

    async def carry_out(self, fault: PlannedFault, *, in_s: float) -> None:
        """Wait for the fault's time, begin it, end it."""
        await asyncio.sleep(in_s)
        self.injected[fault.kind] += 1
        if fault.kind in CUTS:
            await self._cut_the_power(fault)
        elif fault.kind in (FaultKind.PARTITION, FaultKind.ONE_WAY_CUT):
            await self._cut_wires(fault)
        elif fault.kind is FaultKind.LYING_RELAY:
            await self._lie(fault)
        elif fault.kind is FaultKind.RESTORED_BACKUP:
            await self._restore(fault)
        elif len(fault.nodes) == 2:
            await self._bring_weather(fault)
        else:
            await self._trouble_machine(fault)

    async def _cut_the_power(self, fault: PlannedFault) -> None:
        machine = self._machines[fault.nodes[0]]
        if not machine.is_up:
            return
        machine.crash_at_next_write(CUTS[fault.kind])
        for _ in range(round(WAITS_FOR_A_WRITE_S / 0.1)):
            await asyncio.sleep(0.1)
            if not machine.is_up:
                break
        machine.crash()  # where nothing was written for so long
        await asyncio.sleep(min(fault.lasts_s, self._chance.uniform(*DOWN_S)))
        if not machine.is_up:
            machine.start()

    async def _restore(self, fault: PlannedFault) -> None:
        """A backup is made now; some time later the machine is lost and set up again from it."""
        machine = self._machines[fault.nodes[0]]
        backup = machine.disk.backup()
        await asyncio.sleep(fault.lasts_s)
        machine.crash()
        await asyncio.sleep(self._chance.uniform(*DOWN_S) / 3.0)
        if not machine.is_up:  # nobody else has started it meanwhile
            machine.restore(backup)
            machine.start()

    async def _cut_wires(self, fault: PlannedFault) -> None:
        if fault.kind is FaultKind.ONE_WAY_CUT:
            wires = [(fault.nodes[0], fault.nodes[1])]
        else:
            side = set(fault.nodes)
            wires = [wire for wire in self._route.wires if (wire[0] in side) != (wire[1] in side)]
        self._route.cut(wires)
        await asyncio.sleep(fault.lasts_s)
        self._route.mend(wires)

    async def _bring_weather(self, fault: PlannedFault) -> None:
        wire = (fault.nodes[0], fault.nodes[1])
        weather = self._route.weather.setdefault(wire, Weather())
        size = fault.size
        match fault.kind:
            case FaultKind.DELAY:
                weather.delay_s = 0.05 + 2.5 * size
            case FaultKind.REORDERING:
                weather.jitter_s = 0.02 + 1.5 * size
            case FaultKind.DUPLICATION:
                weather.doubling = 0.1 + 0.8 * size
            case FaultKind.CORRUPTION:
                weather.corruption = 0.05 + 0.4 * size
        await asyncio.sleep(fault.lasts_s)
        self._clear(wire, fault.kind)

    def _clear(self, wire: Wire, kind: FaultKind) -> None:
        weather = self._route.weather.get(wire, Weather())
        match kind:
            case FaultKind.DELAY:
                weather.delay_s = 0.0
            case FaultKind.REORDERING:
                weather.jitter_s = 0.0
            case FaultKind.DUPLICATION:
                weather.doubling = 0.0
            case FaultKind.CORRUPTION:
                weather.corruption = 0.0
        if weather == Weather():
            self._route.weather.pop(wire, None)

    async def _lie(self, fault: PlannedFault) -> None:
        where = fault.nodes[0] if len(fault.nodes) == 1 else (fault.nodes[0], fault.nodes[1])
        self._route.liars[where] = Liar(mischief=0.1 + 0.5 * fault.size)
        await asyncio.sleep(fault.lasts_s)
        self._route.liars.pop(where, None)

    async def _trouble_machine(self, fault: PlannedFault) -> None:
        machine = self._machines[fault.nodes[0]]
        match fault.kind:
            case FaultKind.FULL_DISK:
                machine.disk.full = True
            case FaultKind.SLOW_DISK:
                machine.set_slow(0.05 + 2.0 * fault.size)
            case FaultKind.CLOCK_SKEW:
                machine.clock.skew_ns = round((fault.size - 0.5) * 20.0 * NS_PER_S)
            case FaultKind.CLOCK_AHEAD:
                machine.clock.skew_ns = round(10.0 ** (4.0 * fault.size) * NS_PER_S)
            case FaultKind.CLOCK_BACK:
                machine.clock.skew_ns = -round(10.0 ** (4.0 * fault.size) * NS_PER_S)
        await asyncio.sleep(fault.lasts_s)
        match fault.kind:
            case FaultKind.FULL_DISK:
                machine.disk.full = False
            case FaultKind.SLOW_DISK:
                machine.set_slow(None)
            case _:
                machine.clock.skew_ns = 0
