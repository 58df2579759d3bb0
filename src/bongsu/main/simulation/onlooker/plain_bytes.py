"""Messages as plain lists: read without the code that wrote them."""

from typing import Any, NamedTuple

import msgspec

from bongsu.records.feed import FeedId

_DECODER = msgspec.msgpack.Decoder()


class Place(NamedTuple):
    """What a head or a receipt states: so much of a feed, under this hash; its beat or its time."""

    feed: FeedId
    sequence: int
    hash: bytes
    beat: int


class PlainDisclosure(NamedTuple):
    """One open field; `field` without the number of an item."""

    data: bytes
    salt: bytes
    field: str
    value: object


def plain(data: bytes) -> Any:
    """Lists, numbers, texts and bytes."""
    return _DECODER.decode(data)


def place_of(payload: bytes) -> Place:
    """The place in a signed head or signed receipt, whose forms begin alike."""
    _, feed, sequence, hash_, beat, *_ = plain(plain(payload)[0])
    return Place(msgspec.convert(feed, FeedId), sequence, hash_, beat)


def disclosures_of(encoded_record: bytes) -> list[PlainDisclosure]:
    """The open fields of an encoded record."""
    read = []
    for data in plain(encoded_record)[1]:
        salt, name, value = plain(data)
        read.append(PlainDisclosure(data, salt, name.partition("/")[0], value))
    return read
