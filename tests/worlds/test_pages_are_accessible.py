"""Every page: axe finds nothing in three languages, light and dark; the keyboard alone reaches all.

axe can't judge a canvas: every object of the map stands in a table (`test_map_in_browser`).
"""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import BrowserContext, Page, async_playwright
from tests.console.web.made_up_node import MadeUpNode
from tests.node.made_up_world import World, pass_time, play
from tests.records.made_up_nations import KR_1
from tests.worlds.served_console import BROWSER, HOST, WITHIN_MS, served

from bongsu.console.languages import Language

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(BROWSER is None, reason="no chromium: sudo apt-get install chromium"),
]
AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
PAGES = (
    "/",
    "/nations",
    "/replay",
    "/records",
    "/records/ab",
    "/health",
    "/handover",
    "/login",
    "/enrol",
)
ASKED = (
    "warnings",
    "tracks",
    "paths",
    "sensor_sites",
    "links",
    "health",
    "alarms",
    "handover",
    "moments",
)


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a real node says that warns, as its partner does, and whose alarms nobody has seen."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await states.sees(states.observed("US-T1"))
        await korea.sees(korea.observed("KR-T1"))
        await pass_time(3.0)
        call = korea.node.control.call
        [record] = [row.record_id for row in korea.warnings_of(KR_1)][:1]
        for name in ASKED:
            kept[name] = await call(name, {})
        kept["at"] = await call("at", {"utc_ns": korea.clock.utc()})
        kept["records"] = await call("records", {})
        kept["record_show"] = await call("record_show", {"record": record.hex()})
        kept["release_preview"] = await call("release_preview", {"record": record.hex()})

    play(story)
    kept["disk"] = {
        "node": KR_1, "realm": "exercise", "bytes_used": 1, "bytes_free": 2,
        "bytes_a_day": 1, "days_left": 2.0, "low": False,
    }  # fmt: skip
    answered: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(kept))
    return answered


@pytest.mark.parametrize("language", list(Language), ids=lambda one: one.value)
def test_axe_finds_nothing(answers: dict[str, Any], language: Language, tmp_path: Path) -> None:
    node = MadeUpNode(answers=answers)

    async def run() -> None:
        async with served(node, tmp_path) as console, async_playwright() as playwright:
            home = f"http://{HOST}:{console.port}"
            browser = await playwright.chromium.launch(
                executable_path=BROWSER, args=["--no-sandbox"]
            )
            found: list[str] = []
            for scheme in ("light", "dark"):
                # axe is put in from outside, which our own policy forbids, as it should.
                context = await browser.new_context(
                    bypass_csp=True, color_scheme=scheme, locale=language.value,
                    reduced_motion="reduce",
                )  # fmt: skip
                for path in PAGES:
                    found += await _violations(context, home + path, language)
                await context.close()
            await browser.close()
            assert found == [], "\n".join(found)

    asyncio.run(run())


async def _violations(context: BrowserContext, address: str, language: Language) -> list[str]:
    page = await context.new_page()
    page.set_default_timeout(WITHIN_MS)
    await page.goto(address)
    await page.wait_for_function("() => document.readyState === 'complete'")
    assert await page.get_attribute("html", "lang") == language.value
    await page.add_script_tag(path=AXE)
    seen: dict[str, Any] = await page.evaluate("() => axe.run(document)")
    await page.close()
    return [
        f"{address}: {one['id']}: {node['target']}: {node['failureSummary']}"
        for one in seen["violations"]
        for node in one["nodes"][:2]
    ]


# Numbers what can be worked with, and tells how much that is: of a list one is in the order, and
# keys of its own move within it (`test_alarms_in_browser`).
NUMBERED = """() => {
  const worked = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])"
  )].filter(one => one.tabIndex >= 0 && !one.disabled
    && one.type !== "hidden" && one.checkVisibility());
  worked.forEach((one, number) => { one.dataset.number = number; });
  return worked.length;
}"""
OF_NUMBER = "one => document.querySelector(`[data-number='${one}']`)?.outerHTML.slice(0, 200)"
FOCUSED = "() => document.activeElement?.dataset.number ?? null"


def test_the_keyboard_alone_reaches_everything_and_chooses_the_language(
    answers: dict[str, Any], tmp_path: Path
) -> None:
    node = MadeUpNode(answers=answers)

    async def run() -> None:
        async with served(node, tmp_path) as console, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=BROWSER, args=["--no-sandbox"]
            )
            page = await browser.new_page(locale="en")
            page.set_default_timeout(WITHIN_MS)
            for path in PAGES:
                await page.goto(f"http://{HOST}:{console.port}{path}")
                await _is_drawn(page, path)
                await page.context.set_offline(True)  # nothing is put in anew meanwhile
                await _reaches_everything(page, path)
                await page.context.set_offline(False)
            await page.goto(f"http://{HOST}:{console.port}/")
            while await page.evaluate("() => document.activeElement?.value") != "ko":
                await page.keyboard.press("Tab")
            await page.keyboard.press("Enter")
            await page.wait_for_function("() => document.documentElement.lang === 'ko'")
            await browser.close()

    asyncio.run(run())


async def _reaches_everything(page: Page, path: str) -> None:
    wanted = await page.evaluate(NUMBERED)
    assert wanted > 3
    reached = set[str]()
    for _ in range(3 * wanted):  # a field of a date has several places
        await page.keyboard.press("Tab")
        number = await page.evaluate(FOCUSED)
        if number is not None:
            reached.add(number)
    missed = {str(number) for number in range(wanted)} - reached
    # One that was being drawn anew when the wire was cut has lost its number.
    there = [text for one in missed if (text := await page.evaluate(OF_NUMBER, one))]
    assert there == [], path
    assert len(reached) >= wanted - 4, path


async def _is_drawn(page: Page, path: str) -> None:
    """Scripts have put in what they put in."""
    drawn = {"/": "bongsu-map button", "/replay": "bongsu-player button"}.get(path)
    if drawn is not None:
        await page.wait_for_selector(drawn, state="attached")


def test_a_sheet_for_print_bears_the_realm_and_no_buttons(
    answers: dict[str, Any], tmp_path: Path
) -> None:
    node = MadeUpNode(answers=answers)

    async def run() -> None:
        async with served(node, tmp_path) as console, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=BROWSER, args=["--no-sandbox"]
            )
            page = await browser.new_page(locale="en")
            await page.emulate_media(media="print")
            for path in ("/", "/handover"):
                await page.goto(f"http://{HOST}:{console.port}{path}")
                await _is_drawn(page, path)
                assert await page.locator(".banner").first.is_visible()
                assert await page.locator("#line").first.is_visible() or path == "/handover"
                assert not [
                    one for one in await page.locator("button").all() if await one.is_visible()
                ]
            await browser.close()

    asyncio.run(run())
