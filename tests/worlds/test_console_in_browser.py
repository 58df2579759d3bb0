"""The watch officer's page in a real browser, beside real nodes: the old never looks fresh."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from bench.lab import played_tracker, running_lab
from playwright.async_api import Page, async_playwright
from tests.worlds.running_nations import THREE, end, flowing, kill, start
from tests.worlds.test_console import Console, console_of

pytestmark = pytest.mark.processes
BROWSER = shutil.which("chromium")
WITHIN_MS = 20_000
EXPECTED = ("ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION_REFUSED", "503", "403")


@dataclass(slots=True)
class Seen:
    """A page, every address that it asked, and what its console complained of."""

    page: Page
    asked: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    async def line_has(self, text: str) -> None:
        """Wait until the one sentence says so, and the page is not old."""
        await self.page.wait_for_function(
            "text => document.getElementById('line')?.textContent.includes(text)"
            " && document.getElementById('stale')?.hidden",
            arg=text,
            timeout=WITHIN_MS,
        )

    async def link_says(self, text: str, *, says: bool = True) -> None:
        """Wait until the list of links says so, or no more."""
        await self.page.wait_for_function(
            "([text, says]) =>"
            " document.querySelector('.links')?.textContent.includes(text) === says",
            arg=[text, says],
            timeout=WITHIN_MS,
        )

    async def is_old_with(self, text: str) -> None:
        """Wait until the page says in words that what it shows is old."""
        await self.page.wait_for_function(
            "text => document.getElementById('stale')?.textContent.includes(text)"
            " && document.body.classList.contains('stale')",
            arg=text,
            timeout=WITHIN_MS,
        )


@asynccontextmanager
async def browser_at(console: Console) -> AsyncIterator[Seen]:
    """A page of a new browser at the console's address."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        seen = Seen(await browser.new_page())
        seen.page.on("request", lambda request: seen.asked.add(request.url))
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        await seen.page.goto(f"http://127.0.0.1:{console.port}/")
        yield seen
        await browser.close()


@pytest.mark.skipif(BROWSER is None, reason="no chromium: sudo apt-get install chromium")
def test_the_page_shows_what_happens_and_never_lets_old_look_fresh() -> None:
    asyncio.run(_watched())


async def _watched() -> None:
    async with running_lab(THREE) as lab:
        with console_of(lab, "KR") as console:
            async with browser_at(console) as seen:
                await _log_in(seen, console)
                await seen.line_has("EXERCISE  no warning is open")
                assert await seen.page.locator(".banner").inner_text() == "EXERCISE\nKR-1\nEXERCISE"
                assert await seen.page.title() == "EXERCISE: KR-1 · Bongsu"
                async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
                    await seen.line_has("the most urgent: EXERCISE  KR-1/W0001")
                rows = await seen.page.locator("tbody tr").count()
                assert rows >= 2
                await kill(lab, "US")
                await seen.link_says("US-1: TROUBLE: nothing heard")
                await start(lab, "US")
                await seen.link_says("nothing heard", says=False)
                await kill(lab, "KR")
                await seen.is_old_with("bongsu node --config")
                assert await seen.page.locator("tbody tr").count() >= rows
                await start(lab, "KR")
                await seen.line_has("EXERCISE  KR-1/W0001")
                home = f"http://127.0.0.1:{console.port}/"
                assert all(address.startswith(home) for address in seen.asked)
                unexpected = [
                    text for text in seen.complaints if not any(one in text for one in EXPECTED)
                ]
                assert unexpected == []
        assert [await end(lab, nation) for nation in THREE] == [0, 0, 0]


async def _log_in(seen: Seen, console: Console) -> None:
    """First with a wrong token, then by keyboard alone."""
    await seen.page.fill("#token", "not it")
    await seen.page.keyboard.press("Enter")
    await seen.page.wait_for_selector("[role=alert]:has-text('Not the console')")
    await seen.page.focus("#token")
    await seen.page.keyboard.type(console.token_file.read_text().strip())
    await seen.page.keyboard.press("Enter")
    await seen.page.wait_for_selector("#line", timeout=WITHIN_MS)
