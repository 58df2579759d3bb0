"""A machine of the live realm among those of the exercise: same names, copied keys, all doors.

What it brings must be refused, all of it, and each refusal counted.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping

from bongsu.adapters.simulated.network import Message, SimulatedNetwork
from bongsu.main.simulation.foreign_statements import ForeignStatements
from bongsu.main.simulation.machine import Machine
from bongsu.records.lane import Lane
from bongsu.records.reader_key import ANNOUNCEMENT, SIGNED_ANNOUNCEMENT, KeyAnnouncement
from bongsu.vocabulary.units import NodeId

COMES_EVERY_S = (2.0, 12.0)
DOORS = ("head", "frame", "receipt", "ask", "key", "tracker")


class Intruder:
    """Brings something of the other realm to one machine after the other."""

    def __init__(
        self,
        machines: Mapping[NodeId, Machine],
        network: SimulatedNetwork,
        chance: random.Random,
    ) -> None:
        self._machines = machines
        self._network = network
        self._chance = chance
        self._says = ForeignStatements(machines, chance)
        self._keys: dict[NodeId, KeyAnnouncement] = {}
        self.brought: Counter[tuple[NodeId, int]] = Counter()  # by machine and its life

    def heard(self, message: Message) -> None:
        """What passes on the wire, it hears: the keys to which frames are sealed."""
        if message.channel == "key":
            signed = SIGNED_ANNOUNCEMENT.decode(message.payload)
            self._keys[message.sender] = ANNOUNCEMENT.decode(signed.announcement)

    async def run(self) -> None:
        """Go on for ever."""
        names = tuple(self._machines)
        while True:
            await asyncio.sleep(self._chance.uniform(*COMES_EVERY_S))
            machine = self._machines[self._chance.choice(names)]
            partner = self._chance.choice(machine.partners)
            door = self._chance.choice(DOORS)
            if machine.is_up and machine.node_id in self._keys:
                await self._bring(door, machine, partner)

    async def _bring(self, door: str, machine: Machine, partner: NodeId) -> None:
        self.brought[machine.node_id, machine.lives] += 1
        match door:
            case "head":
                self._deliver(machine, partner, door, self._says.head(machine, partner))
            case "frame":
                payload = self._says.frame(machine, partner, self._keys[machine.node_id])
                self._deliver(machine, partner, Lane.BULK.value, payload)
            case "receipt" | "ask":
                self._deliver(machine, partner, door, self._says.receipt(machine, partner))
            case "key":
                self._deliver(machine, partner, door, self._says.key(machine, partner))
            case _:
                await machine.node.take_tracker_batch(self._says.picture(machine))

    def _deliver(self, machine: Machine, partner: NodeId, channel: str, payload: bytes) -> None:
        self._network.deliver(Message(partner, machine.node_id, channel, payload))
