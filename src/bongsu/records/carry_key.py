"""Single-use keys that frames are sealed to when they travel as files.

When every wire is cut no short-lived key can be announced any more. So a node gives each partner
a stock of keys ahead, each for one frame: the private half lies on the reader's disk until the
frame is on its disk too, and is erased then. That is weaker than a key in memory: whoever takes
the disk before opens what is still under way.

A stock is one statement: all keys that are unused when it is signed. The newest one counts.
"""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from bongsu.records.certificate import Role
from bongsu.records.encoding import Codec, Wire
from bongsu.records.keys import (
    SEALING_KEY_BYTES,
    Purpose,
    SignaturePair,
    Signer,
    Verifier,
    context_for,
    require_signature,
)
from bongsu.records.names import VERSION, Instant, Node, Version
from bongsu.records.reader_key import CLOCK_TOLERANCE_NS, key_id_of
from bongsu.records.realm_mark import require_realm
from bongsu.records.trust import TrustStore
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NodeId, UtcNs

STOCK_KEYS = 64
LIFETIME_NS = 90 * 86_400 * NS_PER_S

PublicHalf = Annotated[bytes, Meta(min_length=SEALING_KEY_BYTES, max_length=SEALING_KEY_BYTES)]


class CarryStock(Wire, frozen=True, kw_only=True):
    """`giver` opens what `sealer` seals to these keys, one frame each, until `not_after`."""

    version: Version = VERSION
    realm: Realm
    giver: Node
    sealer: Node
    given_at: Instant
    not_after: Instant
    public_keys: Annotated[tuple[PublicHalf, ...], Meta(min_length=1, max_length=STOCK_KEYS)]


class SignedCarryStock(Wire, frozen=True, kw_only=True):
    """The exact bytes of a stock and its giver's signatures."""

    stock: Annotated[bytes, Meta(max_length=96 * 1024)]
    signatures: SignaturePair


CARRY_STOCK = Codec(CarryStock, maximum_bytes=96 * 1024, what="stock of single-use keys")
SIGNED_CARRY_STOCK = Codec(
    SignedCarryStock, maximum_bytes=104 * 1024, what="signed stock of single-use keys"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryKey:
    """One of them: what one frame is sealed to."""

    realm: Realm
    node: NodeId  # that opens it
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The name under which the frame says what it is sealed to."""
        return key_id_of(self.public_key)


def give_stock(
    public_keys: tuple[bytes, ...],
    signer: Signer,
    *,
    realm: Realm,
    giver: NodeId,
    sealer: NodeId,
    given_at: UtcNs,
    not_after: UtcNs,
) -> SignedCarryStock:
    """State which single-use keys of ours `sealer` may use."""
    data = CARRY_STOCK.encode(
        CarryStock(
            realm=realm,
            giver=giver,
            sealer=sealer,
            given_at=given_at,
            not_after=not_after,
            public_keys=public_keys,
        )
    )
    context = context_for(realm, Purpose.CARRY_KEY)
    return SignedCarryStock(stock=data, signatures=signer.sign(data, context=context))


def open_stock(
    signed: SignedCarryStock, *, sealer: NodeId, trust: TrustStore, verifier: Verifier, now: UtcNs
) -> CarryStock:
    """The stock, if its giver signed it in this realm for `sealer` and it is valid `now`.

    Raises PeerViolation. A stock under a key of the giver's that does not count now is refused:
    it has to be given anew.
    """
    stock = CARRY_STOCK.decode(signed.stock)
    require_realm(stock.realm, trust.realm, what=f"single-use keys of {stock.giver}")
    if stock.sealer != sealer:
        raise CARRY_STOCK.refusal(f"it is for {stock.sealer}, here is {sealer}")
    require_signature(
        verifier,
        trust.keys_of(Role.NODE, stock.giver, at=now),
        signed.stock,
        signed.signatures,
        context=context_for(trust.realm, Purpose.CARRY_KEY),
        what=f"single-use keys of {stock.giver}",
    )
    if not 0 < stock.not_after - stock.given_at <= LIFETIME_NS:
        raise CARRY_STOCK.refusal(f"{stock.giver} would use one key for too long")
    if len(set(stock.public_keys)) < len(stock.public_keys):
        raise CARRY_STOCK.refusal(f"{stock.giver} names one key twice")
    if stock.given_at > now + CLOCK_TOLERANCE_NS:
        raise CARRY_STOCK.refusal(f"{stock.giver} gave it in the future: compare both clocks")
    if now >= stock.not_after:
        raise CARRY_STOCK.refusal(f"the single-use keys of {stock.giver} have expired")
    return stock


def keys_of(stock: CarryStock) -> tuple[CarryKey, ...]:
    """What frames to the stock's giver may be sealed to, one each."""
    return tuple(
        CarryKey(realm=stock.realm, node=stock.giver, public_key=public)
        for public in stock.public_keys
    )
