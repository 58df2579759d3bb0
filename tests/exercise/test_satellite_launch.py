import numpy as np
import pytest

from bongsu.exercise.satellite_launch import LOWEST_PERIGEE_M, perigee_m, satellite_launch
from bongsu.exercise.truth import Truth
from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.units import UtcNs, seconds_between

START = UtcNs(1_664_835_720_000_000_000)
PLACE = GeoPoint(latitude_rad=0.7, longitude_rad=2.2)


def launched(seed: int) -> Truth:
    return satellite_launch(
        seed, flight_id="made up", launch_point=PLACE, azimuth_rad=1.5, start=START
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_launcher_goes_round_above_the_air_and_its_lower_stages_fall(seed: int) -> None:
    truth = launched(seed)
    payload = truth.payload("made up")
    assert not payload.path.landed
    assert seconds_between(payload.launched_at, START) == pytest.approx(30.0)
    # The grid was flown in steps of 4 s and without wind: 10 km of perigee at most.
    assert perigee_m(payload.path.state_ecef[-1]) > LOWEST_PERIGEE_M - 10e3
    for stage in truth.objects[1:]:
        assert stage.path.landed
        assert abs(float(height_above_ellipsoid_m(stage.path.state_ecef[-1, :3]))) < 1.0


def test_an_orbit_keeps_its_perigee_while_it_is_followed() -> None:
    path = launched(1).payload("made up").path
    after = path.state_ecef[np.flatnonzero(path.burning)[-1] + 1 :]
    assert np.ptp(perigee_m(after)) < 20e3  # the Earth's flattening moves it, the air does not


def test_the_same_seed_gives_the_same_launcher() -> None:
    first, again, other = launched(2), launched(2), launched(3)
    assert np.array_equal(first.objects[0].path.state_ecef, again.objects[0].path.state_ecef)
    assert first.objects[0].path.duration_s != other.objects[0].path.duration_s
