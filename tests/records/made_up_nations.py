"""Two made-up nations in both realms, with real keys, and things that they state."""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from bongsu.adapters.keys.cryptography_keys import (
    CryptographyOpener,
    CryptographySealer,
    CryptographySigner,
    CryptographyVerifier,
)
from bongsu.records.certificate import Role, SignedCertificate, issue_certificate
from bongsu.records.feed import Entry, FeedId, Head, entry_hash, genesis_hash, sign_head
from bongsu.records.frame import Frame
from bongsu.records.kinds import RecordKind
from bongsu.records.reader_key import KeyAnnouncement, announce_key, open_announcement
from bongsu.records.record import Record, make_record, sign_statement, signed_record
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.records.trust import TrustStore
from bongsu.records.warnings_as_records import warning_to_fields
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    Fan,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
    ObjectClass,
)
from bongsu.vocabulary.launch_warning import Confirmation, LaunchWarning, WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, Track, TrackStatus
from bongsu.vocabulary.units import (
    NS_PER_S,
    MonotonicNs,
    NationId,
    NodeId,
    RecordId,
    SensorId,
    TrackId,
    UtcNs,
)

NOW = UtcNs(1_700_000_000 * NS_PER_S)
DAY_NS = 86_400 * NS_PER_S
KR, US, JP = NationId("KR"), NationId("US"), NationId("JP")
KR_1, US_1, JP_1 = NodeId("KR-1"), NodeId("US-1"), NodeId("JP-1")
KR_2 = NodeId("KR-2")
RADAR, TRACKER = SensorId("KR-RADAR-1"), "KR-TRACKER-1"

VERIFIER = CryptographyVerifier()
SEALER = CryptographySealer()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpNation:
    """Every private key of one nation in one realm."""

    nation: NationId
    realm: Realm
    root: CryptographySigner
    node: CryptographySigner
    second_node: CryptographySigner  # at another site
    sensor: CryptographySigner
    tracker: CryptographySigner
    officer: CryptographySigner
    certificates: tuple[SignedCertificate, ...]  # the root's own first

    def node_at(self, node: NodeId) -> CryptographySigner:
        """The keys of the node of this name."""
        return {f"{self.nation}-1": self.node, f"{self.nation}-2": self.second_node}[node]


@cache
def nation(name: NationId, realm: Realm) -> MadeUpNation:
    root, node, second_node, officer = (CryptographySigner.generate() for _ in range(4))
    sensor, tracker = (CryptographySigner.generate(post_quantum=False) for _ in range(2))
    certified = (
        (Role.ROOT, name, root),
        (Role.NODE, f"{name}-1", node),
        (Role.NODE, f"{name}-2", second_node),
        (Role.SENSOR, f"{name}-RADAR-1", sensor),
        (Role.TRACKER, f"{name}-TRACKER-1", tracker),
        (Role.OFFICER, f"{name}-OFFICER-1", officer),
    )
    return MadeUpNation(
        nation=name,
        realm=realm,
        root=root,
        node=node,
        second_node=second_node,
        sensor=sensor,
        tracker=tracker,
        officer=officer,
        certificates=tuple(
            issue_certificate(
                root,
                realm=realm,
                role=role,
                subject=subject,
                keys=signer.public,
                not_before=UtcNs(NOW - DAY_NS),
                not_after=UtcNs(NOW + DAY_NS),
            )
            for role, subject, signer in certified
        ),
    )


@cache
def trust(realm: Realm) -> TrustStore:
    return trust_in(realm, KR, US, JP)


def trust_in(realm: Realm, *names: NationId) -> TrustStore:
    """Whom a node believes that trusts the roots of these."""
    nations = [nation(name, realm) for name in names]
    return TrustStore.build(
        realm,
        roots=[one.certificates[0] for one in nations],
        certificates=[certificate for one in nations for certificate in one.certificates[1:]],
        verifier=VERIFIER,
    )


def counted_salts() -> Callable[[int], bytes]:
    """Salts that never repeat and are the same in every run."""
    counter = itertools.count()

    def salts(size: int) -> bytes:
        blocks = (hashlib.sha256(str(next(counter)).encode()).digest() for _ in range(0, size, 32))
        return b"".join(blocks)[:size]

    return salts


LAUNCH = LaunchEstimate(
    point=GeoPoint(latitude_rad=0.706, longitude_rad=2.205),
    ellipse=Ellipse(semi_major_m=6_000.0, semi_minor_m=2_000.0, azimuth_rad=0.5),
    at=NOW,
    sigma_time_s=0.8,
    azimuth_rad=1.3,
    sigma_azimuth_rad=0.01,
)
WARNING = LaunchWarning(
    warning_id="KR-1/W0001",
    version=2,
    action=WarningAction.AMENDED,
    node=KR_1,
    nation=KR,
    track_id=TrackId("KR-1/T0001"),
    stated_at=NOW,
    first_observed_at=UtcNs(NOW - 60 * NS_PER_S),
    data_at=UtcNs(NOW - NS_PER_S),
    track_status=TrackStatus.OBSERVED,
    phase=Phase.BOOST,
    confirmation=Confirmation.SINGLE_SOURCE,
    sensors=(RADAR,),
    sensor_kinds=(SensorKind.RADAR,),
    corroborated_by=(RecordId(b"a" * 32), RecordId(b"b" * 32)),
    classification=(
        ClassProbability(object_class=ObjectClass.IRBM, probability=0.7),
        ClassProbability(object_class=ObjectClass.ICBM, probability=0.3),
    ),
    launch=LAUNCH,
    impact=ImpactEstimate(
        point=GeoPoint(latitude_rad=0.69, longitude_rad=2.9),
        ellipse=Ellipse(semi_major_m=90_000.0, semi_minor_m=20_000.0, azimuth_rad=1.0),
        at=UtcNs(NOW + 1200 * NS_PER_S),
        sigma_time_s=9.0,
    ),
    fan=Fan(
        origin=LAUNCH.point,
        azimuth_rad=1.3,
        half_width_rad=0.1,
        minimum_range_m=1e6,
        maximum_range_m=5e6,
    ),
    flight=Flight(
        apogee_m=970e3,
        sigma_apogee_m=5e3,
        range_m=4_500e3,
        sigma_range_m=40e3,
        flight_time_s=1320.0,
        sigma_flight_time_s=9.0,
    ),
    caveats=("sun near the line of sight",),
)
TRACK = Track(
    track_id=TrackId("KR-1/T0001"),
    at=NOW,
    first_observed_at=NOW,
    last_observed_at=NOW,
    last_plot_emitted_at=MonotonicNs(5),
    status=TrackStatus.OBSERVED,
    phase=Phase.BOOST,
    position_ecef_m=(-3.1e6, 4.0e6, 4.1e6),
    velocity_ecef_mps=(100.0, 2000.0, -300.0),
    covariance=tuple(float(number) for number in range(21)),
    sensors=(RADAR,),
    sensor_kinds=(SensorKind.RADAR,),
    launch=LAUNCH,
)


def warning_record(
    realm: Realm = Realm.EXERCISE,
    *,
    warning: LaunchWarning = WARNING,
    derived_from: tuple[RecordId, ...] = (),
    signed: bool = True,
) -> Record:
    """A warning of KR-1."""
    record = make_record(
        RecordKind.LAUNCH_WARNING,
        realm=realm,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=warning_to_fields(warning, derived_from=derived_from),
        salts=counted_salts(),
    )
    if not signed:
        return record
    return signed_record(
        record, sign_statement(record.statement, nation(KR, realm).node, realm=realm)
    )


def track_record(realm: Realm = Realm.EXERCISE, *, track: Track = TRACK) -> Record:
    """A track update of KR-1."""
    return make_record(
        RecordKind.TRACK_UPDATE,
        realm=realm,
        originator=KR_1,
        created_at=NOW,
        signed_at=NOW,
        fields=track_to_fields(track),
        salts=counted_salts(),
    )


def feed_id(realm: Realm = Realm.EXERCISE, *, epoch: int = 1) -> FeedId:
    """From KR-1 to US-1."""
    return FeedId(realm=realm, sender=KR_1, reader=US_1, epoch=epoch)


def chain(records: list[Record], feed: FeedId) -> tuple[tuple[Entry, ...], tuple[bytes, ...]]:
    """Entries from 1 on, and the hash after each."""
    hash_ = genesis_hash(feed)
    entries, hashes = [], []
    for sequence, record in enumerate(records, start=1):
        entry = Entry(sequence=sequence, record=record)
        hash_ = entry_hash(hash_, entry)
        entries.append(entry)
        hashes.append(hash_)
    return tuple(entries), tuple(hashes)


def frame_of(
    records: list[Record], *, feed: FeedId | None = None, first: int = 1, last: int | None = None
) -> Frame:
    """A frame with the entries from `first` to `last` of a feed that holds `records`."""
    feed = feed or feed_id()
    entries, hashes = chain(records, feed)
    last = last or len(entries)
    head = Head(feed=feed, sequence=last, hash=hashes[last - 1], beat=NOW, stated_at=NOW)
    return Frame(
        previous=hashes[first - 2] if first > 1 else genesis_hash(feed),
        entries=entries[first - 1 : last],
        signed_head=sign_head(head, nation(KR, feed.realm).node),
    )


@cache
def reader_key(realm: Realm = Realm.EXERCISE) -> tuple[CryptographyOpener, KeyAnnouncement]:
    """A key of US-1 and its announcement, verified."""
    opener = CryptographyOpener()
    signed = announce_key(
        opener.public_key, nation(US, realm).node, realm=realm, node=US_1, now=NOW
    )
    return opener, open_announcement(signed, trust=trust(realm), verifier=VERIFIER, now=NOW)
