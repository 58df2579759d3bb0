import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from tests.tracking.made_up_arcs import SITE, World, arcs

from bongsu.main.commands.track import THREAD_LIMITS, track
from bongsu.main.program import bongsu
from bongsu.physics.frames import ecef_to_enu
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor_tables import table_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "peers" / "tracker" / "scenario.py"


def recording(folder: Path, *, scans: int = 16, truth: bool = True) -> str:
    """Four made-up objects over a made-up radar, written down as NPZ."""
    world, plots, numbers, places = World(arcs(4)), [], [], []
    for scan in range(scans):
        seen = np.array(world.look().measurements)
        plots.append(seen)
        numbers.append(np.full(len(seen), scan))
        places.append(
            ecef_to_enu(world.states[:, :3], SITE.latitude_rad, SITE.longitude_rad, SITE.height_m)
        )
        world.move(1.0)
    path = folder / "plots.npz"
    arrays = {
        "det": np.concatenate(plots),
        "det_scan": np.concatenate(numbers),
        "sigma": np.array(SITE.sigmas),
        "radar_llh": np.array([SITE.latitude_rad, SITE.longitude_rad, SITE.height_m]),
        "dt": np.array(1.0),
        "truth_enu": np.array(places),
    }
    if not truth:
        del arrays["truth_enu"]
    np.savez(path, allow_pickle=False, **arrays)
    return str(path)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(track, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(autouse=True)
def _threads_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THREAD_LIMITS:
        monkeypatch.setenv(name, "1")


def test_tracks_come_out_as_json_scan_by_scan(tmp_path: Path) -> None:
    answer = json.loads(run(recording(tmp_path), "--json"))
    assert [scan["scan"] for scan in answer["scans"]] == list(range(16))
    last = answer["scans"][-1]["tracks"]
    assert len(last) == 4
    assert set(last[0]) == {"id", "position_enu_m", "status"}
    assert {one["status"] for one in last} <= {"observed", "predicted, not observed"}
    summary = answer["summary"]
    assert summary["detections_per_cpu_s"] > 0.0
    assert summary["worst_scan_ms"] > 0.0
    assert 0.0 < summary["gospa_m"] < 3_000.0
    assert (summary["missed"], summary["false"]) == (0.0, 0.0)


def test_the_truth_never_reaches_the_tracker(tmp_path: Path) -> None:
    known = json.loads(run(recording(tmp_path), "--json"))
    blind = json.loads(run(recording(tmp_path, truth=False), "--json"))
    assert blind["scans"] == known["scans"]
    assert blind["summary"]["gospa_m"] is None


def test_without_json_a_person_reads_a_table_and_a_summary(tmp_path: Path) -> None:
    output = run(recording(tmp_path))
    assert "Tracks after scan 15" in output
    assert "REPLAY/T0001" in output
    assert "plots per CPU second" in output
    assert "GOSPA" in output


def test_an_empty_recording_is_no_mistake(tmp_path: Path) -> None:
    path = recording(tmp_path, scans=1)
    with np.load(path) as archive:
        content = {name: archive[name] for name in archive.files}
    content["det"], content["det_scan"] = np.zeros((0, 3)), np.zeros(0, dtype=int)
    np.savez(path, allow_pickle=False, **content)
    assert "0 plots in 0 scans" in run(path)
    assert json.loads(run(path, "--json"))["scans"] == []


@pytest.mark.processes
def test_a_bad_file_is_one_clear_line_and_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(b"PK\x03\x04 nonsense")
    finished = subprocess.run(
        (sys.executable, "-m", "bongsu", "track", str(path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert len(finished.stderr.splitlines()) == 1
    assert str(path) in finished.stderr


def test_help_has_examples_and_names_the_arrays() -> None:
    result = CliRunner().invoke(bongsu, ["track", "--help"])
    assert "bongsu track plots.npz --json" in result.output
    assert all(name in result.output for name in ("det_scan", "sigma", "radar_llh", "dt"))


def shared_scenario() -> ModuleType:
    if not SHARED.is_file():
        pytest.skip("../shared/peers/tracker/scenario.py is not there")
    spec = importlib.util.spec_from_file_location("shared_scenario", SHARED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("figures", "at_most_m", "most_false"),
    [
        ({"n": 50, "scans": 30}, 5_040.0, 0.0),
        ({"n": 50, "scans": 30, "clutter": 300.0, "spread": 20e3}, 5_650.0, 0.1),
    ],
)
def test_recordings_of_the_shared_scenario_are_tracked_near_the_limit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    figures: dict[str, float],
    at_most_m: float,
    most_false: float,
) -> None:
    """Perfect association reaches 4,939 m and 4,919 m on these arrays."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "shared.npz"
    np.savez(path, **shared_scenario().make(**figures))
    summary = json.loads(run(str(path), "--json"))["summary"]
    assert summary["gospa_m"] < at_most_m
    assert summary["false"] <= most_false


def columns_of(path: str, folder: Path) -> Path:
    """The archive of one radar, written down again as JSON lines of the shared schema."""
    with np.load(path) as archive:
        plots, scans = archive["det"], archive["det_scan"]
    lines = [json.dumps({"sensors": [msgspec.to_builtins(table_of(SITE))]})]
    for scan in range(int(scans.max()) + 1):
        stated = {"sensor_id": SITE.sensor_id, "observed_utc_ns": scan * 1_000_000_000}
        names = ("range_m", "azimuth_rad", "elevation_rad")
        seen = [dict(zip(names, plot, strict=True)) for plot in plots[scans == scan].tolist()]
        lines += [json.dumps(stated | one) for one in seen or [{}]]
    written = folder / "plots.jsonl"
    written.write_text("\n".join(lines))
    return written


def test_the_same_plots_give_the_same_tracks_in_either_schema(tmp_path: Path) -> None:
    archive = recording(tmp_path, truth=False)
    one = json.loads(run(archive, "--json"))["scans"]
    other = json.loads(run(str(columns_of(archive, tmp_path)), "--json"))["scans"]
    assert [len(scan["tracks"]) for scan in one] == [len(scan["tracks"]) for scan in other]
    for first, second in zip(one[-1]["tracks"], other[-1]["tracks"], strict=True):
        apart = np.subtract(first["position_enu_m"], second["position_enu_m"])
        assert np.abs(apart).max() < 1.0  # sites differ by the clutter that only one form states


def test_refused_plots_are_listed_with_their_reason(tmp_path: Path) -> None:
    path = columns_of(recording(tmp_path), tmp_path)
    wrong = {"sensor_id": SITE.sensor_id, "azimuth_rad": 1.0, "elevation_rad": 0.3}
    with path.open("a") as file:
        for range_m, second in ((-5e5, 16), (None, 17), (5e5, 36_000), (5e5, 18)):
            row = wrong | {"observed_utc_ns": second * 1_000_000_000}
            file.write("\n" + json.dumps(row if range_m is None else row | {"range_m": range_m}))
    summary = json.loads(run(str(path), "--json"))["summary"]
    assert summary["refused"] == {"not finite, out of range or below the horizon": 2}
    assert summary["quarantined_plots"] == 1
    output = run(str(path))
    assert "refused: 2 not finite, out of range or below the horizon" in output
    assert "quarantined: 1 from the future" in output


def test_tracks_go_out_in_every_format_at_once(tmp_path: Path) -> None:
    names = [tmp_path / f"tracks.{ending}" for ending in ("jsonl", "geojson", "czml", "cot")]
    wanted = [word for name in names for word in ("--out", str(name))]
    run(recording(tmp_path, scans=20), *wanted, "--every", "5")
    lines = [json.loads(line) for line in names[0].read_text().splitlines()]
    assert sorted({line["at"] // 10**9 for line in lines}) == [5, 10, 15, 19]
    assert len(json.loads(names[1].read_text())["features"]) >= 4
    assert len(json.loads(names[2].read_text())) >= 5
    assert names[3].read_bytes()[0] == 0xBF


def test_a_name_that_is_no_format_is_refused_before_anything_runs(tmp_path: Path) -> None:
    result = CliRunner().invoke(track, [str(tmp_path / "missing"), "--out", "tracks.kml"])
    assert isinstance(result.exception, LocalMisuse)
    assert ".jsonl, .geojson, .czml, .cot" in result.exception.remedy


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "tracks.jsonl")
    result = CliRunner().invoke(track, [recording(tmp_path, scans=3), "--out", nowhere])
    assert isinstance(result.exception, LocalMisuse)
    assert nowhere in result.exception.what
