"""One hypothesis about a true flight, kept at the truth: only its covariance learns.

It moves, and takes plots, by the filter's own code. The truth says which stage burns and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.exercise.engine_figures import EngineFigures, incidence_rad
from bongsu.exercise.sensor_geometry import measured_exactly
from bongsu.exercise.truth import TruthObject
from bongsu.physics.arrays import Floats, Mask
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking.boost.ensemble import GENERIC_BOOSTS, generic_ensemble
from bongsu.tracking.boost.model import BoostNoise, moved
from bongsu.tracking.boost.prior import FirstSight, first_infrared_sight, first_sight_of_state
from bongsu.tracking.boost.state import (
    INCIDENCE,
    LAUNCH_PLACE,
    LOG_EXHAUST_SPEED,
    MOTION,
    TIME_TO_EMPTY,
    Hypotheses,
)
from bongsu.tracking.boost.transitions import lit
from bongsu.tracking.boost.update import PlotModel, expectation, radar_model, updated
from bongsu.tracking.gaussian import log_density
from bongsu.tracking.infrared.eye import infrared_model
from bongsu.tracking.infrared.measurement import InfraredView
from bongsu.tracking.launch.reference_place import Reference
from bongsu.tracking.radar.measurement import radar_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorKind, SensorSite

NOTHING_KNOWN: Final = np.diag([100e3**2] * 3 + [3e3**2] * 3)  # before a radar's first plot
EVEN_ODDS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One plot of the payload; times are seconds after the launch."""

    time_s: float
    site: SensorSite
    unseen_s: float = 0.0  # for how long nobody had looked there before a first infrared plot


@dataclass(slots=True, kw_only=True)
class KnownFlight:
    """The hypothesis at an instant; times are seconds after the launch."""

    body: TruthObject
    figures: Sequence[EngineFigures]
    bank: Hypotheses
    reference: Reference
    time_s: float

    def move(self, to_s: float) -> None:
        """Forward in time, burn by burn."""
        for stage, one in enumerate(self.figures):
            for end_s in (one.ignition_s, one.burnout_s):
                if self.time_s < end_s < to_s:
                    self._fly(end_s)
            if self.time_s >= one.ignition_s and stage > int(self.bank.stage[0]):
                rows = np.ones(1, dtype=np.bool_)
                self.bank = lit(
                    replace(self.bank, stage=np.array([stage], dtype=np.intp), burning=rows)
                )
        self._fly(to_s)

    def look(self, model: PlotModel) -> None:
        """A plot without noise: what it teaches is the covariance."""
        rows = np.ones(1, dtype=np.bool_)
        self.bank = updated(self.bank, rows, expectation(model, self.bank).plot, model)

    def _fly(self, to_s: float) -> None:
        middle_s = 0.5 * (self.time_s + to_s)
        burning = np.array([self.body.burns(middle_s)])
        there = moved(replace(self.bank, burning=burning), to_s - self.time_s, BoostNoise())
        self.time_s = to_s
        self.bank = replace(there, state=_at_truth(self.body, self.figures, there, to_s))


def first_known(
    body: TruthObject, sighting: Sighting, figures: Sequence[EngineFigures]
) -> KnownFlight:
    """Of the filter's first hypotheses the one in which the truth is likeliest, at the truth."""
    ensemble, time_s = generic_ensemble(), sighting.time_s
    state = body.path.state_at(time_s)
    sight: FirstSight | None
    if sighting.site.kind is SensorKind.INFRARED:
        angles = measured_exactly(sighting.site, state[None, :3])[0]
        view = InfraredView.of(sighting.site)
        sight = first_infrared_sight(ensemble, view, angles, sighting.unseen_s)
    else:
        sight = first_sight_of_state(ensemble, state, NOTHING_KNOWN, engine_out=EVEN_ODDS)
    if sight is None:
        raise LocalMisuse(
            f"No generic boost is {body.flight_id} at T+{time_s:.0f} s",
            remedy="Bound a flight whose boost is seen.",
        )
    bank = sight.hypotheses.taken(sight.hypotheses.burning)
    truth = _at_truth(body, figures, bank, time_s)
    columns = np.r_[MOTION, TIME_TO_EMPTY, LOG_EXHAUST_SPEED]
    density = log_density(
        (truth - bank.state)[:, columns], bank.covariance[:, columns[:, None], columns]
    )
    best = int(np.argmax(np.where(_same_stages(bank, figures), density, -np.inf)))
    chosen = replace(bank, state=truth, log_weight=np.zeros(len(bank))).taken(np.array([best]))
    chosen.state[:, LAUNCH_PLACE] = _launch_place(body, sight.reference)
    known = KnownFlight(
        body=body, figures=figures, bank=chosen, reference=sight.reference, time_s=time_s
    )
    if sighting.site.kind is SensorKind.RADAR:
        known.look(model_of(sighting.site))
    return known


def model_of(site: SensorSite) -> PlotModel:
    """How a sensor's plots follow from positions."""
    if site.kind is SensorKind.INFRARED:
        return infrared_model(InfraredView.of(site))
    return radar_model(radar_of(site))


def _same_stages(bank: Hypotheses, figures: Sequence[EngineFigures]) -> Mask:
    """Rows whose profile has as many stages as the truth, where there are any."""
    stages = np.array([len(profile.stages) for profile, _ in GENERIC_BOOSTS])[bank.profile]
    same = stages == len(figures)
    return np.asarray(same if same.any() else np.ones_like(same))


def _at_truth(
    body: TruthObject, figures: Sequence[EngineFigures], bank: Hypotheses, time_s: float
) -> Floats:
    """States (n, SIZE) with the truth's motion and engine; the launch moves nothing."""
    state = bank.state.copy()
    state[:, MOTION] = body.path.state_at(time_s)
    lit_stages = [one for one in figures if one.ignition_s <= time_s] or [figures[0]]
    engine = lit_stages[-1]
    state[:, TIME_TO_EMPTY] = max(engine.empty_s - time_s, 1.0)
    state[:, LOG_EXHAUST_SPEED] = np.log(engine.exhaust_speed_mps)
    state[:, INCIDENCE] = incidence_rad(body.path, time_s)
    return state


def _launch_place(body: TruthObject, reference: Reference) -> Floats:
    pad = geodetic_to_ecef(body.launch_point.latitude_rad, body.launch_point.longitude_rad, 0.0)
    return reference.enu_m(pad)[:2]
