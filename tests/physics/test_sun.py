"""Oracles: Meeus, the almanac's equinoxes and solstices, skyfield's sidereal time."""

from datetime import UTC, datetime

import numpy as np
import pytest
from skyfield.api import load

from bongsu.physics.sun import sun_direction_ecef
from bongsu.vocabulary.units import NS_PER_S, UtcNs


def declination_and_longitude_deg(*instant: int) -> tuple[float, float]:
    at = UtcNs(int(datetime(*instant, tzinfo=UTC).timestamp()) * NS_PER_S)  # type: ignore[arg-type, misc]
    x, y, z = sun_direction_ecef(at)
    assert x * x + y * y + z * z == pytest.approx(1.0)
    return float(np.degrees(np.arcsin(z))), float(np.degrees(np.arctan2(y, x)))


def test_meeus_sun_of_1992_stands_where_he_computed_it() -> None:
    # Astronomical Algorithms, example 25.a: 1992-10-13 00:00 TD, 59 s after that UTC instant.
    declination, longitude = declination_and_longitude_deg(1992, 10, 12, 23, 59, 1)
    assert declination == pytest.approx(-7.78507, abs=0.01)
    time = load.timescale(builtin=True).utc(1992, 10, 12, 23, 59, 1)
    apart = longitude + time.gmst * 15.0 - 198.38083
    assert np.degrees(np.sin(np.radians(apart))) == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(
    ("instant", "declination"),
    [
        ((2022, 3, 20, 15, 33), 0.0),
        ((2022, 6, 21, 9, 14), 23.438),
        ((2022, 9, 23, 1, 4), 0.0),
        ((2022, 12, 21, 21, 48), -23.438),
    ],
)
def test_at_equinox_and_solstice_the_sun_is_as_high_as_the_almanac_says(
    instant: tuple[int, ...], declination: float
) -> None:
    assert declination_and_longitude_deg(*instant)[0] == pytest.approx(declination, abs=0.01)


@pytest.mark.parametrize(
    ("instant", "equation_of_time_min"),
    [
        ((2022, 2, 11, 12, 0), -14.2),
        ((2022, 4, 15, 12, 0), 0.0),
        ((2022, 11, 3, 12, 0), 16.4),
    ],
)
def test_at_noon_the_sun_is_off_greenwich_by_the_equation_of_time(
    instant: tuple[int, ...], equation_of_time_min: float
) -> None:
    longitude = declination_and_longitude_deg(*instant)[1]
    assert longitude == pytest.approx(-equation_of_time_min / 4.0, abs=0.05)
