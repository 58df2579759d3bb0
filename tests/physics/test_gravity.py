"""Oracle: normal gravity of WGS 84 (NGA.STND.0036, 4.4)."""

import numpy as np
import pytest

from bongsu.physics.frames import EARTH_ROTATION_RADPS
from bongsu.physics.geodesy import EQUATORIAL_RADIUS_M, POLAR_RADIUS_M
from bongsu.physics.gravity import MU_M3PS2, gravity_gradient_j2_ps2, gravity_j2_mps2


def test_weight_at_the_equator_is_normal_gravity() -> None:
    pull = -gravity_j2_mps2([EQUATORIAL_RADIUS_M, 0.0, 0.0])[0]
    # 9.7803253359 m/s^2; the harmonics above J2 that are left out come to 2e-5.
    assert pull - EARTH_ROTATION_RADPS**2 * EQUATORIAL_RADIUS_M == pytest.approx(
        9.7803253359, abs=5e-5
    )


def test_weight_at_the_pole_is_normal_gravity() -> None:
    pull = -gravity_j2_mps2([0.0, 0.0, POLAR_RADIUS_M])[2]
    assert pull == pytest.approx(9.8321849379, abs=2e-4)  # J4 and above come to 1e-4 here


def test_far_away_only_the_central_term_is_left() -> None:
    far = np.array([1e9, -2e9, 2e9])
    np.testing.assert_allclose(gravity_j2_mps2(far), -MU_M3PS2 * far / 3e9**3, rtol=1e-7)


def test_the_gradient_is_the_slope_of_gravity() -> None:
    position = np.array([[3e6, -4e6, 5e6], [6e6, 1e6, -4e6], [0.0, 7e6, 0.0]])
    gradient = gravity_gradient_j2_ps2(position)
    for axis, step in enumerate(10.0 * np.eye(3)):
        slope = (gravity_j2_mps2(position + step) - gravity_j2_mps2(position - step)) / 20.0
        np.testing.assert_allclose(gradient[..., axis], slope, atol=1e-15)


def test_many_positions_at_once_are_the_same_as_one_by_one() -> None:
    position = np.random.default_rng(2).normal(size=(4, 5, 3)) * 7e6
    together = gravity_j2_mps2(position)
    assert together.shape == (4, 5, 3)
    np.testing.assert_array_equal(together[2, 3], gravity_j2_mps2(position[2, 3]))
