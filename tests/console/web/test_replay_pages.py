"""The replay page as the server writes it: framed, in words, whole without a script."""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
from starlette.applications import Starlette
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import HOST, NAME, PORT, TOKEN
from tests.node.made_up_world import World, agreed, pass_time, play
from tests.protocols.made_up_tracks import ELSEWHERE, launch
from tests.records.made_up_nations import JP_1, KR_1

from bongsu.console.web.api import application
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

NOW = ("warnings", "links", "health", "sensor_sites")
HOSTILE = "<script>alert(1)</script>"


class RecordedNode(MadeUpNode):
    """Answers questions about the past as a real node did, for the newest moment not after it."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        super().__init__()
        self.answers |= {
            name: kept[name] for name in ("moments", "warnings", "links", "health", "sensor_sites")
        }
        self.moments: list[dict[str, Any]] = kept["moments"]["moments"]
        self.open_now: dict[str, Any] = kept["open_now"]
        self.pictures: list[dict[str, Any]] = list(kept["pictures"])

    async def ask(self, command: str, body: Mapping[str, object]) -> object:
        if command == "moments" and not self.is_away:
            after = int(str(body.get("after", 0)))
            moments = [one for one in self.moments if one["place"] > after]
            whole = self.answers["moments"]
            assert isinstance(whole, dict)
            return {**whole, "moments": moments}
        if command == "at" and not self.is_away:
            at = int(str(body["utc_ns"]))
            known = [one for one in self.pictures if one["at"] <= at]
            return {**(known[-1] if known else self.pictures[0]), "at": at}
        return await super().ask(command, body)


@cache
def recorded() -> Mapping[str, Any]:
    """What a real node of Japan's partner says of a short story, and of each of its moments."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="sensors")
        korea = world.machine(KR_1, JP_1, guideline=guideline)
        japan = world.machine(JP_1, KR_1, guideline=guideline)
        await pass_time(3.0)
        begun = korea.clock.utc()
        call = korea.node.control.call
        kept.update({name: await call(name, {}) for name in NOW})
        await japan.sees(japan.observed("JP-T1"))
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1", caveats=(HOSTILE,)))
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1", launch=launch(ELSEWHERE)))
        await pass_time(3.0)
        await japan.node.control.call("recall", {"record": "JP-1/W0001", "reason": HOSTILE})
        await pass_time(3.0)
        kept["open_now"] = await call("warnings", {})
        moments = await call("moments", {})
        assert isinstance(moments, dict)
        times = [begun, *(one["at"] for one in moments["moments"])]
        kept["moments"] = moments
        kept["pictures"] = [await call("at", {"utc_ns": at}) for at in times]

    play(story)
    return kept


def console(node: MadeUpNode) -> Starlette:
    return application(
        node,
        token=TOKEN,
        names=[NAME],
        port=PORT,
        realm=Realm.EXERCISE,
        now=lambda: MonotonicNs(0),
        open_to_all=True,
    )


def got(node: MadeUpNode, path: str, **headers: str) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(console(node))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(run())


def test_title_banner_frame_and_sentence_say_that_it_is_a_replay() -> None:
    page = got(RecordedNode(recorded()), "/replay")
    assert page.status_code == 200
    assert "<title>REPLAY: EXERCISE: KR-1 at 2023-11-14" in page.text
    assert 'class="exercise replay"' in page.text
    assert page.text.count("REPLAY · EXERCISE") == 2
    assert 'id="line">REPLAY of 2023-11-14 22:13:' in page.text
    assert "unsafe" not in page.headers["content-security-policy"]


def test_every_moment_shows_what_stood_then_what_was_over_and_what_is_not_recorded() -> None:
    node = RecordedNode(recorded())
    amended = next(one for one in node.moments if one["what"] == "amended" and one["node"] == KR_1)
    middle = got(node, f"/replay/at?utc_ns={amended['at']}").text
    assert f"{amended['subject']} amended v{amended['version']}" in middle
    assert "JP-1/W0001" in middle
    last = got(node, f"/replay/at?utc_ns={node.moments[-1]['at']}").text
    assert "Had ended or was recalled" in last
    assert "the state of links" in last
    assert HOSTILE not in last
    assert "recalled: &lt;script&gt;" in last


def test_it_is_whole_in_the_language_of_the_browser() -> None:
    node = RecordedNode(recorded())
    korean = got(node, "/replay", **{"Accept-Language": "ko-KR,ko;q=0.9"}).text
    assert '<html lang="ko">' in korean
    assert "리플레이 · 훈련 EXERCISE" in korean
    japanese = got(node, "/replay", **{"Accept-Language": "ja"}).text
    assert "リプレイ · 訓練 EXERCISE" in japanese


def test_where_nothing_is_recorded_or_nobody_answers_it_says_so() -> None:
    kept = recorded()
    node = RecordedNode({**kept, "moments": {**kept["moments"], "moments": [], "ends": None}})
    assert "there is nothing to replay" in got(node, "/replay").text
    node.is_away = True
    away = got(node, "/replay")
    assert away.status_code == 503
    assert "NO PICTURE of that moment: no node answers. Start it with" in away.text
    assert "REPLAY · EXERCISE" in away.text
    assert got(node, "/replay/at?utc_ns=x").status_code == 400
