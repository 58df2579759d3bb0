"""The floor of a delivery, measured in the same run: what no design can do without.

One ML-DSA-65 signature, one way over the wire, one durable commit at the partner; each at the
pace of the delivery that it is compared with.
"""

import asyncio
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.lab import Lab

from bongsu.adapters.engines.zenoh_engine import ZenohEngine
from bongsu.adapters.keys.cryptography_keys import CryptographySigner
from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.main.node_process import engine_settings
from bongsu.main.settings import NodeSettings, read_settings
from bongsu.node.ports import Commit, StoredEntry, StoredRecord
from bongsu.records.feed import FeedId
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId, RecordId, UtcNs

ROUNDS = 100
PACE_S = 0.05
PAYLOAD_BYTES = 10_000  # about the size of a sealed frame with one warning


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Medians in milliseconds."""

    sign_ms: float
    wire_ms: float
    commit_ms: float

    @property
    def total_ms(self) -> float:
        return self.sign_ms + self.wire_ms + self.commit_ms


async def measured_floor(lab: Lab) -> Floor:
    """Measure the three parts; the nodes of the lab must not be running."""
    return Floor(
        sign_ms=await _signing_ms(), wire_ms=await _wire_ms(lab), commit_ms=await _commit_ms(lab)
    )


async def _signing_ms() -> float:
    signer = CryptographySigner.generate()
    _, ml_dsa_65 = signer.private_keys
    times: list[float] = []
    for _ in range(ROUNDS):
        await asyncio.sleep(PACE_S)
        start = time.monotonic_ns()
        if ml_dsa_65 is not None:
            ml_dsa_65.sign(os.urandom(512), b"bench")
        times.append((time.monotonic_ns() - start) / 1e6)
    return statistics.median(times)


async def _wire_ms(lab: Lab) -> float:
    """Half of a round trip between two processes."""
    near, far = lab.nations[NationId("KR")], lab.nations[NationId("US")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.echo", str(far.node_file),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    settings = read_settings(near.node_file, NodeSettings)
    engine = ZenohEngine(engine_settings(near.node_file, settings))
    loop = asyncio.get_running_loop()
    back = asyncio.Event()
    if process.stdout is not None:
        await process.stdout.readline()

    def came_back(sender: NodeId, channel: str, payload: bytes) -> None:
        loop.call_soon_threadsafe(back.set)

    engine.open(came_back)
    times: list[float] = []
    for _ in range(2 * ROUNDS):
        if len(times) == ROUNDS:
            break
        await asyncio.sleep(PACE_S)
        back.clear()
        start = time.monotonic_ns()
        engine.send(NodeId("US-1"), "urgent", os.urandom(PAYLOAD_BYTES))
        try:
            async with asyncio.timeout(1.0):
                await back.wait()
        except TimeoutError:
            continue  # the link was not up yet
        times.append((time.monotonic_ns() - start) / 2e6)
    engine.close()
    if process.stdin is not None:
        process.stdin.close()  # the far end reads until here
    await process.wait()
    return statistics.median(times)


async def _commit_ms(lab: Lab) -> float:
    path = Path(lab.folder) / "floor.sqlite"
    store = SqliteStore(path, node=NodeId("KR-1"), realm=Realm.EXERCISE)
    feed = FeedId(realm=Realm.EXERCISE, sender=NodeId("KR-1"), reader=NodeId("US-1"), epoch=1)
    times: list[float] = []
    for sequence in range(1, ROUNDS + 1):
        await asyncio.sleep(PACE_S)
        commit = _commit_of_one(feed, sequence)
        start = time.monotonic_ns()
        await asyncio.wrap_future(store.append(commit))
        times.append((time.monotonic_ns() - start) / 1e6)
    store.close()
    return statistics.median(times)


def _commit_of_one(feed: FeedId, sequence: int) -> Commit:
    record_id, body = RecordId(os.urandom(32)), os.urandom(PAYLOAD_BYTES // 2)
    return Commit(
        records=(
            StoredRecord(
                record_id=record_id,
                kind="launch_warning",
                originator=feed.sender,
                own=False,
                encoded=body,
                stored_at=UtcNs(0),
            ),
        ),
        entries=(
            StoredEntry(
                feed=feed,
                sequence=sequence,
                record_id=record_id,
                encoded=body,
                entry_hash=os.urandom(32),
            ),
        ),
    )
