"""Where sensors that move say they are: believed as far as their platforms can go.

A platform's place is as good as its plots: one that jumps would throw every track of its sensor.
What contradicts the last place is refused, and remembered: two that agree with each other are
believed, or one wrong place would shut a sensor out for good.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats
from bongsu.vocabulary.plot import Platform, PlotBatch
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import SensorId, UtcNs, seconds_between

LOWEST_RADIUS_M: Final = 6_350_000.0
HIGHEST_RADIUS_M: Final = 6_378_137.0 + 2_000e3
SPEED_SLACK: Final = 1.05
PLACE_SLACK_M: Final = 1_000.0


class _Seen(NamedTuple):
    place: Floats  # (3,)
    at: UtcNs


class PlatformWatch:
    """Judges the places that sensors state with their batches."""

    def __init__(self, sites: Mapping[SensorId, SensorSite]) -> None:
        self._sites = sites
        self._last: dict[SensorId, _Seen] = {}
        self._odd: dict[SensorId, _Seen] = {}

    def is_believed(self, batch: PlotBatch) -> bool:
        """Whether the batch says where its sensor was as its kind has to, and that can be."""
        site = self._sites[batch.sensor_id]
        if site.greatest_speed_mps == 0.0 or batch.platform is None:
            return (site.greatest_speed_mps == 0.0) == (batch.platform is None)
        if not _can_be(batch.platform, site):
            return False
        here = _Seen(np.array(batch.platform.position_ecef_m), batch.observed_at)
        known = self._last.get(batch.sensor_id)
        odd = self._odd.get(batch.sensor_id)
        if known is None or _can_follow(known, here, site):
            self._last[batch.sensor_id] = here
            return True
        if odd is not None and _can_follow(odd, here, site):
            self._last[batch.sensor_id] = here
            return True
        self._odd[batch.sensor_id] = here
        return False


def _can_be(platform: Platform, site: SensorSite) -> bool:
    place, velocity = np.array(platform.position_ecef_m), np.array(platform.velocity_ecef_mps)
    if place.shape != (3,) or velocity.shape != (3,):
        return False
    if not (np.isfinite(place).all() and np.isfinite(velocity).all()):
        return False
    in_reach = LOWEST_RADIUS_M < np.linalg.norm(place) < HIGHEST_RADIUS_M
    return bool(in_reach and np.linalg.norm(velocity) <= SPEED_SLACK * site.greatest_speed_mps)


def _can_follow(before: _Seen, here: _Seen, site: SensorSite) -> bool:
    """Whether the platform can have been at both places; batches may come out of order."""
    between_s = abs(seconds_between(here.at, before.at))
    reach_m = SPEED_SLACK * site.greatest_speed_mps * between_s + PLACE_SLACK_M
    return bool(np.linalg.norm(here.place - before.place) <= reach_m)
