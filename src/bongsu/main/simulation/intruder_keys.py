"""What an intruder from the live realm holds at worst: copies of the federation's own keys.

Real keys sign for any realm: that is what contexts are for. Marked keys refuse the live realm, so
the intruder goes round their refusal; what it makes nobody can verify or open but by forgetting
which realm this is.
"""

from dataclasses import dataclass

from bongsu.adapters.simulated.marked_keys import MarkedSealer, MarkedSigner
from bongsu.records.keys import PublicKeys, Sealer, SignaturePair, Signer


@dataclass(frozen=True, slots=True)
class CopiedSigner:
    """Implements `records.keys.Signer` for any realm."""

    original: Signer

    @property
    def public(self) -> PublicKeys:
        return self.original.public

    def sign(self, message: bytes, *, context: bytes) -> SignaturePair:
        if isinstance(self.original, MarkedSigner):
            return self.original.mark(message, context)
        return self.original.sign(message, context=context)


@dataclass(frozen=True, slots=True)
class CopiedSealer:
    """Implements `records.keys.Sealer` for any realm."""

    original: Sealer

    def seal(self, public_key: bytes, plaintext: bytes, *, info: bytes) -> bytes:
        if isinstance(self.original, MarkedSealer):
            return self.original.hide(public_key, plaintext, info)
        return self.original.seal(public_key, plaintext, info=info)
