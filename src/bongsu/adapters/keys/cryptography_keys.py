"""Keys of the `cryptography` package: Ed25519, ML-DSA-65, and HPKE with X-Wing.

The package brings its own OpenSSL in its wheel, so the machine's OpenSSL does not matter.
"""

from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from bongsu.records.keys import SEALING_KEY_BYTES, PublicKeys, SignaturePair
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

ML_KEM_768_KEY_BYTES: Final = 1184

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class CryptographySigner:
    """Signs with Ed25519 and, where it has one, an ML-DSA-65 key."""

    __slots__ = ("_ed25519", "_ml_dsa_65", "_public")

    def __init__(self, ed25519: Ed25519PrivateKey, ml_dsa_65: MLDSA65PrivateKey | None) -> None:
        self._ed25519 = ed25519
        self._ml_dsa_65 = ml_dsa_65
        self._public = PublicKeys(
            ed25519=ed25519.public_key().public_bytes_raw(),
            ml_dsa_65=ml_dsa_65.public_key().public_bytes_raw() if ml_dsa_65 else b"",
        )

    @classmethod
    def generate(cls, *, post_quantum: bool = True) -> "CryptographySigner":
        """Fresh keys from the operating system's randomness."""
        return cls(
            Ed25519PrivateKey.generate(), MLDSA65PrivateKey.generate() if post_quantum else None
        )

    @property
    def public(self) -> PublicKeys:
        return self._public

    @property
    def private_keys(self) -> tuple[Ed25519PrivateKey, MLDSA65PrivateKey | None]:
        """For writing key files; nothing else reads them."""
        return self._ed25519, self._ml_dsa_65

    def sign(self, message: bytes, *, context: bytes) -> SignaturePair:
        """Both signatures; Ed25519 over the prefixed context, ML-DSA-65 with its own context."""
        return SignaturePair(
            ed25519=self._ed25519.sign(_prefixed(message, context)),
            ml_dsa_65=self._ml_dsa_65.sign(message, context) if self._ml_dsa_65 else b"",
        )


class CryptographyVerifier:
    """Checks signatures; keeps the public keys it has parsed, up to a bound."""

    __slots__ = ("_maximum_parsed", "_parsed")

    def __init__(self, maximum_parsed: int = 1024) -> None:
        self._maximum_parsed = maximum_parsed
        self._parsed: dict[PublicKeys, tuple[Ed25519PublicKey, MLDSA65PublicKey | None]] = {}

    def verify(
        self, public: PublicKeys, message: bytes, signatures: SignaturePair, *, context: bytes
    ) -> bool:
        """True if every part that the key has is there and verifies, and no part is extra."""
        try:
            ed25519, ml_dsa_65 = self._keys(public)
            ed25519.verify(signatures.ed25519, _prefixed(message, context))
            if ml_dsa_65 is None:
                return not signatures.ml_dsa_65
            ml_dsa_65.verify(signatures.ml_dsa_65, message, context)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _keys(self, public: PublicKeys) -> tuple[Ed25519PublicKey, MLDSA65PublicKey | None]:
        known = self._parsed.get(public)
        if known is None:
            known = (
                Ed25519PublicKey.from_public_bytes(public.ed25519),
                MLDSA65PublicKey.from_public_bytes(public.ml_dsa_65) if public.ml_dsa_65 else None,
            )
            if len(self._parsed) >= self._maximum_parsed:
                self._parsed.clear()
            self._parsed[public] = known
        return known


class CryptographySealer:
    """Seals with HPKE: ML-KEM-768 + X25519 (X-Wing), HKDF-SHA256, AES-256-GCM."""

    __slots__ = ()

    def seal(self, public_key: bytes, plaintext: bytes, *, info: bytes) -> bytes:
        """1,120 bytes of encapsulated key, then ciphertext and tag."""
        if len(public_key) != SEALING_KEY_BYTES:
            raise LocalMisuse(
                f"a sealing key of {len(public_key)} bytes",
                remedy=f"Give the {SEALING_KEY_BYTES} bytes of a key announcement",
            )
        try:
            public = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(public_key[:ML_KEM_768_KEY_BYTES]),
                X25519PublicKey.from_public_bytes(public_key[ML_KEM_768_KEY_BYTES:]),
            )
            return _SUITE.encrypt(plaintext, public, info=info)
        except ValueError as error:
            raise PeerViolation(
                f"the announced sealing key is no key: {error}",
                remedy="Ask its node to announce a fresh one",
            ) from error


class CryptographyOpener:
    """One short-lived sealing key; its private half exists in this object alone.

    Fresh from the operating system's randomness; tests give parts that they know.
    """

    __slots__ = ("_private", "_public")

    def __init__(
        self, ml_kem: MLKEM768PrivateKey | None = None, x25519: X25519PrivateKey | None = None
    ) -> None:
        ml_kem = ml_kem or MLKEM768PrivateKey.generate()
        x25519 = x25519 or X25519PrivateKey.generate()
        self._private = MLKEM768X25519PrivateKey(ml_kem, x25519)
        self._public = (
            ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )

    @property
    def public_key(self) -> bytes:
        return self._public

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        """The plaintext; PeerViolation where anything at all was changed."""
        try:
            return _SUITE.decrypt(sealed, self._private, info=info)
        except (InvalidTag, ValueError) as error:
            raise PeerViolation(
                "a sealed frame does not open",
                remedy="Keep it as evidence and ask its sender for the entries anew",
            ) from error


def _prefixed(message: bytes, context: bytes) -> bytes:
    return bytes([len(context)]) + context + message
