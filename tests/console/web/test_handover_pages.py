"""The page that a shift hands over: what it says, its form, and what it says when it can't."""

import asyncio
from typing import Any

import httpx
import pytest
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import HOST, NAME, PORT, TOKEN
from tests.console.web.test_pages import ORIGIN, MadeUpTime
from tests.node.made_up_world import World, pass_time, play

from bongsu.console.web.api import application
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm

NOTE = "<b>sea</b> 해무"


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a real node says whose watch has seen one warning, silenced it, and goes home."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        korea, _, _ = world.three()
        call = korea.node.control.call
        await call("shift_change", {"action": "begin", "who": "Kim", "note": NOTE})
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1"))
        await pass_time(3.0)
        listed: Any = await call("alarms", {})
        alarm = next(one for one in listed["alarms"] if one["kind"] == "launch warning")
        seen = {"alarm": alarm["name"], "version": alarm["version"], "who": "Kim"}
        await call("alarm_acknowledge", seen)
        await call("alarm_silence", {"for_s": 60.0, "who": "Kim"})
        for name in ("warnings", "alarms", "handover"):
            kept[name] = await call(name, {})

    play(story)
    return kept


@pytest.fixture
def node(answers: dict[str, Any]) -> MadeUpNode:
    return MadeUpNode(answers=dict(answers))


def browsing(node: MadeUpNode, story: Any) -> None:
    async def run() -> None:
        app = application(
            node, token=TOKEN, names=[NAME], port=PORT, realm=Realm.EXERCISE, now=MadeUpTime()
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            await client.post("/login", data={"token": TOKEN}, headers=ORIGIN)
            await story(client)

    asyncio.run(run())


def test_the_sheet_says_what_is_open_who_saw_what_and_what_was_silenced(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        page = (await client.get("/handover")).text
        assert "EXERCISE" in page
        assert "Handover of KR-1" in page
        assert "watch: Kim, since" in page
        assert "<li>EXERCISE  KR-1/W0001 issued" in page
        assert "Kim: CRITICAL launch warning warning:KR-1/W0001 v1" in page
        assert "Kim: silenced for 60 s" in page
        assert "launch warning KR-1/W0001 v1 issued, stated by KR-1" in page
        assert "KR-1/W0001: predicted to fall" in page
        assert "End shift" in page
        assert "Begin shift" not in page

    browsing(node, story)


def test_a_note_of_a_shift_stays_text(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        page = (await client.get("/handover")).text
        assert NOTE not in page
        assert "&lt;b&gt;sea&lt;/b&gt; 해무" in page

    browsing(node, story)


def test_the_sheet_is_in_the_readers_language(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        for tag, heading in (("ko", "근무 교대: KR-1"), ("ja", "当直引き継ぎ: KR-1")):
            page = (await client.get("/handover", headers={"Accept-Language": tag})).text
            assert heading in page
            assert "launch warning" not in page.replace("launch_warning", "")

    browsing(node, story)


def test_how_far_it_goes_back_can_be_chosen_and_is_checked(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        await client.get("/handover?since=1700000000000000000")
        assert ("handover", {"since": 1_700_000_000_000_000_000}) in node.asked
        refused = await client.get("/handover?since=yesterday")
        assert refused.status_code == 400
        assert "since" in refused.json()["what"]

    browsing(node, story)


def test_a_shift_begins_and_ends_in_the_name_of_who_is_logged_in(node: MadeUpNode) -> None:
    node.answers["shift_change"] = {"record_id": "ab", "who": "token holder", "at": 1}

    async def story(client: httpx.AsyncClient) -> None:
        posted = {"action": "end", "note": NOTE, "who": "somebody else"}
        done = await client.post("/handover/shift", data=posted, headers=ORIGIN)
        assert (done.status_code, done.headers["location"]) == (303, "/handover")
        asked = ("shift_change", {"action": "end", "note": NOTE, "who": "token holder"})
        assert asked in node.asked
        foreign = await client.post(
            "/handover/shift", data=posted, headers={"Origin": "http://evil.example"}
        )
        assert foreign.status_code == 403
        node.answers["shift_change"] = LocalMisuse("no such action", remedy="Begin or end")
        assert (await client.post("/handover/shift", data={}, headers=ORIGIN)).status_code == 400

    browsing(node, story)


def test_no_answer_is_said_in_words_and_nothing_old_is_shown(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        node.is_away = True
        page = await client.get("/handover")
        assert page.status_code == 503
        assert "NO PICTURE: no node answers. Start it with: bongsu node" in page.text
        posted = await client.post("/handover/shift", data={"action": "end"}, headers=ORIGIN)
        assert posted.status_code == 503
        node.is_away = False
        node.answers["handover"] = PeerViolation("it contradicts itself", remedy="Keep it")
        assert "it contradicts itself" in (await client.get("/handover")).text

    browsing(node, story)


def test_who_is_not_logged_in_is_sent_to_the_login(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        client.cookies.clear()
        sent = await client.get("/handover")
        assert (sent.status_code, sent.headers["location"]) == (303, "/login")

    browsing(node, story)
