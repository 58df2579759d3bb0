"""Second plots of objects that have their own: more false plots, close about those.

Some radars report an echo that straddles two cells of their resolution twice. The second plot is
a false one, not strewn evenly but within a cell or two of a tracked object's plot; there it has
to be weighed against as many, or every few scans two such plots would begin a second track.
An object that really parts from a tracked one begins its own once it leaves that surrounding,
or as soon as its plots are too regular for chance.
"""

from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Indices
from bongsu.tracking.association.gating import stretches
from bongsu.tracking.radar.look import Look
from bongsu.tracking.radar.measurement import residuals

REACH_CELLS: Final = 1.5
NOISE_SIGMAS: Final = 3.0


def with_splits(look: Look, taken: Indices) -> Look:
    """The look with the second plots that the taken ones (places in the scan) let expect."""
    site = look.station.radar.site
    if site.split_probability == 0.0 or len(taken) == 0:
        return look
    half = REACH_CELLS * np.array(site.resolution) + NOISE_SIGMAS * np.sqrt(
        look.station.radar.variance
    )
    near = _near(look.scan.plots, np.sort(taken), half)
    if len(near) == 0:
        return look
    around = look.around
    expected = np.bincount(near, minlength=len(look.scan.plots)) * site.split_probability
    density = np.exp(around.log_clutter) + expected / float(np.prod(2.0 * half))
    more = np.log(density) - around.log_clutter
    return look._replace(
        around=around._replace(
            log_clutter=around.log_clutter + more, new_log_odds=around.new_log_odds - more
        )
    )


def _near(plots: Floats, taken: Indices, half: Floats) -> Indices:
    """Plots (m, 3; sorted by range) near taken ones: each as often as it is near one."""
    ranges = plots[taken, 0]
    of, plot = stretches(plots[:, 0], ranges - half[0], ranges + half[0])
    off = np.abs(residuals(plots[plot], plots[taken[of]]))
    return np.asarray(plot[(off <= half).all(axis=1) & (plot != taken[of])])
