"""The HTTP interface: each answer as it is described, refusals in words, no door left open."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import msgspec
import pytest
from starlette.applications import Starlette
from tests.console.web.made_up_node import MadeUpNode
from tests.node.made_up_world import World, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.console.web.api import application
from bongsu.console.web.openapi import description
from bongsu.console.web.orders import ORDERS
from bongsu.console.web.queries import QUERIES, ROOT
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

TOKEN = "t" * 43
NAME, PORT = "127.0.0.1", 17_480
HOST = f"{NAME}:{PORT}"
ALLOWED = {"Authorization": f"Bearer {TOKEN}"}
DESCRIBED = description()
ASKED = {"at": "?utc_ns=1700000000000000000"}  # what a question can't be asked without


def a_console(node: MadeUpNode) -> Starlette:
    return application(
        node, token=TOKEN, names=[NAME], port=PORT, realm=Realm.EXERCISE, now=lambda: MonotonicNs(0)
    )


def answered(node: MadeUpNode, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    return asyncio.run(_answered(node, path, method, {**ALLOWED, **headers}))


async def _answered(
    node: MadeUpNode, path: str, method: str, headers: dict[str, str]
) -> httpx.Response:
    transport = httpx.ASGITransport(a_console(node))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        return await client.request(method, path, headers=headers)


ASKED_PLAINLY = ("warnings", "tracks", "paths", "sensor_sites", "links", "health")


@pytest.fixture(scope="module")
def node() -> MadeUpNode:
    """It answers as a real node does that sees one object, as its partner does."""
    made = MadeUpNode()

    async def story(world: World) -> None:
        korea, states, _ = world.three()
        await pass_time(3.0)
        await states.sees(states.observed("US-T1"))
        await korea.sees(korea.observed("KR-T1"))
        await pass_time(3.0)
        call = korea.node.control.call
        [record] = [row.record_id for row in korea.warnings_of(KR_1)][:1]
        named = {"record": record.hex()}
        answers = {
            **{name: await call(name, {}) for name in ASKED_PLAINLY},
            "records": await call("records", {"kind": "launch_warning", "text": "KR-"}),
            "record_show": await call("record_show", named),
            "release_preview": await call("release_preview", named),
            "alarms": await call("alarms", {}),
            "handover": await call("handover", {}),
            "at": await call("at", {"utc_ns": korea.clock.utc()}),
            "moments": await call("moments", {}),
        }
        made.answers.update(msgspec.json.decode(msgspec.json.encode(answers)))

    play(story)
    made.answers["disk"] = {
        "node": KR_1, "realm": "exercise", "bytes_used": 1, "bytes_free": None,
        "bytes_a_day": None, "days_left": None, "low": False,
    }  # fmt: skip
    made.news.write("own_warning", record_id=b"\xab", partners=[JP_1, US_1])
    return made


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.command)
def test_every_answer_is_as_it_is_described(node: MadeUpNode, query: Any) -> None:
    path = f"{ROOT}{query.path}"
    response = answered(node, path.replace("{record}", "ab12") + ASKED.get(query.command, ""))
    assert response.status_code == 200, response.text
    content = DESCRIBED["paths"][path]["get"]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": DESCRIBED["components"]}).validate(
        response.json()
    )
    assert node.asked[-1][0] == query.command
    assert ("record" in node.asked[-1][1]) == query.named


def test_the_warnings_say_the_sentence_that_stands_on_every_face(node: MadeUpNode) -> None:
    found = answered(node, f"{ROOT}/warnings").json()
    assert found["sentence"].startswith("1 threat: EXERCISE  KR-1/W")
    assert found["threats"][0]["partners"][0]["node"] == US_1


def test_a_moment_that_is_over_says_that_it_is_a_replay_in_the_sentence_itself(
    node: MadeUpNode,
) -> None:
    found = answered(node, f"{ROOT}/at?utc_ns=1700000000000000000").json()
    assert found["sentence"].startswith("REPLAY of 2023-11-14 22:13:")
    assert "EXERCISE  KR-1/W" in found["sentence"]
    assert found["sentence"].endswith("[REPLAY]")
    assert answered(node, f"{ROOT}/at").status_code == 400


def test_the_description_is_open_and_names_every_path(node: MadeUpNode) -> None:
    response = answered(node, "/openapi.json", Authorization="")
    assert response.status_code == 200
    assert set(response.json()["paths"]) == {
        f"{ROOT}/stream", f"{ROOT}/export", *(f"{ROOT}{one.path}" for one in (*QUERIES, *ORDERS))
    }  # fmt: skip


@pytest.mark.parametrize(
    "given", ["", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer ", f"bearer {TOKEN}x"]
)
@pytest.mark.parametrize("path", [f"{ROOT}/warnings", f"{ROOT}/stream", "/nowhere"])
def test_nothing_is_told_without_the_token(node: MadeUpNode, given: str, path: str) -> None:
    response = answered(node, path, Authorization=given)
    assert response.status_code == 401
    assert set(response.json()) == {"what", "remedy"}
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_name_that_is_not_ours_is_refused(node: MadeUpNode, host: str) -> None:
    assert answered(node, f"{ROOT}/warnings", Host=host).status_code == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed_where_only_questions_are(node: MadeUpNode, method: str) -> None:
    response = answered(node, f"{ROOT}/warnings", method, Origin=f"http://{HOST}")
    assert response.status_code == 405
    assert response.json()["remedy"] == "Read /openapi.json"


def test_every_answer_and_refusal_forbids_to_be_kept_framed_or_guessed_at(
    node: MadeUpNode,
) -> None:
    for path, token in ((f"{ROOT}/links", ALLOWED["Authorization"]), (f"{ROOT}/links", "")):
        headers = answered(node, path, Authorization=token).headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
        assert not [name for name in headers if name.startswith("access-control")]


def test_refusals_say_what_and_how_to_mend_it() -> None:
    made = MadeUpNode()
    made.answers["record_show"] = LocalMisuse("no record begins with ab", remedy="Give more")
    made.answers["tracks"] = PeerViolation("it contradicts itself", remedy="Keep it")
    assert answered(made, f"{ROOT}/records/ab").status_code == 400
    assert answered(made, f"{ROOT}/tracks").status_code == 502
    wrong = answered(made, f"{ROOT}/news?after=-1")
    assert wrong.status_code == 400
    assert "$.after" in wrong.json()["what"]
    for odd in ("afer=1", "after=1&after=2"):
        assert answered(made, f"{ROOT}/news?{odd}").status_code == 400
    assert answered(made, f"{ROOT}/stream", **{"Last-Event-ID": "x"}).status_code == 400
    assert answered(made, "/api/v1/nothing").json()["remedy"] == "Read /openapi.json"
    made.is_away = True
    away = answered(made, f"{ROOT}/links")
    assert away.status_code == 503
    assert away.json()["remedy"] == "Start it with: bongsu node --config FILE"


def test_the_page_about_it_names_every_path() -> None:
    page = (Path(__file__).parents[3] / "docs" / "http.md").read_text()
    for path in DESCRIBED["paths"]:
        assert path in page


def test_every_question_has_an_example_that_can_be_typed() -> None:
    page = (Path(__file__).parents[3] / "docs" / "http.md").read_text()
    typed = [line for line in page.splitlines() if line.strip().startswith("curl ")]
    for path, methods in DESCRIBED["paths"].items():
        if "get" in methods:
            asked = re.compile(path.replace("{record}", "[0-9a-f]+") + r"(?![\w/])")
            assert any(asked.search(line) for line in typed), path
