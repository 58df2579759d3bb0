"""What lies at a node of guidelines, as plain values for people to see."""

import hashlib

from bongsu.protocols.guideline_agreement import GuidelineAgreement
from bongsu.records.guideline import Guideline
from bongsu.records.guideline_diff import compare
from bongsu.records.guideline_words import diff_in_words
from bongsu.records.names import nation_of
from bongsu.vocabulary.units import UtcNs


def inbox(agreement: GuidelineAgreement, *, now: UtcNs) -> list[dict[str, object]]:
    """Every guideline that lies here: by id, the newest version first."""
    known = [
        *(draft.guideline for draft in agreement.drafts.values()),
        *(one.guideline for one in agreement.agreed),
    ]
    known.sort(key=lambda one: (one.guideline_id, -one.version, one.text))
    return [lying_here(agreement, guideline, now=now) for guideline in known]


def lying_here(
    agreement: GuidelineAgreement, guideline: Guideline, *, now: UtcNs
) -> dict[str, object]:
    """One guideline: its name, state, who proposed and signed it, what it would change."""
    digest = hashlib.sha256(guideline.text).digest()
    draft = agreement.drafts.get(digest)
    officers = _officers(agreement, guideline, digest)
    signed = {nation_of(officer) for officer in officers}
    return {
        "id": guideline.guideline_id,
        "version": guideline.version,
        "sha256": digest.hex(),
        "valid_from": guideline.valid_from,
        "parties": list(guideline.parties),
        "state": _state(agreement, guideline, now),
        "proposed_by": [] if draft is None else list(draft.proposers),
        "signed_by": officers,
        "missing": [nation for nation in guideline.parties if nation not in signed],
        "changes": _changes(agreement, guideline),
    }


def _changes(agreement: GuidelineAgreement, guideline: Guideline) -> list[str]:
    """In sentences, against what is in force; nothing for what is in force itself."""
    holds = None if agreement.holds is None else agreement.holds.guideline
    return list(diff_in_words(compare(holds, guideline)))


def _officers(agreement: GuidelineAgreement, guideline: Guideline, digest: bytes) -> list[str]:
    for one in agreement.agreed:
        if one.guideline.text == guideline.text:
            return list(one.officers)
    return sorted(agreement.signed.get(digest, {}))


def _state(agreement: GuidelineAgreement, guideline: Guideline, now: UtcNs) -> str:
    if all(one.guideline.text != guideline.text for one in agreement.agreed):
        return "draft"
    if agreement.holds is not None and agreement.holds.guideline.text == guideline.text:
        return "in force"
    return "signed ahead" if guideline.valid_from > now else "superseded"
