"""One scan of one made-up sensor: noisy plots of what is in sight, false plots, no names.

Everything follows from (seed, sensor, scan number): the same scan is the same bytes whenever
and however often it is asked for, and other sensors and scans change nothing in it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.exercise.chance import generator
from bongsu.exercise.resolution import Places, as_resolved, second_plots
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.exercise.sensor_geometry import in_sight, measured_exactly, range_rates_exactly
from bongsu.exercise.truth import Truth
from bongsu.physics.arrays import Floats
from bongsu.physics.ellipsoid import EQUATORIAL_RADIUS_M
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import MonotonicNs

CLUTTER: Final = -1
NEAREST_CLUTTER_M: Final = 1_000.0
FASTEST_CLUTTER_MPS: Final = 8_000.0
NOT_EMITTED: Final = MonotonicNs(0)  # the sensor process fills in its own clock
LARGEST_AZIMUTH_RAD: Final = 3.1415926  # the last step before half a turn

# Sensors report in steps; coarse enough that the last bit of a sine, which may differ from
# one processor to the next, does not show in the bytes.
RADAR_STEPS: Final = (0.01, 1e-7, 1e-7)  # m, rad, rad
RANGE_RATE_STEP_MPS: Final = 0.01
INFRARED_STEPS: Final = (1e-8, 1e-8)  # rad


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """What one scan gives, with the origin of each plot: for tests and after-action only.

    measurements: (M, 3) or (M, 2) in the components of the sensor's kind, (M, 4) with range
    rates;
    origin: (M,), the truth object's index or CLUTTER; of a plot of several, the strongest one's.
    """

    measurements: Floats
    origin: Places


def plots_of_scan(
    sensor: ScenarioSensor,
    truth: Truth,
    scan_number: int,
    *,
    seed: int,
    emitted_at: MonotonicNs = NOT_EMITTED,
) -> PlotBatch:
    """The batch that the sensor sends for a scan, counted from 0; empty scans are sent too.

    Raises LocalMisuse for a negative scan number.
    """
    scan = scan_of(sensor, truth, scan_number, seed=seed)
    return PlotBatch(
        sensor_id=sensor.site.sensor_id,
        realm=Realm.EXERCISE,
        sequence=scan_number + 1,
        observed_at=sensor.observed_at(scan_number, start=truth.start),
        emitted_at=emitted_at,
        measurements=tuple(tuple(map(float, row)) for row in scan.measurements),
    )


def scan_of(sensor: ScenarioSensor, truth: Truth, scan_number: int, *, seed: int) -> Scan:
    """The same scan as arrays, with the origin of each plot."""
    if scan_number < 0:
        raise LocalMisuse(f"Scan {scan_number} was asked for", remedy="Scans count from 0.")
    site = sensor.site
    state, burning = truth.states_at(sensor.observed_at(scan_number, start=truth.start))
    # Each purpose has its own generator and each object its own row, seen or not: one more
    # object at the end, or one out of sight, does not shift the luck or noise of another.
    luck = generator(seed, "detection", site.sensor_id, scan_number).random(len(state))
    noise_rng = generator(seed, "noise", site.sensor_id, scan_number)
    noise = noise_rng.standard_normal((len(state), len(site.sigmas))) * site.sigmas
    seen = np.flatnonzero(
        in_sight(site, state[:, :3], burning) & (luck < site.detection_probability)
    )
    exact = measured_exactly(site, state[seen, :3])
    if any(site.resolution):
        exact, seen = _told_apart(site, exact, seen, len(state), seed=seed, scan_number=scan_number)
    real = exact + noise[seen]
    real, seen = _with_splits(site, exact, real, seen, seed=seed, scan_number=scan_number)
    rng = generator(seed, "clutter", site.sensor_id, scan_number)
    false = _clutter(site, rng)
    measurements = _reported(site, np.concatenate([real, false]))
    origin = np.concatenate([seen, np.full(len(false), CLUTTER)])
    if site.sigma_range_rate_mps > 0.0:
        rng_of_rates = generator(seed, "range rate", site.sensor_id, scan_number)
        rates = _range_rates(site, state[seen], len(false), rng_of_rates)
        measurements = np.concatenate([measurements, rates[:, None]], axis=1)
    order = rng.permutation(len(origin))
    return Scan(measurements=measurements[order], origin=origin[order])


def search_volume(site: SensorSite) -> Floats:
    """Lower and upper bound of each component where false plots fall: (2, 3) or (2, 2).

    A radar searches all round, from 1 km to its range and from its lowest elevation up to the
    zenith; an infrared sensor the square around the Earth's disc.
    """
    if site.kind is SensorKind.RADAR:
        lower = (NEAREST_CLUTTER_M, -np.pi, site.minimum_elevation_rad)
        return np.array([lower, (site.maximum_range_m, np.pi, 0.5 * np.pi)])
    half = np.arcsin(EQUATORIAL_RADIUS_M / (EQUATORIAL_RADIUS_M + site.height_m))
    return np.array([(-half, -half), (half, half)])


def _told_apart(
    site: SensorSite, exact: Floats, seen: Places, objects: int, *, seed: int, scan_number: int
) -> tuple[Floats, Places]:
    """Objects in one cell of the radar's resolution as one echo, and the strongest of each."""
    strength = generator(seed, "strength", site.sensor_id, scan_number).exponential(size=objects)
    resolved = as_resolved(exact, strength[seen], np.array(site.resolution))
    return resolved.measured, seen[resolved.strongest]


def _with_splits(
    site: SensorSite, exact: Floats, real: Floats, seen: Places, *, seed: int, scan_number: int
) -> tuple[Floats, Places]:
    """The plots (k, 3) joined by second ones of the same objects."""
    if site.split_probability == 0.0:
        return real, seen
    rng = generator(seed, "split", site.sensor_id, scan_number)
    second, twice = second_plots(exact, np.array(site.resolution), site.split_probability, rng)
    second = second + rng.standard_normal(second.shape) * site.sigmas
    return np.concatenate([real, second]), np.concatenate([seen, seen[twice]])


def _clutter(site: SensorSite, rng: np.random.Generator) -> Floats:
    """A Poisson number of false plots, uniform in the measured components."""
    lower, upper = search_volume(site)
    return rng.uniform(lower, upper, (rng.poisson(site.clutter_per_scan), len(lower)))


def _range_rates(
    site: SensorSite, state: Floats, false_plots: int, rng: np.random.Generator
) -> Floats:
    """Noisy range rates of states (k, 6), then of false plots, which have any: (k + false,)."""
    exact = range_rates_exactly(site, state)
    real = exact + site.sigma_range_rate_mps * rng.standard_normal(len(state))
    false = rng.uniform(-FASTEST_CLUTTER_MPS, FASTEST_CLUTTER_MPS, false_plots)
    rates = np.concatenate([real, false])
    return np.asarray(np.round(rates / RANGE_RATE_STEP_MPS) * RANGE_RATE_STEP_MPS)


def _reported(site: SensorSite, measurements: Floats) -> Floats:
    """Measurements as the sensor words them: rounded, azimuth in (-pi, pi], not past zenith."""
    if site.kind is SensorKind.INFRARED:
        return np.asarray(np.round(measurements / INFRARED_STEPS) * INFRARED_STEPS)
    distance, azimuth, elevation = measurements.T
    past_zenith = elevation > 0.5 * np.pi
    elevation = np.where(past_zenith, np.pi - elevation, elevation)
    azimuth = np.where(past_zenith, azimuth + np.pi, azimuth)
    azimuth = np.pi - np.mod(np.pi - azimuth, 2.0 * np.pi)
    folded = np.stack([np.abs(distance), azimuth, elevation], axis=-1)
    rounded = np.round(folded / RADAR_STEPS) * RADAR_STEPS
    rounded[:, 1] = np.clip(rounded[:, 1], -LARGEST_AZIMUTH_RAD, LARGEST_AZIMUTH_RAD)
    return np.asarray(rounded)
