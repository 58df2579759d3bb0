"""Coverage-guided fuzzing of a frame's way in: envelope, seal, chain, head, order, records.

    python -m fuzz.fuzz_frame NEW_INPUTS fuzz/corpus/frame -runs=20000

The first byte of an input chooses the way: a whole sealed frame for a real key that is known, or an
inner frame that was never sealed, past signatures that are taken for good, so that what lies behind
the cryptography is reached. Nothing but PeerViolation and Unavailable (the key is not held) may
leave, and what is accepted is written again as the same bytes.
"""

import sys

import atheris
import msgspec

with atheris.instrument_imports(include=["bongsu"]):
    from fuzz.known_world import (
        ANNOUNCED,
        FEED,
        HERE,
        NOW,
        OPENER,
        PARTNER,
        SEALED_WAY,
        TRUST,
        UnsafeBeliever,
        UnsafeWindow,
    )

    from bongsu.protocols.log_exchange import inbound
    from bongsu.protocols.log_exchange.inbound import Inbound, Position
    from bongsu.records.feed import genesis_hash
    from bongsu.records.frame import FRAME, SEALED_FRAME, OpenedFrame, SealedFrame, open_frame
    from bongsu.records.opened_record import open_record

from fuzz.refusals import Refusals

from bongsu.vocabulary.errors import PeerViolation, Unavailable
from bongsu.vocabulary.units import MonotonicNs

REFUSALS = Refusals()
BELIEVER = UnsafeBeliever()
ENVELOPE = SealedFrame(
    realm=FEED.realm, sender=PARTNER, reader=HERE, reader_key_id=ANNOUNCED.key_id, sealed=b""
)
EMPTY = Inbound(
    epoch=FEED.epoch,
    accepted=Position(sequence=0, entry_hash=genesis_hash(FEED)),
    stored=0,
    opened_at=MonotonicNs(0),
)


def take(data: bytes) -> None:
    """One input; an exception that leaves here is a finding."""
    if not data:
        return
    if data[0] == SEALED_WAY:
        _take_sealed(data[1:])
    else:
        _take_inner(data[1:])


def _take_sealed(sealed: bytes) -> None:
    openers = {ANNOUNCED.key_id: OPENER}
    try:
        open_frame(sealed, reader=HERE, openers=openers, trust=TRUST, verifier=BELIEVER)
    except (PeerViolation, Unavailable) as refused:
        REFUSALS.met("sealed", refused)
        return
    if SEALED_FRAME.encode(SEALED_FRAME.decode(sealed)) != sealed:
        raise AssertionError(f"a sealed frame has two forms: {sealed.hex()}")


def _take_inner(inner: bytes) -> None:
    envelope = SEALED_FRAME.encode(msgspec.structs.replace(ENVELOPE, sealed=inner))
    openers = {ANNOUNCED.key_id: UnsafeWindow()}
    try:
        opened = open_frame(envelope, reader=HERE, openers=openers, trust=TRUST, verifier=BELIEVER)
    except (PeerViolation, Unavailable) as refused:
        REFUSALS.met("inner", refused)
        return
    if FRAME.encode(opened.frame) != inner:
        raise AssertionError(f"a frame has two forms: {inner.hex()}")
    _take_opened(opened)


def _take_opened(opened: OpenedFrame) -> None:
    inbound.step(EMPTY, inbound.FrameVerified(opened), now=MonotonicNs(NOW))
    for entry in opened.frame.entries:
        try:
            open_record(entry.record, trust=TRUST, verifier=BELIEVER, vouched_by=PARTNER)
        except PeerViolation as refused:
            REFUSALS.met("record", refused)


def main() -> None:
    """Hand over to libFuzzer, which reads the other arguments and ends the process."""
    atheris.Setup(sys.argv, take)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
