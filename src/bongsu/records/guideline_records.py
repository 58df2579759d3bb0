"""Guideline drafts and officers' signatures as records, and back."""

import hashlib

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
