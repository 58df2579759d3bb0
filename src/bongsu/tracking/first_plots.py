"""Hypotheses of a single plot: a lone one, moved to where a later plot may find it.

The velocity of a lone plot is open, none being likeliest, so its motion over a few scans is in
closed form: the place falls, and its spread grows with the time. Each lone plot may have been
seen at another time, and by another radar.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from bongsu.physics.motion import rotating_frame_mps2
from bongsu.tracking.arrays import Floats
from bongsu.tracking.lone_plots import LonePlots
from bongsu.tracking.look import Look
from bongsu.tracking.radar import Radar, places_of_plots
from bongsu.tracking.track_table import Rows, no_rows
from bongsu.vocabulary.units import NS_PER_S

_POSITIONS: Final = np.diag([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
_VELOCITIES: Final = np.eye(6) - _POSITIONS
_MIXED: Final = np.eye(6, k=3) + np.eye(6, k=-3)


def first_plots(lone: LonePlots, look: Look, radars: Mapping[int, Radar]) -> Rows:
    """Lone plots as hypotheses of one plot each, at the instant of the table.

    radars: by their index among the tracker's sensors.
    """
    rows = no_rows(len(lone))
    if len(lone) == 0:
        return rows
    position, spread = _places(lone, radars)
    elapsed_s = (look.scan.observed_ns - lone["observed_ns"]) / NS_PER_S + look.scan.since_s
    fall = rotating_frame_mps2(position, np.zeros_like(position))
    rows["state"][:, :3] = position + fall * (elapsed_s**2 / 2.0)[:, None]
    rows["state"][:, 3:] = fall * elapsed_s[:, None]
    open_velocity = _spread_of_open_velocity(elapsed_s[:, None, None])
    open_velocity *= look.settings.sigma_first_velocity_mps**2
    open_velocity[:, :3, :3] += spread
    rows["covariance"] = open_velocity
    rows["acceleration_noise"] = look.settings.acceleration_noise_m2ps3
    rows["log_odds"] = lone["log_odds"]
    rows["new_log_odds"] = lone["new_log_odds"]
    rows["hits"] = 1
    rows["plots"][:, 0] = lone["serial"]
    rows["first_observed_ns"] = rows["last_observed_ns"] = lone["observed_ns"]
    rows["sensors"] = 1 << lone["sensor"]
    return rows


def _spread_of_open_velocity(elapsed_s: Floats) -> Floats:
    """Covariance of the state (n, 6, 6) after a time (n, 1, 1), for a velocity of unit variance."""
    return elapsed_s * (elapsed_s * _POSITIONS + _MIXED) + _VELOCITIES


def _places(lone: LonePlots, radars: Mapping[int, Radar]) -> tuple[Floats, Floats]:
    """Positions (n, 3) and their covariances (n, 3, 3), each by the radar that saw it."""
    position, covariance = np.empty((len(lone), 3)), np.empty((len(lone), 3, 3))
    for sensor in set(lone["sensor"].tolist()):
        mine = lone["sensor"] == sensor
        position[mine], covariance[mine] = places_of_plots(radars[sensor], lone["plot"][mine])
    return position, covariance
