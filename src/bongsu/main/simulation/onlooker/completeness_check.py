"""Nothing is lost: what was agreed to be seen is on the reader's disk, with all of its fields.

What goes straight to a partner and at once has to arrive exactly. What waits, or is passed on by
others, may be overtaken: of a warning that is over the end has to arrive, and of one that never
was, or was recalled, nothing. A recall has to be wherever a version of its warning is, and each of
those has to have answered.
"""

from collections.abc import Mapping

from bongsu.exercise.federation_plan import nation_of_node
from bongsu.exercise.telltales import salts_in
from bongsu.main.simulation.federation_keys import START_UTC
from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.onlooker.agreed_release import Bounds
from bongsu.main.simulation.onlooker.stated_records import Stated, StatedRecords
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.node.ports import Commit
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, RecordId

GRACE_NS = 5 * NS_PER_S  # after a delay is over, until it is on the reader's disk


class CompletenessCheck:
    """Knows which fields of which records each machine received."""

    def __init__(
        self, verdict: Verdict, records: StatedRecords, machines: Mapping[NodeId, Machine]
    ) -> None:
        self._verdict = verdict
        self._records = records
        self._machines = machines
        self._versions: dict[str, int] = {}  # the newest of each warning
        self._held: dict[NodeId, dict[RecordId, set[bytes]]] = {}  # rests of salts

    def committed(self, machine: Machine, commit: Commit) -> None:
        """What partners sent is durable now."""
        held = self._held.setdefault(machine.node_id, {})
        for entry in commit.entries:
            if entry.feed.reader == machine.node_id:
                held.setdefault(entry.record_id, set()).update(salts_in(entry.encoded))

    def stated(self, machine: Machine, stated: Stated) -> None:
        """Whatever a desk stated is stored: no version of a warning is left out."""
        if stated.about is None or machine.restorations:
            return
        before = self._versions.get(stated.about, 0)
        self._verdict.require(
            stated.version == before + 1,
            Invariant.NO_LOSS,
            "version {} of {} was stored after {}",
            stated.version,
            stated.about,
            before,
        )
        self._versions[stated.about] = before + 1

    def restored(self, machine: Machine) -> None:
        """Set up again from a backup: what it holds is what that holds."""
        held: dict[RecordId, set[bytes]] = {}
        for feed, rows in machine.disk.entries.items():
            if feed.reader == machine.node_id:
                for row in rows:
                    held.setdefault(row.record_id, set()).update(salts_in(row.encoded))
        self._held[machine.node_id] = held

    def at_rest(self, machine: Machine, now_ns: int) -> None:
        """Look at every record that was ever stated."""
        reader = nation_of_node(machine.node_id)
        for stated in self._records:
            origin = self._machines[NodeId(f"{stated.nation}-1")]
            if stated.nation != reader and stated.record_id in origin.disk.records:
                if stated.kind is RecordKind.RECALL:
                    self._check_recall(machine, origin, stated)
                else:
                    self._check_record(machine, origin, stated, now_ns)

    def _check_record(self, machine: Machine, origin: Machine, stated: Stated, now_ns: int) -> None:
        reader = nation_of_node(machine.node_id)
        bounds = stated.seen(reader)
        straight = machine.node_id in origin.partners and not bounds.delay_s
        if not bounds.at_least or not (straight or self._is_due(stated, bounds, now_ns)):
            return
        held = self._held.get(machine.node_id, {}).get(stated.record_id)
        self._verdict.require(
            held is not None,
            Invariant.NO_LOSS,
            "a {} of {} is not on the disk of {}",
            stated.kind.value,
            stated.nation,
            machine.node_id,
        )
        if held is None or not straight or origin.restorations:
            return  # who was restored does not know any more what it owes to whom
        lacking = self._required(stated, bounds, reader) - held
        self._verdict.require(
            not lacking,
            Invariant.NO_LOSS,
            "{} lacks fields of a {} of {}: {}",
            machine.node_id,
            stated.kind.value,
            stated.nation,
            sorted({stated.salts[rest] for rest in lacking}),
        )

    def _required(self, stated: Stated, bounds: Bounds, reader: NationId) -> set[bytes]:
        hidden = self._records.hidden(stated, reader)
        return {
            rest
            for rest, field in stated.salts.items()
            if field in bounds.at_least and rest not in hidden
        }

    def _is_due(self, stated: Stated, bounds: Bounds, now_ns: int) -> bool:
        """Whether what waits or is passed on has to be there by now."""
        if any(machine.restorations for machine in self._machines.values()):
            return False
        due_ns = stated.stored_at - START_UTC + bounds.delay_s * NS_PER_S + GRACE_NS
        if now_ns < due_ns:
            return False
        if stated.kind is not RecordKind.LAUNCH_WARNING or stated.about is None:
            return True
        if stated.about in self._records.recalled:
            return False
        end = self._records.ended.get(stated.about)
        return end is None or (end is stated and not stated.is_void)

    def _check_recall(self, machine: Machine, origin: Machine, recall: Stated) -> None:
        if any(one.restorations for one in self._machines.values()):
            return  # who was restored may not know any more to whom it passed what on
        had = any(row.subject == recall.about for row in machine.disk.records.values())
        if not had:
            return
        self._verdict.require(
            recall.record_id in machine.disk.records,
            Invariant.NO_LOSS,
            "{} had a version of {} and not its recall",
            machine.node_id,
            recall.about,
        )
        answers = [
            row.encoded
            for row in origin.disk.records.values()
            if row.kind == RecordKind.RECALL_ANSWER.value and row.originator == machine.node_id
        ]
        self._verdict.require(
            any(bytes(recall.record_id) in encoded for encoded in answers),
            Invariant.NO_LOSS,
            "{} has no answer of {} to the recall of {}",
            origin.node_id,
            machine.node_id,
            recall.about,
        )
