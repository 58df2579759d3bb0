"""A mended federation comes to rest: no link is faulty, everything is acknowledged, all run.

That honest displays agree is part of it: where they do not, a link has a fault.

And what a node says of itself in its journal is nothing that must never be said.
"""

import re

from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.verdict import Invariant, Verdict

NEVER_SAID = {
    "work_failed": Invariant.KEEPS_RUNNING,
    "statement_refused": Invariant.NO_LOSS,
}
FORK = "it states two histories: both kept as evidence"
DISPLAYS_DISAGREE = "displays disagree"
HOLE = re.compile(r"entry (?P<entry>\d+) of (?P<sender>\S+) to \S+ does not follow (?P<end>\d+)")


class RestCheck:
    """Reads journals, and asks every node's links in quiet moments."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._restored: set[object] = set()  # before they know it they may contradict themselves
        self._refused: set[object] = set()  # their disks have refused something

    def restored(self, machine: Machine) -> None:
        """A machine was set up again from a backup."""
        self._restored.add(machine.node_id)

    def wrote(self, machine: Machine, event: str, fields: dict[str, object]) -> None:
        """A line of a journal."""
        invariant = NEVER_SAID.get(event)
        reason = str(fields.get("reason", ""))
        forked = event == "feed_forked" or (event == "link_fault" and reason == FORK)
        if forked and not self._restored & {machine.node_id, fields.get("partner")}:
            invariant = Invariant.ORDER
        if event == "store_failed" and HOLE.match(reason) is None:
            self._refused.add(machine.node_id)
        elif event == "store_failed" and not self._stood_behind_a_refused_one(machine, reason):
            invariant = Invariant.ORDER
        if invariant is not None:
            said = f"{machine.node_id} said {event}: {reason}"
            self._verdict.require(False, invariant, "{}", said)

    def _stood_behind_a_refused_one(self, machine: Machine, reason: str) -> bool:
        """A partner's frame was handed to the disk before the one ahead of it was refused.

        The chain then refuses it as well, and both are asked for again. Of its own feeds a node
        takes back the places that it had given.
        """
        said = HOLE.match(reason)
        if said is None or machine.node_id not in self._refused:
            return False
        is_beyond = int(said["entry"]) > int(said["end"]) + 1  # else a place was given twice
        return is_beyond and said["sender"] != machine.node_id

    async def at_rest(self, machine: Machine) -> None:
        """No fault is left, and everything that was sent came back countersigned."""
        self._verdict.require(
            machine.is_up, Invariant.KEEPS_RUNNING, "{} does not run", machine.node_id
        )
        for link in await machine.links():
            faults = self._unexcused(link["faults"])
            self._verdict.require(
                not faults,
                Invariant.COMES_TO_REST,
                "{} still says of its link with {}: {}",
                machine.node_id,
                link["partner"],
                faults,
            )
            self._verdict.require(
                link["acknowledged"] == link["appended"],
                Invariant.COMES_TO_REST,
                "{} has {} entries for {}, which countersigned {}",
                machine.node_id,
                link["appended"],
                link["partner"],
                link["acknowledged"],
            )

    def _unexcused(self, faults: list[str]) -> list[str]:
        """What a backup did not hold its node shows no more; partners that hold it say so."""
        return [fault for fault in faults if not (self._restored and fault == DISPLAYS_DISAGREE)]
