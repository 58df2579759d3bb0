"""What each sensor should measure of places, whatever its kind, in its own components."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bongsu.tracking.arrays import Floats
from bongsu.tracking.infrared.measurement import InfraredView, angles_of
from bongsu.tracking.radar.measurement import expected_plots, radar_of, residuals
from bongsu.vocabulary.sensor import SensorKind, SensorSite

# Places (n, 3), ECEF -> expected plots (n, d) and their derivatives by the place (n, d, 3).
Expecting = Callable[[Floats], tuple[Floats, Floats]]

RADAR_COMPONENTS = 3  # what is measured beyond has no offset that is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensed:
    """One sensor's measuring; `first` is the place of its offsets among those of all sensors."""

    site: SensorSite
    first: int
    sigma: Floats  # (d,)
    expecting: Expecting

    @property
    def offsets(self) -> slice:
        """Where its offsets stand among those of all sensors."""
        return slice(self.first, self.first + len(self.sigma))

    def residuals(self, plots: Floats, expected: Floats) -> Floats:
        """Measured minus expected (n, d)."""
        if self.site.kind is SensorKind.RADAR:
            return residuals(plots, expected)
        return np.asarray(plots - expected)


def sensed(sites: Sequence[SensorSite]) -> tuple[Sensed, ...]:
    """Every sensor's measuring, in the order of the sites."""
    every: list[Sensed] = []
    first = 0
    for site in sites:
        one = _radar(site, first) if site.kind is SensorKind.RADAR else _infrared(site, first)
        every.append(one)
        first += len(one.sigma)
    return tuple(every)


def _radar(site: SensorSite, first: int) -> Sensed:
    radar = radar_of(site)

    def expecting(places: Floats) -> tuple[Floats, Floats]:
        plots, jacobian = expected_plots(radar, places)
        return plots[:, :RADAR_COMPONENTS], jacobian[:, :RADAR_COMPONENTS]

    sigma = np.asarray(site.sigmas[:RADAR_COMPONENTS])
    return Sensed(site=site, first=first, sigma=sigma, expecting=expecting)


def _infrared(site: SensorSite, first: int) -> Sensed:
    view = InfraredView.of(site)
    return Sensed(
        site=site,
        first=first,
        sigma=np.asarray(site.sigmas),
        expecting=lambda places: angles_of(view, places),
    )
