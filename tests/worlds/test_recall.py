"""Real nodes: an officer recalls a warning by command, and every node that had it applies it."""

import asyncio
import json

import pytest
from bench.lab import Lab, played_tracker, running_lab
from bench.made_tracks import made_track
from click.testing import CliRunner
from tests.worlds.running_nations import THREE, WITHIN_S, end, kill, shown, start, verified
from tests.worlds.test_agreed_by_link import command, config

from bongsu.adapters.system_clock import SystemClock
from bongsu.main.program import bongsu

pytestmark = pytest.mark.processes

REASON = "test data on a live input"


async def until_answered(lab: Lab, number: int) -> None:
    await lab.until(
        lambda _: len(lab.of_event("recall_answered", "KR")) == number, within_s=WITHIN_S
    )


async def recalled_everywhere() -> None:
    async with running_lab(THREE) as lab, played_tracker(lab, "KR") as tracker:
        clock = SystemClock()
        tracker.send([made_track(0, at=clock.utc(), emitted_at=clock.monotonic())], at=clock.utc())
        await shown(lab, "US", 1)
        await shown(lab, "JP", 1)
        await kill(lab, "JP")
        said = await command(
            "recall", "KR-1/W0001", "--reason", REASON, "--false", "--yes", *config(lab, "KR")
        )
        assert "EXERCISE: KR-1/R0001 is on its way to: JP-1, US-1" in said
        await until_answered(lab, 1)
        await start(lab, "JP")
        await until_answered(lab, 2)

        status = json.loads(await command("recall", "status", "--json", *config(lab, "KR")))
        [recall] = status["recalls"]
        assert {one["node"]: one["state"] for one in recall["nodes"]} == {
            "US-1": "applied",
            "JP-1": "applied",
        }
        for nation in ("US", "JP"):
            [line] = lab.of_event("record_recalled", nation)
            assert line["words"] == f"KR-1 recalls KR-1/W0001, all versions: {REASON}"
            last = lab.of_event("partner_warning", nation)[-1]
            record_id = str(last["record_id"])
            seen = await command("record", "show", record_id, *config(lab, nation))
            assert f"RECALLED: KR-1 recalls KR-1/W0001, all versions: {REASON}" in seen
        # Whether the links kept their contract on this machine is not asked here.
        told = await asyncio.to_thread(
            CliRunner().invoke, bongsu, ["links", "--json", *config(lab, "KR")]
        )
        links = json.loads(told.output)["links"]
        assert [one["not_acknowledged"] for one in links] == [[], []]
        for nation in THREE:
            assert await end(lab, nation) == 0
            assert verified(lab, nation)["verified"] is True


def test_a_recall_by_command_reaches_a_node_that_was_killed_and_all_logs_verify() -> None:
    asyncio.run(recalled_everywhere())
