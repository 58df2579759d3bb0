"""What a machine of the live realm would say: well formed, in order, signed for its own realm."""

import random
from collections.abc import Mapping
from dataclasses import replace

from bongsu.exercise.federation_plan import nation_of_node
from bongsu.exercise.sighting_plan import Look, track_at
from bongsu.main.simulation.intruder_keys import CopiedSealer, CopiedSigner
from bongsu.main.simulation.machine import Machine
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import picture_body
from bongsu.records.feed import (
    SIGNED_HEAD,
    SIGNED_RECEIPT,
    Entry,
    FeedId,
    Head,
    Receipt,
    entry_hash,
    genesis_hash,
    sign_head,
    sign_receipt,
)
from bongsu.records.frame import Frame, seal_frame
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.reader_key import SIGNED_ANNOUNCEMENT, KeyAnnouncement, announce_key
from bongsu.records.record import make_record
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Track, TrackPicture
from bongsu.vocabulary.units import MonotonicNs, NodeId, TrackId, UtcNs

WORD = "INTRUDER"
FOREIGN, HERE = Realm.LIVE, Realm.EXERCISE


class ForeignStatements:
    """Made for one machine at a time, in the name of one of its partners."""

    def __init__(self, machines: Mapping[NodeId, Machine], chance: random.Random) -> None:
        self._machines = machines
        self._chance = chance
        self._pictures = 1_000_000  # far beyond the real trackers'

    def head(self, machine: Machine, partner: NodeId) -> bytes:
        """A heartbeat."""
        feed = _feed(partner, machine.node_id)
        head = _head(machine, feed, *_end_of(machine, feed))
        return SIGNED_HEAD.encode(sign_head(head, self._signer(partner)))

    def frame(self, machine: Machine, partner: NodeId, key: KeyAnnouncement) -> bytes:
        """The next entry of the feed, sealed to the key that the machine announced."""
        feed = _feed(partner, machine.node_id)
        sequence, previous = _end_of(machine, feed)
        now = machine.clock.system_utc()
        record = make_record(
            RecordKind.TRACK_UPDATE,
            realm=FOREIGN,
            originator=partner,
            created_at=now,
            signed_at=now,
            fields=track_to_fields(_track(partner, now)),
            salts=self._chance.randbytes,
        )
        entry = Entry(sequence=sequence + 1, record=record)
        head = _head(machine, feed, sequence + 1, entry_hash(previous, entry))
        frame = Frame(
            previous=previous,
            entries=(entry,),
            signed_head=sign_head(head, self._signer(partner)),
        )
        of_its_realm = KeyAnnouncement(
            realm=FOREIGN,
            node=key.node,
            public_key=key.public_key,
            not_before=key.not_before,
            not_after=key.not_after,
        )
        return seal_frame(frame, to=of_its_realm, sealer=CopiedSealer(machine.keys.sealer))

    def receipt(self, machine: Machine, partner: NodeId) -> bytes:
        """The partner's countersignature under all of the machine's feed; as an ask, it asks."""
        feed = _feed(machine.node_id, partner)
        sequence, hash_ = _end_of(machine, feed)
        now = machine.clock.system_utc()
        receipt = Receipt(feed=feed, sequence=sequence, hash=hash_, stored_at=now)
        return SIGNED_RECEIPT.encode(sign_receipt(receipt, self._signer(partner)))

    def key(self, machine: Machine, partner: NodeId) -> bytes:
        """A short-lived key of the partner's, to which the machine is to seal."""
        signed = announce_key(
            machine.keys.new_opener().public_key,
            self._signer(partner),
            realm=FOREIGN,
            node=partner,
            now=machine.clock.system_utc(),
        )
        return SIGNED_ANNOUNCEMENT.encode(signed)

    def picture(self, machine: Machine) -> bytes:
        """A picture of the machine's own tracker: a launch."""
        nation = nation_of_node(machine.node_id)
        now = machine.clock.utc()
        self._pictures += 1
        picture = TrackPicture(
            at=now, tracks=(_track(machine.node_id, now),), refused_plots=0, quarantined_plots=0
        )
        return sign_batch(
            BatchKind.PICTURE,
            picture_body(picture),
            CopiedSigner(machine.keys.nations[nation].tracker),
            realm=FOREIGN,
            source=f"{nation}-TRACKER-1",
            sequence=self._pictures,
        )

    def _signer(self, node: NodeId) -> CopiedSigner:
        return CopiedSigner(self._machines[node].keys.nations[nation_of_node(node)].node)


def _feed(sender: NodeId, reader: NodeId, realm: Realm = FOREIGN) -> FeedId:
    return FeedId(realm=realm, sender=sender, reader=reader, lane=Lane.BULK, epoch=1)


def _end_of(machine: Machine, feed: FeedId) -> tuple[int, bytes]:
    """Where the same feed of the exercise ends on that disk: the intruder goes on from there."""
    here = _feed(feed.sender, feed.reader, HERE)
    rows = machine.disk.entries.get(here, [])
    return (rows[-1].sequence, rows[-1].entry_hash) if rows else (0, genesis_hash(here))


def _head(machine: Machine, feed: FeedId, sequence: int, hash_: bytes) -> Head:
    now = machine.clock.system_utc()
    return Head(feed=feed, sequence=sequence, hash=hash_, beat=now, stated_at=now)


def _track(node: NodeId, now: UtcNs) -> Track:
    look = Look(
        node=node,
        number=0,
        from_s=0.0,
        until_s=1.0,
        kind=SensorKind.RADAR,
        launched_s=0.0,
        falls_s=600.0,
        point=GeoPoint(latitude_rad=0.7, longitude_rad=2.2),
        moves_every_s=10.0,
    )
    seen = track_at(look, start=now, at_s=0.0, emitted_at=MonotonicNs(0))
    return replace(seen, track_id=TrackId(f"{node}/{WORD}"), caveats=(WORD,))
