"""What happens to a guideline on its way to being agreed, and what is to be done about it."""

from dataclasses import dataclass

from bongsu.records.guideline import AgreedGuideline, Guideline
from bongsu.records.guideline_signing import GuidelineSignature
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import NodeId

TextSha256 = bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftArrived:
    """A node proposes a text."""

    text: bytes
    proposer: NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureArrived:
    """A node brings an officer's signature."""

    signature: GuidelineSignature
    bringer: NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRead:
    """A guideline that every party signed was read from our own trust folder."""

    agreed: AgreedGuideline


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed:
    """A guideline that was signed ahead may hold now."""


Event = DraftArrived | SignatureArrived | AgreedRead | TimePassed


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDraft:
    """A text that was not known came in."""

    guideline: Guideline
    proposer: NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellSigned:
    """An officer's good signature came in; `guideline` is None while its text is not known."""

    officer: str
    text_sha256: TextSha256
    guideline: Guideline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAgreed:
    """Every party has signed this text now."""

    agreed: AgreedGuideline


@dataclass(frozen=True, slots=True, kw_only=True)
class TellInForce:
    """What holds has changed; None: two texts contradict each other, and nothing is released."""

    holds: AgreedGuideline | None
    superseded: AgreedGuideline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """What came in is not taken, for the reason that the error says."""

    error: PeerViolation


Effect = TellDraft | TellSigned | TakeAgreed | TellInForce | Refuse
