"""A long watch, accelerated: whether page, console and node stay as large as they are.

Fifty warnings change their class again and again: each change is another matter for whoever has
seen the one before, so its alarm is raised again, and somebody acknowledges it over HTTP. Every
alarm stands for 2.88 s of a watch of eight hours with 10,000 of them: so far the page's own clock
is put on, and its timers do what they would have done. Its sounds are on.

Memory is compared with that at half-time, after every structure has filled to its bound or most
of it; the page's is what is left of its JavaScript heap after a collection of garbage.
"""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from bench.console_process import running_console
from bench.lab import Lab, PlayedTracker, played_tracker, running_lab
from bench.made_tracks import made_track, turned
from bench.process_figures import resident_mb
from bench.row import BenchRow
from playwright.async_api import CDPSession, Page, async_playwright

from bongsu.adapters.system_clock import SystemClock
from bongsu.vocabulary.track import Track
from bongsu.vocabulary.units import NationId

WARNINGS = 50
ALARMS, FULL_ALARMS = 1_000, 10_000
WATCH_S, WATCH_ALARMS = 8 * 3600.0, 10_000
AMENDED_EVERY_S = 2.1  # a desk amends a warning every two seconds at most
WITHIN_S = 60.0
ASKED_AGAIN_S = 0.05
GROWN_AT_MOST = 1.10
BYTES_PER_MB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """In MB: of the page's heap, and of what the processes hold."""

    page: float
    console: float
    node: float


@dataclass(slots=True, kw_only=True)
class Watch:
    """Everything that one round needs."""

    tracker: PlayedTracker
    client: httpx.AsyncClient
    page: Page
    tracks: list[Track]
    acknowledged: int = 0

    async def round(self) -> None:
        """Every warning is another matter; each of its alarms is seen by somebody."""
        self.tracks = [turned(track) for track in self.tracks]
        self.tracker.send(self.tracks, at=SystemClock().utc())
        async with asyncio.timeout(WITHIN_S):
            waits = asyncio.create_task(asyncio.sleep(AMENDED_EVERY_S))
            left = WARNINGS
            while left > 0:
                for alarm in await self._unseen():
                    sent = {"alarm": alarm["name"], "version": alarm["version"]}
                    answer = await self.client.post("/api/v1/alarms/acknowledge", json=sent)
                    left -= answer.status_code == 200
                await asyncio.sleep(ASKED_AGAIN_S)
            await self.page.clock.run_for(int(WARNINGS * WATCH_S / WATCH_ALARMS * 1_000))
            await waits
        self.acknowledged += WARNINGS

    async def _unseen(self) -> list[dict[str, Any]]:
        listed: Any = (await self.client.get("/api/v1/alarms")).raise_for_status().json()
        return [
            one
            for one in listed["alarms"]
            if one["kind"] == "launch warning" and one["acknowledged"] is None
        ]


def rows(*, full: bool = False) -> Iterator[BenchRow]:
    """Growth over the second half of the watch; `full`: all eight hours of it."""
    yield from asyncio.run(_watched(FULL_ALARMS if full else ALARMS))


async def _watched(alarms: int) -> list[BenchRow]:
    async with (
        running_lab(("KR", "US", "JP")) as lab,
        running_console(lab, "KR") as (port, console),
        played_tracker(lab, "KR") as tracker,
        async_playwright() as playwright,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        client.headers["Origin"] = f"http://127.0.0.1:{port}"
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await browser.new_page()
        await page.clock.install(time=0)
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.locator("bongsu-watch-state button").first.click()
        await page.clock.pause_at(60_000)
        session = await page.context.new_cdp_session(page)
        watch = Watch(tracker=tracker, client=client, page=page, tracks=_tracks())
        node = _node_of(lab)
        half = None
        while watch.acknowledged < alarms:
            await watch.round()
            if half is None and watch.acknowledged >= alarms // 2:
                half = await _memory(session, console, node)
        end = await _memory(session, console, node)
        shown = await page.locator(".alarm.acknowledged").count()
        await browser.close()
    if half is None or shown == 0:
        raise RuntimeError("the page shows no alarm that was acknowledged")
    return _rows(half, end, alarms)


def _tracks() -> list[Track]:
    clock = SystemClock()
    at, emitted_at = clock.utc(), clock.monotonic()
    return [made_track(number, at=at, emitted_at=emitted_at) for number in range(WARNINGS)]


def _node_of(lab: Lab) -> int:
    name = lab.nations[NationId("KR")].node
    return next(child.process.pid for child in lab.group.children if child.name == name)


async def _memory(session: CDPSession, console: int, node: int) -> Memory:
    await session.send("HeapProfiler.collectGarbage")
    heap = await session.send("Runtime.getHeapUsage")
    return Memory(
        page=heap["usedSize"] / BYTES_PER_MB,
        console=resident_mb(console),
        node=resident_mb(node),
    )


def _rows(half: Memory, end: Memory, alarms: int) -> list[BenchRow]:
    watched_h = WATCH_S * alarms / WATCH_ALARMS / 3600.0
    note = f"{alarms:,} alarms acknowledged, {watched_h:.1f} h on the page's clock"
    return [
        BenchRow(
            name=f"memory of the {name} at the end of a watch, beside half-time",
            value=after,
            unit="MB",
            floor_or_peer=before,
            ratio=after / before,
            target=f"<= {GROWN_AT_MOST:g} x half-time",
            met=after / before <= GROWN_AT_MOST,
            note=note,
        )
        for name, before, after in (
            ("page", half.page, end.page),
            ("console", half.console, end.console),
            ("node", half.node, end.node),
        )
    ]
