"""The figures of a true flight: what an estimate is compared with."""

from dataclasses import dataclass

import numpy as np

from bongsu.exercise.truth import TruthObject, ground_point
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.units import UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightFigures:
    """Place, time and shape of one flight; seconds are counted from its launch."""

    flight_id: str
    launched_at: UtcNs
    launch_point: GeoPoint
    launch_azimuth_rad: float  # at the launch point, of the shortest line to below the burnout
    bearing_rad: float  # at the launch point, of the shortest line to the impact
    ends_of_burning_s: tuple[float, ...]  # stage by stage; the last one is burnout
    apogee_m: float
    range_m: float  # along the ellipsoid
    flight_time_s: float
    impact_point: GeoPoint
    impact_at: UtcNs

    @property
    def burnout_s(self) -> float:
        return self.ends_of_burning_s[-1]


def flight_figures(payload: TruthObject) -> FlightFigures:
    """Figures of a payload's flight; LocalMisuse where it never burned."""
    ends_of_burning_s = _ends_of_burning_s(payload)
    if not ends_of_burning_s:
        raise LocalMisuse(
            f"The {payload.name} of {payload.flight_id} never burned",
            remedy="Ask for the figures of a flight's payload.",
        )
    launch, impact = payload.launch_point, payload.falls_at
    range_m, bearing_rad = way(launch, impact)
    below_burnout = ground_point(payload.position_at(ends_of_burning_s[-1]))
    return FlightFigures(
        flight_id=payload.flight_id,
        launched_at=payload.launched_at,
        launch_point=launch,
        launch_azimuth_rad=way(launch, below_burnout)[1],
        bearing_rad=bearing_rad,
        ends_of_burning_s=ends_of_burning_s,
        apogee_m=payload.path.apogee_m(),
        range_m=range_m,
        flight_time_s=payload.ends_s,
        impact_point=impact,
        impact_at=payload.ends_at,
    )


def way(start: GeoPoint, end: GeoPoint) -> tuple[float, float]:
    """Length of the shortest line (m) and its azimuth at the start, in [0, 2 pi)."""
    distance, azimuth, _ = geodesic_inverse(
        start.latitude_rad, start.longitude_rad, end.latitude_rad, end.longitude_rad
    )
    return float(distance), float(np.mod(azimuth, 2.0 * np.pi))


def _ends_of_burning_s(payload: TruthObject) -> tuple[float, ...]:
    """The last instant of each stage's burn: the sample after its last burning one."""
    flight = payload.path
    stages = sorted(set(flight.stage[flight.burning].tolist()))
    last = (np.flatnonzero(flight.burning & (flight.stage == stage))[-1] for stage in stages)
    return tuple(float(flight.time_s[index + 1]) for index in last)
