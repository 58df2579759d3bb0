"""Korea's node as a test plays it: it speaks with Korea's keys, and says what the test wants."""

from dataclasses import dataclass, field

from tests.node.made_up_world import EXERCISE, Machine
from tests.records.made_up_nations import KR, KR_1, SEALER, US_1, nation, trust

from bongsu.adapters.keys.cryptography_keys import CryptographyOpener, CryptographySigner
from bongsu.records.carry_key import SIGNED_CARRY_STOCK, give_stock
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
from bongsu.records.key_status import SIGNED_KEY_STATUS, KeyStatus, sign_key_status
from bongsu.records.lane import Lane
from bongsu.records.names import VERSION
from bongsu.records.reader_key import (
    ANNOUNCEMENT,
    SIGNED_ANNOUNCEMENT,
    KeyAnnouncement,
    announce_key,
)
from bongsu.records.record import Record
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs, after_seconds


@dataclass(slots=True)
class PlayedKorea:
    """One feed of KR-1 to the node of `reader`; `realm` is that of Korea's keys and marks."""

    reader: Machine
    realm: Realm = EXERCISE
    lane: Lane = Lane.URGENT
    epoch: int = 1
    sequence: int = 0
    hashes: list[bytes] = field(default_factory=list)
    claims: UtcNs | None = None  # what time it states; None: the right one

    @property
    def now(self) -> UtcNs:
        return self.reader.clock.system_utc() if self.claims is None else self.claims

    @property
    def feed(self) -> FeedId:
        return FeedId(
            realm=self.realm,
            sender=KR_1,
            reader=self.reader.node_id,
            lane=self.lane,
            epoch=self.epoch,
        )

    @property
    def signer(self) -> CryptographySigner:
        return nation(KR, self.realm).node

    def present_key(self) -> KeyAnnouncement:
        """The key that the reader announced last, taken for one of Korea's realm."""
        payload = self.reader.world.sent(self.reader.node_id, "key")[-1].payload
        said = ANNOUNCEMENT.decode(SIGNED_ANNOUNCEMENT.decode(payload).announcement)
        return KeyAnnouncement(
            realm=self.realm,
            node=said.node,
            public_key=said.public_key,
            not_before=said.not_before,
            not_after=said.not_after,
        )

    def frame(self, *records: Record, to: KeyAnnouncement | None = None) -> bytes:
        """The next entries, sealed."""
        previous = self._hash
        entries = []
        for record in records:
            entry = Entry(sequence=self.sequence + 1, record=record)
            self.hashes.append(entry_hash(self._hash, entry))
            self.sequence += 1
            entries.append(entry)
        frame = Frame(
            previous=previous,
            entries=tuple(entries),
            signed_head=sign_head(self._head(), self.signer),
        )
        return seal_frame(frame, to=to or self.present_key(), sealer=SEALER)

    def sends(
        self, *records: Record, to: KeyAnnouncement | None = None, channel: str | None = None
    ) -> None:
        """The next entries arrive at the reader."""
        self.reader.brings(KR_1, channel or self.lane.value, self.frame(*records, to=to))

    def head(self) -> bytes:
        """A heartbeat."""
        return SIGNED_HEAD.encode(sign_head(self._head(), self.signer))

    def beats(self) -> None:
        self.reader.brings(KR_1, "head", self.head())

    def receipt(self, sequence: int, hash_: bytes) -> bytes:
        """Korea's countersignature under the reader's own feed to it."""
        feed = FeedId(realm=self.realm, sender=US_1, reader=KR_1, epoch=1)
        receipt = Receipt(feed=feed, sequence=sequence, hash=hash_, stored_at=self.now)
        return SIGNED_RECEIPT.encode(sign_receipt(receipt, self.signer))

    def stock(self) -> bytes:
        """One single-use key of Korea's, for the reader."""
        now = self.reader.clock.system_utc()
        signed = give_stock(
            (CryptographyOpener().public_key,),
            self.signer,
            realm=self.realm,
            giver=KR_1,
            sealer=self.reader.node_id,
            given_at=now,
            not_after=after_seconds(now, 3_600.0),
        )
        return SIGNED_CARRY_STOCK.encode(signed)

    def announcement(self, *, speaks: tuple[int, ...] = (VERSION,)) -> bytes:
        """A short-lived key of Korea's."""
        opener = CryptographyOpener()
        signed = announce_key(
            opener.public_key,
            self.signer,
            realm=self.realm,
            node=KR_1,
            now=self.now,
            speaks=speaks,
        )
        return SIGNED_ANNOUNCEMENT.encode(signed)

    def shown(self, sequence: int) -> bytes:
        """A head of the reader's own feed to Korea, in its name, signed by Korea."""
        feed = FeedId(realm=self.realm, sender=self.reader.node_id, reader=KR_1, epoch=1)
        head = Head(feed=feed, sequence=sequence, hash=bytes(32), beat=self.now, stated_at=self.now)
        return SIGNED_HEAD.encode(sign_head(head, self.signer))

    def key_status(self, signer: CryptographySigner | None = None) -> bytes:
        """What Korea's node says of its nation's keys, or somebody else in its name."""
        status = KeyStatus(
            realm=self.realm,
            node=KR_1,
            stated_at=self.now,
            digest=trust(self.realm).digest_of(KR),
        )
        return SIGNED_KEY_STATUS.encode(sign_key_status(status, signer or self.signer))

    @property
    def _hash(self) -> bytes:
        return self.hashes[-1] if self.hashes else genesis_hash(self.feed)

    def _head(self) -> Head:
        return Head(
            feed=self.feed,
            sequence=self.sequence,
            hash=self._hash,
            beat=self.now,
            stated_at=self.now,
        )
