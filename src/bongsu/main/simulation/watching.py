"""The onlooker of a whole federation: every check, fed with everything that happens."""

from bongsu.adapters.simulated.network import Message
from bongsu.exercise.federation_plan import FederationPlan
from bongsu.main.simulation.intruder import Intruder
from bongsu.main.simulation.machine import Machine
from bongsu.main.simulation.onlooker.completeness_check import CompletenessCheck
from bongsu.main.simulation.onlooker.feed_check import FeedCheck
from bongsu.main.simulation.onlooker.realm_check import RealmCheck
from bongsu.main.simulation.onlooker.release_check import ReleaseCheck
from bongsu.main.simulation.onlooker.rest_check import RestCheck
from bongsu.main.simulation.onlooker.shown_check import ShownCheck
from bongsu.main.simulation.onlooker.stated_records import StatedRecords
from bongsu.main.simulation.trace import Trace
from bongsu.main.simulation.verdict import Invariant, Verdict
from bongsu.node.ports import Commit, StoredRecord
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NodeId


class Watching:
    """Implements `machine.Onlooker`, and is the network's witness."""

    def __init__(self, verdict: Verdict, trace: Trace, plan: FederationPlan) -> None:
        self.machines: dict[NodeId, Machine] = {}
        self.feeds = FeedCheck(verdict, self.machines)
        self.records = StatedRecords(plan)
        self.releases = ReleaseCheck(verdict, self.records, verdict.time)
        self.completeness = CompletenessCheck(verdict, self.records, self.machines)
        self.shown = ShownCheck(verdict)
        self.rest = RestCheck(verdict)
        self.realms = RealmCheck(verdict)
        self._verdict = verdict
        self._trace = trace

    def sent(self, message: Message) -> None:
        """A node gave its engine a message."""
        self._trace.note(message.sender, message.to, message.channel, payload=message.payload)
        self.releases.sent(message)
        self.feeds.sent(message)

    def committed(self, machine: Machine, commit: Commit) -> None:
        """Rows became durable."""
        self._trace.note(machine.node_id, "stored", len(commit.records), len(commit.entries))
        for row in commit.records:
            if row.own:
                self._stated(machine, row)
        self.completeness.committed(machine, commit)
        self.shown.committed(machine, commit)
        self.feeds.committed(machine, commit)
        self.realms.committed(machine, commit)

    def _stated(self, machine: Machine, row: StoredRecord) -> None:
        stated = self.records.learn(row, machine.node_id)
        if stated.kind is RecordKind.LAUNCH_WARNING:
            self.completeness.stated(machine, stated)

    def opened(self, machine: Machine, plaintext: bytes) -> None:
        """A frame was opened."""
        self._trace.note(machine.node_id, "opened", len(plaintext))
        self.releases.opened(machine, plaintext)

    def wrote(self, machine: Machine, event: str, fields: dict[str, object]) -> None:
        """A line of a node's journal."""
        self._trace.note(machine.node_id, event)
        self.feeds.wrote(machine, event, fields)
        self.shown.wrote(machine, event, fields)
        self.rest.wrote(machine, event, fields)

    def started(self, machine: Machine) -> None:
        """A node begins a life."""
        self._trace.note(machine.node_id, "started", machine.lives)
        self.feeds.started(machine)

    def restored(self, machine: Machine) -> None:
        """A machine was set up again from a backup; what it had since then, it does not have."""
        self._trace.note(machine.node_id, "restored", machine.restorations)
        self.feeds.restored(machine)
        self.completeness.restored(machine)
        self.shown.restored(machine)
        self.rest.restored(machine)

    def ended(self, machine: Machine, error: BaseException | None) -> None:
        """A node ended by itself."""
        self._verdict.require(
            False, Invariant.KEEPS_RUNNING, "{} ended by itself: {!r}", machine.node_id, error
        )

    async def all_acknowledged(self) -> bool:
        """Whether nothing is on its way at this moment."""
        for machine in self.machines.values():
            if any(link["acknowledged"] != link["appended"] for link in await machine.links()):
                return False
        return True

    async def at_rest(self, intruder: Intruder) -> None:
        """Everything, fully: faults are mended, and time has passed."""
        for machine in self.machines.values():
            self.releases.at_rest(machine)
            self.completeness.at_rest(machine, self._verdict.time.elapsed_ns)
            await self.rest.at_rest(machine)
            self.realms.at_rest(machine, intruder)
            for partner in machine.partners:
                self.feeds.at_rest(machine, self.machines[partner])
