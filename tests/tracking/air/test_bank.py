import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import SITE, seen_from

from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.lift import LiftFigures, flight_on_lift
from bongsu.physics.runge_kutta import rk4_step
from bongsu.tracking.air.bank import (
    BALLISTIC,
    LIFT_AT_FIRST,
    MOST_TOLD_BY_A_PLOT,
    ON_LIFT,
    AirBank,
)
from bongsu.tracking.radar.measurement import expected_plots, radar_of

Floats = NDArray[np.float64]
RADAR = radar_of(SITE)
COVARIANCE = np.diag([200.0**2] * 3 + [10.0**2] * 3)
NO_PLOTS = np.zeros((0, 3))


def start(*, height_m: float = 40e3) -> Floats:
    """Over the radar's neighbourhood, west at 3 km/s and slowly down."""
    north, east = SITE.latitude_rad + 0.01, SITE.longitude_rad + 0.04
    course = np.array([-3_000.0, 0.0, -100.0]) @ enu_axes(north, east)
    return np.concatenate([geodetic_to_ecef(north, east, height_m), course])


def entered(*states: Floats) -> AirBank:
    count = len(states)
    return AirBank().joined(
        np.arange(1, count + 1),
        np.array(states),
        np.repeat(COVARIANCE[None], count, axis=0),
        np.zeros(count, dtype=np.bool_),
    )


def sensing(states: Floats) -> tuple[Floats, Floats]:
    return expected_plots(RADAR, states[:, :3])


def followed(figures: LiftFigures, scans: int, *, height_m: float = 40e3) -> AirBank:
    """Exact plots of a body that flies so, one a second."""
    truth = start(height_m=height_m)
    bank = entered(truth)
    for _ in range(scans):
        for _ in range(10):
            truth = rk4_step(truth, 0.1, flight_on_lift(figures))
        bank = bank.moved(1.0)
        bank = bank.updated(np.array([0]), seen_from(SITE, truth[None]), RADAR, sensing)
    return bank


def test_lift_is_believed_when_the_plots_show_it() -> None:
    gliding = followed(LiftFigures(lift_to_drag=2.6, skips=True), 14, height_m=30e3)
    falling = followed(LiftFigures(lift_to_drag=0.0), 14, height_m=30e3)
    assert gliding.gliding[0]
    assert gliding.weight[0, ON_LIFT] > 0.99
    assert not falling.gliding[0]
    assert falling.weight[0, ON_LIFT] < LIFT_AT_FIRST


def test_drag_and_lift_are_learnt_as_multiples_of_a_middling_drag() -> None:
    """A coefficient of 10,000 kg/m^2 is half the middling drag; lift is 2.6 times that."""
    bank = followed(LiftFigures(lift_to_drag=2.6, skips=True), 25, height_m=35e3)
    drag, rise, turn = bank.state[0, ON_LIFT, 6:]
    assert drag == pytest.approx(0.5, abs=0.15)
    assert rise == pytest.approx(1.3, abs=0.3)
    assert turn == pytest.approx(0.0, abs=0.3)


def test_where_there_is_no_air_nothing_is_learnt_and_nothing_forgotten() -> None:
    bank = entered(start(height_m=120e3))
    np.testing.assert_allclose(bank.moved(60.0).weight, bank.weight, atol=1e-12)


def test_one_plot_counts_for_so_much_and_no_more() -> None:
    """A plot 5 km away, which may be another object's."""
    bank = entered(start()).moved(1.0)
    plot = expected_plots(RADAR, bank.state[:, BALLISTIC, :3])[0] + np.array([5e3, 0.0, 0.0])
    after = bank.updated(np.array([0]), plot, RADAR, sensing)
    before = np.log(bank.weight[0, ON_LIFT] / bank.weight[0, BALLISTIC])
    odds = np.log(after.weight[0, ON_LIFT] / after.weight[0, BALLISTIC])
    assert abs(odds - before) <= MOST_TOLD_BY_A_PLOT + 1e-9
    assert not after.gliding[0]


def test_a_track_without_a_plot_is_as_likely_on_lift_as_before() -> None:
    bank = entered(start(), start(height_m=42e3)).moved(1.0)
    plots = expected_plots(RADAR, bank.state[:1, BALLISTIC, :3])[0]
    after = bank.updated(np.array([0]), plots, RADAR, sensing)
    np.testing.assert_array_equal(after.weight[1], bank.weight[1])
    np.testing.assert_array_equal(after.state[1], bank.state[1])
    assert after.updated(np.array([], dtype=np.intp), NO_PLOTS, RADAR, sensing) is after


def test_unseen_it_grows_less_sure_and_stays_symmetric() -> None:
    bank = entered(start())
    sigmas = []
    for _ in range(3):
        bank = bank.moved(5.0)
        covariance = bank.moments().covariance[0]
        np.testing.assert_allclose(covariance, covariance.T, rtol=1e-9)
        sigmas.append(float(np.trace(covariance[:3, :3])))
    assert sigmas == sorted(sigmas)
    assert ecef_to_geodetic(bank.moments().state[0, :3])[2] < 40e3
