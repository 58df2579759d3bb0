"""Photographs the console while the demo flies: launch, burnout, overflight, globe, and a replay.

    python -m tools.photograph_demo docs/images

It starts `bongsu demo --console` by itself, looks at the page of one nation in Chromium, and ends
both. What is photographed is a made-up exercise of a published flight. Pictures are written as PNG.
"""

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page, ViewportSize, async_playwright
from playwright.async_api import Error as PlaywrightError

SPEED: Final = "12"
NATION: Final = 2  # the third page that the demo names: Japan's
ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+/")
WITHIN_S: Final = 240.0
SIZE: Final = ViewportSize(width=1280, height=1080)
JAPAN_EAST_DEG: Final = 141.0


@asynccontextmanager
async def flying() -> AsyncIterator[str]:
    """The address of a nation's page while the demo flies, and after."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ("demo", "--console", "--speed", SPEED, "--report", f"{folder}/report")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bongsu", *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            lines, found = process.stdout, list[str]()
            while len(found) <= NATION:
                line = b"" if lines is None else await lines.readline()
                if not line or lines is None:
                    raise SystemExit("the demo ended before it named its pages")
                found += ADDRESS.findall(line.decode())
            drain = asyncio.ensure_future(_drained(process))
            yield found[NATION]
            drain.cancel()
        finally:
            process.terminate()
            await process.wait()


async def _drained(process: asyncio.subprocess.Process) -> None:
    while process.stdout is not None and await process.stdout.readline():
        pass


async def opened(browser: Browser, address: str, scheme: Any = "dark") -> Page:
    """The page, once its server answers."""
    page = await browser.new_page(viewport=SIZE, color_scheme=scheme)
    while True:
        try:
            answer = await page.goto(address)
            if answer is not None and answer.ok:
                return page
        except PlaywrightError as error:  # its server is not up yet
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
        await asyncio.sleep(0.5)


async def until(page: Page, holds: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until the scene of the page's map is so."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            scene = await page.evaluate(
                "() => { const s = document.querySelector('bongsu-map')?.scene;"
                " return s && { warnings: s.warnings.map((one) => [one.said.phase, !!one.impact]),"
                " tracks: s.tracks.map((one) => [one.place, one.said.phase]) }; }"
            )
            if scene and holds(scene):
                return
            await asyncio.sleep(0.2)


async def photograph(folder: Path) -> None:
    """Every picture, one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright, flying() as address:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await opened(browser, address)
        moments: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
            ("console-launch", lambda scene: bool(scene["warnings"])),
            ("console-burnout", lambda scene: any(has for _, has in scene["warnings"])),
            ("console-overflight", _is_over_japan),
        ]
        for name, holds in moments:
            await until(page, holds)
            await shot(page, folder / f"{name}.png")
        await globe(page, folder / "console-globe.png")
        await browser.close()


def _is_over_japan(scene: dict[str, Any]) -> bool:
    return any(place and place[0] > JAPAN_EAST_DEG for place, _ in scene["tracks"])


async def globe(page: Page, file: Path) -> None:
    """The same flight in space."""
    buttons = page.locator("bongsu-map [role=toolbar] button")
    await buttons.nth(1).click()
    await page.wait_for_selector("bongsu-map .round canvas")
    await shot(page, file)


async def shot(page: Page, file: Path) -> None:
    """Once fonts are there and everything is drawn."""
    await page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    await page.screenshot(path=file)


def main() -> None:
    """Read the arguments."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    asyncio.run(photograph(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
