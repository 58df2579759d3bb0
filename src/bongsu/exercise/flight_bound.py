"""How well a flight can be known at all: its Cramer-Rao bound, along the truth and its plots.

The filter's own motion, noise and first hypothesis give the covariance; everything is linearised
at the truth, which plots are the payload's is known, and so is when each stage burns. No unbiased
estimate that has to find all this out, with the same model and prior, is nearer on average.
Source: J. H. Taylor, IEEE Trans. Automatic Control 24 (1979), for the bound along a trajectory;
Tichavsky, Muravchik, Nehorai, IEEE Trans. Signal Processing 46 (1998), with a prior.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bongsu.exercise.engine_figures import engine_figures
from bongsu.exercise.fall_derivatives import fall_derivatives, spread_by_air
from bongsu.exercise.flown_truth import SIGMA_BALLISTIC_COEFFICIENT
from bongsu.exercise.known_flight import KnownFlight, Sighting, first_known, model_of
from bongsu.exercise.truth import TruthObject
from bongsu.physics.arrays import Floats
from bongsu.tracking.boost.state import (
    LAUNCH_PLACE,
    LAUNCH_TIME,
    MOTION,
)
from bongsu.tracking.boost.update import PlotModel
from bongsu.tracking.launch.estimation import LaunchState, sigma_azimuth_rad
from bongsu.vocabulary.errors import LocalMisuse


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightBound:
    """Covariances that no estimate can beat at one instant; lengths in m, times in s."""

    time_s: float
    motion: Floats  # (6, 6) ECEF position and velocity
    launch_place: Floats  # (2, 2) east, north
    launch_time: float
    launch_azimuth: float  # rad^2
    impact: Floats  # (3, 3) east, north, time; the ballistic coefficient's share is in it
    impact_air: Floats  # (3, 3) that share
    impact_scatter: Floats  # (3, 3) that share, were it known how the made-up bodies scatter

    @property
    def launch_m(self) -> float:
        """Root mean square distance of a launch point from the true one."""
        return float(np.sqrt(np.trace(self.launch_place)))

    @property
    def impact_m(self) -> float:
        """Root mean square distance of a point of impact from the true one."""
        return float(np.sqrt(np.trace(self.impact[:2, :2])))

    @property
    def impact_time_s(self) -> float:
        return float(np.sqrt(self.impact[2, 2]))

    @property
    def impact_time_floor_s(self) -> float:
        """The same for whoever knows the bodies' scatter about their class, but not this body."""
        of_state = self.impact[2, 2] - self.impact_air[2, 2]
        return float(np.sqrt(of_state + self.impact_scatter[2, 2]))


def flight_bounds(
    body: TruthObject, sightings: Sequence[Sighting], moments_s: Iterable[float]
) -> tuple[FlightBound, ...]:
    """The bounds at moments after the first sighting, in their order.

    Sightings rise in time. Raises LocalMisuse where there are none, or the first one is of
    what no generic boost does at that height.
    """
    if not sightings:
        raise LocalMisuse("A bound without a plot", remedy="Give at least one sighting.")
    figures = engine_figures(body.path)
    known = first_known(body, sightings[0], figures)
    return tuple(_followed(known, sightings[1:], sorted(moments_s)))


def _followed(
    known: KnownFlight, sightings: Sequence[Sighting], moments_s: Sequence[float]
) -> Iterator[FlightBound]:
    models: dict[str, PlotModel] = {}
    waiting = list(sightings)
    for moment_s in moments_s:
        while waiting and waiting[0].time_s <= moment_s:
            sighting = waiting.pop(0)
            known.move(sighting.time_s)
            model = models.setdefault(sighting.site.sensor_id, model_of(sighting.site))
            known.look(model)
        known.move(moment_s)
        yield _bound(known)


def _bound(known: KnownFlight) -> FlightBound:
    state, covariance = known.bank.state[0], known.bank.covariance[0]
    motion = covariance[MOTION, MOTION]
    slope, air = fall_derivatives(state[MOTION]), spread_by_air(state[MOTION])
    scatter = spread_by_air(state[MOTION], sigma_log_coefficient=SIGMA_BALLISTIC_COEFFICIENT)
    return FlightBound(
        time_s=known.time_s,
        motion=motion,
        launch_place=covariance[LAUNCH_PLACE, LAUNCH_PLACE],
        launch_time=float(covariance[LAUNCH_TIME, LAUNCH_TIME]),
        launch_azimuth=sigma_azimuth_rad(_launch_state(known)) ** 2,
        impact=slope @ motion @ slope.T + air,
        impact_air=air,
        impact_scatter=scatter,
    )


def _launch_state(known: KnownFlight) -> LaunchState:
    return LaunchState(
        state=known.bank.state[0],
        covariance=known.bank.covariance[0],
        reference=known.reference,
        reference_at=known.body.launched_at,
    )
