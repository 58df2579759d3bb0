"""A window says of offsets what least squares over motion and offsets together would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tracking.fusion.made_up_nations import KOREA, STATES

from bongsu.tracking.registration.bias_window import BiasInformation, BiasWindow
from bongsu.tracking.registration.sensing import sensed

FIRST, SECOND = sensed((KOREA, STATES))
PLOTS = 8


def filled(rng: np.random.Generator, *, is_powered: bool = False) -> tuple[BiasWindow, np.ndarray]:
    """A window of random looks of two radars, and the design of all its plots."""
    window = BiasWindow(1, opened_ns=0, is_powered=is_powered)
    rows = []
    for plot in range(2 * PLOTS):
        one = (FIRST, SECOND)[plot % 2]
        jacobian = rng.standard_normal((3, 3)) * one.sigma[:, None] / 100.0
        basis = np.concatenate([np.eye(3), plot * np.eye(3)], axis=1)
        residual = one.sigma * rng.standard_normal(3)
        window.take(one, residual, jacobian, basis, after_s=float(plot))
        pushed = [plot**2 / 2.0 * np.eye(3), plot**3 / 6.0 * np.eye(3)] if is_powered else []
        motion = jacobian @ np.concatenate([basis, *pushed], axis=1)
        offsets = np.zeros((3, 6))
        offsets[:, one.offsets] = np.eye(3)
        scale = 1.0 / one.sigma[:, None]
        rows.append(np.concatenate([motion, offsets, residual[:, None]], axis=1) * scale)
    return window, np.concatenate(rows)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_it_is_the_schur_complement_of_the_whole_least_squares(seed: int, powered: bool) -> None:
    window, design = filled(np.random.default_rng(seed), is_powered=powered)
    told = window.told()
    assert told is not None
    assert told.places.tolist() == list(range(6))
    unknowns = design.shape[1] - 7
    motion, offsets, residual = np.split(design, [unknowns, unknowns + 6], axis=1)
    # Least squares by another way: take off what any motion explains (QR), then what is left.
    scaled = motion / np.linalg.norm(motion, axis=0)
    basis, _ = np.linalg.qr(scaled)
    left, seen = offsets - basis @ (basis.T @ offsets), residual - basis @ (basis.T @ residual)
    scale = np.concatenate([FIRST.sigma, SECOND.sigma])
    assert told.information * np.outer(scale, scale) == pytest.approx(
        (left.T @ left) * np.outer(scale, scale), abs=1e-5
    )
    assert told.vector * scale == pytest.approx((left.T @ seen)[:, 0] * scale, abs=1e-5)
    best, *_ = np.linalg.lstsq(left * scale, seen, rcond=1e-6)
    misfit = float(np.sum((seen - left * scale @ best) ** 2))
    assert told.misfit == pytest.approx(misfit, abs=1e-3)


def test_one_radar_alone_says_nothing_and_few_plots_say_nothing() -> None:
    rng = np.random.default_rng(1)
    window = BiasWindow(1, opened_ns=0, is_powered=False)
    basis = np.concatenate([np.eye(3), np.zeros((3, 3))], axis=1)
    for _ in range(PLOTS):
        window.take(FIRST, rng.standard_normal(3), np.eye(3), basis, after_s=0.0)
    assert window.told() is None
    for _ in range(2):
        window.take(SECOND, rng.standard_normal(3), np.eye(3), basis, after_s=0.0)
    assert window.told() is None


def test_plots_that_leave_the_motion_open_say_nothing() -> None:
    window = BiasWindow(1, opened_ns=0, is_powered=False)
    basis = np.concatenate([np.eye(3), np.zeros((3, 3))], axis=1)  # one instant: no speed
    for plot in range(2 * PLOTS):
        window.take((FIRST, SECOND)[plot % 2], np.zeros(3), np.eye(3), basis, after_s=0.0)
    assert window.told() is None


@pytest.mark.parametrize(("misfit", "fits"), [(20.0, True), (46.0, False)])
def test_what_no_motion_and_no_offsets_explain_is_not_believed(misfit: float, fits: bool) -> None:
    told = BiasInformation(np.arange(6), np.eye(6), np.zeros(6), misfit=misfit, freedom=20)
    assert told.fits is fits  # 99.9 % of chi-square with 20 degrees of freedom is 45.3
    assert not told._replace(freedom=0).fits
