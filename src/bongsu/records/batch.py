"""Signed batches: plots from a sensor, track pictures from a tracker, inside one nation.

Every batch carries realm, source and sequence and is signed by its source's key of that
realm. The body is not read before the signature has verified, and a sequence that is not
above the last one is refused: a recorded scan cannot be played back into the live picture.
"""

from enum import Enum
from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import Role
from bongsu.records.encoding import Codec, Wire, encode
from bongsu.records.keys import (
    Purpose,
    SignaturePair,
    Signer,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.names import VERSION, Sequence, Source, Version
from bongsu.records.realm_mark import require_realm
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs

MAXIMUM_BODY_BYTES = 4 * 1024 * 1024


class BatchKind(Enum):
    """What the body is, and whose key may sign it."""

    PLOTS = "plots"
    PICTURE = "picture"


_SIGNED_BY = {BatchKind.PLOTS: Role.SENSOR, BatchKind.PICTURE: Role.TRACKER}


class SignedBatch(Wire, frozen=True, kw_only=True):
    """A body and the Ed25519 signature of its source over everything but itself."""

    version: Version = VERSION
    realm: Realm
    source: Source
    sequence: Sequence
    kind: BatchKind
    body: Annotated[bytes, Meta(max_length=MAXIMUM_BODY_BYTES)]
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]

    @property
    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return _covered(self.realm, self.source, self.sequence, self.kind, self.body)


SIGNED_BATCH = Codec(SignedBatch, maximum_bytes=MAXIMUM_BODY_BYTES + 1024, what="signed batch")


class ReplayGuard:
    """Remembers the last sequence of each source; at most `maximum_sources` of them."""

    __slots__ = ("_last", "maximum_sources")

    def __init__(self, maximum_sources: int = 1024) -> None:
        self._last: dict[str, int] = {}
        self.maximum_sources = maximum_sources

    def accept(self, source: str, sequence: int) -> None:
        """Raise PeerViolation unless `sequence` is above the last one of `source`."""
        last = self._last.get(source)
        if last is not None and sequence <= last:
            raise PeerViolation(
                f"batch {sequence} of {source} is not after {last}",
                remedy="Drop it as a replay; a source that restarts must go on counting",
            )
        if last is None and len(self._last) >= self.maximum_sources:
            raise PeerViolation(
                f"{source} is one source more than {self.maximum_sources}",
                remedy="Start more trackers, each with fewer sensors",
            )
        self._last[source] = sequence


def sign_batch(
    kind: BatchKind, body: bytes, signer: Signer, *, realm: Realm, source: str, sequence: int
) -> bytes:
    """The bytes of a signed batch."""
    covered = _covered(realm, source, sequence, kind, body)
    signatures = signer.sign(covered, context=context_for(realm, Purpose.BATCH))
    return SIGNED_BATCH.encode(
        SignedBatch(
            realm=realm,
            source=source,
            sequence=sequence,
            kind=kind,
            body=body,
            signature=signatures.ed25519,
        )
    )


def open_batch(
    data: bytes,
    *,
    kind: BatchKind,
    trust: TrustStore,
    verifier: Verifier,
    guard: ReplayGuard,
    now: UtcNs,
) -> SignedBatch:
    """The batch, if it is of this realm and kind, signed by its source, and new.

    Raises PeerViolation otherwise; `guard` moves only for a batch that verified.
    """
    batch = SIGNED_BATCH.decode(data)
    require_realm(batch.realm, trust.realm, what=f"batch of {batch.source}")
    if batch.kind is not kind:
        raise SIGNED_BATCH.refusal(f"it holds {batch.kind.value}, wanted are {kind.value}")
    require_signature(
        verifier,
        trust.keys_of(_SIGNED_BY[kind], batch.source, at=now),
        batch.signed_bytes,
        SignaturePair(ed25519=batch.signature),
        context=context_for(trust.realm, Purpose.BATCH),
        what=f"batch of {batch.source}",
    )
    guard.accept(batch.source, batch.sequence)
    return batch


def _covered(realm: Realm, source: str, sequence: int, kind: BatchKind, body: bytes) -> bytes:
    return encode((VERSION, realm, source, sequence, kind, body))
