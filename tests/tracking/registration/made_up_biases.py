"""Radars of several places that see the same objects, some of them with offsets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from tests.tracking.fusion.made_up_nations import JAPAN, KOREA, STATES
from tests.tracking.made_up_arcs import Floats, World, arcs

from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.sensor_bias import SensorBias
from bongsu.vocabulary.units import SensorId

THREE = (KOREA, STATES, JAPAN)
TWO = (KOREA, STATES)
OFFSETS = np.array([120.0, 2e-3, -1.5e-3])  # m, rad, rad: 4, 2 and 1.5 of the radar's sigmas

Offsets = Floats | Callable[[float], Floats]  # steady, or by the seconds since the begin


def with_offsets(batch: PlotBatch, offsets: Floats) -> PlotBatch:
    measured = np.array(batch.measurements).reshape(-1, len(offsets)) + offsets
    return replace(batch, measurements=tuple(map(tuple, measured.tolist())))


def watched(
    offsets: Mapping[SensorId, Offsets],
    *,
    sites: Sequence[SensorSite] = THREE,
    seed: int = 0,
    scans: int = 120,
    objects: int = 4,
) -> tuple[Tracker, World]:
    """A tracker that took so many scans, a second apart, of every radar."""
    world = World(arcs(objects, seed=seed), sites=sites, seed=seed, clutter=0.0)
    tracker = Tracker(sites, name="XA-1")
    for scan in range(scans):
        for site in sites:
            batch, own = world.look(site), offsets.get(site.sensor_id)
            if own is not None:
                batch = with_offsets(batch, own(float(scan)) if callable(own) else own)
            tracker.process(batch, now=batch.observed_at)
        if scan + 1 < scans:
            world.move(1.0)
    return tracker, world


def bias_of(tracker: Tracker, world: World, site: SensorSite) -> SensorBias:
    picture = tracker.picture(now=world.look(site).observed_at)
    [bias] = [one for one in picture.biases if one.sensor_id == site.sensor_id]
    return bias
