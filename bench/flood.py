"""One partner's urgent records while another one's link brings ten times of what it may.

Real processes: Korea warns, the United States read, and the bench plays Japan's engine, which
sends garbage of the right form to the United States' present key on every channel. Nodes and
flooder share the same cores, so the figure holds what the flooder takes from them too.
"""

import asyncio
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.lab import Lab, played_tracker, running_lab
from bench.paced_amendments import TRACKS, PacedAmendments
from bench.row import BenchRow

from bongsu.adapters.engines.zenoh_engine import ZenohEngine
from bongsu.adapters.keys.cryptography_keys import CryptographyOpener, CryptographySealer
from bongsu.console.demo_report import Delay
from bongsu.main.demo.journal_events import delay_of
from bongsu.main.node_process import engine_settings
from bongsu.main.settings import NodeSettings, read_settings
from bongsu.protocols.quota import ALLOWANCES
from bongsu.records.frame import SEALED_FRAME, SealedFrame
from bongsu.records.reader_key import ANNOUNCEMENT, SIGNED_ANNOUNCEMENT
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId

FACTOR = 10
STEP_S = 0.01
GARBAGE_BYTES = 1_000
RECORDS = 300
WITHIN_S = 60.0
URGENT_P99_MS = 1_000.0
MEMORY_MB = 250.0
FLOODER, READER, WARNER = NodeId("JP-1"), NodeId("US-1"), NationId("KR")


@dataclass(slots=True)
class _Flooder:
    """Japan's engine without Japan's node."""

    engine: ZenohEngine
    keys: "queue.Queue[bytes]" = field(default_factory=queue.Queue)
    over: threading.Event = field(default_factory=threading.Event)
    sent: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def heard(self, sender: NodeId, channel: str, payload: bytes) -> None:
        if (sender, channel) == (READER, "key"):
            self.keys.put(payload)

    def flood(self) -> None:
        lies = _lies(self.keys.get(timeout=WITHIN_S))
        began, due = time.perf_counter(), Counter[str]()
        while not self.over.wait(STEP_S):
            self.seconds = time.perf_counter() - began
            for channel, lie in lies.items():
                due[channel] = round(FACTOR * ALLOWANCES[channel].messages_per_s * self.seconds)
                while self.sent[channel] < due[channel]:
                    self.engine.send(READER, channel, lie)
                    self.sent[channel] += 1


def rows() -> Iterator[BenchRow]:
    """Delay of urgent records without and with the flood, and what the flooded node takes."""
    quiet, flooded, flooder, peak_mb, refused = asyncio.run(_measure())
    yield BenchRow(
        name=f"urgent record while another partner floods at {FACTOR} times its quota, p99",
        value=flooded.p99,
        unit="ms",
        floor_or_peer=quiet.p99,
        ratio=_ratio(flooded.p99, quiet.p99),
        target=f"<= {URGENT_P99_MS:g} ms",
        met=flooded.p99 is not None and flooded.p99 <= URGENT_P99_MS,
        note=(
            f"{flooded.count} records at 20 a second; p50 {flooded.p50:.1f} beside {quiet.p50:.1f};"
            f" {sum(flooder.sent.values()) / flooder.seconds:,.0f} messages of garbage a second"
        ),
    )
    yield BenchRow(
        name="most memory of the flooded node",
        value=peak_mb,
        unit="MB",
        target=f"<= {MEMORY_MB:g} MB",
        met=peak_mb <= MEMORY_MB,
        note=f"{refused:,} messages refused, counted and told",
    )


async def _measure() -> tuple[Delay, Delay, _Flooder, float, int]:
    async with running_lab((WARNER, "US")) as lab, played_tracker(lab, WARNER) as tracker:
        amendments = PacedAmendments(tracker=tracker)
        await amendments.issue()
        await lab.until(lambda _: len(_shown(lab)) >= TRACKS, within_s=WITHIN_S)
        quiet = await _delay(lab, amendments)
        with _flood(lab) as flooder:
            flooded = await _delay(lab, amendments)
        await lab.until(lambda _: _refused(lab) > 0, within_s=WITHIN_S)
        [states] = [child for child in lab.group.children if child.name == READER]
        return quiet, flooded, flooder, _peak_mb(states.process.pid), _refused(lab)


async def _delay(lab: Lab, amendments: PacedAmendments) -> Delay:
    """From Korea's disk to the reader's, one record at a time."""
    before, shown = len(lab.lines), len(_shown(lab))
    await amendments.amend(RECORDS)
    await lab.until(lambda _: len(_shown(lab)) >= shown + RECORDS, within_s=WITHIN_S)
    stated = {line["record_id"]: line for line in lab.of_event("own_warning", WARNER)}
    return delay_of(
        [
            (_stored_ns(line) - _stored_ns(stated[line["record_id"]])) / 1e6
            for line in lab.lines[before:]
            if line["event"] == "partner_warning" and line["node"] == READER
        ]
    )


@contextmanager
def _flood(lab: Lab) -> Iterator[_Flooder]:
    file = lab.nations[NationId("JP")].node_file
    flooder = _Flooder(ZenohEngine(engine_settings(file, read_settings(file, NodeSettings))))
    flooder.engine.open(flooder.heard)
    thread = threading.Thread(target=flooder.flood, daemon=True)
    thread.start()
    try:
        yield flooder
    finally:
        flooder.over.set()
        thread.join(WITHIN_S)
        flooder.engine.close()


def _lies(announcement: bytes) -> dict[str, bytes]:
    """Right in form, to the present key, and signed or sealed by nobody."""
    key = ANNOUNCEMENT.decode(SIGNED_ANNOUNCEMENT.decode(announcement).announcement)
    other = CryptographyOpener().public_key
    frame = SEALED_FRAME.encode(
        SealedFrame(
            realm=Realm.EXERCISE,
            sender=FLOODER,
            reader=READER,
            reader_key_id=key.key_id,
            sealed=CryptographySealer().seal(other, bytes(GARBAGE_BYTES), info=b""),
        )
    )
    forged = announcement[:-1] + bytes([announcement[-1] ^ 1])
    small = dict.fromkeys(ALLOWANCES, forged)
    return small | {"urgent": frame, "bulk": frame}


def _shown(lab: Lab) -> list[dict[str, object]]:
    return lab.of_event("partner_warning", "US")


def _stored_ns(line: dict[str, object]) -> int:
    return int(str(line["stored_monotonic_ns"]))


def _refused(lab: Lab) -> int:
    health = lab.of_event("health", "US")
    newest = health[-1]["refused"] if health else {}
    assert isinstance(newest, dict)
    return sum(newest.values())


def _ratio(value: float | None, floor: float | None) -> float | None:
    return None if value is None or not floor else value / floor


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024.0
    raise LookupError(f"no peak size of process {pid}")
