"""The hypotheses about objects that burn, or did a moment ago: a bank of weighted Gaussians.

Each row is one hypothesis about one track: a generic boost profile and one of its stages, an
engine that burns or not, a state with covariance and a weight. The launch place and time are
part of the state although they never move: what is learnt of the flight flows back to them
through the covariance.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask

POSITION: Final = slice(0, 3)  # ECEF, m
VELOCITY: Final = slice(3, 6)  # ECEF, m/s
MOTION: Final = slice(0, 6)
TIME_TO_EMPTY: Final = 6  # s until all mass were burnt at the present mass flow
LOG_EXHAUST_SPEED: Final = 7  # ln(m/s), of the effective exhaust speed in vacuum
INCIDENCE: Final = 8  # rad, of the thrust above the velocity, in the vertical plane
LAUNCH_PLACE: Final = slice(9, 11)  # east, north of the track's reference place, m
LAUNCH_TIME: Final = 11  # s after the track's reference time
SIZE: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypotheses:
    """A bank of n hypotheses, all at one instant; rows of one track need not be neighbours."""

    state: Floats  # (n, SIZE)
    covariance: Floats  # (n, SIZE, SIZE)
    log_weight: Floats  # (n,), normalised within each track
    track: Indices  # (n,), row of the track in the table of boosted tracks
    burning: Mask  # (n,)
    profile: Indices  # (n,), index into the prior's generic profiles
    stage: Indices  # (n,), that burns or burnt last, counted from 0
    drag_time_m2spkg: Floats  # (n,), Cd A per mass flow: drag per mass = that / time to empty
    sea_level_loss: Floats  # (n,), part of the vacuum thrust that is missing at sea level

    @classmethod
    def none(cls) -> Self:
        """An empty bank."""
        return cls(
            state=np.zeros((0, SIZE)),
            covariance=np.zeros((0, SIZE, SIZE)),
            log_weight=np.zeros(0),
            track=np.zeros(0, dtype=np.intp),
            burning=np.zeros(0, dtype=np.bool_),
            profile=np.zeros(0, dtype=np.intp),
            stage=np.zeros(0, dtype=np.intp),
            drag_time_m2spkg=np.zeros(0),
            sea_level_loss=np.zeros(0),
        )

    def __len__(self) -> int:
        return len(self.log_weight)

    def taken(self, rows: Indices | Mask) -> Self:
        """The given rows, in their order."""
        return replace(
            self,
            **{name: getattr(self, name)[rows] for name in self.__slots__},
        )

    def joined(self, other: Self) -> Self:
        """Both banks, this one's rows first."""
        return replace(
            self,
            **{
                name: np.concatenate([getattr(self, name), getattr(other, name)])
                for name in self.__slots__
            },
        )
