"""Two real nodes without any wire: keys, warnings and receipts go by folder, by the commands."""

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bench.lab import Lab, played_tracker, written_lab
from click.testing import CliRunner
from tests.worlds.running_nations import (
    end,
    flowing,
    opened_log,
    start,
    stated,
    stored_warnings,
    verified,
    warning_ids,
)

from bongsu.main.program import bongsu
from bongsu.main.settings import EngineTable, NodeSettings, PartnerTable, read_settings
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.units import NationId, NodeId

pytestmark = pytest.mark.processes


@dataclass(frozen=True)
class Officers:
    """The duty officers of both nodes, at their keyboards."""

    lab: Lab
    stick: Path

    async def type(self, nation: str, *words: str, code: int = 0) -> str:
        """One command at one node, which has to end with `code`."""
        config = ("--config", str(self.lab.nations[NationId(nation)].node_file))
        command = [word for one in words for word in ((*config,) if one == "@" else (one,))]
        result = await asyncio.to_thread(CliRunner().invoke, bongsu, ["carry", *command])
        if isinstance(result.exception, BongsuError):  # the program says it in one line
            assert code == 2, result.exception
            return str(result.exception)
        assert result.exit_code == code, result.output
        return str(result.output)

    async def asks(self, nation: str, *words: str, code: int = 0) -> Any:
        return json.loads(await self.type(nation, *words, "--json", code=code))

    def at(self, name: str) -> str:
        return str(self.stick / name)


def unplug(lab: Lab, nation: str, partner: str) -> None:
    """A node with one partner that no wire leads to, and a folder for single-use keys."""
    file = lab.nations[NationId(nation)].node_file
    settings = msgspec.structs.replace(
        read_settings(file, NodeSettings),
        carry="carry",
        engine=EngineTable(),
        partners=(PartnerTable(id=NodeId(partner), direct=False),),
    )
    file.write_bytes(msgspec.json.encode(settings))


def test_warnings_go_by_folder_where_there_is_no_wire_and_every_log_verifies(
    tmp_path: Path,
) -> None:
    asyncio.run(_carried(tmp_path))


async def _carried(stick: Path) -> None:
    async with written_lab() as lab:
        unplug(lab, "KR", "US-1")
        unplug(lab, "US", "KR-1")
        for nation in ("KR", "US"):
            await start(lab, nation)
        officers = Officers(lab, stick)
        async with played_tracker(lab, "KR") as tracker, flowing(lab, tracker):
            await stated(lab, "KR", 5)
            await _give_keys(officers)
            said = warning_ids(lab, "KR", "own_warning")
            await _go_there(officers)
            await stated(lab, "KR", len(said) + 5)
        await _come_back(officers)
        assert [await end(lab, nation) for nation in ("KR", "US")] == [0, 0]
        assert said <= stored_warnings(lab, "US") <= stored_warnings(lab, "KR")
        shown = lab.of_event("partner_warning", "US")
        assert len(shown) == len(warning_ids(lab, "US", "partner_warning")) >= len(said)
        for nation in ("KR", "US"):
            assert verified(lab, nation)["verified"] is True
        with opened_log(lab, "KR") as log:
            receipts = {one.feed.reader for one in log.receipts()}
        assert receipts == {"US-1"}


async def _give_keys(officers: Officers) -> None:
    seen = await officers.asks("KR", "keys", "show", "@", code=1)
    [none] = seen["partners"]
    assert (none["held"], none["why_none"]) == (0, "US-1 has given no single-use keys")
    await officers.type("US", "keys", "give", "@", "--to", "KR-1", officers.at("US-keys"))
    assert "64 frames can go to US-1" in await officers.type(
        "KR", "keys", "take", "@", officers.at("US-keys")
    )


async def _go_there(officers: Officers) -> None:
    there = officers.at("to-US")
    out = await officers.asks("KR", "export", "@", "--to", "US-1", there)
    assert out["left"] == 0
    assert out["entries"]["urgent"] >= 5
    words = await officers.type("KR", "export", "@", "--to", "US-1", there, code=2)
    assert "never overwritten" in words
    shutil.copytree(there, officers.at("kept"))
    taken = await officers.asks("US", "import", "@", there)
    assert set(taken["outcomes"]) == {"new"}
    again = await officers.type("US", "import", "@", officers.at("kept"))
    assert "EXERCISE: from KR-1, by stick to US-1" in again
    assert f"{len(taken['files'])} duplicate" in again
    assert "its key is erased" in " ".join(again.split())


async def _come_back(officers: Officers) -> None:
    back = officers.at("to-KR")
    assert "2 receipts of ours" in await officers.type("US", "export", "@", "--to", "KR-1", back)
    taken = await officers.asks("KR", "import", "@", back)
    details = [file["detail"] for file in taken["files"] if file["outcome"] == "new"]
    assert any("a receipt: US-1 has" in detail for detail in details)
