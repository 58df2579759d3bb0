"""What people are shown: every record once, the versions of a warning never backwards.

Feeds have no order among each other: what came by two ways is in order for each of them.
"""

from typing import Any

from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.node.ports import Commit
from bongsu.vocabulary.units import NodeId


class ShownCheck:
    """Reads the journals' lines about partners' warnings."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._shown: set[tuple[NodeId, str]] = set()
        self._restored: set[str] = set()
        self._came_by: dict[tuple[NodeId, str], NodeId] = {}
        self._newest: dict[tuple[NodeId, NodeId, str], int] = {}

    def restored(self, machine: Machine) -> None:
        """It shows again what it does not know to have shown."""
        node = machine.node_id
        self._shown = {key for key in self._shown if key[0] != node}
        self._newest = {key: newest for key, newest in self._newest.items() if key[0] != node}
        self._came_by = {key: sender for key, sender in self._came_by.items() if key[0] != node}
        self._restored.add(node)

    def committed(self, machine: Machine, commit: Commit) -> None:
        """By which way a record came first: what comes again by another way is not shown again."""
        for entry in commit.entries:
            if entry.feed.reader == machine.node_id:
                self._came_by.setdefault(
                    (machine.node_id, entry.record_id.hex()), entry.feed.sender
                )

    def wrote(self, machine: Machine, event: str, fields: dict[str, Any]) -> None:
        """A line of a journal."""
        if event != "partner_warning":
            return
        key = (machine.node_id, fields["record_id"])
        self._verdict.require(
            key not in self._shown,
            Invariant.NO_DUPLICATE,
            "{} showed the record {} twice",
            machine.node_id,
            fields["record_id"][:16],
        )
        self._shown.add(key)
        warning = fields["warning"]
        if warning.warning_id is None or warning.version is None:
            return  # withheld from this reader
        sender = self._came_by[key]
        if self._restored & {sender, warning.warning_id.partition("/")[0]}:
            return  # what it stated before a partner was reached may bear a number used twice
        about = (machine.node_id, sender, warning.warning_id)
        newest = self._newest.get(about, 0)
        self._verdict.require(
            warning.version > newest,
            Invariant.ORDER,
            "{} showed version {} of {} after {}",
            machine.node_id,
            warning.version,
            warning.warning_id,
            newest,
        )
        self._newest[about] = warning.version
