"""Real nodes: Korea's log is put back to an older copy, and Korea goes on in a new epoch."""

import asyncio
import shutil
from pathlib import Path

import pytest
from bench.lab import Lab, played_tracker, running_lab
from bench.made_tracks import made_track
from tests.worlds.running_nations import WITHIN_S, end, shown, start, stored_warnings, verified

from bongsu.adapters.system_clock import SystemClock
from bongsu.vocabulary.track import Track
from bongsu.vocabulary.units import NationId

pytestmark = pytest.mark.processes

TWO = ("KR", "US")


def log_of(lab: Lab, nation: str) -> Path:
    [log] = lab.nations[NationId(nation)].node_file.parent.glob("*.sqlite")
    return log


async def put_back() -> None:
    async with running_lab(TWO) as lab, played_tracker(lab, "KR") as tracker:
        clock = SystemClock()
        tracks: list[Track] = []

        async def one_more(seen: int) -> None:
            """Until the United States have seen so many warnings."""
            tracks.append(made_track(len(tracks), at=clock.utc(), emitted_at=clock.monotonic()))
            tracker.send(tracks, at=clock.utc())
            await shown(lab, "US", seen)

        await one_more(1)
        assert await end(lab, "KR") == 0
        log = log_of(lab, "KR")
        shutil.copy(log, lab.folder / "backup")
        await start(lab, "KR")
        await one_more(2)
        await one_more(3)
        assert await end(lab, "KR") == 0
        before = stored_warnings(lab, "US")
        for file in log.parent.glob(f"{log.name}*"):
            file.unlink()
        shutil.copy(lab.folder / "backup", log)
        await start(lab, "KR")
        await lab.until(lambda _: len(lab.of_event("feed_restored", "US")) >= 1, within_s=WITHIN_S)
        await one_more(4)
        assert {line["epoch"] for line in lab.of_event("own_epoch_opened", "KR")} == {2}
        assert not lab.of_event("feed_forked", "KR")
        for nation in TWO:
            assert await end(lab, nation) == 0
            assert verified(lab, nation)["verified"] is True
        assert before | stored_warnings(lab, "KR") <= stored_warnings(lab, "US")


def test_a_node_whose_log_was_put_back_goes_on_in_a_new_epoch() -> None:
    asyncio.run(put_back())
