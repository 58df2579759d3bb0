"""Three nations as real processes: warnings arrive verified, and no kill loses or doubles one."""

import asyncio
import signal

import pytest
from bench.lab import Lab, played_tracker, running_lab
from tests.worlds.running_nations import (
    THREE,
    end,
    flowing,
    kill,
    node_of,
    opened_warnings_of_kr,
    require_nothing_lost_nor_twice,
    settled,
    shown,
    start,
    stated,
    stored_warnings,
    verified,
    warning_ids,
)

pytestmark = pytest.mark.processes


async def _end_all(lab: Lab) -> None:
    codes = await asyncio.gather(*(end(lab, nation) for nation in THREE))
    assert codes == [0, 0, 0]


def test_a_warning_of_korea_stands_verified_in_both_partners_logs() -> None:
    asyncio.run(_warning_travels())


async def _warning_travels() -> None:
    async with running_lab(THREE) as lab:
        async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
            await shown(lab, "US", 5)
            await shown(lab, "JP", 5)
        said = await settled(lab)
        await _end_all(lab)
        require_nothing_lost_nor_twice(lab, said)
        for opened in opened_warnings_of_kr(lab, "US"):
            assert not opened.withheld
            assert opened.fields["sensors"]
        for opened in opened_warnings_of_kr(lab, "JP"):
            assert opened.withheld == ("sensors",)
            assert "sensors" not in opened.fields
        for line in lab.of_event("partner_warning", "JP"):
            assert line["origin"] == "KR-1"
            warning = line["warning"]
            assert isinstance(warning, dict)
            assert warning["withheld"] == ["sensors"]
            assert warning["sensors"] is None


@pytest.mark.parametrize(
    "killed",
    [
        pytest.param("JP", id="the reader"),
        pytest.param("KR", id="the sender"),
        pytest.param("US", id="the relay"),
    ],
)
def test_a_killed_node_restarts_and_shows_0_lost_and_0_twice(killed: str) -> None:
    asyncio.run(_killed_in_mid_flow(killed))


async def _killed_in_mid_flow(killed: str) -> None:
    async with running_lab(THREE) as lab:
        async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
            await shown(lab, "JP", 10)
            await kill(lab, killed)
            before = len(lab.of_event("own_warning", "KR"))
            if killed != "KR":
                await stated(lab, "KR", before + 10)
            await start(lab, killed)
            await stated(lab, "KR", before + 20)
        said = await settled(lab)
        await _end_all(lab)
        require_nothing_lost_nor_twice(lab, said)


def test_three_nations_that_lose_power_at_once_come_back_with_0_lost_and_0_twice() -> None:
    asyncio.run(_all_killed_at_once())


async def _all_killed_at_once() -> None:
    async with running_lab(THREE) as lab:
        async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
            await shown(lab, "JP", 10)
            await asyncio.gather(*(kill(lab, nation) for nation in THREE))
            before = len(lab.of_event("own_warning", "KR"))
            await asyncio.gather(*(start(lab, nation) for nation in THREE))
            await stated(lab, "KR", before + 10)
        said = await settled(lab)
        await _end_all(lab)
        require_nothing_lost_nor_twice(lab, said)


def test_ctrl_c_ends_a_node_cleanly_with_everything_stated_on_its_disk() -> None:
    asyncio.run(_interrupted_in_mid_flow())


async def _interrupted_in_mid_flow() -> None:
    async with running_lab(("KR",)) as lab:
        async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
            await stated(lab, "KR", 10)
            child = node_of(lab, "KR")
            child.process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(child.process.wait(), 20.0) == 0
            await child.reading
        assert child.complaints.read_text() == ""
        assert lab.lines[-1]["event"] == "node_stopped"
        assert stored_warnings(lab, "KR") == warning_ids(lab, "KR", "own_warning")
        assert verified(lab, "KR")["verified"] is True
