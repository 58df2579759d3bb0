"""docs/running.md: its files are configuration files, its steps make a federation that starts."""

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from bongsu.adapters.stores.sqlite_store import SqliteStore
from bongsu.main.demo.federation_keys import demo_guideline
from bongsu.main.node_process import compose
from bongsu.main.program import bongsu
from bongsu.main.settings import (
    NodeSettings,
    ProcessTable,
    SensorSettings,
    TrackerSettings,
    clock_of,
    read_settings,
)
from bongsu.vocabulary.sensor_tables import InfraredTable, RadarTable

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
FORMS: dict[str, type[ProcessTable]] = {
    "kr/node.toml": NodeSettings,
    "us/node.toml": NodeSettings,
    "jp/node.toml": NodeSettings,
    "kr/tracker.toml": TrackerSettings,
    "kr/kr-radar-1.toml": SensorSettings,
}
NATIONS = ("KR", "US", "JP")
TABLES: tuple[type[msgspec.Struct], ...] = (
    NodeSettings,
    TrackerSettings,
    SensorSettings,
    RadarTable,
    InfraredTable,
)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The folder that the page describes."""

    folder: Path

    def settings_file(self, name: str) -> Path:
        return self.folder / name


def documented_files() -> dict[str, str]:
    blocks = re.findall(r"```toml\n# (\S+)\n(.*?)```", DOCUMENT, flags=re.S)
    assert len(blocks) == DOCUMENT.count("```toml"), "a block without its file name"
    return dict(blocks)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Rehearsal:
    for name, text in documented_files().items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Rehearsal(tmp_path)


def run_keys(*arguments: str) -> None:
    run_bongsu("keys", *arguments)


def run_bongsu(*arguments: str) -> None:
    result = CliRunner().invoke(bongsu, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def follow_the_steps() -> None:
    """Steps 1 to 3 of the page, in the current folder."""
    Path("guideline.toml").write_bytes(demo_guideline())
    [signing] = re.findall(r"^    bongsu (guideline sign .*)$", DOCUMENT, flags=re.M)
    for nation in NATIONS:
        sensors = ("--sensor", "KR-RADAR-1") if nation == "KR" else ()
        run_keys("init", "--nation", nation, *sensors, "--out", f"keys/{nation}")
        run_bongsu(*signing.replace("KR", nation).split())
    signed = sorted(Path().glob("signed-by-*/guideline.signatures"))
    for nation in NATIONS:
        others = [f"keys/{other}/public" for other in NATIONS if other != nation]
        run_keys("trust", "--nation", nation, "--keys", f"keys/{nation}", *others)
        trust = Path("keys") / nation / "trust"
        (trust / "guideline.toml").write_bytes(Path("guideline.toml").read_bytes())
        (trust / "guideline.signatures").write_bytes(b"".join(path.read_bytes() for path in signed))


def test_every_block_is_a_configuration_file_that_is_read(rehearsal: Rehearsal) -> None:
    assert documented_files().keys() == FORMS.keys()
    for name, form in FORMS.items():
        settings = read_settings(rehearsal.settings_file(name), form)
        assert settings.clock is not None


def test_all_processes_of_the_page_agree_on_the_scenario_clock(rehearsal: Rehearsal) -> None:
    clocks = {
        read_settings(rehearsal.settings_file(name), form).clock for name, form in FORMS.items()
    }
    assert len(clocks) == 1


def test_the_sockets_and_links_of_the_page_meet(rehearsal: Rehearsal) -> None:
    tracker = read_settings(rehearsal.settings_file("kr/tracker.toml"), TrackerSettings)
    sensor = read_settings(rehearsal.settings_file("kr/kr-radar-1.toml"), SensorSettings)
    nodes = {
        nation: read_settings(rehearsal.settings_file(f"{nation.lower()}/node.toml"), NodeSettings)
        for nation in NATIONS
    }
    assert sensor.tracker == tracker.listen
    assert tracker.node == nodes["KR"].tracker
    listening = {endpoint for node in nodes.values() for endpoint in node.engine.listen}
    called = {
        endpoint
        for node in nodes.values()
        for partner in node.partners
        for endpoint in partner.connect
    }
    assert called <= listening
    for node in nodes.values():
        others = {other.id for other in nodes.values()} - {node.id}
        assert {partner.id for partner in node.partners} == others


def test_the_steps_of_the_page_make_nodes_with_a_guideline_in_force(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rehearsal.folder)
    follow_the_steps()
    for nation in NATIONS:
        path = Path(nation.lower()) / "node.toml"
        services = compose(path, read_settings(path, NodeSettings))
        try:
            in_force = services.agreements.in_force()
            assert in_force is not None
            assert len(in_force.officers) == len(NATIONS)
            assert isinstance(services.store, SqliteStore)
        finally:
            services.store.close()


def test_a_configuration_may_leave_the_scenario_clock_out(rehearsal: Rehearsal) -> None:
    path = rehearsal.settings_file("us/node.toml")
    path.write_text(path.read_text().partition("[clock]")[0])
    assert clock_of(read_settings(path, NodeSettings)).speed == 1.0


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_field_of_a_configuration_file_is_on_the_page(table: type[msgspec.Struct]) -> None:
    with_defaults = {"latitude_deg", "height_km"} if table is InfraredTable else set()
    for field in set(table.__struct_fields__) - with_defaults:
        written = rf"^(#\s+)?\[*{field}\b"
        assert re.search(written, DOCUMENT, flags=re.M), field


def test_every_event_of_the_log_stands_in_the_table() -> None:
    sources = [*(ROOT / "src/bongsu/node").rglob("*.py"), *(ROOT / "src/bongsu/main").glob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    written = set(re.findall(r"(?:journal\.write|_journal)\(\s*\"([a-z_]+)\"", code))
    rows = "\n".join(re.findall(r"^\| `.*$", DOCUMENT, flags=re.M))
    assert len(written) > 10
    assert {event for event in written if f"`{event}`" not in rows} == set()
