"""Tens of thousands of mutated inputs: none accepted unless it is the one form of its value.

Every type that arrives from outside is mutated in many ways by a seeded generator. The only
exception that may come out is PeerViolation, and whatever decodes must encode to the same bytes.
"""

from typing import Any

import numpy as np
import pytest
from tests.records.made_up_nations import (
    KR,
    NOW,
    RADAR,
    SEALER,
    TRACK,
    US,
    US_1,
    VERIFIER,
    feed_id,
    frame_of,
    nation,
    reader_key,
    track_record,
    trust,
    warning_record,
)
from tests.records.mutants import mutants

from bongsu.records.batch import SIGNED_BATCH, BatchKind, sign_batch
from bongsu.records.batch_bodies import PICTURE, PLOTS, picture_body, plots_body
from bongsu.records.certificate import CERTIFICATE, SIGNED_CERTIFICATE
from bongsu.records.disclosure import read_disclosure
from bongsu.records.encoding import Codec
from bongsu.records.feed import (
    ENTRY,
    HEAD,
    RECEIPT,
    SIGNED_HEAD,
    SIGNED_RECEIPT,
    Entry,
    Head,
    Receipt,
    sign_head,
    sign_receipt,
)
from bongsu.records.frame import FRAME, SEALED_FRAME, open_frame, seal_frame
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import open_record
from bongsu.records.reader_key import ANNOUNCEMENT, SIGNED_ANNOUNCEMENT, announce_key
from bongsu.records.record import RECORD, STATEMENT
from bongsu.vocabulary.errors import PeerViolation, Unavailable
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import MonotonicNs

EXERCISE = Realm.EXERCISE
MUTATIONS_OF_EACH = 2_500
OPENER, KEY = reader_key()
HEAD_VALUE = Head(feed=feed_id(), sequence=7, hash=b"h" * 32, stated_at=NOW)
RECEIPT_VALUE = Receipt(feed=feed_id(), sequence=7, hash=b"h" * 32, stored_at=NOW)
PLOT_BATCH = PlotBatch(
    sensor_id=RADAR,
    realm=EXERCISE,
    sequence=1,
    observed_at=NOW,
    emitted_at=MonotonicNs(5),
    measurements=((1.0, 2.0, 3.0),) * 4,
)
PICTURE_VALUE = TrackPicture(at=NOW, tracks=(TRACK,) * 2, refused_plots=0, quarantined_plots=0)
SIGNED_PLOTS = sign_batch(
    BatchKind.PLOTS,
    plots_body(PLOT_BATCH),
    nation(KR, EXERCISE).sensor,
    realm=EXERCISE,
    source=RADAR,
    sequence=1,
)
SIGNED_KEY = announce_key(
    OPENER.public_key, nation(US, EXERCISE).node, realm=EXERCISE, node=US_1, now=NOW
)
SHORT_FRAME = frame_of([track_record(), track_record()])

SAMPLES: dict[str, tuple[Codec[Any], bytes]] = {
    "statement": (STATEMENT, warning_record().statement),
    "record": (RECORD, RECORD.encode(track_record())),
    "entry": (ENTRY, ENTRY.encode(Entry(sequence=1, record=track_record()))),
    "head": (HEAD, HEAD.encode(HEAD_VALUE)),
    "signed head": (
        SIGNED_HEAD,
        SIGNED_HEAD.encode(sign_head(HEAD_VALUE, nation(KR, EXERCISE).node)),
    ),
    "receipt": (RECEIPT, RECEIPT.encode(RECEIPT_VALUE)),
    "signed receipt": (
        SIGNED_RECEIPT,
        SIGNED_RECEIPT.encode(sign_receipt(RECEIPT_VALUE, nation(US, EXERCISE).node)),
    ),
    "frame": (FRAME, FRAME.encode(SHORT_FRAME)),
    "sealed frame": (SEALED_FRAME, seal_frame(SHORT_FRAME, to=KEY, sealer=SEALER)),
    "announcement": (ANNOUNCEMENT, SIGNED_KEY.announcement),
    "signed announcement": (SIGNED_ANNOUNCEMENT, SIGNED_ANNOUNCEMENT.encode(SIGNED_KEY)),
    "certificate": (CERTIFICATE, nation(KR, EXERCISE).certificates[1].certificate),
    "signed certificate": (
        SIGNED_CERTIFICATE,
        SIGNED_CERTIFICATE.encode(nation(KR, EXERCISE).certificates[2]),
    ),
    "signed batch": (SIGNED_BATCH, SIGNED_PLOTS),
    "plots": (PLOTS, plots_body(PLOT_BATCH)),
    "picture": (PICTURE, picture_body(PICTURE_VALUE)),
}


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
