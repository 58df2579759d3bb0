"""Tracks are moved as if their plots had been right from the start."""

import numpy as np
import pytest
from tests.tracking.fusion.made_up_nations import KOREA
from tests.tracking.registration.made_up_biases import OFFSETS, THREE, watched

SMALL = OFFSETS / 10.0  # so that nothing is significant, and nothing is gated out


@pytest.mark.parametrize("seed", range(3))
def test_taking_offsets_off_afterwards_is_taking_them_off_every_plot(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bongsu.tracking.registration.registration.MAXIMUM_WINDOWS", 0)
    right, _ = watched({}, seed=seed, scans=40)
    off, _ = watched({KOREA.sensor_id: SMALL}, seed=seed, scans=40)
    change = np.zeros(3 * len(THREE))
    change[:3] = SMALL
    before = np.abs(off.confirmed().state - right.confirmed().state)
    off._registration._effects.correct(off._rows, change)
    after = np.abs(off.confirmed().state - right.confirmed().state)
    assert before[:, :3].max() > 10.0
    # But for the first plots, before the track was confirmed, and motion in straight lines.
    assert after[:, :3].max() < 0.02 * before[:, :3].max()
    assert after[:, 3:].max() < 0.05 * before[:, 3:].max()


def test_what_is_stated_is_widened_only_while_something_is_taken_out() -> None:
    tracker, _ = watched({}, scans=100)
    widened = tracker.confirmed().covariance
    rows = tracker._rows[tracker._rows["number"] > 0]
    assert np.array_equal(widened, rows["covariance"])
    biased, _ = watched({KOREA.sensor_id: OFFSETS}, scans=100)
    rows = biased._rows[biased._rows["number"] > 0]
    wider = biased.confirmed().covariance - rows["covariance"]
    assert np.all(np.linalg.eigvalsh(wider)[:, -1] > 1.0)
    assert np.all(np.einsum("nii->n", wider) > 0.0)
