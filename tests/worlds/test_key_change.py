"""Real nodes: Korea's key is renewed while it runs, and a revoked officer is one for everybody."""

import asyncio
import json
from pathlib import Path

import pytest
from bench.lab import Lab, played_tracker, running_lab
from bench.made_tracks import made_track
from click.testing import CliRunner
from tests.worlds.running_nations import WITHIN_S, end, shown, start, verified

from bongsu.adapters.system_clock import SystemClock
from bongsu.main.program import bongsu
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NationId

pytestmark = pytest.mark.processes

TWO = ("KR", "US")


async def keys(*arguments: str) -> str:
    """What a command prints; it asks a running node, and this loop reads that node's journal."""
    result = await asyncio.to_thread(CliRunner().invoke, bongsu, ["keys", *arguments])
    if result.exception is not None:
        raise result.exception
    return result.output


def config(lab: Lab, nation: str) -> tuple[str, str]:
    return ("--config", str(lab.nations[NationId(nation)].node_file))


def ended(lab: Lab, nation: str, subject: str) -> bool:
    return any(line["subject"] == subject for line in lab.of_event("key_ended", nation))


async def renewed_and_revoked() -> None:
    async with running_lab(TWO) as lab, played_tracker(lab, "KR") as tracker:
        clock = SystemClock()
        first = made_track(0, at=clock.utc(), emitted_at=clock.monotonic())
        tracker.send([first], at=clock.utc())
        await shown(lab, "US", 1)
        korea = lab.folder / "keys" / "KR"
        root = ("--nation", "KR", "--keys", str(korea))
        node_folder = korea / "nodes" / "KR-1"
        carried = Path(lab.folder / "usb")
        # The lab has one place for the root's machine and the node's: as if carried by hand.
        await keys("renew", *root, "--subject", "KR-1")
        node_folder.rename(carried)
        next(korea.glob("nodes/KR-1.ended-*")).rename(node_folder)
        public = str(korea / "public")
        with pytest.raises(LocalMisuse, match="not the new ones"):
            await keys("publish", public, *config(lab, "KR"))  # its private part is away
        told = json.loads(
            await keys("publish", public, *config(lab, "KR"), "--private", str(carried), "--json")
        )
        assert told["own_key_changed"]
        assert told["own_key_counts"]
        await lab.until(lambda _: ended(lab, "US", "KR-1"), within_s=WITHIN_S)

        second = made_track(1, at=clock.utc(), emitted_at=clock.monotonic())
        tracker.send([first, second], at=clock.utc())
        await shown(lab, "US", 2)
        await keys("revoke", *root, "--subject", "KR-OFFICER-1", "--reason", "lost on a train")
        await keys("publish", public, *config(lab, "KR"))
        await lab.until(lambda _: ended(lab, "US", "KR-OFFICER-1"), within_s=WITHIN_S)
        status = json.loads(await keys("status", *config(lab, "US"), "--json"))
        assert {one["subject"] for one in status["ended"]} == {"KR-1", "KR-OFFICER-1"}
        korea_seen = next(one for one in status["nations"] if one["nation"] == "KR")
        assert (korea_seen["stale"], korea_seen["same_as_ours"]) == (False, True)
        shown_text = await keys("status", *config(lab, "KR"))
        assert "officer KR-OFFICER-1: revoked" in shown_text
        assert "lost on a train" in shown_text
        for nation in TWO:  # the guideline in the trust folder bears the approval of that officer
            assert await end(lab, nation) == 0
            await start(lab, nation)
            assert lab.of_event("node_started", nation)[-1]["guideline"] is True
            assert await end(lab, nation) == 0
            assert verified(lab, nation)["verified"] is True


def test_a_key_is_renewed_and_another_revoked_while_nodes_run() -> None:
    asyncio.run(renewed_and_revoked())
