"""Attack: bytes that two readers read differently, or that break a reader.

Repeated keys, integers longer than they need be, trailing bytes, deep nesting, and whatever chance
makes of good bytes. Passes when nothing is accepted unless it is written again as the same bytes,
no exception but PeerViolation comes out, and memory stays bounded.

Here: each way of writing one value twice by hand, every structure under some thousand mutations,
and the fuzzers' targets for a bounded number of inputs. The long runs: `make million` and
`make fuzz`. The rules of the encoding itself: `tests/records/test_encoding.py`.
"""

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import pytest
from fuzz.readers import codecs, disclosure_of, readers
from tests.records.made_up_nations import (
    SEALER,
    US_1,
    VERIFIER,
    trust,
    warning_record,
)
from tests.records.mutants import mutants
from tests.records.samples import EXERCISE, KEY, OPENER, SAMPLES, SHORT_FRAME

from bongsu.records.disclosure import read_disclosure
from bongsu.records.encoding import encode
from bongsu.records.frame import open_frame, seal_frame
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import open_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import PeerViolation, Unavailable

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "fuzz" / "corpus"
MUTATIONS_OF_EACH = 2_500
FUZZED_INPUTS = 100_000
FUZZED_WITHIN_MB = 400


def test_every_structure_that_is_read_from_bytes_has_a_sample_here() -> None:
    sampled = {codec.what for codec, _ in SAMPLES.values()}
    assert set(codecs()) - sampled == set(), "add one to tests/records/samples.py"


def at_length(value: object) -> bytes:
    """`value` with every length and every integer written as long as MessagePack can."""
    match value:
        case bool() | None | float():
            return encode(value)
        case int():
            return (b"\xcf" if value >= 0 else b"\xd3") + value.to_bytes(8, "big", signed=value < 0)
        case str():
            return b"\xdb" + len(value.encode()).to_bytes(4, "big") + value.encode()
        case bytes():
            return b"\xc6" + len(value).to_bytes(4, "big") + value
        case list():
            parts = (at_length(item) for item in value)
            return b"\xdd" + len(value).to_bytes(4, "big") + b"".join(parts)
    raise AssertionError(f"no structure holds a {type(value).__name__}")


def with_repeated_keys(value: list[object]) -> bytes:
    """A map in place of the array, every key twice."""
    pairs = b"".join(2 * (encode(place) + encode(item)) for place, item in enumerate(value))
    return b"\xdf" + (2 * len(value)).to_bytes(4, "big") + pairs


def nested(depth: int) -> bytes:
    return b"\x91" * depth + b"\xc0"


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "integers and lengths longer than they need be": lambda data: at_length(_items(data)),
    "a map with repeated keys": lambda data: with_repeated_keys(_items(data)),
    "one byte more": lambda data: data + b"\x00",
    "the same again": lambda data: data + data,
    "one byte less": lambda data: data[:-1],
    "an element more": lambda data: encode([*_items(data), None]),
    "deep nesting in place of its first element": lambda data: data[:1] + nested(20_000) + data[2:],
    "deep nesting": lambda data: nested(100_000),
    "a length far beyond the data": lambda data: b"\xdd\xff\xff\xff\xff" + data[1:],
    "a text far beyond the data": lambda data: data[:1] + b"\xdb\xff\xff\xff\xff" + data[2:],
}


def _items(data: bytes) -> list[object]:
    items: list[object] = msgspec.msgpack.decode(data)
    return items


@pytest.mark.parametrize("fault", HOSTILE)
def test_no_structure_is_read_in_a_second_form_nor_at_a_cost(fault: str) -> None:
    for codec, data in SAMPLES.values():
        hostile = HOSTILE[fault](data)
        assert hostile != data
        tracemalloc.start()
        with pytest.raises(PeerViolation):
            codec.decode(hostile)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 16 * len(hostile) + 65_536, f"{codec.what}: {most} bytes were taken"


@pytest.mark.parametrize("name", SAMPLES)
def test_no_mutant_is_accepted_unless_it_is_the_one_form_of_its_value(name: str) -> None:
    codec, data = SAMPLES[name]
    assert codec.encode(codec.decode(data)) == data
    for mutant in mutants(data, MUTATIONS_OF_EACH, seed=len(data)):
        try:
            value = codec.decode(mutant)
        except PeerViolation:
            continue
        assert codec.encode(value) == mutant


@pytest.mark.parametrize("place", range(0, len(warning_record().disclosures), 3))
def test_no_mutant_of_a_disclosure_is_read_unless_it_is_in_its_one_form(place: int) -> None:
    data = warning_record().disclosures[place]
    form = form_of(RecordKind.LAUNCH_WARNING)
    for mutant in mutants(data, 1_000, seed=place):
        try:
            name, _ = read_disclosure(mutant, form)
        except PeerViolation:
            continue
        assert name
        assert mutant.startswith(b"\x93\xc4\x10")


@pytest.mark.parametrize(
    "value",
    [b"\xcc\x01", b"\xa1\xff", b"\xca\x3f\x80\x00\x00", b"\x82\xa1a\x01\xa1a\x02", b"\x01\x01"],
    ids=["a long integer", "no UTF-8", "float32", "a repeated key", "two values"],
)
def test_a_field_of_a_later_version_is_kept_in_its_one_form_only(value: bytes) -> None:
    """Found by the fuzzer: what has no meaning here was passed on in any form."""
    form = form_of(RecordKind.LAUNCH_WARNING)
    begin = b"\x93\xc4\x10" + bytes(16) + encode("debris_cloud")
    assert read_disclosure(begin + b"\x01", form) == ("debris_cloud", None)
    with pytest.raises(PeerViolation):
        read_disclosure(begin + value, form)


def test_no_mutant_of_a_sealed_frame_opens() -> None:
    data = seal_frame(SHORT_FRAME, to=KEY, sealer=SEALER)
    openers = {KEY.key_id: OPENER}
    for mutant in mutants(data, 1_500, seed=7):
        with pytest.raises((PeerViolation, Unavailable)):
            open_frame(
                mutant, reader=US_1, openers=openers, trust=trust(EXERCISE), verifier=VERIFIER
            )


def test_a_mutant_of_a_signed_record_opens_only_as_a_projection_of_it() -> None:
    record = warning_record()
    for mutant in mutants(RECORD.encode(record), 1_500, seed=8):
        try:
            changed = RECORD.decode(mutant)
            open_record(changed, trust=trust(EXERCISE), verifier=VERIFIER)
        except PeerViolation:
            continue
        assert changed.statement == record.statement
        assert changed.signatures == record.signatures
        assert set(changed.disclosures) < set(record.disclosures)


def test_garbage_of_every_length_is_refused_by_every_type() -> None:
    chance = np.random.default_rng(9)
    for codec, _ in SAMPLES.values():
        for length in range(200):
            with pytest.raises(PeerViolation):
                codec.decode(chance.bytes(length))


def test_no_two_readers_share_the_bytes_that_choose_them() -> None:
    names = [*codecs(), *(disclosure_of(kind) for kind in RecordKind), "guideline", "armored text"]
    assert sorted(reader.name for reader in readers().values()) == sorted(names)


@pytest.mark.processes
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this machine")
@pytest.mark.parametrize("target", ["decoder", "frame"])
def test_the_fuzzer_finds_nothing_in_a_bounded_number_of_inputs(
    target: str, tmp_path: Path
) -> None:
    found = tmp_path / "found"
    found.mkdir()
    done = subprocess.run(
        [
            # A program takes over the peak memory of whoever starts it, and this one measures its
            # peak: so not we start it, but a shell that is small.
            *("sh", "-c", '"$@"; exit $?', "sh"),
            *(sys.executable, "-m", f"fuzz.fuzz_{target}", str(found), str(CORPUS / target)),
            *(f"-runs={FUZZED_INPUTS}", "-seed=1", f"-artifact_prefix={tmp_path}/"),
            f"-rss_limit_mb={FUZZED_WITHIN_MB}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    assert f"Done {FUZZED_INPUTS} runs" in done.stderr
