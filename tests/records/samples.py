"""One real sample of every structure that arrives as bytes, beside its codec.

Mutation tests and the fuzzers' corpus start from these. A structure with a codec of its own and
no sample fails `tests/attacks/test_ambiguous_encoding.py`.
"""

from dataclasses import replace
from typing import Any

from tests.records.made_up_guideline import guideline_text
from tests.records.made_up_nations import (
    KR,
    KR_1,
    NOW,
    RADAR,
    SEALER,
    TRACK,
    US,
    US_1,
    feed_id,
    frame_of,
    nation,
    reader_key,
    track_record,
    warning_record,
)

from bongsu.records.archive import ARCHIVED_ENTRY, ArchivedEntry
from bongsu.records.batch import BATCH, SIGNED_BATCH, BatchKind, sign_batch
from bongsu.records.batch_bodies import MOVING_PLOTS, PICTURE, PLOTS, picture_body, plots_body
from bongsu.records.carry_key import CARRY_STOCK, SIGNED_CARRY_STOCK, give_stock
from bongsu.records.certificate import CERTIFICATE, SIGNED_CERTIFICATE, Role
from bongsu.records.encoding import Codec
from bongsu.records.feed import (
    ENTRY,
    FEED_ID,
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
from bongsu.records.frame import FRAME, SEALED_FRAME, seal_frame
from bongsu.records.guideline_signing import APPROVAL, GUIDELINE_SIGNATURE, sign_guideline
from bongsu.records.invitation import (
    ANSWER,
    INVITATION,
    Answer,
    Invitation,
    NodeAddress,
    PublicFile,
)
from bongsu.records.key_status import (
    KEY_STATUS,
    SIGNED_KEY_STATUS,
    KeyStatus,
    SignedKeyStatus,
)
from bongsu.records.reader_key import ANNOUNCEMENT, SIGNED_ANNOUNCEMENT, announce_key
from bongsu.records.record import RECORD, STATEMENT
from bongsu.records.revocation import REVOCATION, SIGNED_REVOCATION, Cause, revoke
from bongsu.vocabulary.plot import Platform, PlotBatch, TrackedPlot, TrackedScan
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import MonotonicNs, after_seconds

EXERCISE = Realm.EXERCISE
OPENER, KEY = reader_key()
HEAD_VALUE = Head(feed=feed_id(), sequence=7, hash=b"h" * 32, beat=NOW, stated_at=NOW)
RECEIPT_VALUE = Receipt(feed=feed_id(), sequence=7, hash=b"h" * 32, stored_at=NOW)
PLOT_BATCH = PlotBatch(
    sensor_id=RADAR,
    realm=EXERCISE,
    sequence=1,
    observed_at=NOW,
    emitted_at=MonotonicNs(5),
    measurements=((1.0, 2.0, 3.0),) * 4,
)
SHIP = Platform(position_ecef_m=(-3.3e6, 4.1e6, 3.6e6), velocity_ecef_mps=(4.0, 3.0, 0.0))
SCAN = TrackedScan(
    sensor_id=RADAR,
    sensor_kind=SensorKind.RADAR,
    observed_at=NOW,
    latitude_rad=0.6,
    longitude_rad=2.2,
    height_m=500.0,
    sigmas=(30.0, 1e-3, 1e-3),
    plots=(TrackedPlot(track_id=TRACK.track_id, measurement=(1e6, 0.5, 0.1)),),
)
PICTURE_VALUE = TrackPicture(
    at=NOW, tracks=(TRACK,) * 2, refused_plots=0, quarantined_plots=0, scans=(SCAN,)
)
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
SIGNED_STOCK = give_stock(
    (OPENER.public_key,),
    nation(US, EXERCISE).node,
    realm=EXERCISE,
    giver=US_1,
    sealer=KR_1,
    given_at=NOW,
    not_after=after_seconds(NOW, 86_400.0),
)
SHORT_FRAME = frame_of([track_record(), track_record()])
SIGNED_GUIDELINE = sign_guideline(
    guideline_text(),
    nation(KR, EXERCISE).officer,
    realm=EXERCISE,
    officer="KR-OFFICER-1",
    signed_at=NOW,
)
SIGNED_REVOCATION_VALUE = revoke(
    nation(KR, EXERCISE).root,
    realm=EXERCISE,
    role=Role.NODE,
    subject="KR-1",
    keys=nation(KR, EXERCISE).node.public,
    cause=Cause.REVOKED,
    ends_at=NOW,
    reason="stolen with its machine",
)
SIGNED_KEY_STATUS_VALUE = SignedKeyStatus(
    status=KEY_STATUS.encode(
        KeyStatus(realm=Realm.EXERCISE, node=KR_1, stated_at=NOW, digest=b"d" * 32)
    ),
    signatures=SIGNED_REVOCATION_VALUE.signatures,
    certificates=(nation(KR, Realm.EXERCISE).certificates[1],),
    revocations=(SIGNED_REVOCATION_VALUE,),
)
ARCHIVED = ArchivedEntry(feed=feed_id(), sequence=7, encoded=RECORD.encode(track_record()))
PUBLIC_PART = (PublicFile(name="KR.certificates", content=b"-----BEGIN"),)
ADDRESSES = (NodeAddress(node=KR_1, endpoint="tls/kr.example:7447"),)
INVITATION_VALUE = Invitation(
    realm=EXERCISE,
    inviter=KR,
    invitee=US,
    nonce=b"n" * 32,
    expires_at=NOW,
    public=PUBLIC_PART,
    nodes=ADDRESSES,
)
ANSWER_VALUE = Answer(
    realm=EXERCISE,
    invitation_sha256=b"i" * 32,
    nonce=b"n" * 32,
    public=PUBLIC_PART,
    nodes=ADDRESSES,
)

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
    "stock of single-use keys": (CARRY_STOCK, SIGNED_STOCK.stock),
    "signed stock of single-use keys": (
        SIGNED_CARRY_STOCK,
        SIGNED_CARRY_STOCK.encode(SIGNED_STOCK),
    ),
    "certificate": (CERTIFICATE, nation(KR, EXERCISE).certificates[1].certificate),
    "signed certificate": (
        SIGNED_CERTIFICATE,
        SIGNED_CERTIFICATE.encode(nation(KR, EXERCISE).certificates[2]),
    ),
    "batch": (BATCH, SIGNED_BATCH.decode(SIGNED_PLOTS).batch),
    "signed batch": (SIGNED_BATCH, SIGNED_PLOTS),
    "plots": (PLOTS, plots_body(PLOT_BATCH)),
    "plots of a ship": (MOVING_PLOTS, plots_body(replace(PLOT_BATCH, platform=SHIP))),
    "picture": (PICTURE, picture_body(PICTURE_VALUE)),
    "approval": (APPROVAL, SIGNED_GUIDELINE.approval),
    "name of a feed": (FEED_ID, FEED_ID.encode(feed_id())),
    "archived entry": (ARCHIVED_ENTRY, ARCHIVED_ENTRY.encode(ARCHIVED)),
    "revocation": (REVOCATION, SIGNED_REVOCATION_VALUE.revocation),
    "key status": (KEY_STATUS, SIGNED_KEY_STATUS_VALUE.status),
    "signed key status": (SIGNED_KEY_STATUS, SIGNED_KEY_STATUS.encode(SIGNED_KEY_STATUS_VALUE)),
    "signed revocation": (SIGNED_REVOCATION, SIGNED_REVOCATION.encode(SIGNED_REVOCATION_VALUE)),
    "invitation": (INVITATION, INVITATION.encode(INVITATION_VALUE)),
    "answer": (ANSWER, ANSWER.encode(ANSWER_VALUE)),
    "guideline signature": (GUIDELINE_SIGNATURE, GUIDELINE_SIGNATURE.encode(SIGNED_GUIDELINE)),
}
