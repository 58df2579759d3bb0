"""Attack: a receipt that its reader never gave: by a partner, by a relay, by the sender itself.

Passes when it is refused, counted, told and kept: a receipt is signed by its own end, the reader of
the feed, over the feed, the position and the chain's hash there. Nothing counts as delivered by it,
and it never reaches the log. Receipts say that a record is on its reader's disk; receipts of having
been opened or read by a person do not exist yet.
"""

from collections.abc import Callable

import msgspec
import pytest
from tests.node.made_up_world import EXERCISE, LIVE, Machine, World, pass_time, play
from tests.records.made_up_nations import JP, JP_1, KR, KR_1, US, US_1, nation

from bongsu.node.links.outgoing import Outgoing
from bongsu.records.feed import (
    RECEIPT,
    SIGNED_HEAD,
    SIGNED_RECEIPT,
    Head,
    Receipt,
    SignedReceipt,
    sign_head,
    sign_receipt,
)
from bongsu.records.keys import SignaturePair, Signer
from bongsu.records.lane import Lane
from bongsu.vocabulary.units import NodeId


def receipt_for(korea: Machine, reader: NodeId = US_1) -> Receipt:
    """What the reader would say if it had all of Korea's feed."""
    outgoing = feed_to(korea, reader)
    return Receipt(
        feed=outgoing.feed,
        sequence=outgoing.tail.sequence,
        hash=outgoing.tail.hash,
        stored_at=korea.clock.system_utc(),
    )


def feed_to(korea: Machine, reader: NodeId) -> Outgoing:
    return korea.node._links[reader].outgoing[Lane.URGENT]


def signed(receipt: Receipt, signer: Signer) -> SignedReceipt:
    return sign_receipt(receipt, signer)


def by_another_partner(receipt: Receipt) -> bytes:
    return SIGNED_RECEIPT.encode(signed(receipt, nation(JP, EXERCISE).node))


def by_the_sender(receipt: Receipt) -> bytes:
    return SIGNED_RECEIPT.encode(signed(receipt, nation(KR, EXERCISE).node))


def by_an_officer(receipt: Receipt) -> bytes:
    return SIGNED_RECEIPT.encode(signed(receipt, nation(US, EXERCISE).officer))


def by_the_key_of_the_other_realm(receipt: Receipt) -> bytes:
    return SIGNED_RECEIPT.encode(signed(receipt, nation(US, LIVE).node))


def without_its_post_quantum_half(receipt: Receipt) -> bytes:
    good = signed(receipt, nation(US, EXERCISE).node)
    half = SignaturePair(ed25519=good.signatures.ed25519)
    return SIGNED_RECEIPT.encode(msgspec.structs.replace(good, signatures=half))


def moved_ahead(receipt: Receipt) -> bytes:
    """A real signature under a position that was changed on the way."""
    early = msgspec.structs.replace(receipt, sequence=0, hash=bytes(32))
    good = signed(early, nation(US, EXERCISE).node)
    return SIGNED_RECEIPT.encode(msgspec.structs.replace(good, receipt=RECEIPT.encode(receipt)))


def of_another_feed(receipt: Receipt) -> bytes:
    """The reader's own signature, for what it gave to somebody else."""
    feed = msgspec.structs.replace(receipt.feed, sender=JP_1)
    other = msgspec.structs.replace(receipt, feed=feed)
    return SIGNED_RECEIPT.encode(signed(other, nation(US, EXERCISE).node))


def a_head_for_a_receipt(receipt: Receipt) -> bytes:
    """What the reader did sign, in another place."""
    head = Head(
        feed=receipt.feed,
        sequence=receipt.sequence,
        hash=receipt.hash,
        beat=receipt.stored_at,
        stated_at=receipt.stored_at,
    )
    return SIGNED_HEAD.encode(sign_head(head, nation(US, EXERCISE).node))


FORGERIES: dict[str, Callable[[Receipt], bytes]] = {
    one.__name__.replace("_", " "): one
    for one in (
        by_another_partner,
        by_the_sender,
        by_an_officer,
        by_the_key_of_the_other_realm,
        without_its_post_quantum_half,
        moved_ahead,
        of_another_feed,
        a_head_for_a_receipt,
    )
}


@pytest.mark.parametrize("channel", ["receipt", "ask"])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_receipt_is_refused_told_and_kept_and_nothing_counts_as_delivered(
    forgery: str, channel: str
) -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)  # nobody is there: the partner received nothing
        await pass_time()
        await korea.sees(korea.observed())
        await pass_time()
        payload = FORGERIES[forgery](receipt_for(korea))
        korea.brings(US_1, channel, payload)
        await pass_time()
        machine = feed_to(korea, US_1).machine
        assert machine.appended >= 1
        assert machine.acknowledged == 0
        assert not machine.forked
        assert korea.disk.receipts == {}
        [line] = korea.journal.of("refused")
        assert (line["source"], line["count"]) == (US_1, 1)
        assert line["remedy"]
        assert [kept.payload for kept in korea.disk.evidence] == [payload]

    play(story)


def test_the_reader_itself_is_believed() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        await korea.sees(korea.observed())
        await pass_time()
        receipt = receipt_for(korea)
        korea.brings(
            US_1, "receipt", SIGNED_RECEIPT.encode(signed(receipt, nation(US, EXERCISE).node))
        )
        await pass_time()
        assert feed_to(korea, US_1).machine.acknowledged == receipt.sequence
        assert korea.refused() == 0

    play(story)


def test_a_reader_that_claims_more_than_it_was_sent_is_told_to_people() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time()
        await korea.sees(korea.observed())
        await pass_time()
        more = msgspec.structs.replace(receipt_for(korea), sequence=99, hash=bytes(32))
        korea.brings(
            US_1, "receipt", SIGNED_RECEIPT.encode(signed(more, nation(US, EXERCISE).node))
        )
        await pass_time(16.0)  # it shows nothing that we had signed
        [line] = korea.journal.of("feed_forked")
        assert (line["partner"], line["sequence"], line["side"]) == (US_1, 99, "reader")
        assert feed_to(korea, US_1).machine.acknowledged == 0
        assert korea.disk.receipts == {}

    play(story)
