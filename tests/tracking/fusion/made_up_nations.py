"""Three nations' trackers over the same objects; what each publishes, as its partners see it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from tests.tracking.made_up_arcs import SITE, START, Floats, World, arcs, at, new_tracker

from bongsu.tracking.fusion.estimate import UPPER, Estimate
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.seen_track import SeenTrack, whole_track
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import NationId, NodeId, SensorId, UtcNs


def site(name: str, latitude_deg: float, longitude_deg: float) -> SensorSite:
    """A radar that misses nothing, so that every seed has the same number of plots."""
    return replace(
        SITE,
        sensor_id=SensorId(name),
        nation=NationId(name[:2]),
        latitude_rad=np.radians(latitude_deg),
        longitude_rad=np.radians(longitude_deg),
        detection_probability=0.9999,
        clutter_per_scan=0.1,
    )


KOREA = site("XK-RADAR-1", 45.0, 20.0)
STATES = site("XU-RADAR-1", 48.0, 26.0)
JAPAN = site("XJ-RADAR-1", 43.0, 27.0)
SEEN_BY_TWO = site("XS-RADAR-1", 46.0, 23.0)
ALL = (KOREA, STATES, JAPAN, SEEN_BY_TWO)


class Nations:
    """Each nation's tracker takes the radars that it is given, from one truth."""

    def __init__(
        self, radars: Mapping[str, tuple[SensorSite, ...]], *, seed: int, objects: int = 1
    ) -> None:
        self.radars = radars
        self.world = World(arcs(objects, seed=seed), sites=ALL, seed=seed, clutter=0.0)
        self.trackers: dict[str, Tracker] = {
            name: new_tracker(*sites, name=f"{name}-1") for name, sites in radars.items()
        }

    def look(self, *, only: Iterable[SensorSite] = ALL) -> None:
        """One scan of those radars that somebody has, then a second passes."""
        for radar in only:
            batch = None
            for name, sites in self.radars.items():
                if radar in sites:
                    batch = batch or self.world.look(radar)
                    self.trackers[name].process(batch, now=batch.observed_at)
        self.world.move(1.0)

    def published(self, *, late_s: Mapping[str, float] | None = None) -> list[SeenTrack]:
        """What each says of every track now, or so long ago as to be late by so much."""
        return [
            whole_track(track, node=NodeId(f"{name}-1"), nation=NationId(name))
            for name, tracker in self.trackers.items()
            for track in tracker.picture(now=self.now(late_s, name)).tracks
        ]

    def now(self, late_s: Mapping[str, float] | None = None, name: str = "") -> UtcNs:
        return at(self.world.seconds - (late_s or {}).get(name, 0.0))


def estimate(
    mean: Floats,
    covariance: Floats,
    *sensors: str,
    unknown: bool = False,
    ballistic: bool = True,
    seconds: float = 0.0,
) -> Estimate:
    return Estimate(
        at=at(seconds) if seconds else START,
        mean=mean,
        covariance=covariance,
        sensors=None if unknown else frozenset(SensorId(name) for name in sensors),
        is_ballistic=ballistic,
    )


def squared_error(covariance: Iterable[float], mean: Floats, truth: Floats) -> float:
    """Normalised by its covariance, of which the upper triangle is given: NEES, 6 expected."""
    full = np.zeros((6, 6))
    full[UPPER] = list(covariance)
    full.T[UPPER] = list(covariance)
    error = mean - truth
    return float(error @ np.linalg.solve(full, error))
