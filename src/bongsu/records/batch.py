"""Signed batches: plots from a sensor, track pictures from a tracker, inside one nation.

Every batch carries realm, source and sequence and is signed by its source's key of that
realm. The body is not read before the signature has verified, and a sequence that is not
above the last one is refused: a recorded scan cannot be played back into the live picture.
"""

from enum import Enum
from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import Role
from bongsu.records.encoding import Codec, Wire
from bongsu.records.keys import (
    Purpose,
    SignaturePair,
    Signer,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.names import VERSION, Sequence, Source, Version, nation_of
from bongsu.records.realm_mark import require_realm
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, UtcNs

MAXIMUM_BODY_BYTES = 4 * 1024 * 1024


class BatchKind(Enum):
    """What the body is, and whose key may sign it."""

    PLOTS = "plots"
    PICTURE = "picture"


_SIGNED_BY = {BatchKind.PLOTS: Role.SENSOR, BatchKind.PICTURE: Role.TRACKER}


class Batch(Wire, frozen=True, kw_only=True):
    """What a source signs; `body` stays unread until its signature verified."""

    version: Version = VERSION
    realm: Realm
    source: Source
    sequence: Sequence
    kind: BatchKind
    body: Annotated[bytes, Meta(max_length=MAXIMUM_BODY_BYTES)]


class SignedBatch(Wire, frozen=True, kw_only=True):
    """The exact bytes of a batch and the Ed25519 signature of its source."""

    batch: Annotated[bytes, Meta(max_length=MAXIMUM_BODY_BYTES + 512)]
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


BATCH = Codec(Batch, maximum_bytes=MAXIMUM_BODY_BYTES + 512, what="batch")
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
    batch = Batch(realm=realm, source=source, sequence=sequence, kind=kind, body=body)
    data = BATCH.encode(batch)
    signatures = signer.sign(data, context=context_for(realm, Purpose.BATCH))
    return SIGNED_BATCH.encode(SignedBatch(batch=data, signature=signatures.ed25519))


def open_batch(
    data: bytes,
    *,
    kind: BatchKind,
    nation: NationId,
    trust: TrustStore,
    verifier: Verifier,
    guard: ReplayGuard,
    now: UtcNs,
) -> Batch:
    """The batch, if it is of this realm, kind and nation, signed by its source, and new.

    Raises PeerViolation otherwise; `guard` moves only for a batch that verified. Keys of
    partners' sensors are known here too, and yet none of them feeds our trackers.
    """
    signed = SIGNED_BATCH.decode(data)
    batch = BATCH.decode(signed.batch)
    require_realm(batch.realm, trust.realm, what=f"batch of {batch.source}")
    if batch.kind is not kind:
        raise BATCH.refusal(f"it holds {batch.kind.value}, wanted are {kind.value}")
    if nation_of(batch.source) != nation:
        raise BATCH.refusal(f"{batch.source} is no source of {nation}")
    require_signature(
        verifier,
        trust.keys_of(_SIGNED_BY[kind], batch.source, at=now),
        signed.batch,
        SignaturePair(ed25519=signed.signature),
        context=context_for(trust.realm, Purpose.BATCH),
        what=f"batch of {batch.source}",
    )
    guard.accept(batch.source, batch.sequence)
    return batch
