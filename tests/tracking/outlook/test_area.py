import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking.outlook.area import ellipses_of, points_under


def test_the_axes_of_an_uncorrelated_place_are_east_and_north() -> None:
    (ellipse,) = ellipses_of(np.array([[[9e6, 0.0], [0.0, 1e6]]]))
    # 95 % of two normal components lie within 2.4477 sigma.
    assert np.isclose(ellipse.semi_major_m, 2.4477 * 3_000.0, rtol=1e-4)
    assert np.isclose(ellipse.semi_minor_m, 2.4477 * 1_000.0, rtol=1e-4)
    assert np.isclose(ellipse.azimuth_rad, np.pi / 2.0)
    assert ellipse.probability == 0.95


@given(st.floats(0.0, np.pi - 1e-3), st.floats(100.0, 1e5), st.floats(1.5, 20.0))
def test_an_ellipse_points_along_the_larger_spread(
    azimuth: float, minor_m: float, ratio: float
) -> None:
    along = np.array([np.sin(azimuth), np.cos(azimuth)])
    across = np.array([np.cos(azimuth), -np.sin(azimuth)])
    covariance = (ratio * minor_m) ** 2 * np.outer(along, along)
    covariance += minor_m**2 * np.outer(across, across)
    (ellipse,) = ellipses_of(covariance[None])
    turned = (ellipse.azimuth_rad - azimuth + np.pi / 2.0) % np.pi - np.pi / 2.0
    assert abs(turned) < 1e-6
    assert np.isclose(ellipse.semi_major_m / ellipse.semi_minor_m, ratio, rtol=1e-6)


def test_an_ellipse_holds_ninety_five_percent_of_the_places() -> None:
    covariance = np.array([[4e6, 1.5e6], [1.5e6, 2e6]])
    (ellipse,) = ellipses_of(covariance[None])
    places = np.random.default_rng(4).multivariate_normal(np.zeros(2), covariance, 20_000)
    along = np.array([np.sin(ellipse.azimuth_rad), np.cos(ellipse.azimuth_rad)])
    across = np.array([along[1], -along[0]])
    scaled = (places @ along / ellipse.semi_major_m) ** 2
    scaled += (places @ across / ellipse.semi_minor_m) ** 2
    assert abs(np.mean(scaled < 1.0) - 0.95) < 0.006


def test_no_area_shrinks_to_nothing() -> None:
    (ellipse,) = ellipses_of(np.zeros((1, 2, 2)))
    assert ellipse.semi_minor_m > 10.0


def test_points_lie_under_their_positions() -> None:
    (point,) = points_under(geodetic_to_ecef(0.7, 2.2, 300e3)[None])
    assert np.isclose(point.latitude_rad, 0.7)
    assert np.isclose(point.longitude_rad, 2.2)
