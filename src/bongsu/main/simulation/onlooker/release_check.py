"""Releases against the plain table of what was agreed: nothing more is seen, nothing less arrives.

The table is the plan's; neither the guideline's text nor the code that decides on releases is
asked. Two things are looked for. Every disclosure has a salt of its own, known from the
originator's disk: a salt in an opened frame or on a disk tells which field of which record that
nation can read. And values that can be withheld carry telltales, found whatever wraps them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bongsu.adapters.simulated.network import Message
from bongsu.exercise.federation_plan import FederationPlan, nation_of_node
from bongsu.exercise.telltales import SALT, Telltale, is_clean, salts_in, values_in
from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.onlooker.agreed_release import NOTHING, AgreedRelease
from bongsu.main.simulation.onlooker.plain_bytes import disclosures_of
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.node.ports import Commit, StoredRecord
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NationId, NodeId, RecordId

LISTS_OF_RECORDS = frozenset({"derived_from", "corroborated_by"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A record as its originator keeps it: every field's salt, and whose it is."""

    record_id: RecordId
    kind: RecordKind
    nation: NationId
    salts: dict[bytes, str]  # by the rest of the salt: which field it shows
    leans_on: dict[bytes, RecordId]  # by the rest of the salt: which record an item names
    seen_by: dict[NationId, frozenset[str]]  # of the originator's partners: which fields


class ReleaseCheck:
    """Knows every record that was ever stated, and what each nation may see of it."""

    def __init__(
        self, verdict: Verdict, plan: FederationPlan, machines: Mapping[NodeId, Machine]
    ) -> None:
        self._verdict = verdict
        self._machines = machines
        self._agreed = AgreedRelease(plan)
        self._stated: dict[RecordId, Stated] = {}
        self._by_salt: dict[bytes, Stated] = {}
        self._versions: dict[str, int] = {}  # the newest of each warning
        self._clean: dict[NodeId, set[bytes]] = {}  # read through already
        self._whole: set[tuple[RecordId, NodeId]] = set()  # compared field by field already

    @property
    def stated(self) -> int:
        """How many records were stated."""
        return len(self._stated)

    def committed(self, machine: Machine, commit: Commit) -> None:
        """An originator's record is durable: from now on its salts are known."""
        for row in commit.records:
            if row.own:
                self._learn(row, nation_of_node(machine.node_id))

    def opened(self, machine: Machine, plaintext: bytes) -> None:
        """A machine can read these bytes."""
        self._check_readable(plaintext, machine.node_id, "an opened frame")

    def sent(self, message: Message) -> None:
        """Bytes on the wire, where relays see them: nothing readable stands in them."""
        payload = message.payload
        self._verdict.require(
            is_clean(payload) or not (salts_in(payload) or any(values_in(payload))),
            Invariant.NO_LEAK,
            "a message of {} to {} on {} can be read on its way",
            message.sender,
            message.to,
            message.channel,
        )

    def at_rest(self, machine: Machine) -> None:
        """Everything on a disk may be there; everything that was agreed to is."""
        clean = self._clean.setdefault(machine.node_id, set())
        for data in _all_bytes(machine):
            if data not in clean:
                self._check_readable(data, machine.node_id, "its disk")
                clean.add(data)
        reader = nation_of_node(machine.node_id)
        for stated in self._stated.values():
            if stated.nation != reader:
                self._check_complete(machine, stated, stated.seen_by.get(reader, NOTHING))

    def _learn(self, row: StoredRecord, nation: NationId) -> None:
        parts = disclosures_of(row.encoded)
        salts = {part.salt[len(SALT) :]: part.field for part in parts}
        kind = RecordKind(row.kind)
        values = {part.field: part.value for part in parts}
        if kind is RecordKind.LAUNCH_WARNING and not self._of(nation).restorations:
            self._check_version(values)
        seen_by = self._seen_by(kind, nation, values)
        leans_on = {
            part.salt[len(SALT) :]: RecordId(part.value)
            for part in parts
            if part.field in LISTS_OF_RECORDS and isinstance(part.value, bytes)
        }
        stated = Stated(row.record_id, kind, nation, salts, leans_on, seen_by)
        self._stated[row.record_id] = stated
        self._by_salt.update(dict.fromkeys(salts, stated))

    def _of(self, nation: NationId) -> Machine:
        return self._machines[NodeId(f"{nation}-1")]

    def _seen_by(
        self, kind: RecordKind, nation: NationId, values: dict[str, object]
    ) -> dict[NationId, frozenset[str]]:
        if kind is RecordKind.HELD_WARNINGS:
            originator = nation_of_node(NodeId(str(values["originator"])))
            return self._agreed.of_holdings(nation, originator, frozenset(values))
        warning_id = values.get("warning_id")
        return self._agreed.of(
            kind, nation, warning_id=None if warning_id is None else str(warning_id)
        )

    def _check_version(self, values: dict[str, object]) -> None:
        """Whatever a desk stated is stored: no version of a warning is left out."""
        warning_id, version = str(values["warning_id"]), values["version"]
        before = self._versions.get(warning_id, 0)
        self._verdict.require(
            version == before + 1,
            Invariant.NO_LOSS,
            "version {} of {} was stored after {}",
            version,
            warning_id,
            before,
        )
        self._versions[warning_id] = before + 1

    def _check_readable(self, data: bytes, node: NodeId, where: str) -> None:
        reader = nation_of_node(node)
        self._verdict.checked[Invariant.NO_LEAK] += 1
        for rest in salts_in(data):
            self._check_salt(rest, reader, where)
        for telltale in values_in(data):
            self._check_value(telltale, reader, where)

    def _check_salt(self, rest: bytes, reader: NationId, where: str) -> None:
        stated = self._by_salt.get(rest)
        if stated is None:
            self._verdict.require(
                False,
                Invariant.STORED_BEFORE_SENT,
                "{} can read, in {}, a record that is on no originator's disk",
                reader,
                where,
            )
            return
        field = stated.salts[rest]
        seen = (
            stated.nation == reader
            or (
                field in stated.seen_by.get(reader, NOTHING)
                and rest not in self._hidden(stated, reader)
            )
            or self._agreed.may_stand_in_a_proof(stated.kind, field, stated.nation, reader)
        )
        if not seen:
            self._verdict.require(
                False,
                Invariant.NO_LEAK,
                "{} can read {} of a {} of {} in {}",
                reader,
                field,
                stated.kind.value,
                stated.nation,
                where,
            )

    def _check_value(self, telltale: Telltale, reader: NationId, where: str) -> None:
        owner = telltale.nation
        seen = owner == reader or self._agreed.may_hold(telltale.field, owner, reader)
        if not seen:
            self._verdict.require(
                False,
                Invariant.NO_LEAK,
                "{} can read a value of {} of {} in {}",
                reader,
                telltale.field,
                owner,
                where,
            )

    def _check_complete(self, machine: Machine, stated: Stated, fields: frozenset[str]) -> None:
        row = machine.disk.records.get(stated.record_id)
        origin = self._of(stated.nation)
        if row is None and stated.record_id not in origin.disk.records:
            return  # its originator was restored from a backup that does not have it
        self._verdict.require(
            (row is not None) == bool(fields),
            Invariant.NO_LOSS if fields else Invariant.NO_LEAK,
            "a {} of {} {} on the disk of {}",
            stated.kind.value,
            stated.nation,
            "is not" if fields else "is",
            machine.node_id,
        )
        if row is None or (stated.record_id, machine.node_id) in self._whole:
            return
        self._whole.add((stated.record_id, machine.node_id))
        hidden = self._hidden(stated, nation_of_node(machine.node_id))
        shown = {part.salt[len(SALT) :] for part in disclosures_of(row.encoded)}
        expected = {
            rest for rest, field in stated.salts.items() if field in fields and rest not in hidden
        }
        if origin.restorations and shown < expected:
            return  # it does not know any more to whom it showed what, and what it owes them
        self._verdict.require(
            shown == expected,
            Invariant.NO_LOSS if shown < expected else Invariant.NO_LEAK,
            "{} holds other fields of a {} of {} than agreed: {}",
            machine.node_id,
            stated.kind.value,
            stated.nation,
            sorted({stated.salts.get(rest, "unknown") for rest in shown ^ expected}),
        )

    def _hidden(self, stated: Stated, reader: NationId) -> set[bytes]:
        """Ids of records that the reader may not see, and how many ids there are with them."""
        unseen = {
            rest for rest, named in stated.leans_on.items() if not self._may_know(reader, named)
        }
        lists = {stated.salts[rest] for rest in unseen}
        counts = {
            rest
            for rest, field in stated.salts.items()
            if field in lists and rest not in stated.leans_on
        }
        return unseen | counts

    def _may_know(self, reader: NationId, named: RecordId) -> bool:
        other = self._stated.get(named)
        if other is None:
            return False
        return other.nation == reader or self._agreed.may_see(other.kind, other.nation, reader)


def _all_bytes(machine: Machine) -> Iterable[bytes]:
    """Everything on a disk that could hold a value."""
    disk = machine.disk
    yield from (row.encoded for row in disk.records.values())
    for rows in disk.entries.values():
        yield from (row.encoded for row in rows)
    for row in disk.evidence:
        yield row.payload + row.reason.encode() + row.source.encode()
