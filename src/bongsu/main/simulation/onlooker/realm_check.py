"""The other realm: nothing of it is accepted anywhere, and each refusal of it is counted."""

from bongsu.main.simulation.foreign_statements import FOREIGN, WORD
from bongsu.main.simulation.intruder import Intruder
from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.node.ports import Commit

MARKED_AS_FOREIGN = f"it is marked {FOREIGN.banner}"
_WORD = WORD.encode()


class RealmCheck:
    """Looks at every stored record, and at the counts of refusals in quiet moments."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def committed(self, machine: Machine, commit: Commit) -> None:
        """Rows became durable."""
        stored = [row.encoded for row in commit.records]
        stored += [row.encoded for row in commit.entries]
        for encoded in stored:
            self._verdict.require(
                _WORD not in encoded,
                Invariant.REALMS_APART,
                "{} stored what the intruder stated",
                machine.node_id,
            )

    def at_rest(self, machine: Machine, intruder: Intruder) -> None:
        """Everything that was brought in this life is counted as refused, once each."""
        brought = intruder.brought[machine.node_id, machine.lives]
        refused = sum(
            count
            for reason, count in machine.services.health.refused.items()
            if MARKED_AS_FOREIGN in reason
        )
        self._verdict.require(
            refused == brought,
            Invariant.REFUSALS_COUNTED,
            "{} counted {} refusals of {} things of the other realm",
            machine.node_id,
            refused,
            brought,
        )
