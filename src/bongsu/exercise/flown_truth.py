"""Flies a scenario: each flight meets its published figures in a way that nobody was told.

The generic boost of the class is scattered first (thrust and burn time of each stage, pitch
programme, how the bodies fall) and then fitted to the published apogee, range and bearing in
the scenario's own wind. So the figures that were inputs are met, while thrust, burnout, the
way there and the time of flight are the truth's own. A flight with lift meets its figures
without it, and is then flown again with lift from its burnout on.
"""

from dataclasses import replace
from math import pi, remainder
from typing import Final

import numpy as np

from bongsu.exercise.chance import generator
from bongsu.exercise.scenario import Scenario, ScenarioFlight
from bongsu.exercise.truth import PAYLOAD, Truth, TruthObject, ground_point
from bongsu.physics.arrays import Floats
from bongsu.physics.boost import Perturbation
from bongsu.physics.boost_fit import fit_flight, profile_for
from bongsu.physics.boost_profile import BoostProfile, BoostStage
from bongsu.physics.generic_figures import PROFILE_BY_TYPE
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.physics.lift import flown_on_lift
from bongsu.physics.trajectory import Trajectory, fly, fly_spent_stage
from bongsu.physics.wind import WindProfile
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint

SIGMA_THRUST: Final = 0.03  # of each stage, as a part of it
SIGMA_BURN_TIME: Final = 0.03
SIGMA_PITCH_TIMES: Final = 0.05
SIGMA_BALLISTIC_COEFFICIENT: Final = 0.2
LARGEST_SCATTER: Final = 2.0  # sigmas

SIGMA_JET_MPS: Final = 20.0  # east and north, at JET_HEIGHT_M
MEAN_JET_EAST_MPS: Final = 25.0
JET_HEIGHT_M: Final = 11_000.0
JET_DEPTH_M: Final = 5_000.0
WIND_TOP_M: Final = 30_000.0

CORRECTIONS: Final = 4
MET: Final = 1e-3  # of apogee and range; the same in radians of bearing


def truth_of(scenario: Scenario) -> Truth:
    """Every flight of the scenario with its payload and its spent stages.

    The same scenario gives the same truth. Raises LocalMisuse, naming the flight, where no
    boost of its class has the flight's figures or the flight does not come down.
    """
    wind = wind_of(scenario.seed)
    bodies = (_bodies(scenario, number, wind) for number in range(len(scenario.flights)))
    return Truth(start=scenario.start, objects=tuple(body for flight in bodies for body in flight))


def wind_of(seed: int) -> WindProfile:
    """The scenario's steady wind: a jet stream around 11 km, calm above 30 km."""
    height = np.linspace(0.0, WIND_TOP_M, 31)
    jet = np.exp(-0.5 * ((height - JET_HEIGHT_M) / JET_DEPTH_M) ** 2)
    jet[-1] = 0.0
    east, north = generator(seed, "wind").normal((MEAN_JET_EAST_MPS, 0.0), SIGMA_JET_MPS)
    return WindProfile(height_m=height, east_mps=east * jet, north_mps=north * jet)


def scattered(profile: BoostProfile, rng: np.random.Generator) -> BoostProfile:
    """A profile that differs from the generic one as one vehicle differs from its class."""

    def factor(sigma: float) -> float:
        drawn = np.clip(rng.standard_normal(), -LARGEST_SCATTER, LARGEST_SCATTER)
        return float(np.exp(sigma * drawn))

    def stage(generic: BoostStage) -> BoostStage:
        return replace(
            generic,
            ignition_acceleration_mps2=generic.ignition_acceleration_mps2 * factor(SIGMA_THRUST),
            burn_time_s=generic.burn_time_s * factor(SIGMA_BURN_TIME),
        )

    stretch = factor(SIGMA_PITCH_TIMES)
    coefficient = factor(SIGMA_BALLISTIC_COEFFICIENT)
    return replace(
        profile,
        stages=tuple(stage(one) for one in profile.stages),
        pitch_times_s=tuple(stretch * time_s for time_s in profile.pitch_times_s),
        reentry_ballistic_coefficient_kgpm2=(
            profile.reentry_ballistic_coefficient_kgpm2 * coefficient
        ),
        spent_stage_ballistic_coefficient_kgpm2=(
            profile.spent_stage_ballistic_coefficient_kgpm2 * factor(SIGMA_BALLISTIC_COEFFICIENT)
        ),
    )


def generic_profile(flight: ScenarioFlight) -> BoostProfile:
    """The generic figures of the flight's type where they are known, else of its class."""
    by_type = PROFILE_BY_TYPE.get(flight.published_type)
    if by_type is not None:
        return by_type
    return profile_for(flight.object_class, flight.apogee_m, flight.range_m)


def _bodies(scenario: Scenario, number: int, wind: WindProfile) -> tuple[TruthObject, ...]:
    flight = scenario.flights[number]
    rng = generator(scenario.seed, "vehicle", number)
    try:
        profile = scattered(generic_profile(flight), rng)
        flown = _flown(flight, profile, wind)
        payload = flown if flight.lift is None else flown_on_lift(flown, flight.lift)
    except LocalMisuse as misuse:
        raise LocalMisuse(
            f"Flight {flight.flight_id}: {misuse.what}", remedy=misuse.remedy
        ) from None
    falling = (
        (f"stage {stage}", fly_spent_stage(profile, flown, stage=stage, wind=wind))
        for stage in range(1, len(profile.stages) + 1)
    )
    return tuple(
        TruthObject(
            flight_id=flight.flight_id,
            name=name,
            launched_at=scenario.launch_at(flight),
            launch_point=GeoPoint(
                latitude_rad=flight.latitude_rad, longitude_rad=flight.longitude_rad
            ),
            path=trajectory,
        )
        for name, trajectory in ((PAYLOAD, payload), *falling)
    )


def _flown(flight: ScenarioFlight, profile: BoostProfile, wind: WindProfile) -> Trajectory:
    """The flight in the wind. A fit knows no wind: the next one aims off by what it did."""
    wanted = np.array([np.log(flight.apogee_m), np.log(flight.range_m), flight.bearing_rad])
    aimed = wanted
    for _ in range(CORRECTIONS):
        flown = _fly_once(flight, profile, wind, aimed)
        missed = _reached(flight, flown) - wanted
        missed[2] = remainder(missed[2], 2.0 * pi)
        if np.abs(missed).max() < MET:
            return flown
        aimed = aimed - missed
    raise LocalMisuse(
        "its apogee and range cannot both be met in the scenario's wind",
        remedy="Choose another seed or another flight (`bongsu flight list`).",
    )


def _fly_once(
    flight: ScenarioFlight, profile: BoostProfile, wind: WindProfile, aimed: Floats
) -> Trajectory:
    fitted = fit_flight(
        object_class=flight.object_class,
        apogee_m=float(np.exp(aimed[0])),
        range_m=float(np.exp(aimed[1])),
        latitude_rad=flight.latitude_rad,
        longitude_rad=flight.longitude_rad,
        bearing_rad=float(aimed[2]),
        profile=profile,
    )
    flown = fly(profile, fitted.controls, fitted.place, perturbation=Perturbation(wind=wind))
    if not flown.landed:
        raise LocalMisuse(
            "it does not come down", remedy="Choose another flight (`bongsu flight list`)."
        )
    return flown


def _reached(flight: ScenarioFlight, flown: Trajectory) -> Floats:
    """Logarithms of apogee and range, and the bearing: (3,)."""
    impact = ground_point(flown.state_ecef[-1, :3])
    distance, bearing, _ = geodesic_inverse(
        flight.latitude_rad, flight.longitude_rad, impact.latitude_rad, impact.longitude_rad
    )
    return np.array([np.log(flown.apogee_m()), np.log(distance), bearing])
