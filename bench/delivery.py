"""From an own record on disk to the partner's verified copy on its disk, one at a time."""

import asyncio
from collections.abc import Iterator

from bench.floor import Floor, measured_floor
from bench.lab import Lab, PlayedTracker, played_tracker, running_lab
from bench.made_tracks import made_track, turned
from bench.row import BenchRow

from bongsu.adapters.system_clock import SystemClock
from bongsu.main.demo.journal_events import delay_of
from bongsu.vocabulary.track import Track

PACE_S = 0.05  # 20 a second
RECORDS = 400
TRACKS = 60  # each amended every three seconds: more often than the desk's bound allows nothing
WITHIN_S = 30.0


def rows() -> Iterator[BenchRow]:
    """Delivery rows, direct and through the relay, beside the floor of the same run."""
    floor, direct, relayed = asyncio.run(_measure())
    yield BenchRow(
        name="floor: ML-DSA-65 signature + one way + durable commit (p50)",
        value=floor.total_ms,
        unit="ms",
        note=f"{floor.sign_ms:.2f} + {floor.wire_ms:.2f} + {floor.commit_ms:.2f}",
    )
    for name, samples in (("direct", direct), ("through the relay", relayed)):
        delay = delay_of(samples)
        for quantile, value, target in (("p50", delay.p50, 8.0), ("p99", delay.p99, 30.0)):
            yield BenchRow(
                name=f"own record to partner's verified copy, {name}, {quantile}",
                value=value,
                unit="ms",
                floor_or_peer=floor.total_ms,
                ratio=None if value is None else value / floor.total_ms,
                target=f"<= {target:g} ms",
                met=value is not None and value <= target,
                note=f"{delay.count} records at 20 a second",
            )


async def _measure() -> tuple[Floor, list[float], list[float]]:
    async with running_lab(("KR", "US", "JP")) as lab:
        async with played_tracker(lab, "KR") as tracker:
            await _warm_up(lab, tracker)
            before = len(lab.lines)
            await _send_one_at_a_time(lab, tracker)
        direct, relayed = _delays_ms(lab, "US", before), _delays_ms(lab, "JP", before)
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


def _delays_ms(lab: Lab, reader: str, before: int) -> list[float]:
    stored = {
        str(line["record_id"]): int(str(line["stored_monotonic_ns"]))
        for line in lab.of_event("own_warning", "KR")
    }
    return [
        (int(str(line["stored_monotonic_ns"])) - stored[str(line["record_id"])]) / 1e6
        for line in lab.lines[before:]
        if line["event"] == "partner_warning" and str(line["node"]).startswith(reader)
    ]
