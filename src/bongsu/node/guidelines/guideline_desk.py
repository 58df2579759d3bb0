"""Guidelines at a node: what was proposed and signed, whoever brought it, and what holds by it."""

from bongsu.node.links.incoming import ReceivedRecord
from bongsu.node.ports import Store
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.services import Services
from bongsu.protocols.guideline_agreement import GuidelineAgreement, step
from bongsu.protocols.guideline_events import (
    AgreedRead,
    DraftArrived,
    Effect,
    Event,
    Refuse,
    SignatureArrived,
    TakeAgreed,
    TellDraft,
    TellInForce,
    TellSigned,
    TimePassed,
)
from bongsu.records.guideline import AgreedGuideline, Guideline
from bongsu.records.guideline_records import (
    agreed_to_fields,
    brought_signature,
    drafted_text,
    noted_agreement,
)
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

LOOKS_EVERY_NS = NS_PER_S // 2
DESK_KINDS = frozenset({RecordKind.GUIDELINE_DRAFT, RecordKind.GUIDELINE_SIGNATURE})


class GuidelineDesk:
    """Owns the state of agreement. Lives on the node's loop."""

    def __init__(self, services: Services, publisher: Publisher) -> None:
        self._services = services
        self._publisher = publisher
        self._looks_at = MonotonicNs(0)
        self.agreement = GuidelineAgreement(nation=services.me.nation)
        for agreed in services.agreements.agreed:  # from the trust folder
            self._take(AgreedRead(agreed=agreed))
        self._restore()

    def take_partner_record(self, received: ReceivedRecord) -> None:
        """A partner's draft or signature that is verified and on our disk."""
        try:
            effects = self._take(_event_of(received.record))
        except PeerViolation as error:
            effects = [Refuse(error=error)]
        for effect in effects:
            if isinstance(effect, Refuse):
                payload = received.record.record_id
                self._services.refuse(effect.error, source=received.sender, payload=payload)
            else:
                self._tell(effect)

    def take_own(self, event: DraftArrived | SignatureArrived) -> None:
        """What our own people proposed or submitted, and what is on our disk."""
        for effect in self._take(event):
            self._tell(effect)

    def require_takable(self, event: DraftArrived | SignatureArrived) -> None:
        """Raise LocalMisuse where the event would be refused."""
        _, effects = self._stepped(event)
        for effect in effects:
            if isinstance(effect, Refuse):
                raise LocalMisuse(effect.error.what, remedy=effect.error.remedy)

    def officer_key_ended(self) -> None:
        """What the trust folder brought was approved in good time: it is noted while that is known.

        At the next start nobody could tell its approvals from those that a thief makes up.
        """
        services = self._services
        notes = noted_agreements(services.store, realm=services.me.realm)
        noted = {one.guideline.text for one in notes}
        for agreed in services.agreements.agreed:
            if agreed.guideline.text not in noted:
                self._note(agreed)

    def time_passed(self) -> None:
        """Notice what comes into force by its date, twice a second."""
        now = self._services.clock.monotonic()
        if now < self._looks_at:
            return
        self._looks_at = MonotonicNs(now + LOOKS_EVERY_NS)
        for effect in self._take(TimePassed()):
            self._tell(effect)

    def _take(self, event: Event) -> list[Effect]:
        self.agreement, effects = self._stepped(event)
        agreements = self._services.agreements
        for effect in effects:
            if isinstance(effect, TakeAgreed) and effect.agreed not in agreements.agreed:
                agreements.take(effect.agreed)
                if not isinstance(event, AgreedRead):
                    self._note(effect.agreed)
        return effects

    def _note(self, agreed: AgreedGuideline) -> None:
        """In our own log: what is agreed stays so, whatever becomes of a key that signed it."""
        self._publisher.publish(
            Statement(
                kind=RecordKind.GUIDELINE_AGREED,
                fields=agreed_to_fields(agreed),
                created_at=self._services.clock.utc(),
                stored=lambda _record_id, _stored_at: None,
                readers=frozenset(),
            )
        )

    def _stepped(self, event: Event) -> tuple[GuidelineAgreement, list[Effect]]:
        services = self._services
        return step(
            self.agreement,
            event,
            now=services.clock.system_utc(),
            trust=services.trust,
            verifier=services.verifier,
        )

    def _restore(self) -> None:
        """Read back from the log what was proposed and signed; what was refused then is again."""
        store, realm = self._services.store, self._services.me.realm
        for agreed in noted_agreements(self._services.store, realm=realm):
            self._take(AgreedRead(agreed=agreed))
        for kind in (RecordKind.GUIDELINE_DRAFT, RecordKind.GUIDELINE_SIGNATURE):
            for own in (True, False):
                for row in store.records(kind=kind.value, own=own):
                    try:
                        record = open_unverified_record(RECORD.decode(row.encoded), realm=realm)
                        self._take(_event_of(record))
                    except PeerViolation:
                        continue  # refused, counted and kept as evidence when it came

    def _tell(self, effect: Effect) -> None:
        match effect:
            case TellDraft(guideline=guideline, proposer=proposer):
                self._journal("guideline_proposed", proposer=proposer, **_named(guideline))
            case TellSigned(officer=officer, text_sha256=digest, guideline=guideline):
                named = {} if guideline is None else _named(guideline)
                self._journal("guideline_signed", officer=officer, sha256=digest.hex(), **named)
            case TakeAgreed(agreed=agreed):
                stated = agreed.guideline
                self._journal(
                    "guideline_agreed",
                    officers=agreed.officers,
                    valid_from=stated.valid_from,
                    **_named(stated),
                )
            case TellInForce(holds=None):
                self._journal("guideline_contradicted")
            case TellInForce(holds=AgreedGuideline() as holds, superseded=superseded):
                before = {} if superseded is None else _named(superseded.guideline)
                self._journal("guideline_in_force", superseded=before, **_named(holds.guideline))

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)


def noted_agreements(store: Store, *, realm: Realm) -> list[AgreedGuideline]:
    """What our own log notes as agreed by every party, in the order in which it was."""
    return [
        noted_agreement(open_unverified_record(RECORD.decode(row.encoded), realm=realm))
        for row in store.records(kind=RecordKind.GUIDELINE_AGREED.value, own=True)
    ]


def _event_of(record: OpenedRecord) -> DraftArrived | SignatureArrived:
    """What a record of these kinds tells; PeerViolation where it contradicts itself."""
    if record.kind is RecordKind.GUIDELINE_DRAFT:
        return DraftArrived(text=drafted_text(record), proposer=record.originator)
    return SignatureArrived(signature=brought_signature(record), bringer=record.originator)


def _named(guideline: Guideline) -> dict[str, object]:
    return {"guideline": guideline.guideline_id, "version": guideline.version}
