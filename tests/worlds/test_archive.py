"""Old content leaves a running node's log by the command, and everything still verifies."""

import asyncio
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from bench.lab import Lab, played_tracker, running_lab
from click.testing import CliRunner
from tests.worlds.running_nations import WITHIN_S, end, flowing, settled, shown, verified

from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.main.commands.archive import archive
from bongsu.main.commands.disk import disk
from bongsu.main.commands.links import links
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId

pytestmark = pytest.mark.processes
THREE = ("KR", "US", "JP")


def test_content_goes_into_an_archive_and_the_log_still_verifies(tmp_path: Path) -> None:
    asyncio.run(_archived(tmp_path))


async def _archived(folder: Path) -> None:
    async with running_lab(THREE) as lab:
        async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
            await shown(lab, "US", 20)
        await settled(lab)
        await _all_receipted(lab)
        for nation in ("KR", "US"):
            file = folder / f"{nation}.archive"
            arguments = ["write", "--before", "2100-01-01", "--out", str(file), "--json"]
            answer = await _run(lab, nation, archive, arguments)
            assert answer["archived"] >= answer["let_go"] > 0
            checked = await _run(lab, nation, archive, ["check", str(file), "--json"])
            assert checked == {"agree": answer["archived"], "differ": 0}
        seen = await _run(lab, "KR", disk, ["--json"])
        assert seen["bytes_used"] > 0
        # On a loaded machine a link may miss its contract; what counts here are faults.
        linked = await _run(lab, "KR", links, ["--json"], codes=(0, 1))
        assert [link["faults"] for link in linked["links"]] == [[], []]
        for nation in THREE:
            assert await end(lab, nation) == 0
        for nation in THREE:
            answer = verified(lab, nation)
            assert answer["verified"] is True, answer
        counts = verified(lab, "US")["counts"]
        assert isinstance(counts, dict)
        assert counts["let go"] > 0


async def _all_receipted(lab: Lab) -> None:
    """What no receipt on our disk covers stays: wait until one covers all that Korea sent."""
    korea = lab.nations[NationId("KR")]
    with closing(SqliteReader(korea.log_file, node=korea.node, realm=Realm.EXERCISE)) as log:
        async with asyncio.timeout(WITHIN_S):
            while not all(
                log.acknowledged(position.feed) == position.sequence
                for position in log.positions()
                if position.feed.sender == korea.node
            ):
                await asyncio.sleep(0.05)


async def _run(
    lab: Lab, nation: str, command: Any, arguments: list[str], codes: tuple[int, ...] = (0,)
) -> Any:
    config = str(lab.nations[NationId(nation)].node_file)
    whole = [*arguments, "--config", config]
    result = await asyncio.to_thread(CliRunner().invoke, command, whole, catch_exceptions=False)
    assert result.exit_code in codes, result.output
    return json.loads(result.output)
