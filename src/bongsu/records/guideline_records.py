"""Guideline drafts and officers' signatures as records, and back."""

import hashlib

from bongsu.records.guideline import AgreedGuideline, read_guideline
from bongsu.records.guideline_signing import APPROVAL, GUIDELINE_SIGNATURE, GuidelineSignature
from bongsu.records.opened_record import OpenedRecord
from bongsu.vocabulary.errors import PeerViolation


def draft_to_fields(text: bytes) -> dict[str, object]:
    """The fields of a record that proposes a guideline."""
    return {"text_sha256": hashlib.sha256(text).hexdigest(), "text": text}


def drafted_text(opened: OpenedRecord) -> bytes:
    """The text that a record proposes; PeerViolation where it is not the one that it names."""
    text = opened.fields.get("text")
    if not isinstance(text, bytes) or draft_to_fields(text) != dict(opened.fields):
        raise _refusal(opened, "its text is missing or another than it names")
    return text


def agreed_to_fields(agreed: AgreedGuideline) -> dict[str, object]:
    """The fields of a node's own note that every party has signed a text."""
    return {**draft_to_fields(agreed.guideline.text), "officers": agreed.officers}


def noted_agreement(opened: OpenedRecord) -> AgreedGuideline:
    """What our own log notes as agreed; PeerViolation where it is no guideline of our realm."""
    text, officers = opened.fields.get("text"), opened.fields.get("officers")
    if not isinstance(text, bytes) or not isinstance(officers, tuple):
        raise _refusal(opened, "its text or its officers are missing")
    guideline = read_guideline(text, realm=opened.realm)
    return AgreedGuideline(guideline=guideline, officers=officers)


def signature_to_fields(signature: GuidelineSignature) -> dict[str, object]:
    """The fields of a record that brings an officer's signature."""
    return {
        "text_sha256": APPROVAL.decode(signature.approval).text_sha256.hex(),
        "signature": GUIDELINE_SIGNATURE.encode(signature),
    }


def brought_signature(opened: OpenedRecord) -> GuidelineSignature:
    """The signature that a record brings, not verified; PeerViolation where it names another."""
    encoded = opened.fields.get("signature")
    if not isinstance(encoded, bytes):
        raise _refusal(opened, "its signature is missing")
    signature = GUIDELINE_SIGNATURE.decode(encoded)
    if signature_to_fields(signature) != dict(opened.fields):
        raise _refusal(opened, "its signature is of another text than it names")
    return signature


def _refusal(opened: OpenedRecord, why: str) -> PeerViolation:
    return PeerViolation(
        f"{opened.kind.value} of {opened.originator} refused: {why}",
        remedy="Keep it as evidence and ask its originator to state it anew",
    )
