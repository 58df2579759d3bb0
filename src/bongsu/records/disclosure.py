"""One field of a record: a salt, a name and a value, stated by its hash and shown on demand.

The parts and their rules follow SD-JWT (RFC 9901) and SD-CWT: a fresh salt of 128 bits for
every field, so that a hash gives nothing away about a value that could be guessed, and
decoy digests, made of random bytes that nobody can ever show.
"""

import hashlib
import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bongsu.records.encoding import Wire, encode
from bongsu.records.kinds import KindForm
from bongsu.vocabulary.errors import PeerViolation

SALT_BYTES = 16
MAXIMUM_DISCLOSURE_BYTES = 65_536

_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}(/(0|[1-9][0-9]?))?")


class _Disclosure(Wire, frozen=True):
    salt: Annotated[bytes, Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    name: Annotated[str, Meta(max_length=64)]
    value: msgspec.Raw  # its type depends on kind and name


_DECODER = msgspec.msgpack.Decoder(_Disclosure)
_ANYTHING: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(Any)


def disclose(salt: bytes, name: str, value: object) -> bytes:
    """The bytes that show one field."""
    return encode((salt, name, value))


def digest_of(disclosure: bytes) -> bytes:
    """The SHA-256 under which a statement lists this disclosure."""
    return hashlib.sha256(disclosure).digest()


def decoy(randomness: bytes) -> bytes:
    """A digest that no disclosure has."""
    return hashlib.sha256(b"decoy" + randomness).digest()


def name_of(disclosure: bytes) -> str:
    """Which field these bytes show; PeerViolation where they show none."""
    return _decode(disclosure).name


def read_disclosure(disclosure: bytes, form: KindForm) -> tuple[str, object]:
    """Name and value of a field; what a name that the kind lacks may mean is left open: None.

    Raises PeerViolation for bytes that are not the one form of a salt, a name and a value: of
    the type that the kind gives the name, or of any where the kind lacks it.
    """
    read = _decode(disclosure)
    field = form.field(read.name)
    if field is None and _NAME.fullmatch(read.name) is None:
        raise refusal(f"{read.name!r} is no field's name")
    decoder = _ANYTHING if field is None else field.decoder
    try:
        value = decoder.decode(read.value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(f"field {read.name}: {error}") from error
    if encode((read.salt, read.name, value)) != disclosure:
        raise refusal(f"field {read.name} is not in its one canonical form")
    return read.name, None if field is None else value


def refusal(why: str) -> PeerViolation:
    """The error that says why a disclosure was refused, to be raised by the caller."""
    return PeerViolation(
        f"disclosure refused: {why}",
        remedy="Keep the record as evidence and ask its originator for it anew",
    )


def _decode(disclosure: bytes) -> _Disclosure:
    if len(disclosure) > MAXIMUM_DISCLOSURE_BYTES:
        raise refusal(f"{len(disclosure)} bytes exceed {MAXIMUM_DISCLOSURE_BYTES}")
    try:
        return _DECODER.decode(disclosure)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(str(error)) from error
