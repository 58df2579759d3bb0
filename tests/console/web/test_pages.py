"""Pages: who may see them, what they say, and that a record's text stays text."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import HOST, NAME, PORT, TOKEN
from tests.node.made_up_world import World, pass_time, play
from tests.records.made_up_nations import KR_1

from bongsu.console.html_text import Html
from bongsu.console.languages import Language
from bongsu.console.web import pages
from bongsu.console.web.api import application
from bongsu.console.web.kept_answer import KEPT_NS
from bongsu.console.web.sessions import IDLE_S, LASTS_S, MAXIMUM_SESSIONS, Sessions
from bongsu.console.web.watch_page import watch_main
from bongsu.console.web.watch_picture import PictureSource, WatchPicture
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

COOKIE = f"bongsu-session-{PORT}"
ORIGIN = {"Origin": f"http://{HOST}"}
HOSTILE = "<script>alert(1)</script>"


class MadeUpTime:
    """A monotonic clock that the test sets."""

    def __init__(self) -> None:
        self.ns = 0

    def __call__(self) -> MonotonicNs:
        return MonotonicNs(self.ns)


@pytest.fixture
def node(answers: dict[str, Any]) -> MadeUpNode:
    return MadeUpNode(answers=dict(answers))


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a real node says that sees one object with a hostile caveat, and hears nobody."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await states.sees(states.observed("US-T1"))
        await korea.sees(korea.observed("KR-T1", caveats=(HOSTILE,)))
        await pass_time(3.0)
        for name in ("warnings", "links", "health", "alarms", "handover"):
            kept[name] = await korea.node.control.call(name, {})

    play(story)
    return kept


def console(node: MadeUpNode, time: MadeUpTime) -> Starlette:
    return application(node, token=TOKEN, names=[NAME], port=PORT, realm=Realm.EXERCISE, now=time)


def browsing(node: MadeUpNode, story: Any, time: MadeUpTime | None = None) -> None:
    """Run a story with a client that keeps cookies."""

    async def run() -> None:
        transport = httpx.ASGITransport(console(node, time or MadeUpTime()))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            await story(client)

    asyncio.run(run())


async def log_in(client: httpx.AsyncClient, token: str = TOKEN) -> httpx.Response:
    return await client.post("/login", data={"token": token}, headers=ORIGIN)


def test_who_is_not_logged_in_is_sent_to_the_login_and_told_nothing(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        first = await client.get("/")
        assert (first.status_code, first.headers["location"]) == (303, "/login")
        assert (await client.get("/watch")).status_code == 401
        page = await client.get("/login")
        assert "EXERCISE" in page.text
        assert KR_1 not in page.text
        assert node.asked == []

    browsing(node, story)


def test_the_page_says_the_sentence_the_threats_the_links_and_the_clock(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        entered = await log_in(client)
        assert entered.status_code == 303
        for part in ("HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={LASTS_S}"):
            assert part in entered.headers["set-cookie"]
        page = await client.get("/")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert 'id="line" role="status">1 threat: EXERCISE  KR-1/W' in page.text
        assert page.text.count("<tbody>") == 1
        assert page.text.count("<td>US-1</td>") == 1
        assert "US-1: up (heard" in page.text
        assert "nothing speaks against our clock" in page.text
        middle = await client.get("/watch")
        assert middle.text in page.text

    browsing(node, story)


def test_text_of_a_record_stays_text(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        page = (await client.get("/")).text
        assert HOSTILE not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    browsing(node, story)


def test_a_wrong_token_or_another_sites_form_does_not_enter(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        wrong = await log_in(client, "x" * 43)
        assert wrong.status_code == 403
        assert "Not the console" in wrong.text
        for origin in ({}, {"Origin": "null"}, {"Origin": "http://evil.example"}):
            sent = await client.post("/login", data={"token": TOKEN}, headers=origin)
            assert sent.status_code == 403
        for body in (b"a=&" * 20, b"token=\xff", b"&&&", b"token"):
            wrong = await client.post("/login", content=body, headers=ORIGIN)
            assert wrong.status_code == 403
        long = await client.post("/login", content=b"token=" + b"x" * 5_000, headers=ORIGIN)
        assert long.status_code == 413
        assert (await client.get("/")).status_code == 303
        assert not client.cookies

    browsing(node, story)


def test_a_session_ends_by_itself_and_by_logging_out(node: MadeUpNode) -> None:
    time = MadeUpTime()

    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        assert (await client.get("/")).status_code == 200
        time.ns = IDLE_S * NS_PER_S
        assert (await client.get("/")).status_code == 303
        await log_in(client)
        for _ in range(LASTS_S // IDLE_S):
            time.ns += (IDLE_S - 1) * NS_PER_S
            assert (await client.get("/")).status_code == 200
        time.ns += (IDLE_S - 1) * NS_PER_S
        assert (await client.get("/")).status_code == 303
        await log_in(client)
        kept = client.cookies[COOKIE]
        await client.post("/logout", headers=ORIGIN)
        again = await client.get("/", headers={"Cookie": f"{COOKIE}={kept}"})
        assert again.status_code == 303

    browsing(node, story, time)


def test_the_oldest_session_gives_way() -> None:
    sessions = Sessions(TOKEN, port=PORT, now=lambda: MonotonicNs(0), realm=Realm.LIVE)
    names = [f"{sessions.cookie}={sessions.begin()}".encode() for _ in range(MAXIMUM_SESSIONS + 1)]
    is_open = [sessions.person_in(name) is not None for name in names]
    assert is_open == [False] + [True] * MAXIMUM_SESSIONS


def test_a_picture_is_put_into_words_once_in_each_language(
    node: MadeUpNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Language] = []

    def counted(picture: WatchPicture, language: Language) -> Html:
        made.append(language)
        return watch_main(picture, language)

    monkeypatch.setattr(pages, "watch_main", counted)
    time = MadeUpTime()

    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        for language in ("en", "ko", "en", "ko"):
            answer = await client.get("/watch", headers={"Accept-Language": language})
            assert "KR-1/W" in answer.text
        assert made == [Language.ENGLISH, Language.KOREAN]
        time.ns = KEPT_NS
        await client.get("/watch")
        assert len(made) == 3

    browsing(node, story, time)


def test_a_hundred_pages_that_ask_at_once_are_one_question(node: MadeUpNode) -> None:
    time = MadeUpTime()

    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        for _ in range(100):
            assert (await client.get("/watch")).status_code == 200
        assert len(node.asked) == 4
        time.ns = KEPT_NS
        await client.get("/watch")
        assert len(node.asked) == 8

    browsing(node, story, time)


def test_a_node_that_is_away_is_said_and_its_last_picture_is_not_shown(node: MadeUpNode) -> None:
    time = MadeUpTime()

    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        await client.get("/watch")
        node.is_away = True
        time.ns = KEPT_NS
        refused = await client.get("/watch")
        assert refused.status_code == 503
        assert refused.json()["remedy"] == "Start it with: bongsu node --config FILE"
        page = await client.get("/")
        assert page.status_code == 503
        assert "NO PICTURE: no node answers. Start it with: bongsu node" in page.text
        assert "EXERCISE" in page.text

    browsing(node, story, time)


def test_faults_of_links_sensors_and_our_clock_are_said_in_words(node: MadeUpNode) -> None:
    links: Any = node.answers["links"]
    known = {**links["links"][0], "heard_s_ago": 12.0, "faults": []}
    broken = {**known["contract"], "verdict": "broken", "broken_s": 9.0}
    late = {**known, "contract": broken, "not_acknowledged": ["ab", "cd"]}
    skewed = {**known, "partner": "JP-1", "heard_s_ago": None, "faults": ["skewed"]}
    new = {**known, "partner": "AU-1", "heard_s_ago": None}
    node.answers["links"] = {**links, "links": [late, skewed, new]}
    health: Any = node.answers["health"]
    clock = {"sensors": ["A", "B"], "slow_s": 3.0, "followed": True, "words": "ours is slow by 3 s"}
    node.answers["health"] = {
        **health,
        "sensors": {**health["sensors"], "clock": clock, "silent_sensors": ["KR-RADAR-1"]},
    }

    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        text = (await client.get("/watch")).text
        assert "TROUBLE: its contract is broken; 2 not acknowledged (heard 12.0 s ago)" in text
        assert "JP-1: TROUBLE: skewed (never heard)" in text
        assert "AU-1: not up yet (never heard)" in text
        assert "CLOCK SUSPECTED: ours is slow by 3 s" in text
        assert "SENSOR SILENT: KR-RADAR-1" in text

    browsing(node, story)


def test_an_exercise_that_is_open_to_all_says_so_and_asks_nobody(node: MadeUpNode) -> None:
    async def run() -> None:
        app = application(
            node,
            token=TOKEN,
            names=[NAME],
            port=PORT,
            realm=Realm.EXERCISE,
            now=MadeUpTime(),
            open_to_all=True,
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            page = await client.get("/")
            assert page.status_code == 200
            assert "An exercise without login" in page.text
            assert "Log out" not in page.text
            wrong = await client.get("/", headers={"Authorization": "Bearer x"})
            assert wrong.status_code == 303
            assert (await client.get("/", headers={"Host": "evil.example"})).status_code == 421

    asyncio.run(run())


def test_what_happened_since_the_last_picture_is_in_the_next_one(node: MadeUpNode) -> None:
    async def story() -> None:
        newest = 1
        time = MadeUpTime()
        source = PictureSource(node, now=time, newest=lambda: newest)
        first = await source.picture()
        assert await source.picture() is first
        time.ns = KEPT_NS - 1
        newest = 2
        assert await source.picture() is not first
        assert len(node.asked) == 8

    asyncio.run(story())


def test_a_hundred_pages_that_ask_for_the_alarms_at_once_are_one_question(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        for _ in range(100):
            assert (await client.get("/api/v1/alarms")).status_code == 200
        assert [command for command, _ in node.asked] == ["alarms"]

    browsing(node, story)
