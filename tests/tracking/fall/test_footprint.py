import numpy as np
import pytest
from tests.tracking.made_up_glides import coming_down, holds

from bongsu.physics.fall import sampled_fall
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.physics.lift import LiftFigures, flight_on_lift
from bongsu.tracking.fall.footprint import footprints
from bongsu.vocabulary.estimates import GeoPoint

SURE = np.diag([100.0**2] * 3 + [1.0**2] * 3)[None]


def point_under(position: np.ndarray[tuple[int], np.dtype[np.float64]]) -> GeoPoint:
    latitude, longitude, _ = ecef_to_geodetic(position)
    return GeoPoint(latitude_rad=float(latitude), longitude_rad=float(longitude))


@pytest.mark.parametrize("bank_rad", [0.0, 0.3, -0.6, 0.9, 1.2])
@pytest.mark.parametrize("ratio", [1.0, 2.6])
@pytest.mark.parametrize("speed_mps", [2_000.0, 4_500.0])
def test_it_holds_where_gliders_come_down_seen_from_everywhere_on_their_way(
    bank_rad: float, ratio: float, speed_mps: float
) -> None:
    figures = LiftFigures(lift_to_drag=ratio, bank_rad=bank_rad)
    position = geodetic_to_ecef(0.6, -2.0, 50e3)
    velocity = np.array([0.0, speed_mps, -50.0]) @ enu_axes(0.6, -2.0)
    _, states, landed = sampled_fall(
        np.concatenate([position, velocity]),
        flight_on_lift(figures),
        maximum_time_s=5_000.0,
        longest_step_s=10.0,
    )
    assert landed
    for part in (0, 1, 2):
        state = states[part * len(states) // 4][None]
        (fan,) = footprints(state, SURE)
        assert holds(fan, point_under(states[-1, :3]))


def test_it_holds_a_skip_and_a_fall_from_above_the_air() -> None:
    for figures in (LiftFigures(lift_to_drag=2.6, skips=True), LiftFigures(lift_to_drag=0.0)):
        flight = coming_down(figures)
        (fan,) = footprints(flight.state_ecef[:1], SURE)
        assert holds(fan, point_under(flight.state_ecef[-1, :3]))


def test_it_shrinks_with_the_energy_and_grows_with_the_doubt() -> None:
    flight = coming_down(LiftFigures(lift_to_drag=2.6))
    states = flight.state_at(np.linspace(60.0, flight.duration_s - 20.0, 6))
    fans = footprints(states, np.repeat(SURE, 6, axis=0))
    reaches = [fan.maximum_range_m for fan in fans]
    assert reaches == sorted(reaches, reverse=True)
    assert reaches[-1] < 0.1 * reaches[0]
    (vague,) = footprints(states[:1], 1e4 * SURE)
    assert vague.maximum_range_m > reaches[0]
    assert vague.half_width_rad > fans[0].half_width_rad


def test_what_stands_still_has_a_footprint_too() -> None:
    state = np.concatenate([geodetic_to_ecef(0.1, 0.2, 20e3), np.zeros(3)])[None]
    (fan,) = footprints(state, SURE)
    assert 0.0 < fan.maximum_range_m < 200e3
