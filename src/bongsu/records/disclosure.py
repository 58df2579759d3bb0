"""One field of a record: a salt, a name and a value, stated by its hash and shown on demand.

The parts and their rules follow SD-JWT (RFC 9901) and SD-CWT: a fresh salt of 128 bits for
every field, so that a hash gives nothing away about a value that could be guessed, and
decoy digests, made of random bytes that nobody can ever show.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from bongsu.records.encoding import encode, encode_each
from bongsu.records.kind_forms import KindForm, ShownField, ShownPattern
from bongsu.vocabulary.errors import PeerViolation

MAXIMUM_DISCLOSURE_BYTES = 65_536
_NAME_AT = 20  # after the array's head, a salt with its head, and the name's head
_SHORT_TEXT = 0b101  # how MessagePack's head of a text under 32 bytes begins

_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}(/(0|[1-9][0-9]?))?")
_DECODER = msgspec.msgpack.Decoder(ShownField[msgspec.Raw])  # the type depends on kind and name
_ANYTHING: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(Any)


def disclose_each(fields: Iterable[tuple[bytes, str, object]]) -> list[bytes]:
    """The bytes that show each field: its salt, name and value."""
    return encode_each(fields)


def digest_of(disclosure: bytes) -> bytes:
    """The SHA-256 under which a statement lists this disclosure."""
    return hashlib.sha256(disclosure).digest()


def digests_of(disclosures: Iterable[bytes]) -> list[bytes]:
    """The digest of each."""
    sha256 = hashlib.sha256
    return [sha256(disclosure).digest() for disclosure in disclosures]


def decoy(randomness: bytes) -> bytes:
    """A digest that no disclosure has."""
    return hashlib.sha256(b"decoy" + randomness).digest()


def name_of(disclosure: bytes) -> str:
    """Which field these bytes show; PeerViolation where they show none."""
    return _decode(disclosure).name


def name_of_checked(disclosure: bytes) -> str:
    """The same of bytes that are known to be in the one form of a disclosure."""
    name = _name_in(disclosure)
    return name.decode() if name else _decode(disclosure).name


def read_disclosure(disclosure: bytes, form: KindForm) -> tuple[str, object]:
    """Name and value of a field; what a name that the kind lacks may mean is left open: None.

    Raises PeerViolation for bytes that are not the one form of a salt, a name and a value: of
    the type that the kind gives the name, or of any where the kind lacks it.
    """
    fitting = form.shown(_name_in(disclosure))
    if fitting is None or len(disclosure) > MAXIMUM_DISCLOSURE_BYTES:
        return _read_carefully(disclosure, form)
    try:
        shown = fitting.decode(disclosure)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_carefully(disclosure, form)
    if encode(shown) != disclosure or shown.name != fitting.name:
        return _read_carefully(disclosure, form)
    return fitting.name, shown.value


def read_at_once(disclosures: Sequence[bytes], form: KindForm) -> dict[str, object] | None:
    """Values by name, each as `read_disclosure` gives it, where the names are a usual pattern.

    None where they are not, or where anything at all is wrong: then each has to be read by itself.
    """
    if max(map(len, disclosures), default=0) > MAXIMUM_DISCLOSURE_BYTES:
        return None
    usual = form.usual_pattern(len(disclosures))
    found = None if usual is None else _read_by(usual, disclosures)
    if found is not None:
        return found
    pattern = form.pattern(tuple([_name_in(disclosure) for disclosure in disclosures]))
    return None if pattern is None or pattern is usual else _read_by(pattern, disclosures)


def _read_by(pattern: ShownPattern, disclosures: Sequence[bytes]) -> dict[str, object] | None:
    """None where they have other names, or are not in their one form."""
    try:
        read = pattern.decode(b"".join((_array_head(len(disclosures)), *disclosures)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if [one.name for one in read] != pattern.names or encode_each(read) != list(disclosures):
        return None
    return {one.name: one.value for one in read}


def _array_head(size: int) -> bytes:
    """How MessagePack's array of so many items begins."""
    return bytes([0x90 | size]) if size < 16 else b"\xdc" + size.to_bytes(2, "big")


def _name_in(disclosure: bytes) -> bytes:
    """Where the name stands in the one form of a disclosure; nothing from 32 letters on."""
    head = disclosure[_NAME_AT - 1] if len(disclosure) > _NAME_AT else 0
    return disclosure[_NAME_AT : _NAME_AT + (head & 31)] if head >> 5 == _SHORT_TEXT else b""


def _read_carefully(disclosure: bytes, form: KindForm) -> tuple[str, object]:
    """Part by part, to say what is wrong; and for names that the kind lacks."""
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


def _decode(disclosure: bytes) -> ShownField[msgspec.Raw]:
    if len(disclosure) > MAXIMUM_DISCLOSURE_BYTES:
        raise refusal(f"{len(disclosure)} bytes exceed {MAXIMUM_DISCLOSURE_BYTES}")
    try:
        return _DECODER.decode(disclosure)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(str(error)) from error
