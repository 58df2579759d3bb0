"""The filter in free flight beside the Cramer-Rao bound of each trajectory, and its impacts.

Rising and falling arcs of some 1,000 km before one radar, a plot a second; four pairs of prior and
noise, with the filter's own model and prior in the bound. The air of the last minute is drawn
from the tracker's belief about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from bench.row import BenchRow
from numpy.typing import NDArray

from bongsu.exercise.fall_derivatives import fall_derivatives, spread_by_air
from bongsu.physics.fall import propagate_to_impact
from bongsu.physics.frames import enu_axes, enu_to_ecef
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.tracking.fall.impact_prediction import (
    BALLISTIC_COEFFICIENT_KGPM2,
    SIGMA_LOG_BALLISTIC_COEFFICIENT,
    forecast,
    survey,
)
from bongsu.tracking.flight.filtering import innovations, predict, update
from bongsu.tracking.flight.free_flight import move
from bongsu.tracking.radar.measurement import Radar, expected_plots, linear_within_m, radar_of
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NationId, SensorId

Floats = NDArray[np.float64]

ARCS, RUNS_PER_ARC = 20, 20
RUNS = ARCS * RUNS_PER_ARC
REPEATS = 5  # errors of neighbouring scans are alike: one batch's NEES is in its band, or is not
SCANS = 211
FROM_SCAN = 30
MOMENTS_S = (30, 60, 120, 210)
CHI_SQUARE_95 = 5.991
LATITUDE_RAD, LONGITUDE_RAD = np.radians(50.0), np.radians(10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How well a first state and a plot are known, one standard deviation each."""

    sigma_m: float
    sigma_mps: float
    sigma_range_m: float
    sigma_angle_rad: float

    @property
    def name(self) -> str:
        return (
            f"prior {self.sigma_m / 1e3:g} km, {self.sigma_mps:g} m/s; "
            f"radar {self.sigma_range_m:g} m, {1e3 * self.sigma_angle_rad:g} mrad"
        )

    def radar(self) -> Radar:
        return radar_of(
            SensorSite(
                sensor_id=SensorId("XA-RADAR-1"),
                nation=NationId("XA"),
                kind=SensorKind.RADAR,
                latitude_rad=LATITUDE_RAD,
                longitude_rad=LONGITUDE_RAD,
                height_m=200.0,
                sigmas=(self.sigma_range_m, self.sigma_angle_rad, self.sigma_angle_rad),
                scan_interval_s=1.0,
                detection_probability=0.9,
            )
        )


CASES = (
    Case(sigma_m=5e3, sigma_mps=150.0, sigma_range_m=30.0, sigma_angle_rad=1e-3),
    Case(sigma_m=5e3, sigma_mps=150.0, sigma_range_m=100.0, sigma_angle_rad=3e-3),
    Case(sigma_m=50e3, sigma_mps=1_500.0, sigma_range_m=30.0, sigma_angle_rad=1e-3),
    Case(sigma_m=200e3, sigma_mps=3_000.0, sigma_range_m=10.0, sigma_angle_rad=3e-4),
)


def rows() -> Iterator[BenchRow]:
    """State, consistency and impact in each case."""
    for number, case in enumerate(CASES):
        found = [
            _measured(case, np.random.default_rng([number, repeat])) for repeat in range(REPEATS)
        ]
        yield from _rows_of(
            case, _Measured(*(np.mean(column, axis=0) for column in zip(*found, strict=True)))
        )


@dataclass(slots=True, kw_only=True)
class _Flight:
    """All runs of one case at one instant; truth, estimate and bound, (RUNS, ...) each."""

    truth: Floats
    state: Floats
    covariance: Floats
    bound: Floats

    def move(self) -> None:
        self.state, self.covariance = predict(self.state, self.covariance, np.zeros(RUNS), 1.0)
        self.truth, transition = move(self.truth, 1.0)
        self.bound = transition @ self.bound @ transition.transpose(0, 2, 1)

    def look(self, radar: Radar, rng: np.random.Generator) -> None:
        exact, jacobian = expected_plots(radar, self.truth[:, :3])
        plots = exact + rng.standard_normal(exact.shape) * np.sqrt(radar.variance)

        def sensing(states: Floats) -> tuple[Floats, Floats]:
            return expected_plots(radar, states[:, :3])

        innovation = innovations(sensing, self.state, self.covariance, radar.noise)
        self.state, self.covariance = update(
            self.state,
            self.covariance,
            innovation.expected,
            plots,
            sensing=sensing,
            noise=radar.noise,
            linear_within_m=linear_within_m(radar, plots),
        )
        information = np.linalg.inv(self.bound)
        weighted = jacobian / radar.variance[:, None]
        information[:, :3, :3] += jacobian.transpose(0, 2, 1) @ weighted
        self.bound = np.linalg.inv(information)


class _Measured(NamedTuple):
    """Ratios to the bound, and shares."""

    place: Floats
    speed: Floats
    impact: Floats  # (moments,)
    consistent: Floats
    held: Floats


def _rows_of(case: Case, found: _Measured) -> Iterator[BenchRow]:
    yield _at_most(f"position, {case.name}", float(found.place), 1.05)
    yield _at_most(f"velocity, {case.name}", float(found.speed), 1.05)
    for moment_s, ratio in zip(MOMENTS_S, found.impact.tolist(), strict=True):
        yield _at_most(f"impact at {moment_s} s, {case.name}", ratio, 1.10)
    yield _share(f"NEES in its 95 % band, {case.name}", float(found.consistent), 0.9, 1.0)
    yield _share(f"impact in its 95 % ellipse, {case.name}", float(found.held), 0.93, 0.97)


def _measured(case: Case, rng: np.random.Generator) -> _Measured:
    flight, radar = _begun(case, rng), case.radar()
    coefficient = BALLISTIC_COEFFICIENT_KGPM2 * np.exp(
        SIGMA_LOG_BALLISTIC_COEFFICIENT * rng.standard_normal(RUNS)
    )
    place, speed, consistent, held = [], [], [], []
    impact = []
    for scan in range(SCANS):
        if scan:
            flight.move()
        flight.look(radar, rng)
        error = flight.state - flight.truth
        if scan >= FROM_SCAN:
            place.append(_ratio(error[:, :3], flight.bound[:, :3, :3]))
            speed.append(_ratio(error[:, 3:], flight.bound[:, 3:, 3:]))
        nees = np.vecdot(error, np.linalg.solve(flight.covariance, error[..., None])[..., 0])
        consistent.append(abs(nees.mean() - 6.0) < 1.96 * np.sqrt(12.0 / RUNS))
        if scan in MOMENTS_S:
            ratio, inside = _impact(flight, coefficient)
            impact.append(ratio)
            held.append(inside)
    return _Measured(
        place=np.asarray(np.mean(place)),
        speed=np.asarray(np.mean(speed)),
        impact=np.array(impact),
        consistent=np.asarray(np.mean(consistent)),
        held=np.asarray(np.mean(held)),
    )


def _begun(case: Case, rng: np.random.Generator) -> _Flight:
    """Arcs that rise from 100 km towards the radar, and first states scattered around them."""
    center = np.array([950e3, 0.0, 110e3])
    enu = center + rng.uniform(-1.0, 1.0, (ARCS, 3)) * np.array([50e3, 150e3, 20e3])
    course = np.array([-2_300.0, 0.0, 1_500.0]) + rng.uniform(-150.0, 150.0, (ARCS, 3))
    velocity = course @ enu_axes(LATITUDE_RAD, LONGITUDE_RAD)
    position = enu_to_ecef(enu, LATITUDE_RAD, LONGITUDE_RAD, 200.0)
    truth = np.repeat(np.concatenate([position, velocity], axis=1), RUNS_PER_ARC, axis=0)
    sigma = np.array([case.sigma_m] * 3 + [case.sigma_mps] * 3)
    covariance = np.repeat(np.diag(sigma**2)[None], RUNS, axis=0)
    state = truth + rng.standard_normal(truth.shape) * sigma
    return _Flight(truth=truth, state=state, covariance=covariance, bound=covariance)


def _impact(flight: _Flight, coefficient: Floats) -> tuple[float, float]:
    """RMS distance over its bound, and the share that the stated ellipses hold."""
    falls = propagate_to_impact(flight.truth, ballistic_coefficient_kgpm2=coefficient)
    forecasts = forecast(flight.state, flight.covariance, survey(flight.state))
    off = falls.position_ecef_m - forecasts.places_ecef_m()
    latitude, longitude, _ = ecef_to_geodetic(falls.position_ecef_m)
    apart = np.einsum("nij,nj->ni", enu_axes(latitude, longitude)[:, :2], off)
    solved = np.linalg.solve(forecasts.covariance[:, :2, :2], apart[..., None])[..., 0]
    inside = float(np.mean(np.vecdot(apart, solved) < CHI_SQUARE_95))
    variance = [
        _impact_variance_m2(flight.truth[run], flight.bound[run])
        for run in range(0, RUNS, RUNS_PER_ARC)
    ]
    return float(np.sqrt(np.mean(np.vecdot(apart, apart)) / np.mean(variance))), inside


def _impact_variance_m2(truth: Floats, bound: Floats) -> float:
    by_state = fall_derivatives(truth)
    return float(np.trace((by_state @ bound @ by_state.T + spread_by_air(truth))[:2, :2]))


def _ratio(error: Floats, bound: Floats) -> float:
    return float(np.sqrt((error**2).sum() / np.trace(bound, 0, 1, 2).sum()))


def _at_most(name: str, ratio: float, target: float) -> BenchRow:
    return BenchRow(
        name=f"free flight: {name}",
        value=ratio,
        unit="times its bound",
        ratio=ratio,
        target=f"<= {target:g}",
        met=ratio <= target,
        note=f"{REPEATS} x {RUNS} runs",
    )


def _share(name: str, value: float, least: float, most: float) -> BenchRow:
    return BenchRow(
        name=f"free flight: {name}",
        value=100.0 * value,
        unit="%",
        target=f"{100.0 * least:g} to {100.0 * most:g} %",
        met=least <= value <= most,
        note=f"{REPEATS} x {RUNS} runs",
    )
