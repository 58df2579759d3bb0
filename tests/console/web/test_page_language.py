"""Pages in the language that was chosen, else in the browser's; never sent away to another site."""

from typing import Any

import httpx
import pytest
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import ALLOWED
from tests.console.web.test_pages import ORIGIN, answers, browsing, log_in, node

from bongsu.console.web.page_language import COOKIE
from bongsu.console.web.queries import ROOT

__all__ = ["answers", "node"]  # fixtures


async def chosen(client: httpx.AsyncClient, language: str, **headers: str) -> httpx.Response:
    return await client.post(
        "/language", data={"language": language}, headers={**ORIGIN, **headers}
    )


def test_a_page_is_in_the_language_of_its_browser_until_another_is_chosen(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        japanese = {"Accept-Language": "ja,en;q=0.5"}
        page = (await client.get("/", headers=japanese)).text
        assert '<html lang="ja">' in page
        assert "脅威1件: 訓練 EXERCISE  KR-1/W" in page
        assert "ログアウト" in page
        sent = await chosen(client, "ko")
        assert (sent.status_code, sent.headers["location"]) == (303, "/")
        for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
            assert part in sent.headers["set-cookie"]
        page = (await client.get("/", headers=japanese)).text
        assert '<html lang="ko">' in page
        assert "위협 1건: 훈련 EXERCISE  KR-1/W" in page
        assert "KST/JST" in page
        middle = await client.get("/watch", headers=japanese)
        assert middle.text in page
        assert 'lang="ko"' in (await client.get("/login")).text

    browsing(node, story)


def test_who_is_not_logged_in_may_choose_a_language_and_another_site_may_not(
    node: MadeUpNode,
) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        foreign = await chosen(client, "ko", Origin="http://evil.example")
        assert foreign.status_code == 403
        assert not client.cookies
        assert (await chosen(client, "ja")).status_code == 303
        assert client.cookies[COOKIE] == "ja"
        assert "ログイン" in (await client.get("/login")).text

    browsing(node, story)


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("", "/"),
        ("http://127.0.0.1:17480/records?kind=notice", "/records?kind=notice"),
        ("http://127.0.0.1:17480//evil.example/", "/evil.example/"),
        ("http://127.0.0.1:17480/\\evil.example", "/evil.example"),
        ("javascript:alert(1)", "/alert(1)"),
        ("//evil.example", "/"),
    ],
)
def test_nobody_is_sent_to_another_site_by_choosing_a_language(
    node: MadeUpNode, referrer: str, back: str
) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        sent = await chosen(client, "ko", Referer=referrer)
        assert sent.headers["location"] == back

    browsing(node, story)


def test_what_is_no_language_of_ours_is_not_chosen(node: MadeUpNode) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        for language in ("", "fr", "ko; Path=/x"):
            wrong = await chosen(client, language)
            assert wrong.status_code == 400
            assert "en, ko, ja" in wrong.json()["remedy"]
        for cookie in (f"{COOKIE}=fr", f"{COOKIE}=", "=;;=", f"{COOKIE}"):
            page = await client.get("/login", headers={"Cookie": cookie})
            assert 'lang="en"' in page.text
        long = await client.post("/language", content=b"x" * 5_000, headers=ORIGIN)
        assert long.status_code == 400

    browsing(node, story)


def test_a_program_asks_for_the_sentence_in_a_language_and_the_node_is_not_asked_with_it(
    node: MadeUpNode,
) -> None:
    async def story(client: httpx.AsyncClient) -> None:
        async def sentence(query: str) -> Any:
            found = await client.get(f"{ROOT}/warnings{query}", headers=ALLOWED)
            return found.json().get("sentence", found.status_code)

        assert (await sentence("")).startswith("1 threat: EXERCISE")
        assert (await sentence("?language=ko")).startswith("위협 1건: 훈련 EXERCISE")
        assert await sentence("?language=fr") == 400
        assert all(body == {} for command, body in node.asked if command == "warnings")

    browsing(node, story)


def test_faults_are_said_in_the_language_of_the_page(node: MadeUpNode) -> None:
    links: Any = node.answers["links"]
    silent = {**links["links"][0], "faults": ["nothing heard"], "not_acknowledged": ["ab"]}
    node.answers["links"] = {**links, "links": [silent]}

    async def story(client: httpx.AsyncClient) -> None:
        await log_in(client)
        await chosen(client, "ko")
        assert "이상: 수신 없음; 수신 확인 없음 1건" in (await client.get("/watch")).text

    browsing(node, story)
