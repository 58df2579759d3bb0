"""Nothing is shown that may not be, and nothing too early.

The plan's table decides; neither the guideline's text nor the code that decides on releases is
asked. Two things are looked for. Every disclosure has a salt of its own, known from the
originator's disk: a salt in an opened frame or on a disk tells which field of which record that
nation can read. And values that can be withheld carry telltales, found whatever wraps them.
"""

from collections.abc import Iterable

from bongsu.adapters.simulated.clock import SimulatedTime
from bongsu.adapters.simulated.network import Message
from bongsu.exercise.federation_plan import nation_of_node
from bongsu.exercise.telltales import Telltale, is_clean, salts_in, values_in
from bongsu.main.simulation.federation_keys import START_UTC
from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.onlooker.agreed_release import MAKES_A_CORRECTION
from bongsu.main.simulation.onlooker.stated_records import Stated, StatedRecords
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId


class ReleaseCheck:
    """Reads whatever a nation can read, and whatever anybody can."""

    def __init__(self, verdict: Verdict, records: StatedRecords, time: SimulatedTime) -> None:
        self._verdict = verdict
        self._records = records
        self._time = time
        self._clean: dict[NodeId, set[bytes]] = {}  # read through already

    def opened(self, machine: Machine, plaintext: bytes) -> None:
        """A machine can read these bytes."""
        self._check_readable(plaintext, machine.node_id, "an opened frame")
        if not self._records.plan.states_own_time:
            self._check_due(plaintext, nation_of_node(machine.node_id))

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
        """Everything on a disk may be there."""
        clean = self._clean.setdefault(machine.node_id, set())
        for data in _all_bytes(machine):
            if data not in clean:
                self._check_readable(data, machine.node_id, "its disk")
                clean.add(data)

    def _check_readable(self, data: bytes, node: NodeId, where: str) -> None:
        reader = nation_of_node(node)
        self._verdict.checked[Invariant.NO_LEAK] += 1
        for rest in salts_in(data):
            self._check_salt(rest, reader, where)
        for telltale in values_in(data):
            self._check_value(telltale, reader, where)

    def _check_salt(self, rest: bytes, reader: NationId, where: str) -> None:
        stated = self._records.by_salt.get(rest)
        if stated is None:
            self._verdict.require(
                False,
                Invariant.STORED_BEFORE_SENT,
                "{} can read, in {}, a record that is on no originator's disk",
                reader,
                where,
            )
        elif not self._may_read(stated, rest, reader):
            self._verdict.require(
                False,
                Invariant.NO_LEAK,
                "{} can read {} of a {} of {} in {}",
                reader,
                stated.salts[rest],
                stated.kind.value,
                stated.nation,
                where,
            )

    def _may_read(self, stated: Stated, rest: bytes, reader: NationId) -> bool:
        if stated.nation == reader:
            return True
        field = stated.salts[rest]
        if field in stated.seen(reader).at_most:
            return not stated.leans_on or rest not in self._records.hidden(stated, reader)
        return self._records.agreed.may_stand_in_a_proof(stated.kind, field, stated.nation, reader)

    def _check_value(self, telltale: Telltale, reader: NationId, where: str) -> None:
        owner = telltale.nation
        seen = owner == reader or self._records.agreed.may_hold(telltale.field, owner, reader)
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

    def _check_due(self, plaintext: bytes, reader: NationId) -> None:
        """Nothing comes before its delay is over, but an end to who was shown what ends.

        Only where records state a scenario's time: a machine's own may have been set forward.
        """
        for rest in salts_in(plaintext):
            stated = self._records.by_salt.get(rest)
            if stated is None or stated.nation == reader:
                continue
            delay_s = self._records.agreed.delay_s(stated.kind, stated.nation, reader)
            if delay_s and not self._overtakes(stated, rest, reader):
                due_ns = stated.stored_at + delay_s * NS_PER_S - START_UTC
                self._verdict.require(
                    self._time.elapsed_ns >= due_ns,
                    Invariant.NOT_EARLY,
                    "{} saw {} of a {} of {} {:.1f} s too early",
                    reader,
                    stated.salts[rest],
                    stated.kind.value,
                    stated.nation,
                    (due_ns - self._time.elapsed_ns) / NS_PER_S,
                )

    def _overtakes(self, stated: Stated, rest: bytes, reader: NationId) -> bool:
        if not stated.is_end or stated.about is None:
            return False
        shown = self._records.agreed.was_shown(stated.about, reader)
        return stated.salts[rest] in shown | MAKES_A_CORRECTION


def _all_bytes(machine: Machine) -> Iterable[bytes]:
    """Everything on a disk that could hold a value."""
    disk = machine.disk
    yield from (row.encoded for row in disk.records.values())
    for rows in disk.entries.values():
        yield from (row.encoded for row in rows)
    for row in disk.evidence:
        yield row.payload + row.reason.encode() + row.source.encode()
