"""Objects in free flight over made-up radars, and what these see of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bongsu.physics.frames import ecef_to_enu, enu_axes, enu_to_ecef
from bongsu.physics.propagation import propagate
from bongsu.tracking.settings import TrackerSettings
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import MonotonicNs, NationId, SensorId, UtcNs, after_seconds

Floats = NDArray[np.float64]

START = UtcNs(1_900_000_000_000_000_000)
SITE = SensorSite(
    sensor_id=SensorId("XA-RADAR-1"),
    nation=NationId("XA"),
    kind=SensorKind.RADAR,
    latitude_rad=np.radians(45.0),
    longitude_rad=np.radians(20.0),
    height_m=100.0,
    sigmas=(30.0, 1e-3, 1e-3),
    scan_interval_s=1.0,
    detection_probability=0.9,
    clutter_per_scan=10.0,
    maximum_range_m=2_000e3,
)
CLUTTER_LOW = np.array([300e3, 0.6, 0.05])
CLUTTER_HIGH = np.array([1_200e3, 2.4, 0.8])


def at(seconds: float) -> UtcNs:
    return after_seconds(START, seconds)


def arcs(count: int, *, seed: int = 1) -> Floats:
    """States (n, 6), ECEF, of objects on their way down towards the site, tens of km apart."""
    rng = np.random.default_rng(seed)
    east = 900e3 + rng.uniform(-100e3, 100e3, count)
    north = rng.uniform(-150e3, 150e3, count)
    up = 250e3 + rng.uniform(-50e3, 50e3, count)
    position = enu_to_ecef(
        np.stack([east, north, up], axis=-1), SITE.latitude_rad, SITE.longitude_rad, SITE.height_m
    )
    course = np.array([-2_200.0, 0.0, 400.0]) + rng.uniform(-200.0, 200.0, (count, 3))
    velocity = course @ enu_axes(SITE.latitude_rad, SITE.longitude_rad)
    return np.concatenate([position, velocity], axis=-1)


def seen_from(site: SensorSite, states: Floats) -> Floats:
    """Exact plots (n, 3) of states, computed apart from the tracker's own geometry."""
    east, north, up = ecef_to_enu(
        states[:, :3], site.latitude_rad, site.longitude_rad, site.height_m
    ).T
    ground = np.hypot(east, north)
    return np.stack(
        [np.hypot(ground, up), np.arctan2(east, north), np.arctan2(up, ground)], axis=-1
    )


def batch_of(site: SensorSite, plots: Floats, *, sequence: int, seconds: float) -> PlotBatch:
    return PlotBatch(
        sensor_id=site.sensor_id,
        realm=Realm.EXERCISE,
        sequence=sequence,
        observed_at=at(seconds),
        emitted_at=MonotonicNs(sequence),
        measurements=tuple(map(tuple, plots.tolist())),
    )


@dataclass(slots=True)
class World:
    """Truth that moves, and radars that look at it; the same seed gives the same plots."""

    states: Floats
    sites: Sequence[SensorSite] = (SITE,)
    seed: int = 7
    clutter: float = 10.0
    seconds: float = 0.0
    _sequence: dict[SensorId, int] = field(default_factory=dict)

    def move(self, duration_s: float) -> None:
        if duration_s:
            self.states = propagate(self.states, duration_s)
        self.seconds += duration_s

    def look(self, site: SensorSite = SITE, *, hidden: Sequence[int] = ()) -> PlotBatch:
        """What a radar sees now; hidden: objects that it does not see at all."""
        sequence = self._sequence.get(site.sensor_id, 0) + 1
        self._sequence[site.sensor_id] = sequence
        rng = np.random.default_rng([self.seed, sequence, self.sites.index(site)])
        seen = rng.random(len(self.states)) < site.detection_probability
        seen[list(hidden)] = False
        plots = seen_from(site, self.states)[seen]
        plots = plots + rng.standard_normal(plots.shape) * np.array(site.sigmas)
        false = rng.uniform(CLUTTER_LOW, CLUTTER_HIGH, (rng.poisson(self.clutter), 3))
        every = rng.permutation(np.concatenate([plots, false]))
        return batch_of(site, every, sequence=sequence, seconds=self.seconds)


def follow(tracker: Tracker, world: World, scans: int, *, hidden: Sequence[int] = ()) -> None:
    """Let the first radar look so many times, a second apart; time goes on after each look."""
    for _ in range(scans):
        batch = world.look(world.sites[0], hidden=hidden)
        tracker.process(batch, now=batch.observed_at)
        world.move(1.0)


def new_tracker(
    *sites: SensorSite, settings: TrackerSettings | None = None, name: str = "XA-1"
) -> Tracker:
    return Tracker(sites or (SITE,), name=name, settings=settings or TrackerSettings())
