from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import SITE, batch_of

from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking.intake.platforms import PlatformWatch
from bongsu.vocabulary.plot import Platform, PlotBatch

Floats = NDArray[np.float64]
SHIP = replace(SITE, greatest_speed_mps=15.0)
HARBOUR = geodetic_to_ecef(SITE.latitude_rad, SITE.longitude_rad, 20.0)
AHEAD = np.array([0.0, 1.0, 0.0])
NO_PLOTS = np.zeros((0, 3))


def platform(place: Floats, velocity: Floats | None = None) -> Platform:
    moves = np.zeros(3) if velocity is None else velocity
    position, speed = place.tolist(), moves.tolist()
    return Platform(
        position_ecef_m=(position[0], position[1], position[2]),
        velocity_ecef_mps=(speed[0], speed[1], speed[2]),
    )


def batch(seconds: float, where: Platform | None) -> PlotBatch:
    plain = batch_of(SHIP, NO_PLOTS, sequence=int(seconds) + 1, seconds=seconds)
    return replace(plain, platform=where)


def ship() -> PlatformWatch:
    return PlatformWatch({SHIP.sensor_id: SHIP})


def test_a_platform_is_believed_as_far_as_it_can_have_gone() -> None:
    watch = ship()
    assert watch.is_believed(batch(0.0, platform(HARBOUR)))
    assert watch.is_believed(batch(600.0, platform(HARBOUR + 9_000.0 * AHEAD)))
    assert not watch.is_believed(batch(601.0, platform(HARBOUR + 30_000.0 * AHEAD)))
    assert watch.is_believed(batch(602.0, platform(HARBOUR + 9_030.0 * AHEAD)))


def test_batches_out_of_order_are_no_jump() -> None:
    watch = ship()
    assert watch.is_believed(batch(100.0, platform(HARBOUR + 1_500.0 * AHEAD)))
    assert watch.is_believed(batch(0.0, platform(HARBOUR)))


def test_one_wrong_place_shuts_no_sensor_out() -> None:
    """The first place was wrong; two that agree against it are believed."""
    watch = ship()
    assert watch.is_believed(batch(0.0, platform(HARBOUR + 500e3 * AHEAD)))
    assert not watch.is_believed(batch(1.0, platform(HARBOUR)))
    assert watch.is_believed(batch(2.0, platform(HARBOUR + 10.0 * AHEAD)))
    assert watch.is_believed(batch(3.0, platform(HARBOUR + 20.0 * AHEAD)))


@pytest.mark.parametrize(
    "where",
    [
        None,
        platform(HARBOUR, 40.0 * AHEAD),
        platform(HARBOUR * np.nan),
        platform(HARBOUR, np.array([0.0, np.inf, 0.0])),
        platform(0.9 * HARBOUR),
        platform(7.0 * HARBOUR),
    ],
    ids=["none", "faster than it goes", "nan", "infinite", "under the ground", "far out"],
)
def test_a_sensor_that_moves_has_to_say_a_place_that_can_be(where: Platform | None) -> None:
    assert not ship().is_believed(batch(0.0, where))


def test_a_sensor_that_stands_says_no_place() -> None:
    watch = PlatformWatch({SITE.sensor_id: SITE})
    assert watch.is_believed(batch(0.0, None))
    assert not watch.is_believed(batch(1.0, platform(HARBOUR)))
