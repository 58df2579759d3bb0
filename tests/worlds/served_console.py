"""A console in this process at a made-up node, and a browser that looks at it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from playwright.async_api import Page, async_playwright
from starlette.applications import Starlette
from tests.console.web.made_up_node import MadeUpNode

from bongsu.adapters.system_clock import SystemClock
from bongsu.console.web.api import application
from bongsu.main.console_process import entry_beside, listening_at
from bongsu.main.demo.federation_files import free_ports
from bongsu.vocabulary.realm import Realm

BROWSER = shutil.which("chromium")
HOST = "127.0.0.1"
WITHIN_MS = 10_000


@asynccontextmanager
async def serving(app: Starlette, port: int) -> AsyncIterator[None]:
    """The application behind a real server in this process, as long as it is wanted."""
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="on",
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=0,
        )  # fmt: skip
    )
    task = asyncio.create_task(server.serve(sockets=[listening_at(HOST, port)]))
    while not server.started:
        await asyncio.sleep(0)
    try:
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task


@dataclass(slots=True)
class ServedConsole:
    """A made-up node behind a real server that can be ended and begun again, on one port."""

    node: MadeUpNode
    people: Path | None = None  # the folder where people are kept, if any log in
    port: int = field(default_factory=lambda: free_ports(1)[0])
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def begin(self) -> None:
        app = application(
            self.node, token="t" * 43, names=[HOST], port=self.port, realm=Realm.EXERCISE,
            now=SystemClock().monotonic, open_to_all=True,
            entry=None if self.people is None
            else entry_beside(self.people / "node.toml", port=self.port),
        )  # fmt: skip
        await self.stack.enter_async_context(serving(app, self.port))

    async def end(self) -> None:
        await self.stack.aclose()


@asynccontextmanager
async def served(node: MadeUpNode, people: Path | None = None) -> AsyncIterator[ServedConsole]:
    console = ServedConsole(node, people)
    await console.begin()
    try:
        yield console
    finally:
        await console.end()


@asynccontextmanager
async def page_at(console: ServedConsole, path: str) -> AsyncIterator[Page]:
    """A page of a new browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(f"http://{HOST}:{console.port}{path}")
        yield page
        await browser.close()


async def says(page: Page, selector: str, text: str, *, says_it: bool = True) -> None:
    """Wait until it says so, or no more."""
    await page.wait_for_function(
        "([selector, text, says]) =>"
        " (document.querySelector(selector)?.textContent ?? '').includes(text) === says",
        arg=[selector, text, says_it],
        timeout=WITHIN_MS,
    )
