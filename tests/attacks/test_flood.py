"""Attack: oversized messages, garbage and a flood at ten times the load, from a partner or a relay.

Passes when size and quota are asked before any cryptography, so that the flood costs its sender;
when the other partners' urgent records are shown within a second all the while; when what waits is
bounded in messages and in bytes; and when nothing of the flooded link is lost after it.

The time that it takes on real processes is measured by `python -m bench --only flood`. The buckets
themselves: `tests/protocols/test_quota.py`.
"""

from collections import Counter
from pathlib import Path

import pytest
from tests.node import made_up_world
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.records.made_up_nations import (
    JP,
    JP_1,
    KR_1,
    SEALER,
    US_1,
    VERIFIER,
    nation,
    track_record,
)

from bongsu.adapters.keys.cryptography_keys import CryptographyOpener
from bongsu.node.links import arrivals
from bongsu.node.links.arrivals import Arrivals
from bongsu.node.links.incoming import MAXIMUM_WAITING_BYTES
from bongsu.protocols.quota import ALLOWANCES
from bongsu.records.frame import MAXIMUM_SEALED_BYTES, SEALED_FRAME, SealedFrame
from bongsu.records.keys import PublicKeys, SignaturePair
from bongsu.records.lane import Lane
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

FLOODED_S = 0.6
STEP_S = 0.01
FACTOR = 10


class CountedWork:
    """Everything dear that a node does for what it was sent."""

    def __init__(self) -> None:
        self.verified = 0
        self.opened = 0

    def verify(
        self, public: PublicKeys, message: bytes, signatures: SignaturePair, *, context: bytes
    ) -> bool:
        self.verified += 1
        return VERIFIER.verify(public, message, signatures, context=context)


class CountedOpener(CryptographyOpener):
    """A short-lived key that says how often it was tried."""

    work: CountedWork

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        self.work.opened += 1
        return super().open(sealed, info=info)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> CountedWork:
    counted = CountedWork()
    monkeypatch.setattr(CountedOpener, "work", counted, raising=False)
    monkeypatch.setattr(made_up_world, "VERIFIER", counted)
    monkeypatch.setattr(made_up_world, "CryptographyOpener", CountedOpener)
    return counted


def garbage(korea: PlayedKorea) -> dict[str, bytes]:
    """The dearest lie that each channel takes: right in form, for our present key, signed badly."""
    key = korea.present_key()
    sealed = SealedFrame(
        realm=korea.realm,
        sender=KR_1,
        reader=US_1,
        reader_key_id=key.key_id,
        sealed=SEALER.seal(CryptographyOpener().public_key, bytes(2_000), info=b""),
    )
    other = PlayedKorea(korea.reader, korea.realm)

    def forged(payload: bytes) -> bytes:
        return payload[:-1] + bytes([payload[-1] ^ 1])  # the last byte of a signature

    frame = SEALED_FRAME.encode(sealed)
    return {
        "urgent": frame,
        "bulk": frame,
        "head": forged(other.head()),
        "receipt": forged(other.receipt(1, bytes(32))),
        "ask": forged(other.receipt(0, bytes(32))),
        "shown": other.shown(9),
        "key": forged(other.announcement()),
        "keys": other.key_status(nation(JP, korea.realm).node),
        "carry-keys": forged(other.stock()),
    }


async def flood(states: Machine, lies: dict[str, bytes]) -> Counter[str]:
    """Ten times of what each channel allows, for a while."""
    sent: Counter[str] = Counter()
    due: Counter[str] = Counter()
    for _ in range(round(FLOODED_S / STEP_S)):
        for channel, payload in lies.items():
            due[channel] += round(FACTOR * ALLOWANCES[channel].messages_per_s * STEP_S * 1_000)
            while sent[channel] * 1_000 < due[channel]:
                states.brings(KR_1, channel, payload)
                sent[channel] += 1
        await pass_time(STEP_S)
    return sent


def test_a_flood_is_refused_before_cryptography_and_told_in_words(
    work: CountedWork, tmp_path: Path
) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1, carry_folder=tmp_path / "carry")
        await pass_time()
        lies = garbage(PlayedKorea(states))
        work.verified = work.opened = 0
        sent = await flood(states, lies)
        await pass_time()
        allowed = {
            channel: allowance.messages_at_once + (FLOODED_S + 1) * allowance.messages_per_s
            for channel, allowance in ALLOWANCES.items()
        }
        assert 0 < work.opened <= (allowed["urgent"] + allowed["bulk"]) / 5  # garbage costs more
        assert work.verified <= sum(
            allowed[one] for one in ("head", "receipt", "ask", "shown", "key", "keys", "carry-keys")
        )
        refused = states.services.health.refused
        for channel in ALLOWANCES:
            reason = f"KR-1: more {channel} messages of KR-1 than a link may bring"
            assert sent[channel] - allowed[channel] <= refused[reason] < sent[channel]
        told = [
            line for line in states.journal.of("refused") if "than a link may" in line["reason"]
        ]
        assert {line["source"] for line in told} == {KR_1}
        assert all(line["remedy"] for line in told)
        assert len(told) <= 110 * len(ALLOWANCES)
        assert states.disk.records == {}

    play(story)


def test_under_a_flood_of_one_partner_anothers_warnings_are_shown_within_a_second() -> None:
    async def story(world: World) -> None:
        japan = world.machine(JP_1, US_1)
        states = world.machine(US_1, KR_1, JP_1)
        await pass_time(3.0)
        lies = garbage(PlayedKorea(states))
        for number in range(3):
            await japan.sees(*(japan.observed(f"T{other}") for other in range(number + 1)))
            await flood(states, lies)
        await pass_time()
        stated = {line["record_id"]: line for line in japan.journal.of("own_warning")}
        shown = {line["record_id"]: line for line in states.journal.of("partner_warning")}
        assert set(shown) == set(stated)
        assert len(stated) >= 3
        for one, line in stated.items():
            late_ns = shown[one]["stored_monotonic_ns"] - line["stored_monotonic_ns"]
            assert late_ns < NS_PER_S
        assert states.services.health.link_faults.get(JP_1, set()) == set()

    play(story)


def test_after_the_flood_nothing_of_the_flooded_link_is_lost() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        lies = garbage(PlayedKorea(states))
        for number in range(3):
            await korea.sees(*(korea.observed(f"T{other}") for other in range(number + 1)))
            await flood(states, lies)
        await pass_time(10.0)
        shown = [line["record_id"] for line in states.journal.of("partner_warning")]
        assert len(shown) == len(set(shown)) == len(korea.warnings_of(KR_1)) >= 3
        assert states.services.health.link_faults.get(KR_1, set()) == set()

    play(story)


def test_what_waits_is_bounded_in_bytes_and_a_flooding_sender_keeps_no_other_out() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1, JP_1)
        await pass_time()
        largest = bytes(MAXIMUM_SEALED_BYTES)
        for _ in range(30):
            states.brings(KR_1, "bulk", largest)
        states.brings(JP_1, "gossip", b"?")
        await pass_time()
        refused = states.services.health.refused
        fit = arrivals.BYTES_OF_ONE // len(largest)
        assert refused["KR-1: messages of KR-1 waiting for the loop"] == 30 - fit
        [line] = [line for line in states.journal.of("refused") if line["source"] == JP_1]
        assert "unknown channel" in line["reason"]

    play(story)


def test_frames_that_wait_to_be_opened_are_bounded_in_bytes() -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        incoming = states.node._links[KR_1].incoming[Lane.URGENT]
        for _ in range(40):
            incoming.take_frame(bytes(MAXIMUM_SEALED_BYTES))
            assert incoming._waiting_bytes <= MAXIMUM_WAITING_BYTES
        fit = MAXIMUM_WAITING_BYTES // MAXIMUM_SEALED_BYTES
        assert states.services.health.refused["KR-1: frames waiting"] == 40 - fit
        await pass_time()
        assert incoming._waiting_bytes == 0

    play(story)


def test_room_that_was_taken_is_given_back() -> None:
    room, million = Arrivals([KR_1, JP_1]), bytes(1_000_000)
    rounds = []
    for start_s in (0, 10, 20):
        now = MonotonicNs(start_s * NS_PER_S)
        taken = 0
        while room.enter(KR_1, "bulk", million, now=now):
            taken += 1
        rounds.append(taken)
        assert room.enter(JP_1, "bulk", million, now=now)
        for sender in [JP_1, *[KR_1] * taken]:
            room.leave(sender, len(million))
    assert rounds == [arrivals.BYTES_OF_ONE // len(million)] * 3
    assert [(turned.sender, turned.count) for turned in room.turned_away()] == [(KR_1, 3)]
    assert room.turned_away() == ()


@pytest.mark.parametrize("channel", ALLOWANCES)
def test_an_oversized_message_is_refused_by_its_size_alone(channel: str, work: CountedWork) -> None:
    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        work.verified = work.opened = 0
        states.brings(KR_1, channel, bytes(9 * 1_048_576))
        await pass_time()
        assert (work.verified, work.opened) == (0, 0)
        [line] = states.journal.of("refused")
        assert "bytes exceed" in line["reason"] or "than a link may bring" in line["reason"]

    play(story)


def test_a_replayed_catch_up_at_full_speed_stays_within_the_quota() -> None:
    """What an honest partner sends after a cut passes whole: nothing of it is refused."""

    async def story(world: World) -> None:
        states = world.machine(US_1, KR_1)
        await pass_time()
        korea = PlayedKorea(states, lane=Lane.BULK)
        record = track_record()
        for _ in range(30):
            korea.sends(*([record] * 256), channel="bulk")
            await pass_time(256 / 30_000)
        await pass_time()
        assert states.refused() == 0
        [rows] = states.disk.entries.values()
        assert len(rows) == 30 * 256

    play(story)
