"""What each partner was told by another node: compared by record ids, and kept where it differs."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from bongsu.node.links.incoming import ReceivedRecord
from bongsu.node.ports import Commit, Evidence
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.services import Services
from bongsu.protocols import equivocation
from bongsu.records.holdings_as_records import (
    PROOF_FIELDS,
    Holdings,
    held_warning,
    holdings_of,
    holdings_to_fields,
    open_proof,
    proof_of,
)
from bongsu.records.kinds import RecordKind
from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.releasability import decide
from bongsu.vocabulary.errors import BongsuError, PeerViolation
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.units import NationId, NodeId

TWO_STORIES = "it told two stories: both kept as evidence, with its signatures"
CLAIMED = "a partner says that it told another story: proof is awaited"
MAXIMUM_RESTORED = 2_048
MAXIMUM_PROVED = 256


class StoryComparison:
    """Owns the state of the comparison. Lives on the node's loop."""

    def __init__(
        self, services: Services, publisher: Publisher, partners: Iterable[NodeId]
    ) -> None:
        self._services = services
        self._publisher = publisher
        self._partner_nations = frozenset(nation_of(partner) for partner in partners)
        self._state = equivocation.Comparison()
        self._proved: deque[tuple[NodeId, str, int]] = deque(maxlen=MAXIMUM_PROVED)
        self._restore()

    def take_partner_record(self, received: ReceivedRecord) -> None:
        """A partner's record that is verified and on our disk."""
        record = received.record
        match record.kind:
            case RecordKind.LAUNCH_WARNING:
                self._note(record, is_news=True)
            case RecordKind.HELD_WARNINGS:
                self._compare(received)

    def time_passed(self) -> None:
        """Tell what is due."""
        if self._state.tell_at is not None:
            self._take(equivocation.TimePassed())

    def _restore(self) -> None:
        """What we hold of late; it was told before, and is compared with what is told from now."""
        services = self._services
        rows = list(services.store.records(kind=RecordKind.LAUNCH_WARNING.value, own=False))
        for row in rows[-MAXIMUM_RESTORED:]:
            record = RECORD.decode(row.encoded)
            try:
                self._note(open_unverified_record(record, realm=services.me.realm), is_news=False)
            except PeerViolation:
                continue  # refused, counted and kept as evidence when it came

    def _note(self, record: OpenedRecord, *, is_news: bool) -> None:
        held = held_warning(record)
        if held is not None:
            self._take(equivocation.WarningHeld(record.originator, held, is_news))

    def _compare(self, received: ReceivedRecord) -> None:
        try:
            holdings = holdings_of(received.record)
            if holdings.proof is not None:
                self._keep_proof(received.sender, holdings.originator, holdings.proof)
        except BongsuError as error:
            services = self._services
            services.refuse(error, source=received.sender, payload=received.record.record_id)
            return
        self._take(equivocation.PartnerHolds(received.sender, holdings.originator, holdings.held))

    def _take(self, event: equivocation.Event) -> None:
        now = self._services.clock.monotonic()
        self._state, effects = equivocation.step(self._state, event, now=now)
        for effect in effects:
            match effect:
                case equivocation.TellHeld(originator, held):
                    self._publish(Holdings(originator=originator, held=held))
                case equivocation.StoriesDiffer():
                    self._tell_people(effect)
                    self._prove(effect.originator, effect.ours)

    def _tell_people(self, differs: equivocation.StoriesDiffer) -> None:
        """A partner's word is a claim; what stands twice in our own log is proved."""
        theirs = replace(differs.ours, record_id=differs.theirs)
        self._tell(differs.originator, theirs, differs.partner, proved=differs.partner is None)

    def _tell(
        self, originator: NodeId, other: HeldWarning, told_to: NodeId | None, *, proved: bool
    ) -> None:
        services = self._services
        version = (originator, other.warning_id, other.version)
        if version in self._proved:
            return
        faults = services.health.link_faults.setdefault(originator, set())
        if proved:
            self._proved.append(version)
            faults.discard(CLAIMED)
            faults.add(TWO_STORIES)
        elif TWO_STORIES not in faults:
            faults.add(CLAIMED)
        services.journal.write(
            "two_stories",
            originator=originator,
            warning_id=other.warning_id,
            version=other.version,
            other=other.record_id.hex(),
            told_to=told_to or services.me.node,
            proved=proved,
            reason=TWO_STORIES if proved else CLAIMED,
            scenario_utc_ns=services.clock.utc(),
        )

    def _prove(self, originator: NodeId, ours: HeldWarning) -> None:
        """Our copy to whoever may know: its originator's signature over what it told us."""
        row = self._services.store.record(ours.record_id)
        if row is None:
            return  # let go meanwhile: its id in our feed is all that is left
        proof = proof_of(RECORD.decode(row.encoded))
        self._keep("what it told us", originator, proof)
        self._publish(Holdings(originator=originator, held=(ours,), proof=proof))

    def _keep_proof(self, partner: NodeId, originator: NodeId, proof: bytes) -> None:
        services = self._services
        other = open_proof(
            proof, originator=originator, trust=services.trust, verifier=services.verifier
        )
        if self._state.contradicts(originator, other):
            self._keep(f"what it told {partner}", originator, proof)
            self._tell(originator, other, partner, proved=True)

    def _keep(self, which: str, originator: NodeId, proof: bytes) -> None:
        evidence = Evidence(
            reason=f"two stories: {which}",
            source=f"{originator}, stories",
            payload=proof,
            kept_at=self._services.clock.utc(),
        )
        self._services.append(Commit(evidence=(evidence,)))

    def _publish(self, holdings: Holdings) -> None:
        readers = self._who_may_know(holdings.originator)
        if readers:
            self._publisher.publish(
                Statement(
                    kind=RecordKind.HELD_WARNINGS,
                    fields=holdings_to_fields(holdings),
                    created_at=self._services.clock.utc(),
                    stored=lambda _record_id, _stored_at: None,
                    readers=readers,
                )
            )

    def _who_may_know(self, originator: NodeId) -> frozenset[NationId]:
        """Nations to whom the originator itself may show these warnings' names at once."""
        owner, me = nation_of(originator), self._services.me.nation
        in_force = self._services.agreements.in_force()
        allowed: set[NationId] = set()
        for nation in self._partner_nations - {owner, me}:
            decision = decide(
                in_force,
                kind=RecordKind.LAUNCH_WARNING,
                originator=owner,
                sender=owner,
                reader=nation,
            )
            if decision.fields >= PROOF_FIELDS and not decision.delay_s:
                allowed.add(nation)
        return frozenset(allowed)
