import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bongsu.adapters.plots import npz as plots_npz
from bongsu.adapters.plots.npz import read_plots_npz
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm

DETECTIONS = np.array([[5e5, 1.0, 0.3], [6e5, 1.1, 0.4], [7e5, 1.2, 0.5]])


def content(**changed: Any) -> dict[str, Any]:
    arrays: dict[str, Any] = {
        "det": DETECTIONS,
        "det_scan": np.array([2, 0, 2]),
        "sigma": np.array([30.0, 1e-3, 1e-3]),
        "radar_llh": np.array([0.87, 0.17, 200.0]),
        "dt": 2.0,
    }
    arrays.update(changed)
    return {name: value for name, value in arrays.items() if value is not None}


def written(folder: Path, **changed: Any) -> Path:
    path = folder / "plots.npz"
    np.savez(path, **content(**changed))
    return path


def test_a_recording_comes_out_scan_by_scan(tmp_path: Path) -> None:
    recorded = read_plots_npz(written(tmp_path), detection_probability=0.8)
    batches = [recorded.batch(scan) for scan in range(len(recorded))]
    assert [batch.sequence for batch in batches] == [1, 2, 3]
    assert [batch.observed_at for batch in batches] == [0, 2_000_000_000, 4_000_000_000]
    assert [len(batch.measurements) for batch in batches] == [1, 0, 2]
    assert batches[2].measurements == (tuple(DETECTIONS[0]), tuple(DETECTIONS[2]))
    assert {batch.realm for batch in batches} == {Realm.EXERCISE}
    assert recorded.sensors[0].sigmas == (30.0, 1e-3, 1e-3)
    assert recorded.sensors[0].detection_probability == 0.8
    assert recorded.truth_enu_m is None


def test_the_truth_is_kept_apart_from_the_plots(tmp_path: Path) -> None:
    truth = np.zeros((3, 4, 3))
    path = written(tmp_path, truth_enu=truth)
    with_truth = read_plots_npz(path, detection_probability=0.9)
    assert with_truth.truth_enu_m is not None
    assert with_truth.truth_enu_m.shape == (3, 4, 3)


def test_a_recording_without_plots_has_no_scans(tmp_path: Path) -> None:
    path = written(tmp_path, det=np.zeros((0, 3)), det_scan=np.zeros(0, dtype=int))
    assert read_plots_npz(path, detection_probability=0.9).observed_ns.tolist() == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"det": None}, "has no array det"),
        ({"det": np.zeros((3, 2))}, r"det of shape \(3, 2\)"),
        ({"det": np.array([["far", "left", "up"]] * 3)}, "not of numbers"),
        ({"det": np.array([[object()] * 3] * 3, dtype=object)}, "cannot be read"),
        ({"det_scan": np.array([0, 1])}, "det_scan of shape"),
        ({"det_scan": np.array([0.0, 0.5, 1.0])}, "no whole number"),
        ({"det_scan": np.array([0, -1, 1])}, "no whole number"),
        ({"det_scan": np.array([0, 10**9, 1])}, "no whole number"),
        ({"det_scan": np.array([0.0, np.nan, 1.0])}, "no whole number"),
        ({"sigma": np.array([30.0, 0.0, 1e-3])}, "sigma"),
        ({"sigma": np.array([30.0, np.inf, 1e-3])}, "sigma"),
        ({"radar_llh": np.array([50.0, 10.0, 200.0])}, "not latitude and longitude in rad"),
        ({"radar_llh": np.array([np.nan, 0.1, 200.0])}, "not latitude and longitude in rad"),
        ({"dt": 0.0}, "dt 0"),
        ({"dt": np.nan}, "dt nan"),
        ({"dt": np.array([1.0, 2.0])}, "dt of shape"),
        ({"truth_enu": np.zeros((3, 4))}, "truth_enu of shape"),
    ],
)
def test_a_wrong_array_is_named_with_what_is_wrong(
    tmp_path: Path, changed: dict[str, Any], words: str
) -> None:
    path = written(tmp_path, **changed)
    with pytest.raises(LocalMisuse, match=words) as refused:
        read_plots_npz(path, detection_probability=0.9)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.npz"
    text.write_text("not an archive")
    single = tmp_path / "single.npy"
    np.save(single, DETECTIONS)
    for path in (text, single, tmp_path, tmp_path / "missing.npz"):
        with pytest.raises(LocalMisuse):
            read_plots_npz(path, detection_probability=0.9)


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path).read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 5):
        path = tmp_path / "cut.npz"
        path.write_bytes(whole[:cut])
        with pytest.raises(LocalMisuse):
            read_plots_npz(path, detection_probability=0.9)


def test_an_archive_that_would_fill_the_memory_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots_npz, "MAXIMUM_ARRAY_BYTES", 1_000)
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("det.npy", bytes(2_000))
    with pytest.raises(LocalMisuse, match=r"det.npy of 2,000 bytes"):
        read_plots_npz(path, detection_probability=0.9)
