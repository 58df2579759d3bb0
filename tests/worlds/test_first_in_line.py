"""Which processes of a nation go first in line for the processor, and what their logs say of it."""

import asyncio
import json
import os

import pytest
from bench.lab import running_lab
from tests.worlds.running_nations import end, node_of

from bongsu.adapters.first_in_line import PRIORITY
from bongsu.main.demo.processes import JournalLine, RunningProcess
from bongsu.vocabulary.units import NationId

pytestmark = pytest.mark.processes
ORDINARY, FIRST = os.SCHED_OTHER, os.SCHED_RR


def test_a_tracker_goes_first_and_a_node_only_where_it_is_told_to() -> None:
    asyncio.run(_scheduled())


async def _scheduled() -> None:
    lines: list[JournalLine] = []
    async with running_lab(("KR",)) as lab:
        files = lab.nations[NationId("KR")]
        assert _class_and_word(node_of(lab, "KR"), lab.of_event("scheduled", "KR")[0]) == (
            ORDINARY,
            False,
        )
        assert await end(lab, "KR") == 0
        settings = json.loads(files.node_file.read_text())
        files.node_file.write_text(json.dumps(settings | {"real_time": True}))
        node = await lab.group.start("node", files.node_file, name="KR-1", on_line=lab.take)
        tracker = await lab.group.start(
            "tracker", files.tracker_file, name="tracker", on_line=lines.append
        )
        await lab.until(lambda _: len(lab.of_event("node_started", "KR")) == 2, within_s=20.0)
        async with asyncio.timeout(20.0):
            while not lines:
                lab.group.raise_failure()
                await asyncio.sleep(0.05)
        for child, line in ((node, lab.of_event("scheduled", "KR")[1]), (tracker, lines[0])):
            assert line["event"] == "scheduled"
            allowed = _may_go_first()
            assert _class_and_word(child, line) == (FIRST if allowed else ORDINARY, allowed)


def _class_and_word(child: RunningProcess, line: JournalLine) -> tuple[int, object]:
    return os.sched_getscheduler(child.process.pid), line["real_time"]


def _may_go_first() -> bool:
    """Whether this machine lets us, tried on this process and taken back."""
    try:
        os.sched_setscheduler(0, FIRST, os.sched_param(PRIORITY))
    except OSError:
        return False
    os.sched_setscheduler(0, ORDINARY, os.sched_param(0))
    return True
