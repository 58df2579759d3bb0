"""Attack: a recorder of all traffic is later given every long-term key, and X25519 is broken.

Passes when it reads nothing that was sealed more than 10 minutes before: frames are sealed to
short-lived keys whose private halves are in memory only, are forgotten ten minutes after they
began, and need ML-KEM-768 as well as X25519 to be of use.
"""

import asyncio
import base64
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from bench.lab import Lab, played_tracker, running_lab
from bench.made_tracks import made_track
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.node.made_up_world import World, pass_time, play
from tests.records.made_up_nations import (
    KR_1,
    NOW,
    SEALER,
    US,
    US_1,
    VERIFIER,
    frame_of,
    nation,
    trust,
    warning_record,
)
from tests.worlds.running_nations import WITHIN_S

from bongsu.adapters.keys.cryptography_keys import CryptographyOpener
from bongsu.adapters.keys.files import read_signer
from bongsu.adapters.keys.folders import KeyFolders
from bongsu.adapters.system_clock import SystemClock
from bongsu.records.certificate import Role
from bongsu.records.frame import SEALED_FRAME, OpenedFrame, open_frame, seal_frame
from bongsu.records.reader_key import KeyAnnouncement, announce_key, open_announcement
from bongsu.vocabulary.errors import PeerViolation, Unavailable
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId

EXERCISE = Realm.EXERCISE
ROOT = Path(__file__).parents[2]
TEN_MINUTES_S = 600.0


def opened(frame: bytes, openers: dict[bytes, CryptographyOpener]) -> OpenedFrame:
    return open_frame(frame, reader=US_1, openers=openers, trust=trust(EXERCISE), verifier=VERIFIER)


@dataclass(frozen=True, slots=True)
class ShortLived:
    """A reader key whose two parts are known one by one."""

    ml_kem: MLKEM768PrivateKey = field(default_factory=MLKEM768PrivateKey.generate)
    x25519: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)

    @property
    def announced(self) -> KeyAnnouncement:
        public = CryptographyOpener(self.ml_kem, self.x25519).public_key
        signed = announce_key(public, nation(US, EXERCISE).node, realm=EXERCISE, node=US_1, now=NOW)
        return open_announcement(signed, trust=trust(EXERCISE), verifier=VERIFIER, now=NOW)


def test_a_known_x25519_part_and_every_long_term_key_open_no_frame() -> None:
    key = ShortLived()
    announced = key.announced
    frame = seal_frame(frame_of([warning_record()]), to=announced, sealer=SEALER)
    guessed = CryptographyOpener(MLKEM768PrivateKey.generate(), key.x25519)
    with pytest.raises(PeerViolation, match="does not open"):
        opened(frame, {announced.key_id: guessed})


def test_a_known_ml_kem_part_alone_opens_no_frame_either() -> None:
    key = ShortLived()
    announced = key.announced
    frame = seal_frame(frame_of([warning_record()]), to=announced, sealer=SEALER)
    guessed = CryptographyOpener(key.ml_kem, X25519PrivateKey.generate())
    with pytest.raises(PeerViolation, match="does not open"):
        opened(frame, {announced.key_id: guessed})


def test_with_both_parts_the_frame_opens() -> None:
    key = ShortLived()
    announced = key.announced
    frame = seal_frame(frame_of([warning_record()]), to=announced, sealer=SEALER)
    whole = CryptographyOpener(key.ml_kem, key.x25519)
    assert len(opened(frame, {announced.key_id: whole}).frame.entries) == 1


def test_what_a_node_still_holds_opens_no_frame_that_was_sealed_ten_minutes_before() -> None:
    """Not even the memory of a node that is seized at this moment is of use for older frames."""

    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        states = world.machine(US_1, KR_1)
        await pass_time(3.0)
        sealed: list[tuple[float, bytes]] = []
        ever_opened = 0
        for minute in range(25):
            before = len(world.sent(KR_1, "urgent"))
            await korea.sees(*(korea.observed(f"T{other}") for other in range(minute + 1)))
            await pass_time(1.0)
            at_s = world.time.elapsed_ns / 1e9
            sealed += [(at_s, one.payload) for one in world.sent(KR_1, "urgent")[before:]]
            openers = dict(states.node._keys.openers)
            for then_s, frame in sealed:
                if at_s - then_s > TEN_MINUTES_S:
                    with pytest.raises(Unavailable):
                        open_frame(
                            frame,
                            reader=US_1,
                            openers=openers,
                            trust=trust(EXERCISE),
                            verifier=VERIFIER,
                        )
                else:
                    ever_opened += SEALED_FRAME.decode(frame).reader_key_id in openers
            world.time.advance_s(59.0)
        assert len(sealed) >= 25
        assert ever_opened >= 25
        assert len(states.warnings_of(KR_1)) == len(korea.warnings_of(KR_1))

    play(story)


def traces(secret: bytes) -> list[bytes]:
    """How it would look in a file: as it is, as hexadecimal, or as base64 at any offset."""
    found = [secret, secret.hex().encode()]
    for offset in range(3):
        text = base64.b64encode(bytes(offset) + secret)
        found.append(text[4 if offset else 0 : -4])
    return found


def files_with(secret: bytes, folder: Path) -> list[Path]:
    looks = traces(secret)
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes().replace(b"\n", b"")
            if any(look.replace(b"\n", b"") in data for look in looks):
                found.append(path)
    return found


@dataclass(slots=True)
class TellingNode:
    """A real node that says which short-lived keys it makes."""

    process: asyncio.subprocess.Process
    secrets: list[bytes] = field(default_factory=list)

    async def listen(self, lab: Lab) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            lab.take(msgspec.json.decode(line, type=dict[str, object]))

    async def learn(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            word, *keys = line.decode().split()
            assert word == "short-lived", line
            self.secrets += [bytes.fromhex(key) for key in keys]


@asynccontextmanager
async def telling_node(lab: Lab, name: str, *, end: signal.Signals) -> AsyncIterator[TellingNode]:
    node = TellingNode(
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.attacks.telling_node", "--config"),
            str(lab.nations[NationId(name)].node_file),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    )
    reading = asyncio.gather(node.listen(lab), node.learn())
    try:
        yield node
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(node.process.pid, end)
        await node.process.wait()
        await reading


@pytest.mark.processes
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
def test_no_file_of_a_real_node_ever_holds_a_short_lived_private_key(
    end: signal.Signals,
) -> None:
    asyncio.run(_search_the_files_of_two_nodes(end))


async def _search_the_files_of_two_nodes(end: signal.Signals) -> None:
    async with running_lab(()) as lab:
        async with (
            telling_node(lab, "US", end=end) as states,
            telling_node(lab, "KR", end=end) as korea,
            played_tracker(lab, "KR") as tracker,
        ):
            await lab.until(
                lambda _: lab.of_event("link_heard", "KR") and lab.of_event("link_heard", "US"),
                within_s=WITHIN_S,
            )
            clock = SystemClock()
            now, emitted_at = clock.utc(), clock.monotonic()
            tracker.send(
                [made_track(number, at=now, emitted_at=emitted_at) for number in range(5)], at=now
            )
            await lab.until(
                lambda _: len(lab.of_event("partner_warning", "US")) >= 5, within_s=WITHIN_S
            )
        secrets = states.secrets + korea.secrets
        assert len(secrets) >= 4
        assert [files_with(secret, lab.folder) for secret in secrets] == [[]] * len(secrets)
        assert _long_term_key_is_found(lab)


def _long_term_key_is_found(lab: Lab) -> bool:
    """The search can find a key: the one that is meant to be on disk."""
    folder = lab.folder / "keys" / "KR"
    keys = KeyFolders(folder=folder, nation=NationId("KR")).of(Role.NODE, NodeId("KR-1"))
    ed25519, _ = read_signer(keys).private_keys
    return len(files_with(ed25519.private_bytes_raw(), lab.folder)) == 1
