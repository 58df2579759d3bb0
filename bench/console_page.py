"""The watch page in a real browser: when its pixels tell of a line of the node's journal.

The page says beside its picture of which line of news it surely tells (`data-news`). When that
changes, the time is taken two animation frames later: at the second one the frame with the change
was painted. So the figure is rather too large than too small, by a frame. The page's clock is held
against ours by questions and answers; the quickest of them says the offset.
"""

import json
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Page, async_playwright

HANDSHAKES = 60
WATCH = """() => {
  const main = document.getElementById("watch");
  window.benchSeen = [];
  let last = 0;
  const look = () => {
    const news = Number(main.querySelector("[data-news]")?.dataset.news ?? 0);
    if (news <= last) return;
    last = news;
    requestAnimationFrame(() => requestAnimationFrame(() =>
      window.benchSeen.push([news, performance.now()])));
  };
  new MutationObserver(look).observe(main, {childList: true, subtree: true, attributes: true});
  look();
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Pictures that were painted, in order: the line of news, and when on our monotonic clock."""

    news: tuple[int, ...]
    at_ns: tuple[int, ...]
    clock_known_ns: int  # the offset is this well known

    def painted_at(self, number: int) -> int | None:
        """When the first picture was painted that tells of that line."""
        return next(
            (at for news, at in zip(self.news, self.at_ns, strict=True) if news >= number), None
        )


@asynccontextmanager
async def open_page(port: int) -> AsyncIterator[Page]:
    """A page of a new browser that shows the watch officer's picture."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        raise RuntimeError("no chromium: sudo apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"]
        )
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.wait_for_selector("[data-news]")
        yield page
        await browser.close()


async def shown(page: Page) -> Shown:
    """What was painted since `WATCH` was begun there."""
    offset_ns, known_ns = await _clock_offset(page)
    seen = json.loads(await page.evaluate("JSON.stringify(window.benchSeen)"))
    return Shown(
        news=tuple(int(news) for news, _ in seen),
        at_ns=tuple(int(at_ms * 1e6) + offset_ns for _, at_ms in seen),
        clock_known_ns=known_ns,
    )


async def _clock_offset(page: Page) -> tuple[int, int]:
    """Our monotonic clock less the page's, in ns, and half the time of the quickest answer."""
    found: list[tuple[int, int]] = []
    for _ in range(HANDSHAKES):
        before = time.monotonic_ns()
        theirs_ms = await page.evaluate("performance.now()")
        after = time.monotonic_ns()
        found.append(((after - before) // 2, (after + before) // 2 - int(theirs_ms * 1e6)))
    known_ns, offset_ns = min(found)
    return offset_ns, known_ns
