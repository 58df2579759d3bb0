"""Keys as the pure rooms see them: public parts, signatures, and the ports that use keys.

Trust rules:

- Every signature and every sealing names its realm and purpose ("bongsu/1/live/head"), so
  that nothing signed for one use or realm passes in another. A verifier takes the context
  of its own realm, never the one that the bytes claim.
- Where a public key has an ML-DSA-65 part, a signature without one fails: nobody can take
  the post-quantum half away.
"""

from enum import Enum
from functools import cache
from typing import Annotated, Protocol

from msgspec import Meta

from bongsu.records.encoding import Wire
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

ED25519_KEY_BYTES = 32
ED25519_SIGNATURE_BYTES = 64
ML_DSA_65_KEY_BYTES = 1952
ML_DSA_65_SIGNATURE_BYTES = 3309
SEALING_KEY_BYTES = 1216  # ML-KEM-768 (1184) and X25519 (32), as in X-Wing


class Purpose(Enum):
    """What a signature or a sealing is for; no two share a context."""

    CERTIFICATE = "certificate"
    REVOCATION = "revocation"
    KEY_STATUS = "key-status"
    RECORD = "record"
    HEAD = "head"
    RECEIPT = "receipt"
    READER_KEY = "reader-key"
    CARRY_KEY = "carry-key"
    BATCH = "batch"
    GUIDELINE = "guideline"
    FRAME = "frame"

    __hash__ = object.__hash__  # as members are compared; `Enum` hashes their names, in Python


@cache
def context_for(realm: Realm, purpose: Purpose) -> bytes:
    """The domain of one use in one realm, at most 255 bytes."""
    return f"bongsu/1/{realm.value}/{purpose.value}".encode()


class PublicKeys(Wire, frozen=True, kw_only=True):
    """Raw public keys; `ml_dsa_65` is empty for sensors and trackers."""

    ed25519: Annotated[bytes, Meta(min_length=32, max_length=32)]
    ml_dsa_65: Annotated[bytes, Meta(max_length=ML_DSA_65_KEY_BYTES)] = b""

    @property
    def post_quantum(self) -> bool:
        """Whether signatures of these keys must carry both parts."""
        return len(self.ml_dsa_65) == ML_DSA_65_KEY_BYTES


class SignaturePair(Wire, frozen=True, kw_only=True):
    """Raw signatures of one message; `ml_dsa_65` is empty where the key has no such part."""

    ed25519: Annotated[bytes, Meta(min_length=64, max_length=64)]
    ml_dsa_65: Annotated[bytes, Meta(max_length=ML_DSA_65_SIGNATURE_BYTES)] = b""


class Signer(Protocol):
    """Holds private keys and signs with all of them."""

    @property
    def public(self) -> PublicKeys: ...

    def sign(self, message: bytes, *, context: bytes) -> SignaturePair: ...


class Verifier(Protocol):
    """Checks signatures; false for any doubt, an exception for none."""

    def verify(
        self, public: PublicKeys, message: bytes, signatures: SignaturePair, *, context: bytes
    ) -> bool: ...


class Sealer(Protocol):
    """Encrypts to one reader; everything that must be bound goes into `info`."""

    def seal(self, public_key: bytes, plaintext: bytes, *, info: bytes) -> bytes: ...


class Opener(Protocol):
    """Holds the private half of one short-lived key; PeerViolation for what it can't open."""

    @property
    def public_key(self) -> bytes: ...

    def open(self, sealed: bytes, *, info: bytes) -> bytes: ...


class SealingKey(Protocol):
    """What is sealed to: the public half of a key of one node, in one realm."""

    @property
    def realm(self) -> Realm: ...

    @property
    def node(self) -> NodeId: ...

    @property
    def public_key(self) -> bytes: ...

    @property
    def key_id(self) -> bytes: ...


def require_signature(
    verifier: Verifier,
    public: PublicKeys,
    message: bytes,
    signatures: SignaturePair,
    *,
    context: bytes,
    what: str,
) -> None:
    """Raise PeerViolation unless `signatures` are those of `public` over `message`."""
    if public.post_quantum and not signatures.ml_dsa_65:
        raise PeerViolation(
            f"{what} refused: its ML-DSA-65 signature is missing",
            remedy="Keep it as evidence: somebody took away the post-quantum half",
        )
    if not verifier.verify(public, message, signatures, context=context):
        raise PeerViolation(
            f"{what} refused: its signature does not verify as {context.decode()}",
            remedy="Keep it as evidence and compare the fingerprints with its sender",
        )
