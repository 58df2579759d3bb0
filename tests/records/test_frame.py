"""Frames open for their own reader alone, and their entries lead to their signed head."""

from dataclasses import dataclass

import msgspec
import pytest
from tests.records.made_up_nations import (
    JP_1,
    KR,
    KR_1,
    NOW,
    SEALER,
    US,
    US_1,
    VERIFIER,
    chain,
    feed_id,
    frame_of,
    nation,
    reader_key,
    track_record,
    trust,
    warning_record,
)

from bongsu.adapters.keys.cryptography_keys import CryptographyOpener
from bongsu.records.encoding import encode
from bongsu.records.feed import FeedId, Head, genesis_hash, sign_head
from bongsu.records.frame import (
    FRAME,
    MAXIMUM_SEALED_BYTES,
    SEALED_FRAME,
    Frame,
    SealedFrame,
    open_frame,
    seal_frame,
    seal_stored,
    unseal_frame,
)
from bongsu.records.keys import Opener, Purpose, context_for
from bongsu.records.record import MAXIMUM_RECORD_BYTES, RECORD
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

EXERCISE = Realm.EXERCISE
OPENER, KEY = reader_key()
RECORDS = [warning_record(), track_record(), warning_record()]
FRAME_VALUE = frame_of(RECORDS)
SEALED = seal_frame(FRAME_VALUE, to=KEY, sealer=SEALER)


def opened(
    data: bytes, *, reader: NodeId = US_1, openers: dict[bytes, Opener] | None = None
) -> Frame:
    held: dict[bytes, Opener] = {KEY.key_id: OPENER} if openers is None else openers
    return open_frame(
        data, reader=reader, openers=held, trust=trust(EXERCISE), verifier=VERIFIER
    ).frame


def sealed_by_hand(frame: Frame, *, sender: NodeId = KR_1) -> bytes:
    """What somebody seals who isn't bound by `seal_frame`: anybody can seal to a public key."""
    info = context_for(EXERCISE, Purpose.FRAME) + encode((sender, US_1, KEY.key_id))
    return SEALED_FRAME.encode(
        SealedFrame(
            realm=EXERCISE,
            sender=sender,
            reader=US_1,
            reader_key_id=KEY.key_id,
            sealed=SEALER.seal(KEY.public_key, encode(frame), info=info),
        )
    )


def with_envelope(data: bytes, **changes: object) -> bytes:
    return SEALED_FRAME.encode(msgspec.structs.replace(SEALED_FRAME.decode(data), **changes))


def test_a_frame_opens_for_its_reader() -> None:
    assert opened(SEALED) == FRAME_VALUE


def test_the_envelope_shows_the_relay_nothing_of_the_records() -> None:
    for record in RECORDS:
        assert record.statement not in SEALED
        assert all(disclosure not in SEALED for disclosure in record.disclosures)


def test_a_frame_to_another_reader_is_refused_before_any_cryptography() -> None:
    class Untouched:
        public_key = b""

        def open(self, sealed: bytes, *, info: bytes) -> bytes:
            raise AssertionError("was asked to open")

    with pytest.raises(PeerViolation, match="it is for US-1, here is JP-1"):
        opened(SEALED, reader=JP_1, openers={KEY.key_id: Untouched()})


def test_a_frame_to_a_key_that_is_gone_asks_for_it_anew() -> None:
    with pytest.raises(Unavailable, match="not held"):
        opened(SEALED, openers={})


def test_a_frame_to_another_key_does_not_open_under_this_ones_name() -> None:
    with pytest.raises(PeerViolation, match="does not open"):
        opened(SEALED, openers={KEY.key_id: CryptographyOpener()})


@pytest.mark.parametrize("changes", [{"sender": JP_1}, {"reader": JP_1}])
def test_a_readdressed_envelope_does_not_open(changes: dict[str, NodeId]) -> None:
    reader = changes.get("reader", US_1)
    with pytest.raises(PeerViolation, match="does not open"):
        opened(with_envelope(SEALED, **changes), reader=reader)


def test_a_frame_for_one_key_does_not_open_with_another_of_the_same_reader() -> None:
    second = CryptographyOpener()
    renamed = with_envelope(SEALED, reader_key_id=b"k" * 16)
    with pytest.raises(PeerViolation, match="does not open"):
        opened(renamed, openers={b"k" * 16: OPENER})
    with pytest.raises(PeerViolation, match="does not open"):
        opened(renamed, openers={b"k" * 16: second})


@pytest.mark.parametrize("at", [0, 1, 40, 600, 1_170, -1])
def test_a_changed_sealed_byte_does_not_open(at: int) -> None:
    sealed = bytearray(SEALED_FRAME.decode(SEALED).sealed)
    sealed[at] ^= 0x20
    with pytest.raises(PeerViolation, match="does not open"):
        opened(with_envelope(SEALED, sealed=bytes(sealed)))


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 1_135])
def test_what_is_too_short_to_be_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(PeerViolation, match="does not open"):
        opened(with_envelope(SEALED, sealed=sealed))


def test_an_oversized_frame_is_refused_unread() -> None:
    with pytest.raises(PeerViolation, match="exceed"):
        opened(bytes(MAXIMUM_SEALED_BYTES + 2_000))


def test_sealing_to_somebody_elses_key_is_our_own_misuse() -> None:
    feed = FeedId(realm=EXERCISE, sender=KR_1, reader=JP_1, epoch=1)
    with pytest.raises(LocalMisuse, match="was to be sealed to US-1"):
        seal_frame(frame_of(RECORDS, feed=feed), to=KEY, sealer=SEALER)


def stored_in(frame: Frame) -> list[tuple[int, bytes]]:
    return [(entry.sequence, RECORD.encode(entry.record)) for entry in frame.entries]


def test_entries_as_they_stand_in_the_log_make_the_same_frame() -> None:
    sealed = seal_stored(
        stored_in(FRAME_VALUE),
        previous=FRAME_VALUE.previous,
        signed_head=FRAME_VALUE.signed_head,
        to=KEY,
        sealer=SEALER,
    )
    assert opened(sealed) == FRAME_VALUE


def test_stored_entries_beyond_the_size_of_a_frame_are_not_sealed() -> None:
    with pytest.raises(LocalMisuse, match="exceeds"):
        seal_stored(
            [(at, bytes(MAXIMUM_RECORD_BYTES)) for at in range(100)],
            previous=FRAME_VALUE.previous,
            signed_head=FRAME_VALUE.signed_head,
            to=KEY,
            sealer=SEALER,
        )


def test_a_frame_under_another_senders_envelope_is_refused() -> None:
    with pytest.raises(PeerViolation, match="not of its envelope"):
        opened(sealed_by_hand(FRAME_VALUE, sender=JP_1))


def test_a_stranger_can_seal_but_not_sign() -> None:
    entries, hashes = chain(RECORDS, feed_id())
    head = Head(feed=feed_id(), sequence=3, hash=hashes[-1], beat=NOW, stated_at=NOW)
    forged = Frame(
        previous=genesis_hash(feed_id()),
        entries=entries,
        signed_head=sign_head(head, nation(US, EXERCISE).node),
    )
    data = sealed_by_hand(forged)
    with pytest.raises(PeerViolation, match="head of KR-1 refused"):
        opened(data)
    unsealed = unseal_frame(data, realm=EXERCISE, reader=US_1, openers={KEY.key_id: OPENER})
    assert unsealed.frame == forged  # which is why its caller must verify the head


@dataclass(frozen=True)
class Tampered:
    """How somebody who opened a frame could seal it anew, keeping the signed head."""

    frame: Frame
    why: str


def _without(place: int) -> Frame:
    entries = FRAME_VALUE.entries
    return msgspec.structs.replace(FRAME_VALUE, entries=entries[:place] + entries[place + 1 :])


TAMPERED = {
    "an entry left out in the middle": Tampered(_without(1), "stands at the place of 2"),
    "the last entry left out": Tampered(_without(2), "do not lead to its head"),
    "the first entry left out": Tampered(_without(0), "do not lead to its head"),
    "entries in another order": Tampered(
        msgspec.structs.replace(FRAME_VALUE, entries=FRAME_VALUE.entries[::-1]), "at the place of"
    ),
    "an entry twice": Tampered(
        msgspec.structs.replace(
            FRAME_VALUE, entries=(FRAME_VALUE.entries[0], *FRAME_VALUE.entries)
        ),
        "at the place of",
    ),
    "a record exchanged": Tampered(
        msgspec.structs.replace(
            FRAME_VALUE,
            entries=(
                msgspec.structs.replace(FRAME_VALUE.entries[0], record=track_record()),
                *FRAME_VALUE.entries[1:],
            ),
        ),
        "do not lead to its head",
    ),
    "a disclosure closed on the way": Tampered(
        msgspec.structs.replace(
            FRAME_VALUE,
            entries=(
                msgspec.structs.replace(
                    FRAME_VALUE.entries[0],
                    record=msgspec.structs.replace(
                        RECORDS[0], disclosures=RECORDS[0].disclosures[:-1]
                    ),
                ),
                *FRAME_VALUE.entries[1:],
            ),
        ),
        "do not lead to its head",
    ),
    "another beginning": Tampered(
        msgspec.structs.replace(FRAME_VALUE, previous=b"p" * 32), "do not lead to its head"
    ),
    "no entries": Tampered(msgspec.structs.replace(FRAME_VALUE, entries=()), "length >= 1"),
}


@pytest.mark.parametrize("fault", TAMPERED)
def test_a_tampered_frame_is_refused_although_it_opens(fault: str) -> None:
    with pytest.raises(PeerViolation, match=TAMPERED[fault].why):
        opened(sealed_by_hand(TAMPERED[fault].frame))


def test_more_entries_than_the_bound_are_refused() -> None:
    many = msgspec.structs.replace(FRAME_VALUE, entries=FRAME_VALUE.entries[1:2] * 1025)
    with pytest.raises(PeerViolation, match="length <= 1024"):
        FRAME.decode(encode(many))


def test_a_frame_with_another_version_is_refused() -> None:
    with pytest.raises(PeerViolation, match="<= 1"):
        opened(sealed_by_hand(msgspec.structs.replace(FRAME_VALUE, version=2)))
    with pytest.raises(PeerViolation, match="<= 1"):
        opened(encode(msgspec.structs.replace(SEALED_FRAME.decode(SEALED), version=2)))


def test_an_officers_key_signs_no_head() -> None:
    entries, hashes = chain(RECORDS, feed_id())
    head = Head(feed=feed_id(), sequence=3, hash=hashes[-1], beat=NOW, stated_at=NOW)
    forged = Frame(
        previous=genesis_hash(feed_id()),
        entries=entries,
        signed_head=sign_head(head, nation(KR, EXERCISE).officer),
    )
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(sealed_by_hand(forged))
