"""From an own record on disk to the partner's verified copy on its disk, one at a time."""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.floor import Floor, measured_floor
from bench.lab import Lab, PlayedTracker, played_tracker, running_lab
from bench.made_tracks import made_track, turned
from bench.row import BenchRow

from bongsu.adapters.system_clock import SystemClock
from bongsu.main.demo.journal_events import delay_of
from bongsu.main.demo.processes import JournalLine
from bongsu.vocabulary.track import Track

PACE_S = 0.05  # 20 a second
RECORDS = 400
TRACKS = 60  # each amended every three seconds: more often than the desk's bound allows nothing
WITHIN_S = 30.0
TIMES_FLOOR = 1.8
P99_TIMES_P50 = 3.0
RELAY_MS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Delays of every record to one partner, in milliseconds."""

    from_disk: list[float]  # from the own record on disk
    from_statement: list[float]  # from the statement, before anything is signed or stored


def rows() -> Iterator[BenchRow]:
    """Delivery rows, direct and through the relay, beside the floor of the same run."""
    floor, direct, relayed = asyncio.run(_measure())
    yield BenchRow(
        name="floor: ML-DSA-65 signature + one way + durable commit (p50)",
        value=floor.total_ms,
        unit="ms",
        note=f"{floor.sign_ms:.2f} + {floor.wire_ms:.2f} + {floor.commit_ms:.2f}",
    )
    direct_p50 = delay_of(direct.from_disk).p50 or math.inf
    yield _row("own record to partner's verified copy, direct, p50", floor, direct.from_disk, 50,
               f"<= {TIMES_FLOOR:g} x floor", TIMES_FLOOR * floor.total_ms)  # fmt: skip
    yield _row("own record to partner's verified copy, direct, p99", floor, direct.from_disk, 99,
               f"<= {P99_TIMES_P50:g} x p50", P99_TIMES_P50 * direct_p50)  # fmt: skip
    yield _row("own record to partner's verified copy, through the relay, p50", floor,
               relayed.from_disk, 50,
               f"<= direct + {RELAY_MS:g} ms", direct_p50 + RELAY_MS)  # fmt: skip
    yield _row("own record to partner's verified copy, through the relay, p99", floor,
               relayed.from_disk, 99, "<= 30 ms", 30.0)  # fmt: skip
    whole = replace(floor, sign_ms=floor.sign_ms + floor.commit_ms)
    for name, delivered in (("direct", direct), ("through the relay", relayed)):
        yield _row(f"statement to partner's verified copy, {name}, p50", whole,
                   delivered.from_statement, 50, "", None)  # fmt: skip


def _row(
    name: str, floor: Floor, samples: list[float], quantile: int, target: str, most: float | None
) -> BenchRow:
    delay = delay_of(samples)
    value = delay.p50 if quantile == 50 else delay.p99
    return BenchRow(
        name=name,
        value=value,
        unit="ms",
        floor_or_peer=floor.total_ms,
        ratio=None if value is None else value / floor.total_ms,
        target=target,
        met=None if most is None else value is not None and value <= most,
        note=f"{delay.count} records at 20 a second"
        + ("" if target else "; floor: signature and commit here, then as above"),
    )


async def _measure() -> tuple[Floor, Delivered, Delivered]:
    async with running_lab(("KR", "US", "JP")) as lab:
        async with played_tracker(lab, "KR") as tracker:
            await _warm_up(lab, tracker)
            before = len(lab.lines)
            await _send_one_at_a_time(lab, tracker)
        direct, relayed = _delivered(lab, "US", before), _delivered(lab, "JP", before)
    async with running_lab(()) as empty:
        return await measured_floor(empty), direct, relayed


async def _warm_up(lab: Lab, tracker: PlayedTracker) -> None:
    """Issue every warning once, and wait until both partners have all of them."""
    tracker.send(_tracks(), at=SystemClock().utc())
    for nation in ("US", "JP"):
        await lab.until(
            lambda _, nation=nation: len(lab.of_event("partner_warning", nation)) >= TRACKS,
            within_s=WITHIN_S,
        )


async def _send_one_at_a_time(lab: Lab, tracker: PlayedTracker) -> None:
    tracks = _tracks()
    for number in range(RECORDS):
        await asyncio.sleep(PACE_S)
        at = number % TRACKS
        tracks[at] = turned(tracks[at])
        tracker.send([tracks[at]], at=SystemClock().utc())
    for nation in ("US", "JP"):
        await lab.until(
            lambda _, nation=nation: (
                len(lab.of_event("partner_warning", nation))
                >= len(lab.of_event("own_warning", "KR"))
            ),
            within_s=WITHIN_S,
        )


def _tracks() -> list[Track]:
    clock = SystemClock()
    now, emitted_at = clock.utc(), clock.monotonic()
    return [made_track(number, at=now, emitted_at=emitted_at) for number in range(TRACKS)]


def _delivered(lab: Lab, reader: str, before: int) -> Delivered:
    arrived = {
        str(line["record_id"]): _number(line, "stored_monotonic_ns")
        for line in lab.lines[before:]
        if line["event"] == "partner_warning" and str(line["node"]).startswith(reader)
    }
    own = [line for line in lab.of_event("own_warning", "KR") if line["record_id"] in arrived]

    def delays(since: str) -> list[float]:
        return [(arrived[str(line["record_id"])] - _number(line, since)) / 1e6 for line in own]

    return Delivered(
        from_disk=delays("stored_monotonic_ns"), from_statement=delays("stated_monotonic_ns")
    )


def _number(line: JournalLine, name: str) -> int:
    return int(str(line[name]))
