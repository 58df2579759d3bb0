"""The pages on records and health in a real browser: never blank, never old that looks fresh."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_log_pages import HOSTILE, answers
from tests.worlds.served_console import BROWSER, ServedConsole, page_at, says, served

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(BROWSER is None, reason="no chromium: sudo apt-get install chromium"),
]
__all__ = ["answers"]
Story = Callable[[ServedConsole, Page], Any]


@pytest.fixture
def node(answers: dict[str, Any]) -> MadeUpNode:
    made = MadeUpNode(answers=msgspec.json.decode(msgspec.json.encode(answers)))
    made.longest_wait_s = 20.0
    return made


def played(node: MadeUpNode, path: str, story: Story) -> None:
    async def run() -> None:
        async with served(node) as console, page_at(console, path) as page:
            await story(console, page)

    asyncio.run(run())


@pytest.mark.parametrize("path", ["/health", "/records?text=smoke"])
def test_a_lost_node_or_server_is_said_in_words_and_the_page_comes_back(
    node: MadeUpNode, path: str
) -> None:
    async def story(console: ServedConsole, page: Page) -> None:
        before = await page.locator("#live tbody tr").count()
        assert before > 0
        node.is_away = True
        await says(page, "#stale", "OLD")
        await says(page, "#stale", "bongsu node --config")
        assert await page.locator("#live tbody tr").count() == before
        node.is_away = False
        await says(page, "#stale", "OLD", says_it=False)
        await console.end()
        await says(page, "#stale", "no answer from the console")
        assert await page.evaluate("document.body.classList.contains('stale')")
        await console.begin()
        await says(page, "#stale", "OLD", says_it=False)

    played(node, path, story)


def test_a_link_that_is_cut_stands_on_the_health_page_with_the_next_news(node: MadeUpNode) -> None:
    async def story(_: ServedConsole, page: Page) -> None:
        await says(page, "#line", "are as they should be")
        links: Any = node.answers["links"]
        [first, *others] = links["links"]
        cut = {**first, "faults": ["nothing heard"], "heard_s_ago": 2.6}
        node.answers["links"] = {**links, "links": [cut, *others]}
        node.news.write("link_fault", partner=first["partner"], fault="nothing heard")
        await says(page, "#line", f"{first['partner']}: nothing heard")
        await says(page, "#contracts", "▲ nothing heard")

    played(node, "/health", story)


def test_a_record_that_is_recalled_while_somebody_reads_it_says_so_and_keeps_his_place(
    node: MadeUpNode,
) -> None:
    seen: Any = node.answers["record_show"]
    long = {**seen["fields"], "caveats": [HOSTILE, "z" * 5_000]}
    node.answers["record_show"] = {**seen, "fields": long}

    async def story(_: ServedConsole, page: Page) -> None:
        await says(page, "#recalled", "not recalled")
        await page.focus("summary")
        await page.keyboard.press("Enter")
        node.answers["record_show"] = {**seen, "fields": long, "recalled": "KR-1 recalls it: wrong"}
        node.news.write("record_recalled", record_id=seen["record_id"])
        await says(page, "#recalled", "RECALLED: KR-1 recalls it: wrong")
        assert await page.locator("details[open]").count() == 1
        assert await page.evaluate("document.activeElement.tagName") == "SUMMARY"
        assert "alert(1)" in await page.inner_text("#fields")
        assert await page.locator("#fields script").count() == 0
        width = await page.evaluate("[document.body.scrollWidth, innerWidth]")
        assert width[0] <= width[1]

    played(node, "/records/3f9ac1", story)


def test_records_are_found_and_read_by_keyboard_alone(node: MadeUpNode) -> None:
    async def story(_: ServedConsole, page: Page) -> None:
        await page.focus("input[name=text]")
        await page.keyboard.type("smoke")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/records?text=smoke**")
        await page.focus("#found a")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/records/*")
        await says(page, "#signature", "verifies: signed by KR-1")

    played(node, "/records", story)


def test_a_page_that_reconnects_misses_no_line_of_the_news(node: MadeUpNode) -> None:
    async def story(console: ServedConsole, page: Page) -> None:
        await page.evaluate(
            """() => {
              window.heard = [];
              const stream = new EventSource("/api/v1/stream");
              stream.addEventListener("said", (told) => window.heard.push(JSON.parse(told.data)));
              stream.addEventListener("open", () => window.opened = (window.opened ?? 0) + 1);
            }"""
        )
        await page.wait_for_function("() => window.opened === 1")
        node.news.write("said", what=1)
        await page.wait_for_function("() => window.heard.length === 1")
        await console.end()
        for number in (2, 3, 4):
            node.news.write("said", what=number)
        await console.begin()
        await page.wait_for_function("() => window.opened === 2")
        node.news.write("said", what=5)
        await page.wait_for_function("() => window.heard.length >= 5")
        assert await page.evaluate("window.heard.map((one) => one.what)") == [1, 2, 3, 4, 5]

    played(node, "/health", story)
