"""News of a node: numbered, waited for, bounded, and honest about what is not kept."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.node.made_up_world import World, pass_time, play
from tests.records.made_up_nations import KR_1, US_1

from bongsu.adapters.simulated.journal import RecordingJournal
from bongsu.node.news import MAXIMUM_AT_ONCE, MAXIMUM_KEPT, News, NewsBody
from bongsu.vocabulary.errors import LocalMisuse

BEGUN = 1_000


async def at_once(work: Callable[..., Any], *args: Any) -> Any:
    """Beside no loop."""
    return work(*args)


def told(news: News, after: int, *, wait_s: float = 0.0) -> dict[str, Any]:
    answer = asyncio.run(_after(news, after, wait_s))
    assert isinstance(answer, dict)
    return answer


async def _after(news: News, after: int, wait_s: float) -> object:
    return await news.after(NewsBody(after=after, wait_s=wait_s))


def written(count: int) -> tuple[News, RecordingJournal]:
    journal = RecordingJournal()
    news = News(journal, begun=BEGUN, beside=at_once)
    for number in range(count):
        news.write("said", what=number, id=b"\xab")
    return news, journal


def test_every_line_goes_on_to_the_journal_and_is_told_in_its_order() -> None:
    news, journal = written(3)
    assert [line.fields["what"] for line in journal.lines] == [0, 1, 2]
    answer = told(news, 0)
    assert not answer["missed"]
    assert [line["fields"]["what"] for line in answer["lines"]] == [0, 1, 2]
    assert answer["lines"][0] == {
        "number": BEGUN + 1, "event": "said", "fields": {"what": 0, "id": "ab"}
    }  # fmt: skip
    assert answer["newest"] == BEGUN + 3
    later = told(news, BEGUN + 2)
    assert [line["fields"]["what"] for line in later["lines"]] == [2]
    assert told(news, BEGUN + 3) == {"newest": BEGUN + 3, "missed": False, "lines": []}


def test_who_was_away_too_long_is_told_so_and_gets_what_is_kept() -> None:
    news, _ = written(MAXIMUM_KEPT + 10)
    answer = told(news, BEGUN + 5)
    assert answer["missed"]
    assert answer["lines"][0]["number"] == BEGUN + 11
    assert len(answer["lines"]) == MAXIMUM_AT_ONCE
    assert answer["newest"] == BEGUN + 10 + MAXIMUM_AT_ONCE
    assert not told(news, BEGUN + 10)["missed"]
    assert not told(news, answer["newest"])["missed"]


@pytest.mark.parametrize("known", [7, BEGUN + 50])
def test_a_number_of_another_start_of_the_node_has_missed_everything(known: int) -> None:
    news, _ = written(2)
    answer = told(news, known)
    assert answer["missed"]
    assert len(answer["lines"]) == 2


def test_who_waits_is_told_as_soon_as_something_happens() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        await pass_time(3.0)
        known = await korea.node.control.call("news", {"after": 0})
        assert isinstance(known, dict)
        waiting = asyncio.ensure_future(
            korea.node.control.call("news", {"after": known["newest"], "wait_s": 30.0})
        )
        await asyncio.sleep(0)
        assert not waiting.done()
        await korea.sees(korea.observed("KR-T1"))
        answer = await asyncio.wait_for(waiting, 1.0)
        assert isinstance(answer, dict)
        assert {line["event"] for line in answer["lines"]} & {"own_warning", "track_status"}

    play(story)


def test_where_nothing_happens_the_wait_ends() -> None:
    news, _ = written(1)
    assert told(news, BEGUN + 1, wait_s=0.01)["lines"] == []


def test_a_wait_without_bound_is_refused() -> None:
    async def story(world: World) -> None:
        korea = world.machine(KR_1, US_1)
        with pytest.raises(LocalMisuse, match="wait_s"):
            await korea.node.control.call("news", {"after": 0, "wait_s": 1e9})

    play(story)
