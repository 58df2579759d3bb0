"""Q4: sun, satellite and site in line have been taken for launches; it has to be said."""

from dataclasses import replace

import numpy as np
from tests.tracking.made_up_boosts import EYE

from bongsu.physics.arrays import unit
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.physics.sun import sun_direction_ecef
from bongsu.tracking.infrared.measurement import InfraredView
from bongsu.tracking.infrared.sun_geometry import SunLimits, sun_caveat, sun_geometry
from bongsu.vocabulary.units import NS_PER_S, UtcNs

EQUINOX = UtcNs(1_664_000_000 * NS_PER_S)  # 2022-09-24, declination below 1 degree
LIMITS = SunLimits()


def view_at(longitude_rad: float) -> InfraredView:
    return InfraredView.of(replace(EYE, longitude_rad=longitude_rad))


def sun_longitude_rad() -> float:
    sun = sun_direction_ecef(EQUINOX)
    return float(np.arctan2(sun[1], sun[0]))


def on_ground(latitude_deg: float, longitude_rad: float) -> np.ndarray:
    return geodetic_to_ecef(np.radians(latitude_deg), longitude_rad, 0.0)


def test_a_satellite_opposite_the_sun_looks_into_it_past_the_edge_of_the_earth() -> None:
    view = view_at(sun_longitude_rad() + np.pi)
    target = on_ground(75.0, sun_longitude_rad() + np.pi)
    geometry = sun_geometry(view, target, EQUINOX)
    to_target, to_sun = unit(target - view.position_ecef_m), sun_direction_ecef(EQUINOX)
    assert geometry.beside_sun_rad == np.arccos(to_target @ to_sun)
    assert geometry.beside_sun_rad < np.radians(10.0)
    caveat = sun_caveat(view, target, EQUINOX, LIMITS)
    assert caveat is not None
    assert "stray sunlight" in caveat
    assert "XA-IR-1" in caveat


def test_a_mirror_halfway_between_sun_and_satellite_is_glint() -> None:
    # Both far away over the equator, 60 degrees apart: the mirror is 30 degrees from each;
    # the satellite is near, which moves it by some degrees.
    view = view_at(sun_longitude_rad() + np.radians(60.0))
    target = on_ground(0.0, sun_longitude_rad() + np.radians(33.0))
    assert sun_geometry(view, target, EQUINOX).glint_rad < np.radians(5.0)
    caveat = sun_caveat(view, target, EQUINOX, LIMITS)
    assert caveat is not None
    assert "glint" in caveat


def test_at_night_nothing_glints() -> None:
    view = view_at(sun_longitude_rad() + np.pi)
    target = on_ground(20.0, sun_longitude_rad() + np.pi)
    assert sun_geometry(view, target, EQUINOX).glint_rad == np.pi


def test_with_the_sun_behind_the_satellite_and_off_the_mirror_there_is_no_caveat() -> None:
    view = view_at(sun_longitude_rad())
    target = on_ground(45.0, sun_longitude_rad() + np.radians(20.0))
    assert sun_caveat(view, target, EQUINOX, LIMITS) is None
