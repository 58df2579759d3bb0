"""Alarms in a real browser: seen, heard, acknowledged by keyboard alone; a flood; a handover."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, async_playwright
from tests.console.web.alarmed_node import AlarmedNode, launch, trouble
from tests.worlds.served_console import BROWSER, HOST, WITHIN_MS, served

from bongsu.vocabulary.units import NS_PER_S

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(BROWSER is None, reason="no chromium: sudo apt-get install chromium"),
]
Story = Callable[[Page, AlarmedNode], Awaitable[None]]

# A tone that is begun is counted, with its pitch: no test listens.
COUNT_TONES = """
window.tones = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (when) {
  window.tones.push(this.frequency.value);
  return start.call(this, when);
};
"""
CRITICAL, SERIOUS, ADVISORY = 10, 3, 1  # tones of one sound
TEST_MS = 6_500  # all three, one after the other
LOOKED_AT_MS = 600


def play_in_browser(story: Story, *, path: str = "/") -> None:
    """With a page whose time the story moves; the node's and the page's news are real."""
    asyncio.run(_played(story, path, AlarmedNode()))


async def _played(story: Story, path: str, node: AlarmedNode) -> None:
    async with served(node) as console, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = await browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_default_timeout(WITHIN_MS)
        await page.add_init_script(COUNT_TONES)
        await page.clock.install(time=0)
        await page.goto(f"http://{HOST}:{console.port}{path}")
        await page.clock.pause_at(60_000)
        await story(page, node)
        await browser.close()
        assert faults == []


async def shows(page: Page, selector: str, text: str) -> None:
    """Wait until it says so."""
    await page.locator(selector, has_text=text).first.wait_for()


async def tones(page: Page) -> list[float]:
    """The pitches of what began to sound since the last call."""
    found: list[float] = await page.evaluate("window.tones.splice(0)")
    return found


def test_an_alarm_arrives_and_is_acknowledged_by_keyboard_alone() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        await shows(page, ".count", "every alarm acknowledged")
        node.stand(launch(1), trouble("US-1"))
        await shows(page, ".count", "2 not acknowledged, the worst CRITICAL")
        assert (await page.title()).startswith("(2) EXERCISE")
        await shows(page, "bongsu-alarms [role=alert]", "2 new alarms, the worst CRITICAL")
        await page.keyboard.press("a")
        await shows(page, ".refused", "The list has just changed: look, then press a again.")
        assert [one for one, _ in node.asked if one == "alarm_acknowledge"] == []
        await page.clock.run_for(LOOKED_AT_MS)
        await shows(page, ".alarm.critical.marked button", "a")
        await page.keyboard.press("a")
        await shows(page, ".alarm.critical", "acknowledged by")
        acknowledged = next(body for one, body in node.asked if one == "alarm_acknowledge")
        assert acknowledged["alarm"] == "warning:KR-1/W0001"
        assert acknowledged["version"] == 1
        await shows(page, ".count", "1 not acknowledged, the worst SERIOUS")
        await _moves(page)

    play_in_browser(story)


async def _moves(page: Page) -> None:
    """The mark goes up and down the list, and takes the focus with it."""
    name = "document.activeElement.dataset.name"
    await shows(page, ".alarm.marked", "US-1")
    await page.keyboard.press("j")
    assert await page.evaluate(name) == "warning:KR-1/W0001"
    await page.keyboard.press("ArrowUp")
    assert await page.evaluate(name) == "link:US-1:nothing heard"
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.localName") == "button"
    await page.keyboard.press("Enter")
    await shows(page, ".count", "every alarm acknowledged")


def test_an_acknowledgement_of_what_has_changed_meanwhile_is_refused_in_words() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        node.stand(launch(1))
        await shows(page, ".alarm.critical", "version 1")
        await page.clock.run_for(LOOKED_AT_MS)
        await shows(page, ".alarm.marked button", "a")
        node.stand(launch(1, version=2), is_told=False)
        await page.keyboard.press("a")
        await shows(page, ".refused", "NOT acknowledged: launch warning KR-1/W0001")
        await shows(page, ".refused", "version 2 is the newest")
        assert node.machine.unacknowledged

    play_in_browser(story)


def test_what_is_over_stays_until_somebody_has_seen_it() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        node.stand(trouble("US-1"))
        await shows(page, ".alarm.serious", "link US-1: nothing heard")
        node.stand()
        await shows(page, ".alarm.serious .over", "nobody has seen it")
        await page.clock.run_for(LOOKED_AT_MS)
        await page.click(".alarm.serious button")
        await page.locator(".alarm").wait_for(state="detached")

    play_in_browser(story)


def test_mute_is_said_until_the_sound_was_tried_and_the_unseen_sounds_again() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        node.stand(launch(1))
        await shows(page, ".mute", "MUTE: no alarm can be heard here")
        await page.clock.run_for(20_000)
        assert await tones(page) == []
        await _begin_shift(page, node)
        await page.clock.run_for(TEST_MS)
        first = await tones(page)
        assert len(first) == CRITICAL
        await page.clock.run_for(9_000)
        assert await tones(page) == []
        await page.clock.run_for(1_500)
        assert await tones(page) == first
        await _silence(page, node)

    play_in_browser(story)


async def _begin_shift(page: Page, node: AlarmedNode) -> None:
    """One button: a gesture, the three sounds, a line in the log."""
    await page.click("text=Test sound and begin shift")
    await shows(page, "bongsu-watch-state", "sound on")
    await shows(page, ".shift", "watch: ")
    assert await page.locator(".mute").count() == 0
    heard = await tones(page)
    assert len(heard) == CRITICAL + SERIOUS + ADVISORY
    assert len(set(heard)) == 4  # two pitches, then one each
    assert [body["action"] for one, body in node.asked if one == "shift_change"] == ["begin"]
    await shows(page, "bongsu-watch-state button", "Test sound")


async def _silence(page: Page, node: AlarmedNode) -> None:
    """It stops the sound, acknowledges nothing, lets in what is new, and ends by itself."""
    await page.click("text=Silence 60 s")
    await shows(page, ".silenced", "SILENCED, 60 s left, by ")
    await shows(page, ".by", "NOT ACKNOWLEDGED, silenced")
    await page.clock.run_for(15_000)
    assert await tones(page) == []
    node.elapsed_ns = 15 * NS_PER_S
    node.stand(launch(1), trouble("US-1"))
    await shows(page, ".alarm.serious", "US-1")
    await page.clock.run_for(1_000)
    assert len(await tones(page)) == SERIOUS
    node.elapsed_ns = 61 * NS_PER_S
    node.news.write("watch_log", action="silenced")
    await page.locator(".silenced").wait_for(state="detached")
    await page.clock.run_for(2_000)
    assert len(await tones(page)) == CRITICAL


def test_a_flood_of_five_hundred_is_grouped_and_stays_usable() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        links = [trouble(f"P-{one % 10}", f"trouble {one}") for one in range(490)]
        node.stand(*(launch(one) for one in range(10)), *links)
        await shows(page, ".count", "500 not acknowledged, the worst CRITICAL")
        listed = await page.locator("ol.alarms > li").count()
        assert listed == 200
        groups = await page.locator(".groups li").all_inner_texts()
        assert sum(int(text.split(": ")[1].split()[0]) for text in groups) == 500 - listed
        for left in (499, 498, 497):
            await page.clock.run_for(LOOKED_AT_MS)
            await page.locator(".alarm.marked kbd").wait_for()
            await page.keyboard.press("a")
            await shows(page, ".count", f"{left} not acknowledged")

    play_in_browser(story)


def test_the_list_stands_before_the_script_and_says_that_it_is_mute() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        node.stand(launch(1))
        await page.route("**/*.js", lambda route: route.abort())
        await page.reload(wait_until="load")
        await shows(page, "ol.alarms li", "CRITICAL launch warning KR-1/W0001, stated by KR-1")
        await shows(page, ".mute", "MUTE")
        await shows(page, ".count", "1 not acknowledged, the worst CRITICAL")

    play_in_browser(story)


def test_the_handover_sheet_prints_without_its_forms() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        await page.fill("#note", "quiet")
        await page.click("text=Begin shift")
        await shows(page, "#shift", "watch: ")
        assert ("begin", "quiet") in [
            (body.get("action"), body.get("note")) for _, body in node.asked
        ]
        assert await page.locator("nav").is_visible()
        await page.emulate_media(media="print")
        for hidden in ("nav", ".asked"):
            assert await page.locator(hidden).is_hidden()
        for kept in (".banner", "h1", "section >> nth=0"):
            assert await page.locator(kept).is_visible()
        printed = await page.pdf()
        assert printed.startswith(b"%PDF")

    play_in_browser(story, path="/handover")


def test_alarms_are_told_in_the_language_of_the_page() -> None:
    async def story(page: Page, node: AlarmedNode) -> None:
        node.stand(trouble("US-1"))
        for tag, words in (("ko", "회선 US-1: 수신 없음"), ("ja", "回線 US-1: 受信が途絶")):
            await page.click(f".languages button[value={tag}]")
            await page.locator("bongsu-alarms .said").first.wait_for(state="attached")
            await shows(page, ".alarm .title", words)

    play_in_browser(story)
