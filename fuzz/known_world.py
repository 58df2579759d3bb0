"""Fixed keys and names, so that frames of the corpus open in every run. For fuzzing alone."""

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bongsu.adapters.keys.cryptography_keys import CryptographyOpener
from bongsu.records.certificate import Certificate, Role
from bongsu.records.feed import FeedId
from bongsu.records.keys import ML_DSA_65_KEY_BYTES, PublicKeys, SignaturePair
from bongsu.records.reader_key import KeyAnnouncement
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NationId, NodeId, UtcNs

SEALED_WAY = 0  # first byte of an input that is a whole sealed frame
NOW = UtcNs(1_700_000_000 * NS_PER_S)
HERE, PARTNER = NodeId("US-1"), NodeId("KR-1")
FEED = FeedId(realm=Realm.EXERCISE, sender=PARTNER, reader=HERE, epoch=1)
OPENER = CryptographyOpener(
    MLKEM768PrivateKey.from_seed_bytes(b"m" * 64), X25519PrivateKey.from_private_bytes(b"x" * 32)
)
ANNOUNCED = KeyAnnouncement(
    realm=Realm.EXERCISE,
    node=HERE,
    public_key=OPENER.public_key,
    not_before=NOW,
    not_after=UtcNs(NOW + 600 * NS_PER_S),
)
TRUST = TrustStore(
    Realm.EXERCISE,
    [
        Certificate(
            realm=Realm.EXERCISE,
            nation=NationId("KR"),
            role=Role.NODE,
            subject=PARTNER,
            keys=PublicKeys(ed25519=bytes(32), ml_dsa_65=bytes(ML_DSA_65_KEY_BYTES)),
            not_before=UtcNs(0),
            not_after=UtcNs(2**63 - 1),
        )
    ],
)


class UnsafeBeliever:
    """A verifier that takes every signature for good: what lies behind it is to be fuzzed."""

    def verify(
        self, public: PublicKeys, message: bytes, signatures: SignaturePair, *, context: bytes
    ) -> bool:
        return True


class UnsafeWindow:
    """An opener of what was never sealed: the inner frame is to be fuzzed."""

    public_key = ANNOUNCED.public_key

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        return sealed
