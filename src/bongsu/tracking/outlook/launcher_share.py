"""How probably a boost is a satellite launcher's, from how it climbs.

Of launches that are seen a quarter are taken for launchers' beforehand. The likelihoods are
those of `boost.ascents`; either kind may also climb like nothing generic, so that no climb
alone makes the answer certain. When the engine is out a launcher may still be coasting to its
next stage, which gets less likely with time.
"""

from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np

from bongsu.tracking.boost.ascents import Climbs, Look, generic_ascents, generic_climbs

PRIOR: Final = 0.25
# Of elevation, ln speed, ln height, and ln of the time at which an engine goes out.
KERNEL: Final = np.diag(np.square([0.05, 0.085, 0.125, 0.10]))
STRAY_SHARE: Final = 0.03  # of launchers, and of missiles, that climb unlike anything generic
STRAY_DENSITY: Final = 0.15  # evenly over all elevations and a factor of 8 in speed and height
STRAY_TIMES: Final = 0.67  # and over a factor of 4.5 in time
LEAST_BURNING: Final = 0.01  # share of either kind that burns at any time
MOST: Final = 0.97  # that anything short of an orbit may say
# Mean time for which a launcher coasts between stages, and below which height it loses by it.
COAST_S: Final = 25.0
COAST_IN_AIR_S: Final = 6.0
AIR_M: Final = 100e3


def launcher_share(look: Look) -> float:
    """Probability in [0, MOST] that what climbs like that, and burns, is a launcher."""
    launcher = PRIOR * _density(generic_ascents(), look)
    missile = (1.0 - PRIOR) * _density(generic_climbs(), look)
    return min(launcher / (launcher + missile), MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """What an engine that goes out says: perhaps a launcher's, which lights another."""

    share: float  # probability that it is one
    coast_s: float

    def share_after(self, since_burnout_s: float) -> float:
        """The share some time later, with no sign of another engine."""
        launcher = self.share * exp(-max(since_burnout_s, 0.0) / self.coast_s)
        return launcher / (launcher + 1.0 - self.share)


NO_STAGING: Final = Staging(share=0.0, coast_s=COAST_S)


def staging_of(look: Look) -> Staging:
    """What an engine says that goes out where it climbs like that.

    A launcher's stages end where others are to follow, a missile's last one where it may.
    """
    launcher = PRIOR * _density_of_end(generic_ascents(), look)
    missile = (1.0 - PRIOR) * _density_of_end(generic_climbs(), look)
    return Staging(
        share=min(launcher / (launcher + missile), MOST),
        coast_s=COAST_IN_AIR_S if look.height_m < AIR_M else COAST_S,
    )


def _density(climbs: Climbs, look: Look) -> float:
    """That one of a kind burns at that time and climbs like that, or unlike the generic ones."""
    burns = max(climbs.share_flying(look.since_launch_s), LEAST_BURNING)
    like = climbs.likeness(look, KERNEL[:3, :3])
    return (1.0 - STRAY_SHARE) * like + STRAY_SHARE * STRAY_DENSITY * burns


def _density_of_end(climbs: Climbs, look: Look) -> float:
    like = climbs.likeness_of_end(look, KERNEL)
    return (1.0 - STRAY_SHARE) * like + STRAY_SHARE * STRAY_DENSITY * STRAY_TIMES
