"""People come in by passkey in a real browser with a virtual authenticator, and no copy does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, async_playwright
from tests.console.web.made_up_node import MadeUpNode
from tests.worlds.served_console import BROWSER, WITHIN_MS, serving

from bongsu.adapters.people_file import NAME, PeopleFile
from bongsu.adapters.system_clock import SystemClock
from bongsu.console.web.api import application
from bongsu.main.console_process import entry_beside
from bongsu.main.demo.federation_files import free_ports
from bongsu.node.people import invited, removed
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.role import Role

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(BROWSER is None, reason="no chromium: sudo apt-get install chromium"),
]
TOKEN = "t" * 43
ACKNOWLEDGE = "/api/v1/alarms/acknowledge"
ALARM = {"alarm": "warning:KR-1/W0001", "version": 1}
DONE = {"record_id": "ab" * 32, "who": "Kim", "at": 1, "alarm": None, "for_s": None}


def invite(folder: Path, name: str, role: Role) -> None:
    now = SystemClock().utc()
    file = PeopleFile(folder / NAME)
    file.change(lambda people: invited(people, name, role, code="the code", now=now))


@asynccontextmanager
async def console(folder: Path, node: MadeUpNode) -> AsyncIterator[str]:
    """A live node's console; its address."""
    [port] = free_ports(1)
    app = application(
        node, token=TOKEN, names=["localhost", "127.0.0.1"], port=port, realm=Realm.LIVE,
        now=SystemClock().monotonic, entry=entry_beside(folder / "node.toml", port=port),
    )  # fmt: skip
    async with serving(app, port):
        yield f"http://localhost:{port}"


@asynccontextmanager
async def browser_with_key() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = await browser.new_page()
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page
        await browser.close()


async def enrol(page: Page, home: str, name: str) -> None:
    await page.goto(f"{home}/enrol")
    await page.fill("#name", name)
    await page.fill("#code", "the code")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{home}/", timeout=WITHIN_MS)


async def log_in(page: Page, home: str) -> dict[str, Any]:
    """Log in; the answer that the browser signed, as it was sent."""
    await page.goto(f"{home}/login")
    async with page.expect_request("**/login/finish") as sent:
        await page.click("#passkey button")
    await page.wait_for_url(f"{home}/", timeout=WITHIN_MS)
    kept: dict[str, Any] = json.loads((await sent.value).post_data or "")
    return kept


async def status_of(page: Page, path: str, sent: object) -> int:
    status: int = await page.evaluate(
        "async ([path, sent]) => (await fetch(path, {method: 'POST',"
        " headers: {'Content-Type': 'application/json'}, body: JSON.stringify(sent)})).status",
        [path, sent],
    )
    return status


def test_a_watch_officer_enrols_logs_in_acknowledges_and_no_copy_of_it_enters(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o700)

    async def story() -> None:
        node = MadeUpNode(answers={"alarm_acknowledge": DONE})
        invite(tmp_path, "Kim", Role.WATCH_OFFICER)
        async with console(tmp_path, node) as home, browser_with_key() as page:
            await enrol(page, home, "Kim")
            assert await status_of(page, ACKNOWLEDGE, ALARM) == 200
            [done] = [body for command, body in node.asked if command == "alarm_acknowledge"]
            assert done == {**ALARM, "who": "Kim"}
            again = {"name": "Kim", "code": "the code"}
            assert await status_of(page, "/enrol/begin", again) == 403
            [cookie] = [
                one for one in await page.context.cookies() if "session" in str(one.get("name"))
            ]
            assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
            await page.evaluate("fetch('/logout', {method: 'POST'})")
            stolen = {"Cookie": f"{cookie['name']}={cookie['value']}"}
            async with httpx.AsyncClient(base_url=home) as thief:
                assert (await thief.get("/api/v1/links", headers=stolen)).status_code == 401
                signed = await log_in(page, home)
                own = {"Origin": home}
                for asked in (own, {"Origin": "http://evil.example"}):
                    replayed = await thief.post("/login/finish", json=signed, headers=asked)
                    assert replayed.status_code == 403
                begun = await thief.post("/login/begin", json={}, headers=own)
                other = {**signed, "ceremony": begun.json()["ceremony"]}
                wrong = await thief.post("/login/finish", json=other, headers=own)
                assert wrong.status_code == 403
                assert "challenge" in wrong.json()["what"]
                assert "set-cookie" not in wrong.headers
            PeopleFile(tmp_path / NAME).change(lambda people: removed(people, "Kim"))
            assert await status_of(page, ACKNOWLEDGE, ALARM) == 401

    asyncio.run(story())


def test_a_reader_logs_in_and_acknowledges_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    async def story() -> None:
        node = MadeUpNode(answers={"alarm_acknowledge": DONE})
        invite(tmp_path, "Lee", Role.READER)
        async with console(tmp_path, node) as home, browser_with_key() as page:
            await enrol(page, home, "Lee")
            assert await status_of(page, ACKNOWLEDGE, ALARM) == 403
            assert "alarm_acknowledge" not in {command for command, _ in node.asked}

    asyncio.run(story())
