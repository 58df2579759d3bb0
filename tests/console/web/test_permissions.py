"""What a reader's roles do not let them do never reaches the node, by whatever route they come."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import ALLOWED, HOST, NAME, PORT, TOKEN
from tests.console.web.test_log_pages import answers
from tests.console.web.test_log_pages import node as log_node

from bongsu.console.web.api import application
from bongsu.console.web.built_files import ASSETS
from bongsu.console.web.queries import ROOT
from bongsu.node.permissions import MAY, may
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.role import Role
from bongsu.vocabulary.units import MonotonicNs

__all__ = ["answers", "log_node"]
FORBIDDEN = {command for command in MAY if not may({Role.READER}, command)}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def live_console(node: MadeUpNode) -> Starlette:
    """Of a live node: who has the token reads, and no more."""
    return application(
        node, token=TOKEN, names=[NAME], port=PORT, realm=Realm.LIVE, now=lambda: MonotonicNs(0)
    )


def answered(node: MadeUpNode, path: str, method: str = "GET", **asked: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(live_console(node), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, **asked)

    return asyncio.run(ask())


def test_a_reader_begins_no_shift_by_the_form_either() -> None:
    node = MadeUpNode()
    node.answers["shift_change"] = {}
    refused = answered(
        node, "/handover/shift", "POST", content="action=begin", headers={**ALLOWED, **FORM}
    )
    assert refused.status_code == 403
    assert node.asked == []


def test_a_readers_page_of_a_record_has_no_preview_of_its_release(log_node: MadeUpNode) -> None:
    log_node.asked.clear()
    page = answered(log_node, "/records/ab", headers=ALLOWED)
    assert page.status_code == 200
    assert "release_preview is not yours to do" in page.text
    assert {command for command, _ in log_node.asked} == {"record_show"}


ROUTES = [
    route
    for route in live_console(MadeUpNode()).routes
    if isinstance(route, Route)
    and not route.path.startswith(ASSETS)
    and route.path != f"{ROOT}/stream"  # it asks for news, for ever
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_no_route_asks_the_node_for_what_a_reader_may_not_do(
    route: Route, log_node: MadeUpNode
) -> None:
    log_node.asked.clear()
    path = route.path.replace("{record}", "ab")
    for method in (route.methods or set()) - {"HEAD"}:
        for body in ({"content": "action=begin", "headers": {**ALLOWED, **FORM}},
                     {"json": {"action": "begin"}, "headers": ALLOWED},
                     {"json": {"for_s": 60.0}, "headers": ALLOWED},
                     {"json": {"alarm": "x"}, "headers": ALLOWED}):  # fmt: skip
            answered(log_node, path, method, **body)
    assert FORBIDDEN.isdisjoint(command for command, _ in log_node.asked)
