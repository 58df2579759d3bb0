"""The tracker as a library: its documents run, its notebook runs, its reference is complete."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pdoc
import pytest
from bench.lab_radar import TABLE
from nbclient import NotebookClient

import bongsu.tracking
from bongsu.tracking import LocalMisuse, Refusal, Tracker, plot_batch, sensor_site

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "docs" / "library.md"
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"


def examples() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", LIBRARY.read_text(), flags=re.M | re.S)


def run(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = folder / "example.py"
    script.write_text(text)
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(script))


def test_the_first_example_goes_from_plots_to_impact_ellipses_in_ten_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = examples()[0]
    assert len([line for line in text.splitlines() if line.strip()]) <= 10
    run(text, tmp_path, monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["LAB/T0001", "LAB/T0002"]
    for line in lines:
        figures = re.search(r"latitude_rad=([\d.]+), longitude_rad=([\d.]+)", line)
        assert figures is not None
        # The flight was flown to fall at 0.6200, 3.1075: a degree is 0.0175.
        assert float(figures[1]) == pytest.approx(0.620, abs=0.004)
        assert float(figures[2]) == pytest.approx(3.107, abs=0.004)
        assert "probability=0.95" in line


def test_the_second_example_refuses_what_is_no_number_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(examples()[1], tmp_path, monkeypatch)
    assert "IMPOSSIBLE" in capsys.readouterr().out


def test_the_third_example_puts_tracks_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(examples()[2], tmp_path, monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert [line.count("None") for line in lines] == [1] * 4
    assert sum("it may be of XB-1/T0001 or XB-1/T0002" in line for line in lines) == 2
    assert len(examples()) == 3


def test_a_picture_at_the_end_alone_knows_less_of_the_launch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times less, as the document states."""
    monkeypatch.chdir(ROOT)
    lengths_m = []
    for text in (examples()[0], examples()[0].replace("    picture =", "picture =")):
        script = tmp_path / "example.py"
        script.write_text(text)
        picture = runpy.run_path(str(script))["picture"]
        lengths_m.append(picture.tracks[0].launch.ellipse.semi_major_m)
    assert lengths_m[1] > 10.0 * lengths_m[0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"latitude_deg": 450.0}, "latitude_deg"),
        ({"sigma_range_m": float("nan")}, "sigma_range_m"),
        ({"maximum_range_m": 2e6}, "maximum_range_m"),
        ({"kind": "sonar"}, "sonar"),
        ({"id": "lower"}, "id"),
    ],
)
def test_a_wrong_table_of_a_sensor_is_named_by_its_field(
    changed: dict[str, object], words: str
) -> None:
    with pytest.raises(LocalMisuse, match=words):
        sensor_site(TABLE | changed)


def test_plots_of_another_shape_are_refused_and_none_at_all_are_a_scan() -> None:
    site = sensor_site(TABLE)
    for wrong in ([1.0, 2.0, 3.0], [[1.0, 2.0]], np.zeros((2, 3, 1))):
        with pytest.raises(LocalMisuse, match="shape"):
            plot_batch(site, wrong, sequence=1, observed_at=bongsu.tracking.UtcNs(0))
    empty = plot_batch(site, [], sequence=1, observed_at=bongsu.tracking.UtcNs(0))
    tracker = Tracker([site], name="LAB")
    tracker.process(empty, now=empty.observed_at)
    tracker.process(empty, now=empty.observed_at)
    assert empty.measurements == ()
    assert tracker.refused == {}
    again = plot_batch(site, [[5e5, 0.1, 0.2]], sequence=1, observed_at=empty.observed_at)
    tracker.process(again, now=empty.observed_at)
    assert tracker.refused == {Refusal.SEEN_BEFORE: 1}


def test_every_public_name_is_documented_in_the_reference(tmp_path: Path) -> None:
    pdoc.pdoc("bongsu.tracking", "!bongsu.tracking.", output_directory=tmp_path)
    page = (tmp_path / "bongsu" / "tracking.html").read_text()
    for name in bongsu.tracking.__all__:
        assert f'id="{name}"' in page
        assert getattr(bongsu.tracking, name).__doc__
    for method in ("process", "picture", "look_ahead", "confirmed", "track_id", "refused"):
        assert f'id="Tracker.{method}"' in page


def loaded_by(code: str) -> set[str]:
    """The top packages that a Python of its own has loaded after that code."""
    listed = f"{code}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    command = (sys.executable, "-c", listed)
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_library_loads_nothing_of_a_node() -> None:
    """Beyond what any Python has here: a measurement of coverage loads things of its own."""
    loaded = loaded_by("import bongsu.tracking") - loaded_by("pass")
    assert "numpy" in loaded
    node = {"asyncio", "cryptography", "zenoh", "sqlite3", "rich", "click", "scipy"}
    assert loaded & node == set()


@pytest.mark.processes
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_tutorial_runs_from_its_first_cell_to_its_last() -> None:
    notebook = nbformat.reads(NOTEBOOK.read_text(), as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": NOTEBOOK.parent}}
    ).execute()
    shown = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    assert sum("image/png" in output.get("data", {}) for output in shown) >= 3
    assert not [output for output in shown if output.output_type == "error"]
