"""Scans whose plots stand behind confirmed tracks, kept until the next picture takes them."""

from collections import deque
from typing import Final, NamedTuple

import numpy as np

from bongsu.tracking.array_plots import stated
from bongsu.tracking.arrays import Floats, Indices, Serials
from bongsu.tracking.flight.track_table import Rows, confirmed_rows
from bongsu.tracking.picture import track_id
from bongsu.vocabulary.plot import TrackedPlot, TrackedScan
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import UtcNs

MAXIMUM_SCANS: Final = 64  # between two pictures; of more, the newest


class _Given(NamedTuple):
    """Tracks (k,) that a scan gave its plots (k, c) to; written out only for a picture."""

    site: SensorSite
    observed_at: UtcNs
    numbers: Serials
    plots: Floats


class TrackedScans:
    """What was given to confirmed tracks since the last picture."""

    def __init__(self, name: str) -> None:
        """`name` is the tracker's."""
        self._name = name
        self._given: deque[_Given] = deque(maxlen=MAXIMUM_SCANS)

    def note(self, site: SensorSite, observed_at: UtcNs, numbers: Serials, plots: Floats) -> None:
        """A scan gave these tracks (k,) these plots (k, c)."""
        if len(numbers):
            self._given.append(_Given(site, observed_at, numbers, plots))

    def take(self) -> tuple[TrackedScan, ...]:
        """Every scan that was noted, once."""
        scans = tuple(self._written(given) for given in self._given)
        self._given.clear()
        return scans

    def _written(self, given: _Given) -> TrackedScan:
        site = given.site
        return TrackedScan(
            sensor_id=site.sensor_id,
            sensor_kind=site.kind,
            observed_at=given.observed_at,
            latitude_rad=site.latitude_rad,
            longitude_rad=site.longitude_rad,
            height_m=site.height_m,
            sigmas=_sigmas_of(site),
            plots=tuple(
                TrackedPlot(
                    track_id=track_id(self._name, number),
                    measurement=stated(plot, len(site.sigmas)),
                )
                for number, plot in zip(given.numbers.tolist(), given.plots.tolist(), strict=True)
            ),
        )


def _sigmas_of(site: SensorSite) -> tuple[float, ...]:
    rate = site.sigma_range_rate_mps
    return (*site.sigmas, rate) if rate > 0.0 else site.sigmas


def newest_of(rows: Rows, serials: Serials) -> tuple[Serials, Indices]:
    """Confirmed tracks (k,) whose newest plot is of this scan, and which of its plots (k,).

    `serials` (m,) are the scan's, rising by one from plot to plot.
    """
    confirmed = confirmed_rows(rows)
    if len(serials) == 0 or len(confirmed) == 0:
        none = np.zeros(0, dtype=np.int64)
        return none, none
    plot = confirmed["plots"][:, 0] - serials[0]
    taken = (plot >= 0) & (plot < len(serials))
    return confirmed["number"][taken], plot[taken]
