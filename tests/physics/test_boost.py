from dataclasses import replace

import numpy as np
import pytest
from tests.physics.made_up_boosts import AIRLESS_STAGE, PLACE, TWO_STAGES, controls

from bongsu.physics.arrays import Floats
from bongsu.physics.boost import Perturbation, PoweredFlight, fly_boost
from bongsu.physics.frames import ecef_to_enu, enu_axes
from bongsu.vocabulary.errors import LocalMisuse


def east_north_up_of(flight: PoweredFlight) -> Floats:
    return ecef_to_enu(
        flight.state_ecef[..., :3], PLACE.latitude_rad, PLACE.longitude_rad, PLACE.height_m
    )


def test_thrust_adds_up_to_the_rocket_equation() -> None:
    flight = fly_boost(TWO_STAGES, controls(pitch_deg=0.0), PLACE, step_s=0.05)
    thrust = np.linalg.norm(flight.thrust_acceleration_ecef_mps2[:, 0], axis=-1)
    gained = np.sum(thrust[:-1] * np.diff(flight.time_s[:, 0]))
    # 30 m/s^2 for 60 s and 40 s, mass ratio 2.5: 100 * 30 * ln(2.5) / 0.6.
    assert TWO_STAGES.ideal_speed_mps == pytest.approx(100 * 30 * np.log(2.5) / 0.6)
    assert gained == pytest.approx(TWO_STAGES.ideal_speed_mps, rel=2e-3)


def test_an_upright_rocket_rises_as_tsiolkovsky_says() -> None:
    one_stage = replace(TWO_STAGES, stages=(AIRLESS_STAGE,))
    end = fly_boost(one_stage, controls(pitch_deg=0.0), PLACE)
    up = end.state_ecef[-1, 0, 3:] @ enu_axes(PLACE.latitude_rad, PLACE.longitude_rad)[2]
    # Ideal speed less gravity; gravity weakens by 2 % over the 60 km it climbs.
    assert up == pytest.approx(one_stage.ideal_speed_mps - 9.80 * 60.0, abs=5.0)


def test_it_flies_to_the_azimuth_and_leans_by_the_pitch() -> None:
    flight = fly_boost(TWO_STAGES, controls(pitch_deg=30.0, azimuth_deg=120.0), PLACE)
    east, north, up = east_north_up_of(flight)[-1, 0]
    assert np.degrees(np.arctan2(east, north)) == pytest.approx(120.0, abs=1.5)
    thrust = flight.thrust_acceleration_ecef_mps2[-2, 0]
    axes = enu_axes(PLACE.latitude_rad, PLACE.longitude_rad)
    lean = np.arccos(thrust @ axes[2] / np.linalg.norm(thrust))
    assert np.degrees(lean) == pytest.approx(30.0, abs=1e-6)
    assert up > 0.0


def test_burns_and_coasts_begin_and_end_on_their_second() -> None:
    flight = fly_boost(TWO_STAGES, controls(), PLACE, step_s=7.0)
    time = flight.time_s[:, 0]
    assert {0.0, 60.0, 65.0, 105.0} <= set(time.tolist())
    assert not flight.burning[time == 60.0].any()
    assert flight.burning[time == 65.0].all()
    assert flight.stage[time == 60.0] == 2
    assert not flight.burning[-1]


def test_an_engine_that_is_cut_off_early_burns_shorter_at_the_same_thrust() -> None:
    early = replace(controls(count=2), burn_scale=np.array([1.0, 0.5]))
    flight = fly_boost(TWO_STAGES, early, PLACE)
    assert flight.time_s[-1].tolist() == [105.0, 52.5]
    first = np.linalg.norm(flight.thrust_acceleration_ecef_mps2[0], axis=-1)
    assert first[0] == first[1]


def test_many_flights_at_once_are_the_same_as_one_by_one() -> None:
    several = replace(controls(count=3), thrust_scale=np.array([0.9, 1.0, 1.1]))
    alone = replace(controls(), thrust_scale=np.array([1.1]))
    together = fly_boost(TWO_STAGES, several, PLACE).state_ecef[-1, 2]
    np.testing.assert_allclose(together, fly_boost(TWO_STAGES, alone, PLACE).state_ecef[-1, 0])


def test_air_costs_speed_and_pressure_costs_thrust() -> None:
    in_air = replace(AIRLESS_STAGE, ballistic_coefficient_kgpm2=8_000.0)
    nozzle = replace(AIRLESS_STAGE, sea_level_loss=0.1)
    speeds = [
        np.linalg.norm(
            fly_boost(replace(TWO_STAGES, stages=(stage,)), controls(), PLACE).state_ecef[-1, 0, 3:]
        )
        for stage in (AIRLESS_STAGE, in_air, nozzle)
    ]
    assert speeds[1] < speeds[0] - 20.0
    assert speeds[0] - 150.0 < speeds[2] < speeds[0] - 10.0


def test_half_the_step_changes_the_burnout_by_less_than_a_metre() -> None:
    coarse = fly_boost(TWO_STAGES, controls(), PLACE, step_s=2.0).state_ecef[-1, 0]
    fine = fly_boost(TWO_STAGES, controls(), PLACE, step_s=1.0).state_ecef[-1, 0]
    assert np.linalg.norm(coarse[:3] - fine[:3]) < 1.0


def test_scattered_thrust_changes_only_its_stage() -> None:
    weak = Perturbation(thrust_factors=(1.0, 0.9))
    flown = fly_boost(TWO_STAGES, controls(), PLACE)
    scattered = fly_boost(TWO_STAGES, controls(), PLACE, perturbation=weak)
    first = flown.time_s[:, 0] <= 65.0
    np.testing.assert_array_equal(flown.state_ecef[first], scattered.state_ecef[first])
    assert np.linalg.norm(flown.state_ecef[-1] - scattered.state_ecef[-1]) > 1_000.0


def test_thrust_factors_for_other_stages_are_refused() -> None:
    with pytest.raises(LocalMisuse, match="3 thrust factors"):
        fly_boost(
            TWO_STAGES, controls(), PLACE, perturbation=Perturbation(thrust_factors=(1, 1, 1))
        )


def test_steps_of_no_length_are_refused() -> None:
    with pytest.raises(LocalMisuse, match="steps of 0"):
        fly_boost(TWO_STAGES, controls(), PLACE, step_s=0.0)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"stages": ()}, "lacks stages"),
        ({"pitch_fractions": (1.0,)}, "per pitch knot"),
        ({"pitch_times_s": (50.0, 10.0)}, "out of order"),
        ({"stages": (replace(AIRLESS_STAGE, propellant_fraction=1.0),)}, "without a burn"),
    ],
)
def test_profiles_that_cannot_fly_are_refused(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(LocalMisuse, match=complaint):
        replace(TWO_STAGES, **change)  # type: ignore[arg-type]
