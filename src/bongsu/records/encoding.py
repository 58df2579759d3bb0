"""One encoding for everything that crosses a process, a border or a disk: MessagePack.

Rules, in the order in which `Codec.decode` applies them:

1. The size is bounded before a byte is read.
2. The type is stated: structures are arrays of known length, never maps, so that there is
   no key to repeat, reorder or invent.
3. What was read is written again and compared. Integers or lengths that are not minimal,
   float32 in place of float64, integers in place of floats, missing or extra trailing
   parts: one value has one form, and any other form is refused.

Whatever is wrong with the bytes, the one exception that leaves this file is PeerViolation.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from bongsu.vocabulary.errors import LocalMisuse, PeerViolation

T = TypeVar("T")

_ENCODER = msgspec.msgpack.Encoder()


class Wire(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """Root of every structure that crosses as bytes: an immutable array of known length."""


def encode(value: object) -> bytes:
    """The one form of `value` in bytes.

    Raises LocalMisuse for a value that has none (a set, an integer beyond 64 bits).
    """
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise _unencodable(type(value).__name__, error) from error


def encode_each(values: Iterable[object]) -> list[bytes]:
    """The one form of each value; raises as `encode` does. Of many small ones it costs less."""
    one = _ENCODER.encode
    try:
        return [one(value) for value in values]
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise _unencodable("value among others", error) from error


def _unencodable(what: str, error: Exception) -> LocalMisuse:
    return LocalMisuse(
        f"cannot encode a {what}: {error}",
        remedy="Encode numbers within 64 bits, text, bytes, tuples and Wire structures only",
    )


class Codec(Generic[T]):
    """Reads and writes one type, within one size."""

    __slots__ = ("_decoder", "maximum_bytes", "what")

    def __init__(self, form: type[T], *, maximum_bytes: int, what: str) -> None:
        """`form` is the type, `what` its name in messages ("signed head")."""
        self._decoder = msgspec.msgpack.Decoder(form)
        self.maximum_bytes = maximum_bytes
        self.what = what

    def encode(self, value: T) -> bytes:
        """The one form of `value`; raises LocalMisuse where it exceeds the size."""
        data = encode(value)
        if len(data) > self.maximum_bytes:
            raise LocalMisuse(
                f"a {self.what} of {len(data)} bytes exceeds {self.maximum_bytes}",
                remedy="Split it or send less in one",
            )
        return data

    def decode(self, data: bytes) -> T:
        """The value that `data` is the one form of; raises PeerViolation for anything else."""
        if len(data) > self.maximum_bytes:
            raise self.refusal(f"{len(data)} bytes exceed {self.maximum_bytes}")
        try:
            value: T = self._decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise self.refusal(str(error)) from error
        if _ENCODER.encode(value) != data:
            raise self.refusal("it is not in its one canonical form")
        return value

    def refusal(self, why: str) -> PeerViolation:
        """The error that says what was refused and why, to be raised by the caller."""
        return PeerViolation(
            f"{self.what} refused: {why}",
            remedy="Keep the bytes as evidence and ask their sender which version it runs",
        )
