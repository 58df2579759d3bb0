import numpy as np
import pytest
from tests.tracking.made_up_boosts import LAUNCH_AT, LAUNCH_PLACE, LONG_SHOT, at, flown
from tests.tracking.made_up_hypotheses import one_at, true_state

from bongsu.physics.geodesy import geodesic_inverse
from bongsu.tracking.launch.estimation import LaunchState, launch_estimates
from bongsu.tracking.launch.reference_place import reference_under
from bongsu.vocabulary.estimates import LaunchEstimate


def launch_estimate(state: np.ndarray, covariance: np.ndarray) -> LaunchEstimate:
    """The launch that one state tells of, counted from the place below it."""
    reference = reference_under(one_at(100.0).state[0, :3])
    known = LaunchState(
        state=state, covariance=covariance, reference=reference, reference_at=LAUNCH_AT
    )
    return launch_estimates([known])[0]


def test_a_true_state_gives_the_true_launch() -> None:
    bank = one_at(100.0)
    launch = launch_estimate(bank.state[0], bank.covariance[0])
    distance, _, _ = geodesic_inverse(
        launch.point.latitude_rad,
        launch.point.longitude_rad,
        LAUNCH_PLACE.latitude_rad,
        LAUNCH_PLACE.longitude_rad,
    )
    # The tangent plane under the object leaves the ellipsoid by some metres at the launch.
    assert float(distance) < 20.0
    assert launch.at == at(0.0)
    assert launch.sigma_time_s == 2.0
    assert launch.ellipse.semi_major_m == pytest.approx(500.0 * 2.4477, rel=1e-3)


def test_the_direction_is_that_of_the_ground_track_with_its_uncertainty() -> None:
    bank = one_at(100.0)
    launch = launch_estimate(bank.state[0], bank.covariance[0])
    # The thrust was fitted to an impact due 80 degrees; the Earth turns on under the flight.
    assert np.radians(74.0) < launch.azimuth_rad < np.radians(80.0)
    rng = np.random.default_rng(8)
    drawn = rng.multivariate_normal(bank.state[0], bank.covariance[0], 400)
    azimuths = [launch_estimate(state, bank.covariance[0]).azimuth_rad for state in drawn]
    assert np.std(azimuths) == pytest.approx(launch.sigma_azimuth_rad, rel=0.15)


def test_right_above_the_launch_place_the_direction_is_unknown() -> None:
    state = true_state(flown(LONG_SHOT), 20.0)
    state[9:11] = reference_under(one_at(100.0).state[0, :3]).enu_m(state[:3])[:2]
    launch = launch_estimate(state, np.eye(12) * 1e8)
    assert launch.sigma_azimuth_rad == pytest.approx(np.pi / np.sqrt(3.0))


def test_without_launches_there_is_nothing_to_tell() -> None:
    assert launch_estimates([]) == ()
