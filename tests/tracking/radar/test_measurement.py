from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tracking.made_up_arcs import SITE, arcs, seen_from

from bongsu.tracking.radar.measurement import (
    believable,
    covered,
    expected_plots,
    places_of_plots,
    positions_of_plots,
    radar_of,
    residuals,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorKind, SensorSite

RADAR = radar_of(SITE)


@given(
    distance_m=st.floats(1e3, 5e6),
    azimuth_rad=st.floats(-3.14, 3.14),
    elevation_rad=st.floats(-0.2, 1.5),
)
def test_a_place_and_its_plot_lead_to_each_other(
    distance_m: float, azimuth_rad: float, elevation_rad: float
) -> None:
    plot = np.array([[distance_m, azimuth_rad, elevation_rad]])
    back, _ = expected_plots(RADAR, positions_of_plots(RADAR, plot))
    assert back == pytest.approx(plot, abs=1e-6)


def test_plots_are_range_azimuth_from_north_and_elevation() -> None:
    states = arcs(10)
    assert expected_plots(RADAR, states[:, :3])[0] == pytest.approx(seen_from(SITE, states))


def test_the_derivatives_are_those_of_the_plots() -> None:
    place = arcs(1)[:, :3]
    _, jacobian = expected_plots(RADAR, place)
    ahead, _ = expected_plots(RADAR, place + 10.0 * np.eye(3))
    behind, _ = expected_plots(RADAR, place - 10.0 * np.eye(3))
    assert jacobian[0] == pytest.approx((ahead - behind).T / 20.0, rel=1e-5, abs=1e-12)


def test_the_spread_of_a_place_is_the_spread_of_plots_around_it() -> None:
    plot = np.array([[900e3, 1.2, 0.3]])
    _, covariance = places_of_plots(RADAR, plot)
    scattered = plot + np.random.default_rng(3).standard_normal((40_000, 3)) * np.array(SITE.sigmas)
    sampled = np.cov(positions_of_plots(RADAR, scattered).T)
    assert np.abs(covariance[0] - sampled).max() < 0.03 * np.abs(sampled).max()


def test_azimuths_on_both_sides_of_south_are_near_each_other() -> None:
    residual = residuals(np.array([[1.0, 3.14, 0.0]]), np.array([[1.0, -3.14, 0.0]]))
    assert residual[0, 1] == pytest.approx(6.28 - 2.0 * np.pi)


@pytest.mark.parametrize(
    "plot",
    [
        (np.nan, 1.0, 0.3),
        (5e5, np.inf, 0.3),
        (5e5, 1.0, -np.inf),
        (-5e5, 1.0, 0.3),
        (0.0, 1.0, 0.3),
        (3e6, 1.0, 0.3),
        (5e5, 7.0, 0.3),
        (5e5, 1.0, 1.6),
        (5e5, 1.0, -0.1),
    ],
)
def test_a_plot_that_no_radar_makes_is_not_believed(plot: tuple[float, float, float]) -> None:
    sound = (5e5, 1.0, 0.3)
    assert believable(RADAR, np.array([plot, sound])).tolist() == [False, True]


def test_what_is_near_the_edge_of_the_coverage_need_not_be_seen() -> None:
    plots = np.array([[1e6, 1.0, 0.3], [1.9999e6, 1.0, 0.3], [1e6, 1.0, 0.001]])
    spread = np.repeat(np.diag([100.0, 1e-3, 1e-3])[None] ** 2, 3, axis=0)
    assert covered(RADAR, plots, spread).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("site", "words"),
    [
        (replace(SITE, kind=SensorKind.INFRARED), "is infrared"),
        (replace(SITE, sigmas=(30.0, 1e-3)), "sigmas"),
        (replace(SITE, sigmas=(30.0, 0.0, 1e-3)), "sigmas"),
        (replace(SITE, sigmas=(30.0, float("nan"), 1e-3)), "sigmas"),
        (replace(SITE, detection_probability=0.0), "detection probability"),
    ],
)
def test_a_site_that_is_no_radar_is_refused(site: SensorSite, words: str) -> None:
    with pytest.raises(LocalMisuse, match=words):
        radar_of(site)
