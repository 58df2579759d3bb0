"""What people are shown: every record once, the versions of a warning never backwards."""

from typing import Any

from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.vocabulary.units import NodeId


class ShownCheck:
    """Reads the journals' lines about partners' warnings."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._shown: set[tuple[NodeId, str]] = set()
        self._newest: dict[tuple[NodeId, str], int] = {}

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
        about = (machine.node_id, warning.warning_id)
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
