"""What a node holds of another one's warnings, as a record and back; and the proof of a story."""

from dataclasses import dataclass

from bongsu.records.holding_kinds import HeldForm
from bongsu.records.keys import Verifier
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_record
from bongsu.records.projection import project
from bongsu.records.record import RECORD, Record
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.units import NodeId

PROOF_FIELDS = frozenset({"warning_id", "version"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Warnings of one originator that the record's node holds."""

    originator: NodeId
    held: tuple[HeldWarning, ...]
    proof: bytes | None = None  # see `proof_of`


def holdings_to_fields(holdings: Holdings) -> dict[str, object]:
    """The fields of the record."""
    return {
        "originator": holdings.originator,
        "held": holdings.held,
        "proof": holdings.proof,
    }


def holdings_of(opened: OpenedRecord) -> Holdings:
    """What the record says; PeerViolation for another kind or one that is not whole."""
    fields, kind = opened.fields, opened.kind
    held, proof = fields.get("held"), fields.get("proof")
    if kind is not RecordKind.HELD_WARNINGS or opened.withheld or not isinstance(held, tuple):
        raise PeerViolation(
            f"a {kind.value} of {opened.originator} does not say what it holds",
            remedy="Ask which version it runs",
        )
    return Holdings(
        originator=NodeId(str(fields["originator"])),
        held=tuple(held_as_vocabulary(one) for one in held),
        proof=proof if isinstance(proof, bytes) else None,
    )


def held_warning(opened: OpenedRecord) -> HeldWarning | None:
    """Name, version and id of a launch warning; None where the first two are withheld."""
    warning_id, version = opened.fields.get("warning_id"), opened.fields.get("version")
    if not isinstance(warning_id, str) or not isinstance(version, int):
        return None
    return HeldWarning(warning_id=warning_id, version=version, record_id=opened.record_id)


def proof_of(record: Record) -> bytes:
    """The record with only its name and version open: its originator's signed word for the id."""
    return RECORD.encode(project(record, PROOF_FIELDS, visible=lambda _: False))


def open_proof(
    proof: bytes, *, originator: NodeId, trust: TrustStore, verifier: Verifier
) -> HeldWarning:
    """What the originator signed under which name and version; PeerViolation for any doubt."""
    opened = open_record(RECORD.decode(proof), trust=trust, verifier=verifier)
    held = held_warning(opened)
    if held is None or opened.originator != originator:
        raise PeerViolation(
            f"a proof against {originator} is a {opened.kind.value} of {opened.originator}",
            remedy="Keep it as evidence: it proves nothing against that node",
        )
    return held


def held_as_vocabulary(held: HeldForm) -> HeldWarning:
    """One version that its holder has."""
    return HeldWarning(warning_id=held.warning_id, version=held.version, record_id=held.record_id)
