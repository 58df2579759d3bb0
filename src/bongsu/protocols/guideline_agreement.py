"""Agreeing on a guideline: drafts and officers' signatures arrive until every party has signed.

Rules:

- A text counts as a draft once it reads as a guideline of our realm with us among its parties.
- An officer's signature counts by itself, whoever brings it, before the text or after it.
- Agreed is what every party has signed; nothing takes that back. Which of the agreed holds is
  for `guideline_succession` to say; this machine tells when the answer changes.
- One partner can fill its own share of drafts and nobody else's, and one nation's officers
  their own share of signatures. A draft that something later has overtaken gives its place up.
- The order of arrival, repetition and who brings what change nothing in the end.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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
    TextSha256,
    TimePassed,
)
from bongsu.records.guideline import AgreedGuideline, Guideline, read_guideline
from bongsu.records.guideline_signing import (
    Approval,
    GuidelineSignature,
    open_agreed_guideline,
    open_approval,
)
from bongsu.records.guideline_succession import in_force_at
from bongsu.records.keys import Verifier
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import NationId, NodeId, UtcNs

MAXIMUM_DRAFTS_OF_ONE = 8  # proposed first by one node
MAXIMUM_SIGNED_BY_ONE = 32  # texts that officers of one nation signed and that aren't agreed
MAXIMUM_OFFICERS_OF_ONE = 4  # of one nation under one text


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that not every party has signed."""

    guideline: Guideline
    proposers: tuple[NodeId, ...]  # in the order of arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSigned:
    """One officer's signature of one text, verified when it came."""

    officer: str
    nation: NationId
    signed_at: UtcNs
    signature: GuidelineSignature


Signed = Mapping[str, OfficerSigned]  # by officer


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineAgreement:
    """What one nation's node knows of guidelines: proposed, signed in part, agreed."""

    nation: NationId
    drafts: Mapping[TextSha256, Draft] = field(default_factory=dict)
    signed: Mapping[TextSha256, Signed] = field(default_factory=dict)
    agreed: tuple[AgreedGuideline, ...] = ()
    holds: AgreedGuideline | None = None


Step = tuple[GuidelineAgreement, list[Effect]]


def step(
    state: GuidelineAgreement,
    event: Event,
    *,
    now: UtcNs,
    trust: TrustStore,
    verifier: Verifier,
) -> Step:
    """Take one event; `now` is the machine's own time, `trust` whose officers count now."""
    try:
        state, effects = _take(state, event, trust, verifier)
    except PeerViolation as error:
        return state, [Refuse(error=error)]
    return _passed_time(state, effects, now)


def _take(state: GuidelineAgreement, event: Event, trust: TrustStore, verifier: Verifier) -> Step:
    match event:
        case DraftArrived(text=text, proposer=proposer):
            state, effects = _take_draft(state, text, proposer, trust)
            state, more = _settle(state, hashlib.sha256(text).digest(), trust, verifier)
        case SignatureArrived(signature=signature):
            approval = open_approval(signature, trust=trust, verifier=verifier)
            state, effects = _take_signature(state, signature, approval)
            state, more = _settle(state, approval.text_sha256, trust, verifier)
        case AgreedRead(agreed=agreed):
            return _agree(state, agreed)
        case TimePassed():
            return state, []
    return state, effects + more


def _take_draft(
    state: GuidelineAgreement, text: bytes, proposer: NodeId, trust: TrustStore
) -> Step:
    guideline = read_guideline(text, realm=trust.realm)
    if state.nation not in guideline.parties:
        raise _refusal(guideline, f"{state.nation} is no party to it", "Send it to its parties")
    if any(one.guideline.text == text for one in state.agreed):
        return state, []
    digest = hashlib.sha256(text).digest()
    known = state.drafts.get(digest)
    if known is not None:
        proposers = tuple(dict.fromkeys((*known.proposers, proposer)))
        return _with_draft(state, digest, replace(known, proposers=proposers)), []
    if _overtaken(guideline, state.holds):
        raise _refusal(guideline, "a later version holds", "Give the change a higher version")
    share = sum(draft.proposers[0] == proposer for draft in state.drafts.values())
    if share >= MAXIMUM_DRAFTS_OF_ONE:
        raise _refusal(
            guideline,
            f"{share} drafts of {proposer} lie here unsigned",
            "Have some of them signed by all, or superseded, before proposing more",
        )
    state = _with_draft(state, digest, Draft(guideline=guideline, proposers=(proposer,)))
    return state, [TellDraft(guideline=guideline, proposer=proposer)]


def _take_signature(
    state: GuidelineAgreement, signature: GuidelineSignature, approval: Approval
) -> Step:
    digest = approval.text_sha256
    under_text = state.signed.get(digest, {})
    is_agreed = any(hashlib.sha256(a.guideline.text).digest() == digest for a in state.agreed)
    if approval.officer in under_text or is_agreed:
        return state, []
    state = _with_room_for(state, under_text, approval.nation)
    taken = OfficerSigned(
        officer=approval.officer,
        nation=approval.nation,
        signed_at=approval.signed_at,
        signature=signature,
    )
    draft = state.drafts.get(digest)
    told = TellSigned(
        officer=taken.officer,
        text_sha256=digest,
        guideline=None if draft is None else draft.guideline,
    )
    signed = {**state.signed, digest: {**under_text, taken.officer: taken}}
    return replace(state, signed=signed), [told]


def _with_room_for(
    state: GuidelineAgreement, under_text: Signed, nation: NationId
) -> GuidelineAgreement:
    """Of one nation's signatures of texts that never came, the oldest makes room for a new one."""
    officers = sum(one.nation == nation for one in under_text.values())
    texts = {
        digest: min(one.signed_at for one in signed.values() if one.nation == nation)
        for digest, signed in state.signed.items()
        if any(one.nation == nation for one in signed.values())
    }
    unknown = [digest for digest in texts if digest not in state.drafts]
    if officers < MAXIMUM_OFFICERS_OF_ONE and (officers or len(texts) < MAXIMUM_SIGNED_BY_ONE):
        return state
    if officers or not unknown:
        raise PeerViolation(
            f"officers of {nation} have signed enough that is not agreed",
            remedy="One signature of each nation is enough; wait until drafts are agreed",
        )
    oldest = min(unknown, key=lambda digest: texts[digest])
    left = {key: one for key, one in state.signed[oldest].items() if one.nation != nation}
    others = {digest: signed for digest, signed in state.signed.items() if digest != oldest}
    return replace(state, signed={**others, oldest: left} if left else others)


def _settle(
    state: GuidelineAgreement, digest: TextSha256, trust: TrustStore, verifier: Verifier
) -> Step:
    """Agree on a draft that every party has signed by now."""
    draft = state.drafts.get(digest)
    if draft is None:
        return state, []
    parties = draft.guideline.parties
    signatures: dict[NationId, GuidelineSignature] = {}
    for _, one in sorted(state.signed.get(digest, {}).items()):
        if one.nation in parties and _still_counts(one, trust, verifier):
            signatures.setdefault(one.nation, one.signature)
    if signatures.keys() != set(parties):
        return state, []
    agreed = open_agreed_guideline(
        draft.guideline.text,
        [signatures[nation] for nation in parties],
        trust=trust,
        verifier=verifier,
    )
    return _agree(state, agreed)


def _still_counts(one: OfficerSigned, trust: TrustStore, verifier: Verifier) -> bool:
    """Keys may have been revoked since the signature came."""
    try:
        open_approval(one.signature, trust=trust, verifier=verifier)
    except PeerViolation:
        return False
    return True


def _agree(state: GuidelineAgreement, agreed: AgreedGuideline) -> Step:
    if any(one.guideline.text == agreed.guideline.text for one in state.agreed):
        return state, []
    state = _without(state, {hashlib.sha256(agreed.guideline.text).digest()})
    return replace(state, agreed=(*state.agreed, agreed)), [TakeAgreed(agreed=agreed)]


def _passed_time(state: GuidelineAgreement, effects: list[Effect], now: UtcNs) -> Step:
    holds = in_force_at(state.agreed, nation=state.nation, at=now)
    if holds is state.holds:
        return state, effects
    told = TellInForce(holds=holds, superseded=state.holds)
    overtaken = {
        digest for digest, draft in state.drafts.items() if _overtaken(draft.guideline, holds)
    }
    return replace(_without(state, overtaken), holds=holds), [*effects, told]


def _overtaken(guideline: Guideline, holds: AgreedGuideline | None) -> bool:
    """Whether a later version of the same guideline holds already."""
    if holds is None or holds.guideline.guideline_id != guideline.guideline_id:
        return False
    return guideline.version < holds.guideline.version


def _with_draft(state: GuidelineAgreement, digest: TextSha256, draft: Draft) -> GuidelineAgreement:
    return replace(state, drafts={**state.drafts, digest: draft})


def _without(state: GuidelineAgreement, digests: set[TextSha256]) -> GuidelineAgreement:
    return replace(
        state,
        drafts={key: draft for key, draft in state.drafts.items() if key not in digests},
        signed={key: signed for key, signed in state.signed.items() if key not in digests},
    )


def _refusal(guideline: Guideline, why: str, remedy: str) -> PeerViolation:
    return PeerViolation(
        f"draft of {guideline.guideline_id} version {guideline.version} refused: {why}",
        remedy=remedy,
    )
