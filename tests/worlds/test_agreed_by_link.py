"""Real nodes that share nothing agree on a guideline by command, then share by it at once."""

import asyncio
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from bench.lab import Lab, played_tracker, running_lab
from bench.made_tracks import made_track
from click.testing import CliRunner
from tests.worlds.running_nations import WITHIN_S, end, opened_log, shown, start, verified

from bongsu.adapters.system_clock import SystemClock
from bongsu.main.program import bongsu
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NationId

pytestmark = pytest.mark.processes

TWO = ("KR", "US")
GUIDELINE = """
id = "TWO"
version = 1
realm = "exercise"
parties = ["KR", "US"]
valid_from = 2022-01-01T00:00:00Z

[fields]
launch_warning = [
    "warning_id", "version", "action", "node", "nation", "stated_at", "launch_cell_20km",
]

[[rules]]
name = "warnings of Korea to the United States, coarsely"
kind = "launch_warning"
originators = ["KR"]
readers = ["US"]
withhold = []
delay_s = 0
onward = false
"""

REPORT = """
kind = "intelligence_report"
report_id = "R1"
action = "filed"
observed_from = 2026-01-01T00:00:00Z
observed_to = 2026-01-01T01:00:00Z
source_kind = "open sources"
confidence = "low"
above_line = "The whole."
below_line = "The substance."
derived_from = []
"""


async def command(*arguments: str) -> str:
    """What a command prints; it asks a running node, and this loop reads that node's journal."""
    result = await asyncio.to_thread(CliRunner().invoke, bongsu, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def config(lab: Lab, nation: str) -> tuple[str, str]:
    return ("--config", str(lab.nations[NationId(nation)].node_file))


async def signed(lab: Lab, nation: str) -> None:
    """An officer fetches what lies at the node, signs it where the key is, and submits that."""
    text, folder = lab.folder / f"{nation}.toml", lab.folder / f"signed-by-{nation}"
    await command("guideline", "fetch", "TWO", "1", *config(lab, nation), "--out", str(text))
    assert text.read_text() == GUIDELINE
    officer = f"{nation}-OFFICER-1"
    keys = lab.folder / "keys" / nation / "officers" / officer
    await command(
        "guideline",
        "sign",
        str(text),
        "--officer",
        officer,
        "--keys",
        str(keys),
        "--out",
        str(folder),
    )
    await command("guideline", "submit", str(folder), *config(lab, nation))


async def previewed_for_america(lab: Lab, record_id: str) -> dict[str, Any]:
    said = json.loads(await command("release", "preview", record_id, "--json", *config(lab, "KR")))
    [america] = [one for one in said["readers"] if one["reader"] == "US-1"]
    assert isinstance(america, dict)
    return america


async def looked_at(lab: Lab, record_id: str) -> None:
    """The warning as each side sees it, and what its preview says."""
    shown_here = await command("record", "show", record_id[:12], *config(lab, "US"))
    assert "verifies: signed by KR-1" in shown_here
    assert "Withheld from us: track_id" in shown_here
    previewed = await command("release", "preview", record_id, *config(lab, "KR"))
    assert "US-1" in previewed
    assert "US-1 gets: action, launch_cell_20km" in previewed
    assert "Nobody may pass it on." in previewed
    async with asyncio.timeout(WITHIN_S):  # its receipt comes after it is shown over there
        while not (america := await previewed_for_america(lab, record_id))["acknowledged"]:
            continue
    assert america["fields"] == sorted(warning_fields())


async def filed(lab: Lab) -> None:
    """A report that no rule speaks of is stated and goes to nobody."""
    report = lab.folder / "report.toml"
    report.write_text(REPORT)
    previewed = await command("release", "preview", str(report), *config(lab, "KR"))
    assert "US-1 gets nothing: no rule lets US see intelligence_report of KR." in previewed
    stated = json.loads(
        await command("record", "state", str(report), "--yes", "--json", *config(lab, "KR"))
    )
    shown_here = await command("record", "show", stated["record_id"], *config(lab, "KR"))
    assert "KR-1/R1" in shown_here
    assert "version 1 filed of KR-1" in shown_here


def warning_fields() -> list[str]:
    fields = tomllib.loads(GUIDELINE)["fields"]["launch_warning"]
    assert isinstance(fields, list)
    return fields


def kinds_at(lab: Lab, nation: str) -> set[str]:
    """Kinds of partners' records in a node's log."""
    with opened_log(lab, nation) as log:
        return {kind.value for kind in RecordKind if any(log.records(kind=kind.value, own=False))}


async def agreed_and_shared() -> None:
    async with running_lab(TWO, guideline=False) as lab, played_tracker(lab, "KR") as tracker:
        clock = SystemClock()
        first = made_track(0, at=clock.utc(), emitted_at=clock.monotonic())
        tracker.send([first], at=clock.utc())
        await lab.until(lambda _: lab.of_event("own_warning", "KR"), within_s=WITHIN_S)
        draft = lab.folder / "two.toml"
        Path(draft).write_text(GUIDELINE)
        await command("guideline", "propose", str(draft), *config(lab, "KR"))
        await lab.until(lambda _: lab.of_event("guideline_proposed", "US"), within_s=WITHIN_S)
        assert kinds_at(lab, "US") == {"guideline_draft"}
        await signed(lab, "US")
        await lab.until(lambda _: lab.of_event("guideline_signed", "KR"), within_s=WITHIN_S)
        await signed(lab, "KR")
        for nation in TWO:
            await lab.until(
                lambda _, nation=nation: lab.of_event("guideline_in_force", nation),
                within_s=WITHIN_S,
            )
            inbox = json.loads(await command("guideline", "inbox", "--json", *config(lab, nation)))
            assert [one["state"] for one in inbox["guidelines"]] == ["in force"]
        assert kinds_at(lab, "US") == {"guideline_draft", "guideline_signature"}

        second = made_track(1, at=clock.utc(), emitted_at=clock.monotonic())
        tracker.send([first, second], at=clock.utc())
        await shown(lab, "US", 1)
        [line] = lab.of_event("partner_warning", "US")
        warning = line["warning"]
        assert isinstance(warning, dict)
        assert "launch" in warning["withheld"]
        await looked_at(lab, str(line["record_id"]))
        await filed(lab)
        await end(lab, "US")
        await start(lab, "US")
        assert lab.of_event("node_started", "US")[-1]["guideline"] is True
        for nation in TWO:
            assert await end(lab, nation) == 0
            assert verified(lab, nation)["verified"] is True


def test_two_nations_agree_by_link_and_before_that_nothing_else_crosses() -> None:
    asyncio.run(agreed_and_shared())
