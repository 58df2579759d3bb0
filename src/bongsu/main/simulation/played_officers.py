"""The officers of a simulated federation: now and then one recalls a warning of his own nation."""

import asyncio
import random
from collections.abc import Mapping

from bongsu.main.simulation.machine import Machine
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.units import NodeId

RECALLS_EVERY_S = (20.0, 90.0)
REASONS = ("a test signal was taken for a launch", "it was of another object")


class PlayedOfficers:
    """Asks nodes as people do. What is refused to him an officer lets be."""

    def __init__(self, machines: Mapping[NodeId, Machine], chance: random.Random) -> None:
        self._machines = machines
        self._chance = chance
        self.recalled = 0

    async def run(self) -> None:
        """Go on for ever."""
        names = tuple(self._machines)
        while True:
            await asyncio.sleep(self._chance.uniform(*RECALLS_EVERY_S))
            machine = self._machines[self._chance.choice(names)]
            warnings = _own_warnings(machine)
            is_false = self._chance.random() < 0.5
            reason = self._chance.choice(REASONS)
            if machine.is_up and warnings:
                await self._recall(machine, self._chance.choice(warnings), reason, is_false)

    async def _recall(self, machine: Machine, about: str, reason: str, is_false: bool) -> None:
        body = {"record": about, "reason": reason, "false": is_false}
        try:
            await machine.node.control.call("recall", body)
        except (LocalMisuse, Unavailable):
            return  # recalled already, or the disk refuses: he sees it, and so do we not
        self.recalled += 1


def _own_warnings(machine: Machine) -> list[str]:
    """Names of warnings on its disk, the newest few."""
    names = dict.fromkeys(
        row.subject
        for row in machine.disk.records.values()
        if row.own and row.kind == RecordKind.LAUNCH_WARNING.value and row.subject is not None
    )
    return list(names)[-5:]
