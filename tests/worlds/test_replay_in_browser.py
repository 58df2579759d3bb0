"""The replay page in a real browser: framed as what it is, and the present breaks through it."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page
from tests.console.web.test_replay_pages import RecordedNode, recorded
from tests.worlds.served_console import BROWSER, page_at, served

pytestmark = pytest.mark.processes
WITHIN_MS = 20_000

# The colour of the band, its lettered pixels, and how many colours the map between has.
PIXELS = """async content => {
  const bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  pen.drawImage(picture, 0, 0);
  const band = pen.getImageData(0, 0, picture.width, 56).data;
  let written = 0;
  for (let at = 0; at < band.length; at += 4) if (band[at] > 200) written += 1;
  const map = pen.getImageData(0, 56, picture.width, picture.height - 112).data;
  const colours = new Set();
  for (let at = 0; at < map.length; at += 4) {
    colours.add(map[at] << 16 | map[at + 1] << 8 | map[at + 2]);
  }
  return [[...band.slice(0, 4)], written, colours.size];
}"""

Story = Callable[[Page, RecordedNode], Awaitable[None]]


async def told(story: Story, node: RecordedNode) -> None:
    async with served(node) as console, page_at(console, "/replay") as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_default_timeout(WITHIN_MS)
        await page.reload()  # from its beginning, with somebody who hears its faults
        await page.wait_for_selector("bongsu-player li button")
        await story(page, node)
        assert faults == []


def play_in_browser(story: Story) -> None:
    asyncio.run(told(story, RecordedNode(recorded())))


async def shows(page: Page, text: str) -> None:
    await page.wait_for_function(
        "text => document.getElementById('replay').textContent.includes(text)", arg=text
    )


needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no chromium: sudo apt-get install chromium"
)


@needs_browser
def test_the_replay_is_framed_moves_by_keyboard_alone_and_the_present_breaks_through() -> None:
    async def story(page: Page, node: RecordedNode) -> None:
        await _is_framed(page)
        await _jumps_by_keyboard(page, node)
        await _saves_a_picture(page)
        await _plays(page)
        await _breaks_through(page, node)

    play_in_browser(story)


async def _is_framed(page: Page) -> None:
    assert (await page.title()).startswith("REPLAY: EXERCISE")
    banner = await page.locator(".banner").inner_text()
    assert banner.count("REPLAY · EXERCISE") == 2
    assert "REPLAY, not now" in banner
    frame = await page.evaluate("getComputedStyle(document.body).borderImageSource")
    assert "repeating-linear-gradient" in frame
    assert (await page.locator("#line").inner_text()).startswith("REPLAY of 2023-")


async def _jumps_by_keyboard(page: Page, node: RecordedNode) -> None:
    """To each moment in turn, forwards and back: an amendment shows its own version."""
    await page.keyboard.press("Home")
    await shows(page, "no warning is open")
    own = [one for one in node.moments if one["node"] == "KR-1"]
    issued, amended = own[0], next(one for one in own if one["what"] == "amended")
    for _ in range(_instants(node, amended)):
        await page.keyboard.press("n")
    await shows(page, f"{amended['subject']} amended v{amended['version']}")
    for _ in range(_instants(node, amended) - _instants(node, issued)):
        await page.keyboard.press("p")
    await shows(page, f"{issued['subject']} issued v1")


def _instants(node: RecordedNode, moment: dict[str, Any]) -> int:
    """How many jumps it takes from the beginning: several moments may be one instant."""
    return len({one["at"] for one in node.moments if one["at"] <= moment["at"]})


async def _saves_a_picture(page: Page) -> None:
    """Realm, REPLAY and time stand in the picture's own pixels, and in its name."""
    async with page.expect_download() as downloading:
        await page.click(".past-map > button")
    download = await downloading.value
    assert download.suggested_filename.startswith("EXERCISE-REPLAY-KR-1-2023-11-14T2213")
    content = base64.b64encode((await download.path()).read_bytes()).decode()
    ground, written, drawn = await page.evaluate(PIXELS, content)
    assert ground == [59, 29, 110, 255]
    assert written > 300
    assert drawn > 2


async def _plays(page: Page) -> None:
    """At the highest speed to the end, by the space bar."""
    await page.focus("#slider")
    for _ in range(8):
        await page.keyboard.press("+")
    await page.wait_for_selector("bongsu-player output:has-text('64 times')")
    before = await page.locator("#slider").input_value()
    await page.keyboard.press("Space")
    await page.wait_for_function(
        "before => document.getElementById('slider').value > before", arg=before
    )
    await page.wait_for_function(
        "() => document.getElementById('slider').value === document.getElementById('slider').max"
    )


async def _breaks_through(page: Page, node: RecordedNode) -> None:
    """While it plays a warning is issued: shown at once, in its own words, and the replay stops."""
    assert await page.locator(".now.through").count() == 0
    await page.keyboard.press("Home")
    await page.keyboard.press("Space")
    node.answers["warnings"] = node.open_now
    node.news.write("own_warning", record_id=b"\xab")
    through = page.locator(".now.through[role=alert]")
    await through.wait_for()
    words = await through.inner_text()
    assert "NOW, not replay" in words
    assert "EXERCISE KR-1/W0001" in words
    assert "REPLAY of" not in words
    await page.wait_for_selector("bongsu-player button:has-text('Play')")
    await page.keyboard.press("Escape")
    await page.wait_for_selector(".now.open:not(.through)")
    assert "KR-1/W" in await page.locator(".now.open").inner_text()


@needs_browser
def test_a_present_that_cannot_be_asked_for_is_said_beside_the_replay() -> None:
    async def story(page: Page, node: RecordedNode) -> None:
        node.is_away = True
        await page.wait_for_function(
            "() => document.getElementById('stale')?.textContent.includes('bongsu node --config')"
        )

    play_in_browser(story)
