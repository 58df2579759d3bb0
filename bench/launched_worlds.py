"""Launches of every kind over the two made-up sensors: launchers of satellites, and missiles."""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from itertools import count, islice

import numpy as np
from bench.flown_worlds import FlownWorld, flown_world, flown_worlds

from bongsu.exercise.chance import generator
from bongsu.exercise.flown_truth import truth_of
from bongsu.exercise.satellite_launch import satellite_launch
from bongsu.exercise.scenario import ScenarioFlight
from bongsu.physics.ellipsoid import MEAN_RADIUS_M
from bongsu.physics.generic_figures import PROFILE_BY_TYPE
from bongsu.physics.impulsive_arc import class_by_energy, kepler_arc
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint, ObjectClass

PLACE = GeoPoint(latitude_rad=float(np.radians(40.6)), longitude_rad=float(np.radians(126.4)))
AZIMUTHS_RAD = (float(np.radians(30.0)), float(np.radians(180.0)))
TYPES = {
    ObjectClass.SRBM: ("Scud-B", "Scud-C", ""),
    ObjectClass.MRBM: ("Nodong", "Pukguksong-2", ""),
    ObjectClass.IRBM: ("Musudan", "Pukguksong-2", ""),
    ObjectClass.ICBM: ("Hwasong-15", "Hwasong-18", ""),
}
SATELLITE = "satellite"


class Style(Enum):
    """How a missile is flown."""

    LOFTED = "lofted"
    MINIMUM_ENERGY = "minimum energy"
    DEPRESSED = "depressed"
    LONG_RANGE = "long range"
    PUBLISHED = "published"  # as the published flights were


def launchers(number: int, *, first_seed: int) -> Iterator[FlownWorld]:
    """Launches of satellites."""
    return islice((_launcher(first_seed + seed) for seed in count()), number)


def missiles(style: Style, number: int, *, first_seed: int) -> Iterator[FlownWorld]:
    """Missiles of one style; figures that no generic boost meets are drawn anew.

    Of published flights there are as many as there are, with vehicles of their own.
    """
    if style is Style.PUBLISHED:
        return islice(flown_worlds(first_seed=first_seed), number)
    flown = (_missile(style, first_seed + seed) for seed in count())
    return islice((world for world in flown if world is not None), number)


def _launcher(seed: int) -> FlownWorld:
    azimuth_rad = float(generator(seed, "azimuth").uniform(*AZIMUTHS_RAD))
    template = flown_world(0).scenario
    flight = _flight(ObjectClass.SLV, 500e3, 0.0, azimuth_rad, SATELLITE)
    scenario = replace(template, seed=seed, flights=(flight,))
    truth = satellite_launch(
        seed,
        flight_id=flight.flight_id,
        launch_point=PLACE,
        azimuth_rad=azimuth_rad,
        start=scenario.start,
    )
    return FlownWorld(scenario=scenario, truth=truth)


def _missile(style: Style, seed: int) -> FlownWorld | None:
    rng = generator(seed, style.value)
    apogee_m, range_m = _figures(style, rng)
    object_class = class_by_energy(apogee_m, range_m)
    flown_by = str(rng.choice(TYPES[object_class]))
    bearing_rad = float(rng.uniform(*AZIMUTHS_RAD))
    flight = _flight(object_class, apogee_m, range_m, bearing_rad, style.value, flown_by)
    scenario = replace(flown_world(0).scenario, seed=seed, flights=(flight,))
    try:
        return FlownWorld(scenario=scenario, truth=truth_of(scenario))
    except LocalMisuse:  # no generic boost meets these figures
        return None


def _figures(style: Style, rng: np.random.Generator) -> tuple[float, float]:
    """Apogee and range of one missile, m."""
    if style is Style.LOFTED:
        range_m = float(np.exp(rng.uniform(np.log(250e3), np.log(1_000e3))))
        return float(rng.uniform(1.0, 4.0)) * range_m, range_m
    if style is Style.LONG_RANGE:
        range_m = float(rng.uniform(6_000e3, 12_000e3))
        return _cheapest_apogee_m(range_m) * float(rng.uniform(0.8, 1.2)), range_m
    range_m = float(np.exp(rng.uniform(np.log(300e3), np.log(5_000e3))))
    low = style is Style.DEPRESSED
    share = float(rng.uniform(0.35, 0.6) if low else rng.uniform(0.8, 1.2))
    return share * _cheapest_apogee_m(range_m), range_m


def _cheapest_apogee_m(range_m: float) -> float:
    """The apogee over a range for which the least speed is needed."""
    apogees = np.linspace(0.02, 0.4, 400) * range_m
    arcs = kepler_arc(apogees, range_m / MEAN_RADIUS_M)
    return float(apogees[np.argmin(arcs.speed_mps)])


def _flight(
    object_class: ObjectClass,
    apogee_m: float,
    range_m: float,
    bearing_rad: float,
    flight_id: str,
    flown_by: str = "",
) -> ScenarioFlight:
    assert not flown_by or flown_by in PROFILE_BY_TYPE
    return ScenarioFlight(
        flight_id=flight_id,
        object_class=object_class,
        apogee_m=apogee_m,
        range_m=range_m,
        latitude_rad=PLACE.latitude_rad,
        longitude_rad=PLACE.longitude_rad,
        bearing_rad=bearing_rad,
        launch_delay_s=30.0,
        published_type=flown_by,
    )
