"""One field of a record: a salt, a name and a value, stated by its hash and shown on demand.

The parts and their rules follow SD-JWT (RFC 9901) and SD-CWT: a fresh salt of 128 bits for
every field, so that a hash gives nothing away about a value that could be guessed, and
decoy digests, made of random bytes that nobody can ever show.
"""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from bongsu.records.encoding import Codec, Wire, encode

SALT_BYTES = 16
MAXIMUM_DISCLOSURE_BYTES = 65_536

FieldName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,47}(/(0|[1-9][0-9]?))?\Z")]


class Disclosure(Wire, frozen=True):
    """A field as it was read: `value` is still encoded, its type depends on the name."""

    salt: Annotated[bytes, Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    name: FieldName
    value: msgspec.Raw


DISCLOSURE = Codec(Disclosure, maximum_bytes=MAXIMUM_DISCLOSURE_BYTES, what="disclosure")


def disclose(salt: bytes, name: str, value: object) -> bytes:
    """The bytes that show one field."""
    return encode((salt, name, value))


def digest_of(disclosure: bytes) -> bytes:
    """The SHA-256 under which a statement lists this disclosure."""
    return hashlib.sha256(disclosure).digest()


def decoy(randomness: bytes) -> bytes:
    """A digest that no disclosure has."""
    return hashlib.sha256(b"decoy" + randomness).digest()
