"""One value has one form; every other form, and everything oversized, is a PeerViolation."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.records.encoding import Codec, Wire, encode
from bongsu.records.names import Finite
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation


class Sample(Wire, frozen=True, kw_only=True):
    number: int
    figure: Finite
    text: str
    data: bytes
    items: tuple[int, ...] = ()


SAMPLE = Codec(Sample, maximum_bytes=1000, what="sample")
VALUE = Sample(number=5, figure=1.5, text="a", data=b"bc", items=(1, 200))
BYTES = SAMPLE.encode(VALUE)

NOT_CANONICAL = {
    "an integer longer than it need be": BYTES.replace(b"\x95\x05", b"\x95\xcc\x05"),
    "a 64-bit integer for a small one": BYTES.replace(
        b"\x95\x05", b"\x95\xcf" + bytes(7) + b"\x05"
    ),
    "a signed form of a positive integer": BYTES.replace(b"\x95\x05", b"\x95\xd0\x05"),
    "an array header longer than it need be": b"\xdc\x00\x05" + BYTES[1:],
    "a text header longer than it need be": BYTES.replace(b"\xa1a", b"\xd9\x01a"),
    "a bytes header longer than it need be": BYTES.replace(b"\xc4\x02bc", b"\xc5\x00\x02bc"),
    "float32 for float64": BYTES.replace(
        b"\xcb" + struct.pack(">d", 1.5), b"\xca" + struct.pack(">f", 1.5)
    ),
    "an integer for a float": BYTES.replace(b"\xcb" + struct.pack(">d", 1.5), b"\x01"),
    "a default left out": b"\x94" + BYTES[1:-4],
    "one byte too many": BYTES + b"\x00",
    "a second value behind the first": BYTES + BYTES,
    "an element too many": b"\x96" + BYTES[1:] + b"\x00",
    "one byte too few": BYTES[:-1],
    "nothing": b"",
    "a map in place of the array": encode({"number": 5}),
    "a map with a repeated key": b"\x82\xa1a\x01\xa1a\x02",
    "text that is not UTF-8": BYTES.replace(b"\xa1a", b"\xa1\xff"),
    "text for bytes": BYTES.replace(b"\xc4\x02bc", b"\xa2bc"),
    "NaN": BYTES.replace(struct.pack(">d", 1.5), struct.pack(">d", float("nan"))),
    "infinity": BYTES.replace(struct.pack(">d", 1.5), struct.pack(">d", float("inf"))),
    "a reserved code": b"\xc1",
    "an extension type": b"\xd4\x01\x00",
    "a length beyond the data": b"\xdd\xff\xff\xff\xff",
    "deep nesting": b"\x91" * 900 + b"\xc0",
}


def test_what_was_encoded_decodes_to_the_same_value() -> None:
    assert SAMPLE.decode(BYTES) == VALUE


@pytest.mark.parametrize("fault", NOT_CANONICAL)
def test_any_other_form_of_a_value_is_refused(fault: str) -> None:
    data = NOT_CANONICAL[fault]
    assert data != BYTES
    with pytest.raises(PeerViolation, match="sample refused"):
        SAMPLE.decode(data)


def test_deep_nesting_is_refused_for_every_type() -> None:
    anything: Codec[Any] = Codec(object, maximum_bytes=2_000_000, what="anything")
    for depth in (5_000, 1_000_000):
        with pytest.raises(PeerViolation):
            anything.decode(b"\x91" * depth + b"\xc0")


def test_oversized_input_is_refused_before_it_is_read() -> None:
    with pytest.raises(PeerViolation, match="1001 bytes exceed 1000"):
        SAMPLE.decode(b"\xc1" * 1001)


def test_we_never_write_more_than_the_size_that_readers_accept() -> None:
    with pytest.raises(LocalMisuse, match="exceeds 1000"):
        SAMPLE.encode(Sample(number=1, figure=1.0, text="a" * 1000, data=b""))


@pytest.mark.parametrize("value", [{1, 2}, 2**70, object()])
def test_what_has_no_form_is_our_own_misuse(value: object) -> None:
    if isinstance(value, set):
        value = (value, 1 + 2j)
    with pytest.raises(LocalMisuse):
        encode(value)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_or_are_the_one_form_of_a_value(data: bytes) -> None:
    try:
        value = SAMPLE.decode(data)
    except PeerViolation:
        return
    assert SAMPLE.encode(value) == data


@given(
    st.integers(-(2**63), 2**64 - 1),
    st.floats(-1e18, 1e18),
    st.text(max_size=50),
    st.binary(max_size=50),
    st.lists(st.integers(-(2**63), 2**64 - 1), max_size=20),
)
def test_every_value_survives_the_round_trip(
    number: int, figure: float, text: str, data: bytes, items: list[int]
) -> None:
    value = Sample(number=number, figure=figure, text=text, data=data, items=tuple(items))
    assert SAMPLE.decode(SAMPLE.encode(value)) == value
