"""Records, one record, health: what they say, in three languages, and that text stays text."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from tests.console.web.made_up_node import MadeUpNode
from tests.console.web.test_api import ALLOWED, HOST, NAME, PORT, TOKEN
from tests.node.made_up_world import World, agreed, pass_time, play
from tests.records.made_up_nations import JP_1, KR_1, US_1

from bongsu.console.languages import Language
from bongsu.console.web.api import application
from bongsu.console.web.records_page import kind_words
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

HOSTILE = "<script>alert(1)</script>\u202e\x1b[2J\nsmoke"
LONG = "x" * 900 + "END"


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What Japan's node says of a record that Korea stated and from which it withholds sensors."""
    kept: dict[str, Any] = {}

    async def story(world: World) -> None:
        guideline = agreed(kept_from_japan="sensors", onward=True)
        korea, _, japan = world.three(guideline)
        await pass_time(3.0)
        await korea.sees(korea.observed("KR-T1", caveats=(HOSTILE,)))
        await pass_time(3.0)
        call = japan.node.control.call
        [record] = [one.record_id.hex() for one in japan.warnings_of(KR_1)][:1]
        for name in ("links", "health", "disk"):
            kept[name] = await call(name, {})
        kept["records"] = await call("records", {"text": "smoke"})
        kept["record_show"] = await call("record_show", {"record": record})
        kept["release_preview"] = await call("release_preview", {"record": record})
        own = [one.record_id.hex() for one in korea.warnings_of(KR_1)][0]
        kept["own"] = await korea.node.control.call("record_show", {"record": own})

    play(story)
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(kept))
    return plain


@pytest.fixture
def node(answers: dict[str, Any]) -> MadeUpNode:
    return MadeUpNode(answers=msgspec.json.decode(msgspec.json.encode(answers)))


@dataclass(frozen=True, slots=True)
class Got:
    status: int
    text: str
    where: str


def got(node: MadeUpNode, path: str, language: str = "en") -> Got:
    """A page, by who may see it."""

    async def story() -> Got:
        transport = httpx.ASGITransport(console(node))
        headers = {**ALLOWED, "Accept-Language": language}
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            answer = await client.get(path, headers=headers)
            return Got(answer.status_code, answer.text, answer.headers.get("location", ""))

    return asyncio.run(story())


def console(node: MadeUpNode) -> Starlette:
    return application(
        node, token=TOKEN, names=[NAME], port=PORT, realm=Realm.EXERCISE, now=lambda: MonotonicNs(0)
    )


def part(page: str, id_: str) -> str:
    """The element of that id, as far as the next one that has a name of its own."""
    return page.partition(f'id="{id_}"')[2].partition("</table>")[0]


def asked_of(node: MadeUpNode, command: str) -> dict[str, object]:
    return next(body for name, body in reversed(node.asked) if name == command)


@pytest.mark.parametrize("path", ["/records", "/records/3f9ac1", "/health"])
def test_who_is_not_logged_in_sees_none_of_these_pages(node: MadeUpNode, path: str) -> None:
    async def story() -> None:
        transport = httpx.ASGITransport(console(node))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            refused = await client.get(path)
            assert (refused.status_code, refused.headers["location"]) == (303, "/login")

    asyncio.run(story())
    assert node.asked == []


def test_the_search_form_asks_the_node_in_its_own_units_and_keeps_what_was_typed(
    node: MadeUpNode,
) -> None:
    found = got(
        node,
        "/records?kind=launch_warning&text=smoke&subject=&stored_from=2022-10-03T22:30"
        "&recalled=false&bulk=true",
    )
    assert found.status == 200
    asked = asked_of(node, "records")
    assert (asked["kind"], asked["text"], asked["subject"]) == ("launch_warning", "smoke", None)
    assert asked["stored_from"] == 1_664_836_200_000_000_000
    assert (asked["recalled"], asked["bulk"]) == (False, True)
    for kept in (
        'name="text" value="smoke"', 'value="2022-10-03T22:30"',
        '<option value="launch_warning" selected="">', 'checked=""',
    ):  # fmt: skip
        assert kept in found.text
    record = node.answers["records"]["records"][0]["record_id"]  # type: ignore[index]
    assert f'href="/records/{record}"' in found.text


def test_what_is_typed_wrongly_is_said_on_the_page_and_the_form_stays(node: MadeUpNode) -> None:
    for wrong in ("stored_from=yesterday", "kind=rumour", "limit=0", "odd=1"):
        found = got(node, f"/records?{wrong}&text=smoke")
        assert 'role="alert" class="bad">Not searched: ' in found.text
        assert 'name="text" value="smoke"' in found.text


def test_a_records_id_that_was_typed_leads_to_its_page(node: MadeUpNode) -> None:
    found = got(node, "/records?record=3F9AC1&kind=")
    assert (found.status, found.where) == (303, "/records/3f9ac1")


def test_a_search_that_stopped_early_says_so_and_older_ones_are_a_link(node: MadeUpNode) -> None:
    node.answers["records"] = {
        **node.answers["records"], "complete": False, "next": 41,  # type: ignore[dict-item]
    }  # fmt: skip
    found = got(node, "/records?text=smoke")
    assert "stopped early" in found.text
    assert 'href="/records?text=smoke&amp;before=41"' in found.text


def test_a_record_says_origin_signature_projection_recall_and_versions(node: MadeUpNode) -> None:
    found = got(node, "/records/3f9ac1")
    assert asked_of(node, "record_show") == {"record": "3f9ac1"}
    for text in (
        "✓ signature: verifies: signed by KR-1", "✓ not recalled", "withheld by KR-1",
        "stated by KR-1", "received from KR-1", "this one",
    ):  # fmt: skip
        assert text in found.text
    assert re.search(r'<th scope="row">sensors</th><td><span class="bad">▲ withheld', found.text)


def test_the_senders_page_says_who_has_it_with_receipts(node: MadeUpNode) -> None:
    node.answers["record_show"] = node.answers["own"]
    page = got(node, "/records/3f9ac1").text
    holders = part(page, "holders")
    for name in (JP_1, US_1):
        named = f'<th scope="row">{name}</th><td><span class="good">✓ on its disk'
        assert named in holders
    sent: Any = node.answers["own"]
    late = [{**one, "acknowledged": False} for one in sent["sent_to"]]
    node.answers["record_show"] = {**sent, "sent_to": late}
    assert "▲ NOT ACKNOWLEDGED, entry 1" in got(node, "/records/3f9ac1").text


def test_the_release_preview_says_who_would_get_what_by_which_rule_and_hop(
    node: MadeUpNode,
) -> None:
    preview: Any = node.answers["release_preview"]
    [first, *others] = preview["readers"]
    leak = {"field": "azimuth", "means": "the azimuth can be worked out"}
    onward = {
        "through": ["US-1", "AU-1"], "reader": "NZ-1", "fields": ["launch"], "delay_s": 30,
        "rule": "r9",
    }  # fmt: skip
    changed = {
        **first, "relay": "US-1", "fields": ["launch"], "withheld": ["sensors"],
        "delay_s": 60, "rule": "rule 7",
        "given_away": [leak], "onward": [onward], "waits_until": 1_664_836_200_000_000_000,
        "went": None,
    }  # fmt: skip
    node.answers["release_preview"] = {**preview, "readers": [changed, *others]}
    page = got(node, "/records/3f9ac1").text
    release = part(page, "release")
    for text in ("through US-1, sealed", "sensors", "after 60 s", "rule 7", "waits until 2022-10"):
        assert text in release
    assert "Given away to" in page
    assert "Onward: NZ-1 can get launch through US-1 → AU-1, after 30 s (r9)" in page


def test_a_kind_that_crosses_by_a_fixed_rule_says_so_in_place_of_the_preview(
    node: MadeUpNode,
) -> None:
    node.answers["release_preview"] = LocalMisuse("it crosses by a fixed rule", remedy="Look")
    assert 'id="release">it crosses by a fixed rule. Look' in got(node, "/records/3f9ac1").text


def test_a_hostile_or_huge_record_is_text_and_never_a_broken_page(node: MadeUpNode) -> None:
    seen: Any = node.answers["record_show"]
    fields = {**seen["fields"], "caveats": [HOSTILE, LONG], "<b>odd</b>": "y" * 200_000}
    node.answers["record_show"] = {**seen, "fields": fields, "unknown": ["<i>later</i>"]}
    page = got(node, "/records/3f9ac1").text
    for markup in ("<script>alert", "<b>odd", "<i>later", "\u202e", "\x1b"):
        assert markup not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;??[2J" in page
    assert "smoke" in page
    assert "END" in page  # the rest is there, folded away
    assert page.count("<details") == 2
    assert "bongsu record show --json" in page
    assert len(page) < 150_000


def test_a_record_that_is_not_there_or_a_node_that_is_away_is_said_in_words(
    node: MadeUpNode,
) -> None:
    node.answers["record_show"] = LocalMisuse("no record begins with ab", remedy="Give more digits")
    missing = got(node, "/records/abcd")
    assert missing.status == 404
    assert "no record begins with ab. Give more digits" in missing.text
    node.is_away = True
    for path in ("/health", "/records/abcd"):
        away = got(node, path)
        assert away.status == 503
        assert "NO PICTURE: no node answers. Start it with: bongsu node" in away.text
    search = got(node, "/records")
    assert search.status == 503
    assert "no node answers" in search.text


def test_health_says_that_all_is_well_in_one_sentence(node: MadeUpNode) -> None:
    page = got(node, "/health").text
    assert f'role="status">EXERCISE  {JP_1}: sensors, clock, links and disk are as they' in page
    for text in ("Bongsu 0.1.0; speaks protocol 1", "US-1 speaks protocol 1", "no contract",
                 "from KR-1", "to KR-1", "urgent", "plots refused by the tracker"):  # fmt: skip
        assert text in page


def test_health_names_every_trouble_with_its_figures(node: MadeUpNode) -> None:
    health: Any = node.answers["health"]
    clock = {"sensors": ["A", "B"], "slow_s": 3.0, "followed": True, "words": "slow by 3 s"}
    node.answers["health"] = {
        **health,
        "refused": {"US-1: a frame of another feed <b>": 12},
        "sensors": {
            **health["sensors"], "clock": clock, "known_sensors": ["KR-RADAR-1", "KR-RADAR-2"],
            "silent_sensors": ["KR-RADAR-1"], "refused_plots": 7,
        },
    }  # fmt: skip
    links: Any = node.answers["links"]
    [first, *others] = links["links"]
    contract = {
        "verdict": "broken", "broken_s": 9.0,
        "agreed": {"latency_ms": 250.0, "completeness": 0.999, "window_s": 60.0},
    }  # fmt: skip
    feed = {**first["feeds"][0], "missing": 3, "missing_s": 4.5, "delay_ms": 12.5}
    lanes = {name: {**lane, "p99_ms": 312.0} for name, lane in first["lanes"].items()}
    late = {
        **first, "contract": contract, "feeds": [feed], "lanes": lanes, "clock_ahead_s": -0.25,
    }  # fmt: skip
    node.answers["links"] = {**links, "links": [late, *others]}
    disk: Any = node.answers["disk"]
    node.answers["disk"] = {
        **disk, "low": True, "days_left": 5.2, "bytes_a_day": 3.2e9, "bytes_free": 17_000_000_000,
    }  # fmt: skip
    page = got(node, "/health").text
    for text in (
        "4 to look at, first: CLOCK SUSPECTED: slow by 3 s", "▲ SILENT", "✓ heard, on time",
        "BROKEN for 9 s", "312.0 ms, 250.0 ms", "▲ 3, for 4.5 s", "12.5 ms", "0.250 s behind ours",
        "a frame of another feed &lt;b&gt;</th><td>12", "DISK LOW", "grows by 3.2 GB a day",
        "room for 5 days", "17.0 GB free",
    ):  # fmt: skip
        assert text in page


def test_q17_the_sender_sees_who_did_not_acknowledge_within_ten_seconds() -> None:
    """Given an end receiver out of service, when an event is sent, the sender sees who it is."""
    node = MadeUpNode()

    async def story(world: World) -> None:
        korea, _, japan = world.three()
        await pass_time(3.0)
        await japan.crash()
        await korea.sees(korea.observed("KR-T1"))
        await pass_time(11.0)
        for name in ("links", "health", "disk"):
            answer = await korea.node.control.call(name, {})
            node.answers[name] = msgspec.json.decode(msgspec.json.encode(answer))

    play(story)
    page = got(node, "/health").text
    warnings = re.findall(r'class="unacknowledged">.*?</p>', page)
    assert len(warnings) == 1
    assert f"▲ NOT ACKNOWLEDGED by {JP_1} within 10 s:" in warnings[0]
    assert re.search(r'href="/records/[0-9a-f]{64}"', warnings[0])
    assert US_1 not in warnings[0]


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_every_page_has_all_its_words_in_each_language(node: MadeUpNode, language: str) -> None:
    headings = {"en": "Fields", "ko": "항목", "ja": "項目"}
    for path in ("/records", "/records/3f9ac1", "/health"):
        page = got(node, path, language)
        assert page.status == 200
        assert f'<html lang="{language}">' in page.text
    assert headings[language] in got(node, "/records/3f9ac1", language).text


@pytest.mark.parametrize("language", list(Language))
def test_every_kind_of_record_has_a_name_that_people_know(language: Language) -> None:
    names = {kind_words(language, kind.value) for kind in RecordKind}
    assert len(names) == len(RecordKind)
    assert kind_words(language, "of_a_later_version") == "of_a_later_version"
