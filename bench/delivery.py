"""From an own record on disk to the partner's verified copy on its disk, one at a time."""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.floor import Floor, measured_floor
from bench.lab import Lab, played_tracker, running_lab
from bench.paced_amendments import TRACKS, PacedAmendments
from bench.row import BenchRow

from bongsu.main.demo.journal_events import delay_of
from bongsu.main.demo.processes import JournalLine

RECORDS = 400
WITHIN_S = 30.0
TIMES_FLOOR = 1.8
P99_TIMES_P50 = 3.0
P99_MS = 30.0
RELAY_MS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Delays of every record to one partner, in milliseconds."""

    from_disk: list[float]  # from the own record on disk
    commits: int  # of the origin that carried them: as many as records, when each came alone
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
    for way, delivered, p50_most_ms, p50_target in (
        ("direct", direct, TIMES_FLOOR * floor.total_ms, f"<= {TIMES_FLOOR:g} x floor"),
        ("through the relay", relayed, direct_p50 + RELAY_MS, f"<= direct + {RELAY_MS:g} ms"),
    ):
        delay = delay_of(delivered.from_disk)
        p99_most_ms = min(P99_MS, P99_TIMES_P50 * (delay.p50 or math.inf))
        yield _row(f"own record to partner's verified copy, {way}, p50", floor, delay.p50,
                   delivered, p50_target, p50_most_ms)  # fmt: skip
        yield _row(f"own record to partner's verified copy, {way}, p99", floor, delay.p99,
                   delivered, f"<= {P99_MS:g} ms and {P99_TIMES_P50:g} x p50",
                   p99_most_ms)  # fmt: skip
    whole = replace(floor, sign_ms=floor.sign_ms + floor.commit_ms)
    for way, delivered in (("direct", direct), ("through the relay", relayed)):
        yield _row(f"statement to partner's verified copy, {way}, p50", whole,
                   delay_of(delivered.from_statement).p50, delivered, "", None)  # fmt: skip


def _row(
    name: str,
    floor: Floor,
    value: float | None,
    delivered: Delivered,
    target: str,
    most_ms: float | None,
) -> BenchRow:
    return BenchRow(
        name=name,
        value=value,
        unit="ms",
        floor_or_peer=floor.total_ms,
        ratio=None if value is None else value / floor.total_ms,
        target=target,
        met=None if most_ms is None else value is not None and value <= most_ms,
        note=f"{len(delivered.from_disk)} records at 20 a second, {delivered.commits} commits"
        + ("" if target else "; floor: signature and commit here, then as above"),
    )


async def _measure() -> tuple[Floor, Delivered, Delivered]:
    async with running_lab(("KR", "US", "JP")) as lab:
        async with played_tracker(lab, "KR") as tracker:
            amendments = PacedAmendments(tracker=tracker)
            await amendments.issue()
            await _arrived(lab, TRACKS)
            before = len(lab.lines)
            await amendments.amend(RECORDS)
            await _arrived(lab, TRACKS + RECORDS)
        direct, relayed = _delivered(lab, "US", before), _delivered(lab, "JP", before)
    async with running_lab(()) as empty:
        return await measured_floor(empty), direct, relayed


async def _arrived(lab: Lab, statements: int) -> None:
    """Wait until the origin stated so many, and both partners have every one."""
    for event, nation in (
        ("own_warning", "KR"),
        ("partner_warning", "US"),
        ("partner_warning", "JP"),
    ):
        await lab.until(
            lambda _, event=event, nation=nation: len(lab.of_event(event, nation)) >= statements,
            within_s=WITHIN_S,
        )


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
        from_disk=delays("stored_monotonic_ns"),
        commits=len({line["stored_monotonic_ns"] for line in own}),
        from_statement=delays("stated_monotonic_ns"),
    )


def _number(line: JournalLine, name: str) -> int:
    return int(str(line[name]))
