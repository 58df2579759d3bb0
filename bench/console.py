"""The console: how soon people see a record, and what those who look cost the node."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.console_page import WATCH, Shown, open_page, shown
from bench.console_process import running_console
from bench.console_watchers import READY
from bench.lab import Lab, played_tracker, running_lab
from bench.made_tracks import made_track, turned
from bench.news_numbers import NewsNumbers
from bench.paced_amendments import TRACKS, PacedAmendments
from bench.process_figures import cpu_s
from bench.row import BenchRow

from bongsu.adapters.system_clock import SystemClock
from bongsu.main.demo.journal_events import delay_of

SHOWN_TRACKS = 50
RATE_S = 0.5
NEW_AT_ONCE = 5
SHOWN_FOR_S = 30.0
PIXELS_MS = 200.0
CONSOLES = 100
ADDED_AT_MOST = 1.10
BLOCKS = 3
AMENDMENTS = 200  # of a block
WITHIN_S = 60.0


def rows() -> Iterator[BenchRow]:
    """Rows of the page, then of a hundred consoles."""
    yield from asyncio.run(_pixels())
    yield from asyncio.run(_many())


async def _pixels() -> list[BenchRow]:
    async with (
        running_lab(("KR", "US", "JP")) as lab,
        running_console(lab, "KR") as (port, _),
        NewsNumbers(port) as numbers,
        open_page(port) as page,
    ):
        await page.evaluate(WATCH)
        await _play(lab)
        painted = await shown(page)
        samples = _delays(lab, numbers, painted)
    delay = delay_of(samples)
    note = f"{SHOWN_TRACKS} tracks at 2 Hz, {delay.count} records, {len(painted.news)} pictures"
    return [
        BenchRow(
            name=f"own record stored to pixels changed, {quantile}",
            value=value,
            unit="ms",
            target=f"<= {PIXELS_MS:g} ms" if quantile == "p95" else "",
            met=value is not None and value <= PIXELS_MS if quantile == "p95" else None,
            note=f"{note}; the page's clock is known to {painted.clock_known_ns / 1e6:.1f} ms",
        )
        for quantile, value in (("p50", delay.p50), ("p95", _quantile(samples, 0.95)))
    ]


async def _play(lab: Lab) -> None:
    """Fifty tracks, more and more at first, each seen twice a second; all change all the time."""
    clock = SystemClock()
    async with played_tracker(lab, "KR") as tracker:
        tracks = [
            made_track(number, at=clock.utc(), emitted_at=clock.monotonic())
            for number in range(SHOWN_TRACKS)
        ]
        for sent in range(int(SHOWN_FOR_S / RATE_S)):
            tracker.send(tracks[: NEW_AT_ONCE * (sent + 1)], at=clock.utc())
            tracks = [turned(track) for track in tracks]
            await asyncio.sleep(RATE_S)
    await asyncio.sleep(2.0)  # what was stated last is shown, too


def _delays(lab: Lab, numbers: NewsNumbers, painted: Shown) -> list[float]:
    """Milliseconds of every own record; one that was never painted is a fault of the bench's."""
    found: list[float] = []
    for line in lab.of_event("own_warning", "KR"):
        at = painted.painted_at(numbers.of_record[str(line["record_id"])])
        if at is None:
            raise RuntimeError("a record was stored and never shown")
        found.append((at - int(str(line["stored_monotonic_ns"]))) / 1e6)
    return found


@dataclass(slots=True)
class _Compared:
    """Delays from disk to the partner's disk, in milliseconds, with nobody and many looking."""

    alone: list[float]
    looked_at: list[float]
    pictures: int = 0
    console_cpu_s: float = 0.0
    looked_at_s: float = 0.0


async def _many() -> list[BenchRow]:
    compared = _Compared([], [])
    async with (
        running_lab(("KR", "US", "JP")) as lab,
        running_console(lab, "KR") as (port, pid),
        played_tracker(lab, "KR") as tracker,
    ):
        amendments = PacedAmendments(tracker=tracker)
        await amendments.issue()
        await lab.until(lambda _: len(_arrived(lab)) >= TRACKS, within_s=WITHIN_S)
        for _ in range(BLOCKS):
            compared.alone += await _block(lab, amendments)
            before, begun = cpu_s(pid), SystemClock().monotonic()
            async with _watching(port) as pictures:
                compared.looked_at += await _block(lab, amendments)
            compared.pictures += pictures[0]
            compared.console_cpu_s += cpu_s(pid) - before
            compared.looked_at_s += (SystemClock().monotonic() - begun) / 1e9
    return _many_rows(compared)


def _many_rows(compared: _Compared) -> list[BenchRow]:
    alone, looked_at = delay_of(compared.alone), delay_of(compared.looked_at)
    note = (
        f"{CONSOLES} consoles, {compared.pictures / compared.looked_at_s:,.0f} pictures a second,"
        f" {compared.console_cpu_s / compared.looked_at_s:.0%} of a core in the console;"
        f" {looked_at.count} records each way"
    )
    made: list[BenchRow] = []
    for quantile, value, floor in (
        ("p50", looked_at.p50, alone.p50),
        ("p99", looked_at.p99, alone.p99),
    ):
        ratio = None if value is None or not floor else value / floor
        is_row = quantile == "p50"
        made.append(
            BenchRow(
                name=f"own record to partner's disk while {CONSOLES} look, {quantile}",
                value=value,
                unit="ms",
                floor_or_peer=floor,
                ratio=ratio,
                target=f"<= {ADDED_AT_MOST:g} x alone" if is_row else "",
                met=ratio is not None and ratio <= ADDED_AT_MOST if is_row else None,
                note=note,
            )
        )
    return made


async def _block(lab: Lab, amendments: PacedAmendments) -> list[float]:
    """Delays of what so many amendments led to."""
    before = len(lab.of_event("own_warning", "KR"))
    await amendments.amend(AMENDMENTS)
    own = {
        str(line["record_id"]): int(str(line["stored_monotonic_ns"]))
        for line in lab.of_event("own_warning", "KR")[before:]
    }
    await lab.until(lambda _: own.keys() <= _arrived(lab).keys(), within_s=WITHIN_S)
    arrived = _arrived(lab)
    return [(arrived[record_id] - stored) / 1e6 for record_id, stored in own.items()]


def _arrived(lab: Lab) -> dict[str, int]:
    """When each record was on the partner's disk."""
    return {
        str(line["record_id"]): int(str(line["stored_monotonic_ns"]))
        for line in lab.of_event("partner_warning", "US")
    }


@asynccontextmanager
async def _watching(port: int) -> AsyncIterator[list[int]]:
    """A hundred consoles; afterwards the list holds how many pictures they got."""
    pictures: list[int] = []
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.console_watchers", str(port), str(CONSOLES),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert started.stdout is not None
    try:
        if (await started.stdout.readline()).decode().strip() != READY:
            raise RuntimeError("the consoles did not begin to listen")
        yield pictures
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.terminate()
        said = await started.stdout.read()
        await started.wait()
    pictures.append(int(said))


def _quantile(samples: list[float], part: float) -> float | None:
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else None
