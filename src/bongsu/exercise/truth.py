"""What really happens in the made-up world; no tracker and no node ever reads it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, Mask
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.trajectory import Trajectory
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.units import UtcNs, after_seconds, seconds_between

PAYLOAD: Final = "payload"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TruthObject:
    """One body in the air; the times of its path are seconds after the launch.

    A spent stage begins to exist when it parts from the flight; until then it is the flight.
    """

    flight_id: str
    name: str  # PAYLOAD, or "stage 1"
    launched_at: UtcNs
    launch_point: GeoPoint
    path: Trajectory

    @property
    def begins_s(self) -> float:
        return float(self.path.time_s[0])

    @property
    def ends_s(self) -> float:
        return self.path.duration_s

    @property
    def ends_at(self) -> UtcNs:
        """The instant of impact, or of the last sample where it does not come down."""
        return after_seconds(self.launched_at, self.ends_s)

    @property
    def falls_at(self) -> GeoPoint:
        """The place under the last sample."""
        return ground_point(self.path.state_ecef[-1, :3])

    def burns(self, time_s: float) -> bool:
        """Whether an engine burns at that many seconds after the launch."""
        return bool(self.path.burning_at(time_s))

    def position_at(self, time_s: FloatsLike) -> Floats:
        """ECEF positions (..., 3) at seconds after the launch (...); NaN outside the flight."""
        return self.path.state_at(time_s)[..., :3]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """Every body of a scenario from its launch or parting to its fall."""

    start: UtcNs
    objects: tuple[TruthObject, ...]

    def __post_init__(self) -> None:
        if not self.objects:
            raise LocalMisuse("A truth without objects", remedy="Give the scenario a flight.")

    @property
    def ended_at(self) -> UtcNs:
        return max(body.ends_at for body in self.objects)

    def payload(self, flight_id: str) -> TruthObject:
        """The body of that flight that flies the whole way."""
        for body in self.objects:
            if body.flight_id == flight_id and body.name == PAYLOAD:
                return body
        raise LocalMisuse(
            f"The truth has no flight {flight_id!r}", remedy="Name a flight of the scenario."
        )

    def states_at(self, at: UtcNs) -> tuple[Floats, Mask]:
        """States (N, 6) of all objects in their order, NaN while not in the air; burning (N,)."""
        states = np.full((len(self.objects), 6), np.nan)
        burning = np.zeros(len(self.objects), dtype=np.bool_)
        for row, body in enumerate(self.objects):
            time_s = seconds_between(at, body.launched_at)
            if body.begins_s <= time_s <= body.ends_s:
                states[row] = body.path.state_at(time_s)
                burning[row] = body.burns(time_s)
        return states, burning


def ground_point(position_ecef_m: Floats) -> GeoPoint:
    """The place on the ellipsoid under one position (3,)."""
    latitude, longitude, _ = ecef_to_geodetic(position_ecef_m)
    return GeoPoint(latitude_rad=float(latitude), longitude_rad=float(longitude))
