from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tracking.made_up_boosts import CLOUDS_M, EYE, RADAR, measured

from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.tracking.infrared.measurement import (
    InfraredView,
    angles_of,
    believable_angles,
    can_see_burning,
    is_occulted,
    line_of_sight_ecef,
    points_at_height,
)
from bongsu.vocabulary.errors import LocalMisuse

VIEW = InfraredView.of(EYE)
PLACES = st.tuples(
    st.floats(-50.0, 50.0), st.floats(EYE.longitude_rad * 57.3 - 50.0, 150.0), st.floats(0.0, 4e5)
)


def place(latitude_deg: float, longitude_deg: float, height_m: float) -> np.ndarray:
    return geodetic_to_ecef(np.radians(latitude_deg), np.radians(longitude_deg), height_m)


def test_the_point_under_the_satellite_is_at_zero() -> None:
    angles, _ = angles_of(VIEW, place(0.0, 105.0, 0.0))
    np.testing.assert_allclose(angles, [0.0, 0.0], atol=1e-12)


def test_east_and_north_of_it_are_positive() -> None:
    eastward, _ = angles_of(VIEW, place(0.0, 106.0, 0.0))
    northward, _ = angles_of(VIEW, place(1.0, 105.0, 0.0))
    # One degree of the ground, 111.32 km across, from 35,786 km: 3.11 mrad.
    np.testing.assert_allclose(eastward, [3.110e-3, 0.0], atol=2e-5)
    np.testing.assert_allclose(northward, [0.0, 3.090e-3], atol=2e-5)


@given(PLACES)
def test_angles_are_those_of_the_local_frame(where: tuple[float, float, float]) -> None:
    position = place(*where)
    np.testing.assert_allclose(angles_of(VIEW, position)[0], measured(EYE, position), atol=1e-12)


@given(PLACES)
def test_the_derivatives_are_the_difference_quotients(where: tuple[float, float, float]) -> None:
    position, step = place(*where), 100.0
    _, jacobian = angles_of(VIEW, position)
    ahead, _ = angles_of(VIEW, position + step * np.eye(3))
    behind, _ = angles_of(VIEW, position - step * np.eye(3))
    np.testing.assert_allclose(jacobian, (ahead - behind).T / (2.0 * step), atol=1e-13)


@given(PLACES)
def test_a_line_of_sight_meets_its_object_again_at_its_height(
    where: tuple[float, float, float],
) -> None:
    position = place(*where)
    angles, _ = angles_of(VIEW, position)
    found, meets = points_at_height(VIEW, angles, ecef_to_geodetic(position)[2])
    assert bool(meets)
    np.testing.assert_allclose(found, position, atol=0.01)


def test_a_line_past_the_earth_meets_no_height() -> None:
    _, meets = points_at_height(VIEW, np.array([0.2, 0.0]), np.asarray(8_000.0))
    assert not bool(meets)


def test_lines_of_sight_are_unit_vectors_towards_the_earth() -> None:
    direction = line_of_sight_ecef(VIEW, np.array([[0.0, 0.0], [0.1, -0.1]]))
    np.testing.assert_allclose(np.linalg.norm(direction, axis=1), 1.0)
    assert (direction @ VIEW.position_ecef_m < 0.0).all()


def test_the_earth_hides_what_is_behind_it() -> None:
    positions = np.stack(
        [place(0.0, 105.0, 0.0), place(0.0, 105.0 + 180.0, 2e5), place(0.0, 105.0 + 85.0, 4e5)]
    )
    assert is_occulted(VIEW, positions).tolist() == [False, True, False]


def test_clouds_and_the_horizon_hide_a_burning_engine() -> None:
    positions = np.stack(
        [place(40.0, 126.0, CLOUDS_M - 1e3), place(40.0, 126.0, 2e4), place(0.0, 285.0, 2e4)]
    )
    heights = np.array([CLOUDS_M - 1e3, 2e4, 2e4])
    assert can_see_burning(VIEW, positions, heights).tolist() == [False, True, False]


def test_plots_that_are_no_numbers_or_look_into_the_sky_are_not_believed() -> None:
    plots = np.array([[0.05, 0.1], [np.nan, 0.0], [0.4, 0.0], [0.0, -np.inf]])
    assert believable_angles(VIEW, plots).tolist() == [True, False, False, False]


@pytest.mark.parametrize("site", [RADAR, replace(EYE, sigmas=(1e-5,))])
def test_a_site_that_is_no_infrared_sensor_is_refused(site: object) -> None:
    with pytest.raises(LocalMisuse, match="no infrared sensor"):
        InfraredView.of(site)  # type: ignore[arg-type]
