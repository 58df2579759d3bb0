"""The map and the globe in a real browser: pixels are there, everything by keyboard, in a table."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright
from tests.console.web.made_up_node import MadeUpNode
from tests.node.made_up_world import World, pass_time, play
from tests.worlds.served_console import BROWSER, HOST, served

from bongsu.vocabulary.track import Phase

pytestmark = pytest.mark.processes
WITHIN_MS = 20_000
ASKED = ("warnings", "tracks", "paths", "sensor_sites", "links", "health", "alarms")
SITE = {
    "sensor": "KR-RADAR-1", "nation": "KR", "kind": "radar", "latitude_rad": 0.637,
    "longitude_rad": 2.225, "height_m": 500.0, "maximum_range_m": 2e6,
    "minimum_elevation_rad": 0.05, "moves": False,
}  # fmt: skip
HOSTILE = "<img src=x onerror=alert(1)>"

Story = Callable[[Page], Awaitable[None]]
# Whether so many pixels of the flat map have the colour that the style gives to a thing.
HAS = """([name, least]) => {
  const map = document.querySelector('bongsu-map');
  map.drawNow();
  const canvas = map.canvas, context = canvas.getContext('2d');
  const probe = document.createElement('canvas').getContext('2d');
  probe.fillStyle = getComputedStyle(map).getPropertyValue(name).trim();
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4)
    if (Math.abs(data[at] - r) < 4 && Math.abs(data[at+1] - g) < 4 && Math.abs(data[at+2] - b) < 4)
      count += 1;
  return count >= least;
}"""
GLOBE_HAS_COLOURS = """() => {
  const canvas = document.querySelector('bongsu-map').renderRoot.querySelector('.round canvas');
  const copy = document.createElement('canvas');
  copy.width = canvas.width; copy.height = canvas.height;
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4)
    found.add((data[at] << 16) + (data[at+1] << 8) + data[at+2]);
  return found.size >= 40;
}"""


def answers() -> dict[str, Any]:
    """What a real node says that sees one object, with a hostile caveat, and its partner does."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await states.sees(states.observed("US-T1"))
        await korea.sees(korea.observed("KR-T1", phase=Phase.FREE_FLIGHT, caveats=(HOSTILE,)))
        await pass_time(3.0)
        for name in ASKED:
            kept[name] = await korea.node.control.call(name, {})

    play(story)
    kept["sensor_sites"]["sites"] = [SITE]
    kept["records"] = {
        "node": "KR-1", "realm": "exercise", "at": 1, "records": [], "next": None, "complete": True,
    }  # fmt: skip
    return kept


def in_browser(story: Story, *, arguments: tuple[str, ...] = ()) -> None:
    node = MadeUpNode(answers=answers())

    async def run() -> None:
        async with served(node) as console, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=BROWSER, args=["--no-sandbox", *arguments]
            )
            page = await browser.new_page(reduced_motion="reduce")
            faults: list[str] = []
            asked: set[str] = set()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda request: asked.add(request.url))
            page.set_default_timeout(WITHIN_MS)
            home = f"http://{HOST}:{console.port}/"
            await page.goto(home)
            await page.wait_for_selector("bongsu-map tbody tr")
            await story(page)
            await browser.close()
            assert faults == []
            own = (home, f"blob:{home}")
            assert all(address.startswith(own) for address in asked)

    asyncio.run(run())


needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no chromium: sudo apt-get install chromium"
)


async def has_pixels(page: Page, colour: str, at_least: int) -> None:
    await page.wait_for_function(HAS, arg=[colour, at_least])


@needs_browser
def test_sea_land_tracks_and_areas_are_drawn_picked_by_keyboard_and_stand_in_the_table() -> None:
    async def story(page: Page) -> None:
        for colour, pixels in (
            ("--map-sea", 10_000), ("--map-land", 5_000), ("--map-own", 30),
            ("--map-launch", 30), ("--map-impact", 30), ("--map-sensor", 30),
        ):  # fmt: skip
            await has_pixels(page, colour, pixels)
        rows = page.locator("bongsu-map tbody tr")
        objects = await page.evaluate(
            "() => { const s = document.querySelector('bongsu-map').scene;"
            " return s.warnings.length + s.tracks.length + s.sensors.length }"
        )
        assert await rows.count() >= objects
        await page.focus("bongsu-map canvas.flat")
        before = await page.evaluate("() => document.querySelector('bongsu-map').frames")
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.press("+")
        await page.keyboard.press("n")
        section = page.locator("bongsu-map section")
        await section.wait_for()
        said = await section.inner_text()
        assert "KR-1" in said
        assert HOSTILE in said  # as text
        assert await page.locator("bongsu-map section img").count() == 0
        assert await page.evaluate("() => document.querySelector('bongsu-map').frames") > before
        await page.keyboard.press("Escape")
        await section.wait_for(state="detached")
        await rows.last.locator("button").click()
        assert "KR-RADAR-1" in await section.inner_text()

    in_browser(story)


@needs_browser
def test_the_globe_is_drawn_and_the_page_keeps_it_while_it_is_refreshed() -> None:
    async def story(page: Page) -> None:
        await page.locator("bongsu-map [role=toolbar] button").nth(1).click()
        await page.wait_for_selector("bongsu-map .round canvas")
        await page.wait_for_function(GLOBE_HAS_COLOURS)
        await page.focus("bongsu-map .round canvas")
        await page.keyboard.press("n")
        assert "KR-1" in await page.locator("bongsu-map section").inner_text()
        for _ in range(2):
            await page.wait_for_event("response", lambda one: bool(one.url.endswith("/watch")))
        assert await page.locator("bongsu-map .round canvas").is_visible()

    in_browser(story)


@needs_browser
def test_without_webgl_it_is_said_in_words_and_the_map_stays() -> None:
    async def story(page: Page) -> None:
        await page.locator("bongsu-map [role=toolbar] button").nth(1).click()
        await page.wait_for_selector("bongsu-map [role=alert]:has-text('globe can')")
        await has_pixels(page, "--map-land", 5_000)

    in_browser(story, arguments=("--disable-gpu", "--disable-3d-apis"))
