"""What fusion takes of a track: mean and covariance at an instant, and whose sensors made it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import norm
from bongsu.tracking.arrays import Floats
from bongsu.tracking.picture import NOT_BALLISTIC
from bongsu.vocabulary.seen_track import SeenTrack
from bongsu.vocabulary.track import Phase
from bongsu.vocabulary.units import SensorId, UtcNs

UPPER: Final = np.triu_indices(6)
NEAREST_M: Final = 6.3e6  # of believable places, from the Earth's centre
FARTHEST_M: Final = 5e7
FASTEST_MPS: Final = 2e4
LEAST_CONDITION: Final = 1e-10  # of the correlations: what is flatter says more than can be known


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A Gaussian of (position, velocity), ECEF, with what its error comes from.

    `sensors` is None where nobody says which they are. `is_ballistic`: gravity alone moves the
    object, so that no error comes from a motion that all nations guess at alike.
    """

    at: UtcNs
    mean: Floats  # (6,)
    covariance: Floats  # (6, 6)
    sensors: frozenset[SensorId] | None
    is_ballistic: bool

    def shares_nothing_with(self, other: "Estimate") -> bool:
        """Whether the two errors are known to have nothing in common."""
        if self.sensors is None or other.sensors is None:
            return False
        return self.is_ballistic and other.is_ballistic and self.sensors.isdisjoint(other.sensors)

    @property
    def log_volume(self) -> float:
        """Logarithm of the determinant of the covariance: the smaller, the surer."""
        return float(np.linalg.slogdet(self.covariance)[1])


def estimate_of(track: SeenTrack) -> Estimate | str:
    """The estimate of a track, or in words why it cannot be used."""
    if track.position_ecef_m is None or track.velocity_ecef_mps is None:
        return "its state is withheld"
    if track.covariance is None:
        return "its covariance is withheld"
    mean = np.array([*track.position_ecef_m, *track.velocity_ecef_mps])
    covariance = np.empty((6, 6))
    covariance[UPPER] = track.covariance
    covariance.T[UPPER] = track.covariance
    if not _is_believable(mean):
        return "its place or speed is impossible"
    if not _is_covariance(covariance):
        return "its covariance is not one"
    ballistic = track.phase is Phase.FREE_FLIGHT and NOT_BALLISTIC not in (track.caveats or ())
    return Estimate(
        at=track.at,
        mean=mean,
        covariance=covariance,
        sensors=None if track.sensors is None else frozenset(track.sensors),
        is_ballistic=ballistic,
    )


def _is_believable(mean: Floats) -> bool:
    if not (np.isfinite(mean).all() and np.abs(mean).max() < FARTHEST_M):
        return False
    return bool(NEAREST_M < norm(mean[:3]) < FARTHEST_M and norm(mean[3:]) < FASTEST_MPS)


def _is_covariance(covariance: Floats) -> bool:
    """Finite and clearly positive, by its correlations, so that no unit counts."""
    variances = np.diagonal(covariance)
    if not (np.isfinite(covariance).all() and (variances > 0.0).all() and variances.max() < 1e16):
        return False
    scale = np.sqrt(variances)
    return bool(np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0] > LEAST_CONDITION)
