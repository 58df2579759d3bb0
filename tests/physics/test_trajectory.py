from dataclasses import replace

import numpy as np
import pytest
from tests.physics.made_up_boosts import PLACE, TWO_STAGES, controls

from bongsu.physics.boost import Perturbation
from bongsu.physics.geodesy import ecef_to_geodetic, geodesic_inverse
from bongsu.physics.propagation import propagate
from bongsu.physics.trajectory import Trajectory, fly, fly_spent_stage
from bongsu.physics.wind import WindProfile
from bongsu.vocabulary.errors import LocalMisuse

WESTERLY = WindProfile(
    height_m=np.array([0.0, 10e3, 25e3]),
    east_mps=np.array([5.0, 40.0, 0.0]),
    north_mps=np.zeros(3),
)


@pytest.fixture(scope="module")
def flight() -> Trajectory:
    return fly(TWO_STAGES, controls(), PLACE)


def impact_range_m(flown: Trajectory) -> float:
    latitude, longitude, _ = ecef_to_geodetic(flown.state_ecef[-1, :3])
    distance, _, _ = geodesic_inverse(PLACE.latitude_rad, PLACE.longitude_rad, latitude, longitude)
    return float(distance)


def test_it_goes_from_rest_on_the_ground_to_the_ground(flight: Trajectory) -> None:
    assert np.all(np.diff(flight.time_s) > 0.0)
    assert flight.landed
    np.testing.assert_array_equal(flight.state_ecef[0, 3:], 0.0)
    assert ecef_to_geodetic(flight.state_ecef[-1, :3])[2] == pytest.approx(0.0, abs=0.01)
    assert flight.duration_s == flight.time_s[-1]


def test_it_burns_as_its_stages_do_and_never_after(flight: Trajectory) -> None:
    asked = [-1.0, 0.0, 30.0, 62.0, 80.0, 104.9, 105.0, 500.0, 1e6]
    burning = [False, True, True, False, True, True, False, False, False]
    assert flight.burning_at(asked).tolist() == burning
    assert flight.stage[flight.time_s > 105.0].tolist() == [0] * int(np.sum(flight.time_s > 105.0))
    thrust = np.linalg.norm(flight.thrust_acceleration_ecef_mps2, axis=-1)
    np.testing.assert_array_equal(thrust > 0.0, flight.burning)


def test_between_samples_it_moves_as_free_flight_does(flight: Trajectory) -> None:
    start = int(np.argmax(flight.time_s > 200.0))
    moment = flight.time_s[start] + 3.3
    exact = propagate(flight.state_ecef[start], 3.3, step_s=0.1)
    between = flight.state_at(moment)
    np.testing.assert_allclose(between[:3], exact[:3], atol=1e-2)
    np.testing.assert_allclose(between[3:], exact[3:], atol=1e-2)


def test_at_its_samples_the_curve_is_the_table(flight: Trajectory) -> None:
    np.testing.assert_allclose(flight.state_at(flight.time_s), flight.state_ecef, atol=1e-6)


def test_before_launch_and_after_impact_there_is_no_state(flight: Trajectory) -> None:
    outside = flight.state_at(np.array([-0.001, flight.duration_s + 0.001]))
    assert np.isnan(outside).all()


def test_the_apogee_is_the_highest_point_between_samples_too(flight: Trajectory) -> None:
    dense = flight.state_at(np.linspace(0.0, flight.duration_s, 20_000))
    highest = np.max(ecef_to_geodetic(dense[:, :3])[2])
    assert flight.apogee_m() == pytest.approx(highest, abs=1.0)


def test_what_stays_up_has_not_landed() -> None:
    aloft = fly(TWO_STAGES, controls(), PLACE, maximum_time_s=300.0)
    assert not aloft.landed
    assert aloft.duration_s == pytest.approx(300.0)


def test_wind_in_flight_direction_moves_the_impact_downwind(flight: Trajectory) -> None:
    blown = fly(TWO_STAGES, controls(), PLACE, perturbation=Perturbation(wind=WESTERLY))
    assert 10.0 < impact_range_m(blown) - impact_range_m(flight) < 5_000.0


def test_a_spent_stage_parts_at_its_burnout_and_falls_shorter(flight: Trajectory) -> None:
    spent = fly_spent_stage(TWO_STAGES, flight)
    assert spent.time_s[0] == 60.0
    parted = flight.state_at(60.0)
    np.testing.assert_allclose(spent.state_ecef[0, :3], parted[:3], atol=1e-6)
    assert np.linalg.norm(spent.state_ecef[0, 3:] - parted[3:]) == pytest.approx(3.0)
    assert spent.landed
    assert not spent.burning.any()
    assert impact_range_m(spent) < impact_range_m(flight)
    assert spent.duration_s < flight.duration_s


def test_the_last_stage_and_wind_can_be_asked_for(flight: Trajectory) -> None:
    spent = fly_spent_stage(TWO_STAGES, flight, stage=2)
    blown = fly_spent_stage(TWO_STAGES, flight, stage=2, wind=WESTERLY)
    assert spent.time_s[0] == 105.0
    assert impact_range_m(blown) != impact_range_m(spent)


def test_a_stage_that_never_burns_and_a_batch_are_refused(flight: Trajectory) -> None:
    with pytest.raises(LocalMisuse, match="no burn of stage 3"):
        fly_spent_stage(TWO_STAGES, flight, stage=3)
    with pytest.raises(LocalMisuse, match="one flight, not 2"):
        fly(TWO_STAGES, controls(count=2), PLACE)


def test_a_vehicle_too_weak_to_rise_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="never rises"):
        fly(TWO_STAGES, controls(), PLACE, perturbation=Perturbation(thrust_factors=(0.1, 0.1)))


def test_wind_blows_east_and_north_and_its_ends_hold() -> None:
    wind = replace(WESTERLY, north_mps=np.array([1.0, 2.0, 3.0]))
    over_greenwich = np.array([[6.4e6, 0.0, 0.0]] * 2)
    air = wind.velocity_ecef_mps(over_greenwich, np.array([5e3, 90e3]))
    np.testing.assert_allclose(air, [[0.0, 22.5, 1.5], [0.0, 0.0, 3.0]], atol=1e-12)


def test_wind_with_holes_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="wind profile"):
        replace(WESTERLY, east_mps=np.array([1.0, np.nan, 2.0]))
    with pytest.raises(LocalMisuse, match="wind profile"):
        replace(WESTERLY, height_m=np.array([0.0, 0.0, 1.0]))
