"""What is changed over HTTP: by whom the door let in, in the form that is described, or refused."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import ALLOWED, DESCRIBED, HOST, NAME, PORT, TOKEN

from bongsu.console.web.api import application
from bongsu.console.web.orders import ORDERS
from bongsu.console.web.queries import ROOT
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

DONE = {"record_id": "ab" * 32, "who": "somebody", "at": 1, "alarm": None, "for_s": None}
SENT: dict[str, dict[str, Any]] = {
    "alarm_acknowledge": {"alarm": "warning:KR-1/W0001", "version": 3},
    "alarm_silence": {"for_s": 60.0},
    "shift_change": {"action": "begin", "note": ""},
}
ACKNOWLEDGE = f"{ROOT}/alarms/acknowledge"
OWN_PAGE = {"Origin": f"http://{HOST}"}


def a_node() -> MadeUpNode:
    made = MadeUpNode()
    made.answers.update(dict.fromkeys(SENT, DONE))
    return made


def posted(node: MadeUpNode, path: str, *, open_to_all: bool = False, **asked: Any) -> Any:
    app = application(
        node, token=TOKEN, names=[NAME], port=PORT, realm=Realm.EXERCISE,
        now=lambda: MonotonicNs(0), open_to_all=open_to_all,
    )  # fmt: skip
    return asyncio.run(_posted(app, path, asked))


async def _posted(app: Starlette, path: str, asked: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        return await client.post(path, **asked)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.command)
def test_each_order_reaches_the_node_with_the_name_that_the_door_knows(order: Any) -> None:
    node, sent = a_node(), SENT[order.command]
    response = posted(node, f"{ROOT}{order.path}", json=sent, headers=ALLOWED)
    assert response.status_code == 200, response.text
    assert node.asked[-1] == (order.command, {**sent, "who": "token holder"})
    assert f"{ROOT}{order.path}" in DESCRIBED["paths"]


def test_the_token_only_reads_at_a_live_node() -> None:
    node = a_node()
    app = application(
        node, token=TOKEN, names=[NAME], port=PORT, realm=Realm.LIVE, now=lambda: MonotonicNs(0)
    )
    sent = {"json": SENT["alarm_acknowledge"], "headers": ALLOWED}
    refused = asyncio.run(_posted(app, ACKNOWLEDGE, sent))
    assert refused.status_code == 403
    assert "watch_officer" in refused.json()["remedy"]
    assert node.asked == []


def test_who_is_never_sent() -> None:
    node = a_node()
    body = {**SENT["alarm_acknowledge"], "who": "the president"}
    assert posted(node, ACKNOWLEDGE, json=body, headers=ALLOWED).status_code == 400
    assert node.asked == []


def test_another_sites_page_changes_nothing_though_the_exercise_is_open_to_all() -> None:
    node, body = a_node(), SENT["alarm_acknowledge"]
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        refused = posted(node, ACKNOWLEDGE, open_to_all=True, json=body, headers=headers)
        assert refused.status_code == 403
    plain = {"content": b'{"alarm": "x"}', "headers": {**OWN_PAGE, "Content-Type": "text/plain"}}
    assert posted(node, ACKNOWLEDGE, open_to_all=True, **plain).status_code == 400
    assert node.asked == []
    done = posted(node, ACKNOWLEDGE, open_to_all=True, json=body, headers=OWN_PAGE)
    assert done.status_code == 200
    assert node.asked[-1][1]["who"] == "whoever sits here"


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"alarm": 3}', b'{"alarm": ""}', b"\xff", b'"' + b"x" * 5_000]
)
def test_what_is_no_order_is_refused_before_the_node_hears_of_it(content: bytes) -> None:
    node = a_node()
    headers = {**ALLOWED, "Content-Type": "application/json"}
    refused = posted(node, ACKNOWLEDGE, content=content, headers=headers)
    assert refused.status_code == 400
    assert set(refused.json()) == {"what", "remedy"}
    assert node.asked == []


def test_what_the_node_refuses_is_said() -> None:
    node = a_node()
    node.answers["alarm_acknowledge"] = LocalMisuse("version 2 was seen", remedy="Look again")
    refused = posted(node, ACKNOWLEDGE, json=SENT["alarm_acknowledge"], headers=ALLOWED)
    assert (refused.status_code, refused.json()["remedy"]) == (400, "Look again")


def test_nobody_outside_the_door_is_heard() -> None:
    node = a_node()
    refused = posted(node, ACKNOWLEDGE, json=SENT["alarm_acknowledge"], headers=OWN_PAGE)
    assert refused.status_code == 401
    assert node.asked == []
