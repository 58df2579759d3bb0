"""What the decoder's fuzzer feeds: every structure that is read from bytes, found and not listed.

A codec that somebody adds in a room that bytes enter is fuzzed from its first day.
"""

import hashlib
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from bongsu.adapters.keys.armored_text import armored, read_armored
from bongsu.records.disclosure import read_disclosure
from bongsu.records.encoding import Codec
from bongsu.records.guideline import read_guideline
from bongsu.records.kinds import KindForm, RecordKind, form_of
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm

ROOMS = ("bongsu.records", "bongsu.protocols", "bongsu.node")
SELECTOR_BYTES = 2
LABEL = "CERTIFICATE"


@dataclass(frozen=True, slots=True)
class Reader:
    """One way in. `rewrite` reads bytes and writes again what it read; PeerViolation refuses."""

    name: str
    rewrite: Callable[[bytes], bytes]

    @property
    def selector(self) -> bytes:
        """What an input for this reader begins with; it stays when other readers join."""
        return hashlib.sha256(self.name.encode()).digest()[:SELECTOR_BYTES]


def codecs() -> dict[str, Codec[Any]]:
    """Every codec of the rooms, by what it reads."""
    found: dict[str, Codec[Any]] = {}
    for room in ROOMS:
        package = importlib.import_module(room)
        for place in pkgutil.walk_packages(package.__path__, prefix=f"{room}."):
            for value in vars(importlib.import_module(place.name)).values():
                if isinstance(value, Codec):
                    found[value.what] = value
    return dict(sorted(found.items()))


def readers() -> dict[bytes, Reader]:
    """Every way in, by the first bytes of an input that is for it."""
    ways = [Reader(name, partial(_through_codec, codec)) for name, codec in codecs().items()]
    ways += [
        Reader(disclosure_of(kind), partial(_through_disclosure, form_of(kind)))
        for kind in RecordKind
    ]
    ways.append(Reader("guideline", _through_guideline))
    ways.append(Reader("armored text", _through_armor))
    return {way.selector: way for way in ways}


def disclosure_of(kind: RecordKind) -> str:
    return f"disclosure of a {kind.value}"


def _through_codec(codec: Codec[Any], data: bytes) -> bytes:
    return codec.encode(codec.decode(data))


def _through_disclosure(form: KindForm, data: bytes) -> bytes:
    read_disclosure(data, form)
    # Any bytes that pass are plain MessagePack in its one form, whatever their name.
    return msgspec.msgpack.encode(msgspec.msgpack.decode(data))


def _through_guideline(data: bytes) -> bytes:
    return read_guideline(data, realm=Realm.EXERCISE).text


def _through_armor(data: bytes) -> bytes:
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise PeerViolation("no text", remedy="Ask for it anew") from error
    return "".join(armored(LABEL, one) for one in read_armored(text, LABEL, where="it")).encode()
