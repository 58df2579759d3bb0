"""MARKED keys: a fake of signatures and sealing for simulations, some fifty times cheaper.

They are no cryptography, and say so in every byte: each key, signature and sealed text begins
with MARKED. But they bind what the real ones bind, so that checks on top of them mean something:

- a signature is of one key, message and context, and only a holder of the key can make it;
- what is sealed opens with one reader's key and the same info, and hides its text from anybody
  who does not hold that key, in the simulated world: outside of it, nothing is hidden.

Who verifies or seals asks the *keyring* of the simulated world, where every secret lies. So a
marked signature can mean nothing to a running node, which has no keyring; and whatever names the
live realm is refused here, always.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from bongsu.records.keys import (
    ED25519_KEY_BYTES,
    ED25519_SIGNATURE_BYTES,
    ML_DSA_65_KEY_BYTES,
    SEALING_KEY_BYTES,
    PublicKeys,
    Purpose,
    SignaturePair,
    context_for,
)
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm

MARK = b"MARKED"
_SECRET_BYTES = 32
_TAG_BYTES = 32
_SIGNED = MARK.ljust(ED25519_SIGNATURE_BYTES - _TAG_BYTES, b".")
_LIVE_CONTEXTS = tuple(context_for(Realm.LIVE, purpose) for purpose in Purpose)

Chance = Callable[[int], bytes]  # so many bytes, of the seed


@dataclass(frozen=True, slots=True)
class _Secrets:
    """The private halves of one signing key."""

    public: PublicKeys
    ed25519: bytes
    ml_dsa_65: bytes  # empty where the key has no such part


@dataclass(slots=True)
class MarkedKeyring:
    """Every secret of one simulated world, by public key."""

    _signing: dict[bytes, _Secrets] = field(default_factory=dict)
    _sealing: dict[bytes, bytes] = field(default_factory=dict)

    def new_signer(self, chance: Chance, *, post_quantum: bool = True) -> "MarkedSigner":
        """A fresh signing key."""
        one, two = chance(_SECRET_BYTES), chance(_SECRET_BYTES)
        public = PublicKeys(
            ed25519=_public(one, ED25519_KEY_BYTES),
            ml_dsa_65=_public(two, ML_DSA_65_KEY_BYTES) if post_quantum else b"",
        )
        secrets = _Secrets(public, one, two if post_quantum else b"")
        self._signing[public.ed25519] = secrets
        return MarkedSigner(secrets)

    def new_opener(self, chance: Chance) -> "MarkedOpener":
        """A fresh sealing key."""
        secret = chance(_SECRET_BYTES)
        public = _public(secret, SEALING_KEY_BYTES)
        self._sealing[public] = secret
        return MarkedOpener(public, secret)

    def secrets_of(self, public: PublicKeys) -> _Secrets | None:
        """The private halves of exactly this key."""
        found = self._signing.get(public.ed25519)
        return found if found is not None and found.public == public else None

    def sealing_secret(self, public_key: bytes) -> bytes | None:
        """The private half of a sealing key."""
        return self._sealing.get(public_key)


class MarkedSigner:
    """Implements `records.keys.Signer`; refuses the live realm."""

    __slots__ = ("_secrets",)

    def __init__(self, secrets: _Secrets) -> None:
        self._secrets = secrets

    @property
    def public(self) -> PublicKeys:
        return self._secrets.public

    def sign(self, message: bytes, *, context: bytes) -> SignaturePair:
        _refuse_live(context)
        return self.mark(message, context)

    def mark(self, message: bytes, context: bytes) -> SignaturePair:
        """The same for any realm: only a played intruder has a use for it, and no verifier."""
        secrets = self._secrets
        return SignaturePair(
            ed25519=_signature(secrets.ed25519, message, context),
            ml_dsa_65=_signature(secrets.ml_dsa_65, message, context) if secrets.ml_dsa_65 else b"",
        )


class MarkedVerifier:
    """Implements `records.keys.Verifier`; refuses the live realm."""

    __slots__ = ("_keyring",)

    def __init__(self, keyring: MarkedKeyring) -> None:
        self._keyring = keyring

    def verify(
        self, public: PublicKeys, message: bytes, signatures: SignaturePair, *, context: bytes
    ) -> bool:
        _refuse_live(context)
        secrets = self._keyring.secrets_of(public)
        if secrets is None or signatures.ed25519 != _signature(secrets.ed25519, message, context):
            return False
        if not secrets.ml_dsa_65:
            return not signatures.ml_dsa_65
        return signatures.ml_dsa_65 == _signature(secrets.ml_dsa_65, message, context)


class MarkedSealer:
    """Implements `records.keys.Sealer`; refuses the live realm."""

    __slots__ = ("_keyring", "_sealed")

    def __init__(self, keyring: MarkedKeyring) -> None:
        self._keyring = keyring
        self._sealed = 0

    def seal(self, public_key: bytes, plaintext: bytes, *, info: bytes) -> bytes:
        """The mark, a number used once, the hidden text, and a tag over all of it."""
        _refuse_live(info)
        return self.hide(public_key, plaintext, info)

    def hide(self, public_key: bytes, plaintext: bytes, info: bytes) -> bytes:
        """The same for any realm: only a played intruder has a use for it, and no opener."""
        secret = self._keyring.sealing_secret(public_key)
        if secret is None:
            raise PeerViolation(
                "the announced sealing key is no key of this simulated world",
                remedy="Ask its node to announce a fresh one",
            )
        self._sealed += 1
        number = self._sealed.to_bytes(8, "big")
        hidden = _hidden(secret, number, info, plaintext)
        return MARK + number + hidden + _tag(secret, number, info, hidden)


class MarkedOpener:
    """Implements `records.keys.Opener`; refuses the live realm."""

    __slots__ = ("_public", "_secret")

    def __init__(self, public: bytes, secret: bytes) -> None:
        self._public = public
        self._secret = secret

    @property
    def public_key(self) -> bytes:
        return self._public

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        """The plaintext; PeerViolation where anything at all was changed."""
        _refuse_live(info)
        start = len(MARK)
        number, tag = sealed[start : start + 8], sealed[-_TAG_BYTES:]
        hidden = sealed[start + 8 : -_TAG_BYTES]
        whole = sealed.startswith(MARK) and len(sealed) >= start + 8 + _TAG_BYTES
        if not whole or tag != _tag(self._secret, number, info, hidden):
            raise PeerViolation(
                "a sealed frame does not open",
                remedy="Keep it as evidence and ask its sender for the entries anew",
            )
        return _hidden(self._secret, number, info, hidden)


def _refuse_live(context: bytes) -> None:
    """A sealing's info begins with its context, a signature's context is one."""
    if context.startswith(_LIVE_CONTEXTS):
        raise LocalMisuse(
            f"marked keys were asked to serve {context[:32]!r}",
            remedy="Use real keys in the live realm: marked ones are for simulations only",
        )


def _public(secret: bytes, size: int) -> bytes:
    """A public key of `size` bytes that gives its secret away to nobody."""
    name = hashlib.sha256(MARK + secret).digest()[: ED25519_KEY_BYTES - len(MARK)]
    return (MARK + name).ljust(size, b".")


def _signature(secret: bytes, message: bytes, context: bytes) -> bytes:
    covered = len(context).to_bytes(1, "big") + context + message
    return _SIGNED + _keyed(secret, covered)


def _keyed(secret: bytes, covered: bytes) -> bytes:
    """A keyed hash; BLAKE2b has a key of its own, and takes half of the time of an HMAC."""
    return blake2b(covered, digest_size=_TAG_BYTES, key=secret).digest()


def _tag(secret: bytes, number: bytes, info: bytes, hidden: bytes) -> bytes:
    covered = b"tag" + number + len(info).to_bytes(4, "big") + info + hidden
    return _keyed(secret, covered)


def _hidden(secret: bytes, number: bytes, info: bytes, text: bytes) -> bytes:
    """`text` under a pad that only the secret gives; the same again gives it back.

    The pad repeats: enough that no piece of a text stands in it, and no more than that.
    """
    size = len(text)
    pad = blake2b(b"pad" + number + info, key=secret).digest()
    pads = (pad * (size // len(pad) + 1))[:size]
    mixed = int.from_bytes(text, "big") ^ int.from_bytes(pads, "big")
    return mixed.to_bytes(size, "big")
