"""Stocks of single-use keys: their giver's, for one sealer, whole, and for ninety days at most."""

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
    frame_of,
    nation,
    reader_key,
    track_record,
    trust,
)

from bongsu.records.carry_key import (
    CARRY_STOCK,
    LIFETIME_NS,
    SIGNED_CARRY_STOCK,
    CarryStock,
    SignedCarryStock,
    give_stock,
    keys_of,
    open_stock,
)
from bongsu.records.frame import open_frame, seal_frame
from bongsu.records.keys import Purpose, context_for
from bongsu.records.reader_key import CLOCK_TOLERANCE_NS
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, NodeId, UtcNs

EXERCISE = Realm.EXERCISE
HOUR_NS = 3_600 * NS_PER_S
OPENER, _ = reader_key()
SIGNED = give_stock(
    (OPENER.public_key,),
    nation(US, EXERCISE).node,
    realm=EXERCISE,
    giver=US_1,
    sealer=KR_1,
    given_at=NOW,
    not_after=UtcNs(NOW + LIFETIME_NS),
)


def opened(
    signed: SignedCarryStock = SIGNED, *, now: int = NOW, sealer: NodeId = KR_1
) -> CarryStock:
    return open_stock(
        signed, sealer=sealer, trust=trust(EXERCISE), verifier=VERIFIER, now=UtcNs(now)
    )


def signed_with(purpose: Purpose = Purpose.CARRY_KEY, **changes: object) -> SignedCarryStock:
    data = CARRY_STOCK.encode(msgspec.structs.replace(CARRY_STOCK.decode(SIGNED.stock), **changes))
    context = context_for(EXERCISE, purpose)
    signer = nation(US, EXERCISE).node
    return SignedCarryStock(stock=data, signatures=signer.sign(data, context=context))


def test_a_frame_sealed_to_a_given_key_is_like_any_other_frame() -> None:
    [key] = keys_of(opened(SIGNED_CARRY_STOCK.decode(SIGNED_CARRY_STOCK.encode(SIGNED))))
    frame = frame_of([track_record()])
    sealed = seal_frame(frame, to=key, sealer=SEALER)
    found = open_frame(
        sealed,
        reader=US_1,
        openers={key.key_id: OPENER},
        trust=trust(EXERCISE),
        verifier=VERIFIER,
    )
    assert found.frame == frame


def test_a_frame_for_another_reader_is_not_sealed_to_it() -> None:
    [key] = keys_of(opened(signed_with()))
    elsewhere = msgspec.structs.replace(CARRY_STOCK.decode(SIGNED.stock), giver=JP_1)
    [wrong] = keys_of(elsewhere)
    assert wrong.key_id == key.key_id
    with pytest.raises(LocalMisuse, match="JP-1"):
        seal_frame(frame_of([track_record()]), to=wrong, sealer=SEALER)


def test_a_stock_is_used_until_just_before_its_end() -> None:
    short = signed_with(not_after=UtcNs(NOW + HOUR_NS))
    opened(short, now=NOW + HOUR_NS - 1)
    with pytest.raises(PeerViolation, match="have expired"):
        opened(short, now=NOW + HOUR_NS)


def test_a_givers_clock_may_be_a_minute_ahead_and_no_more() -> None:
    opened(now=NOW - CLOCK_TOLERANCE_NS)
    with pytest.raises(PeerViolation, match="in the future"):
        opened(now=NOW - CLOCK_TOLERANCE_NS - 1)


def test_a_stock_that_was_given_to_somebody_else_is_refused() -> None:
    with pytest.raises(PeerViolation, match="it is for KR-1, here is JP-1"):
        opened(sealer=JP_1)


@pytest.mark.parametrize("lifetime_ns", [LIFETIME_NS + 1, 0, -1])
def test_keys_for_more_than_ninety_days_are_refused_although_signed(lifetime_ns: int) -> None:
    with pytest.raises(PeerViolation, match="for too long"):
        opened(signed_with(not_after=UtcNs(NOW + lifetime_ns)))


def test_one_key_named_twice_would_be_used_twice_and_is_refused() -> None:
    with pytest.raises(PeerViolation, match="names one key twice"):
        opened(signed_with(public_keys=(OPENER.public_key,) * 2))


def test_a_signature_for_another_purpose_makes_no_stock() -> None:
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(signed_with(Purpose.READER_KEY))


def test_a_stock_in_another_nodes_name_or_of_the_other_realm_is_refused() -> None:
    data = CARRY_STOCK.encode(CARRY_STOCK.decode(SIGNED.stock))
    context = context_for(EXERCISE, Purpose.CARRY_KEY)
    forged = SignedCarryStock(
        stock=data, signatures=nation(KR, EXERCISE).node.sign(data, context=context)
    )
    with pytest.raises(PeerViolation, match="of US-1 refused"):
        opened(forged)
    with pytest.raises(PeerViolation, match="LIVE"):
        opened(signed_with(realm=Realm.LIVE))
