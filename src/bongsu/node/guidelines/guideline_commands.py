"""What people ask a node about guidelines: propose, look, fetch, submit.

Officers' keys are never here. A signature is made where its key is, and submitted.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from bongsu.node.control import Body, NoBody, Offered
from bongsu.node.guidelines.guideline_desk import GuidelineDesk
from bongsu.node.guidelines.guideline_inbox import inbox, lying_here
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.services import Services
from bongsu.protocols.guideline_events import DraftArrived, SignatureArrived
from bongsu.records.guideline import Guideline, read_guideline
from bongsu.records.guideline_kinds import MAXIMUM_SIGNATURE_BYTES
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES, MAXIMUM_PARTIES
from bongsu.records.guideline_records import (
    brought_signature,
    draft_to_fields,
    signature_to_fields,
)
from bongsu.records.guideline_signing import (
    GUIDELINE_SIGNATURE,
    Approval,
    GuidelineSignature,
    open_approval,
)
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

MAXIMUM_RESENT = 4 * MAXIMUM_PARTIES  # signatures, with a draft that is proposed again

_Signature = Annotated[bytes, Meta(max_length=MAXIMUM_SIGNATURE_BYTES)]


class Proposal(Body, frozen=True, kw_only=True):
    """A guideline to send to its parties."""

    text: Annotated[str, Meta(max_length=MAXIMUM_GUIDELINE_BYTES)]


class Wanted(Body, frozen=True, kw_only=True):
    """One guideline that lies here; the beginning of its SHA-256 tells two of one name apart."""

    guideline_id: Annotated[str, Meta(max_length=64)]
    version: int
    sha256: Annotated[str, Meta(max_length=64)]


class Submission(Body, frozen=True, kw_only=True):
    """Officers' signatures."""

    signatures: Annotated[tuple[_Signature, ...], Meta(min_length=1, max_length=MAXIMUM_PARTIES)]


class GuidelineCommands:
    """Carries out on the node's loop what people ask for."""

    def __init__(self, services: Services, publisher: Publisher, desk: GuidelineDesk) -> None:
        self._services = services
        self._publisher = publisher
        self._desk = desk

    @property
    def offered(self) -> Mapping[str, Offered]:
        """The commands by name."""
        return {
            "guideline_propose": Offered(Proposal, self._propose),
            "guideline_inbox": Offered(NoBody, self._inbox),
            "guideline_fetch": Offered(Wanted, self._fetch),
            "guideline_submit": Offered(Submission, self._submit),
        }

    async def _propose(self, proposal: Proposal) -> object:
        text = proposal.text.encode()
        event = DraftArrived(text=text, proposer=self._services.me.node)
        self._desk.require_takable(event)
        guideline = read_guideline(text, realm=self._services.me.realm)
        readers = frozenset(guideline.parties)
        draft = draft_to_fields(text)
        await self._publisher.stated(RecordKind.GUIDELINE_DRAFT, draft, readers=readers)
        self._desk.take_own(event)
        signatures = await self._services.beside(self._signatures_of, str(draft["text_sha256"]))
        for signature in signatures:  # whose node came late gets them from us
            await self._publisher.stated(
                RecordKind.GUIDELINE_SIGNATURE, signature_to_fields(signature), readers=readers
            )
        return self._lying_here(guideline)

    def _signatures_of(self, text_sha256: str) -> list[GuidelineSignature]:
        """Every officer's signature of a text that lies in our log, each once, bounded."""
        found: dict[bytes, GuidelineSignature] = {}
        for row in self._services.store.records_about(text_sha256):
            if row.kind != RecordKind.GUIDELINE_SIGNATURE.value:
                continue
            record = open_unverified_record(
                RECORD.decode(row.encoded), realm=self._services.me.realm
            )
            try:
                signature = brought_signature(record)
            except PeerViolation:
                continue  # refused, counted and kept as evidence when it came
            found[signature.approval] = signature
        return list(found.values())[:MAXIMUM_RESENT]

    async def _inbox(self, _: NoBody) -> object:
        me, now = self._services.me, self._services.clock.system_utc()
        return {
            "node": me.node,
            "realm": me.realm.value,
            "guidelines": inbox(self._desk.agreement, now=now),
        }

    async def _fetch(self, wanted: Wanted) -> object:
        found = [
            one
            for one in self._known()
            if (one.guideline_id, one.version) == (wanted.guideline_id, wanted.version)
            and hashlib.sha256(one.text).hexdigest().startswith(wanted.sha256)
        ]
        if len(found) != 1:
            raise LocalMisuse(
                f"{len(found)} texts of {wanted.guideline_id[:64]} version {wanted.version}"
                " lie here",
                remedy="Look with: bongsu guideline inbox; of several, name one by its --sha256",
            )
        return {"text": found[0].text.decode(), "about": self._lying_here(found[0])}

    async def _submit(self, submission: Submission) -> object:
        signatures = [GUIDELINE_SIGNATURE.decode(one) for one in submission.signatures]
        trust, verifier = self._services.trust, self._services.verifier
        signed = [
            (one, self._signable(open_approval(one, trust=trust, verifier=verifier)))
            for one in signatures
        ]
        for signature, guideline in signed:
            event = SignatureArrived(signature=signature, bringer=self._services.me.node)
            self._desk.require_takable(event)
            await self._publisher.stated(
                RecordKind.GUIDELINE_SIGNATURE,
                signature_to_fields(signature),
                readers=frozenset(guideline.parties),
            )
            self._desk.take_own(event)
        return [self._lying_here(guideline) for _, guideline in signed]

    def _signable(self, approval: Approval) -> Guideline:
        """The draft that was approved; LocalMisuse where the approval has no place here."""
        known = self._known()
        signed = [one for one in known if hashlib.sha256(one.text).digest() == approval.text_sha256]
        if not signed:
            raise LocalMisuse(
                f"{approval.officer} signed a text that doesn't lie here",
                remedy="Propose exactly the signed bytes first; look with: bongsu guideline inbox",
            )
        name = (signed[0].guideline_id, signed[0].version)
        for other in known:
            if (other.guideline_id, other.version) == name and other.text != signed[0].text:
                self._require_not_signed(other, approval)
        return signed[0]

    def _require_not_signed(self, other: Guideline, approval: Approval) -> None:
        """One nation approves one text under one version: two would contradict each other."""
        agreement = self._desk.agreement
        signed = agreement.signed.get(hashlib.sha256(other.text).digest(), {}).values()
        is_agreed = any(one.guideline.text == other.text for one in agreement.agreed)
        if is_agreed or any(one.nation == approval.nation for one in signed):
            raise LocalMisuse(
                f"{approval.nation} has signed another text as {other.guideline_id}"
                f" version {other.version}",
                remedy="Give the later text a higher version, and have that signed",
            )

    def _known(self) -> list[Guideline]:
        """Every guideline that lies here, agreed or not."""
        agreement = self._desk.agreement
        drafts = [draft.guideline for draft in agreement.drafts.values()]
        return [*drafts, *(one.guideline for one in agreement.agreed)]

    def _lying_here(self, guideline: Guideline) -> dict[str, object]:
        now = self._services.clock.system_utc()
        return lying_here(self._desk.agreement, guideline, now=now)
