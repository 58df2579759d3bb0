"""Hypotheses of a single plot: a lone one, moved to where a later plot may find it.

The velocity of a lone plot is open, none being likeliest, so its motion over a few scans is in
closed form: the place falls, and its spread grows with the time. The pull of the Earth's
centre will do: what it leaves out is nothing beside kilometres per second. Each lone plot may
have been seen at another time, and by another radar.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from bongsu.physics.gravity import MU_M3PS2
from bongsu.tracking.arrays import Floats
from bongsu.tracking.flight.track_table import Rows, no_rows
from bongsu.tracking.initiation.lone_plots import LonePlots
from bongsu.tracking.radar.look import Look
from bongsu.tracking.radar.measurement import Radar, places_of_plots
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
    elapsed_s = (look.scan.observed_ns - lone["observed_ns"]) / NS_PER_S + look.scan.since_s
    position = lone["position"]
    distance_squared = np.vecdot(position, position)
    pull = -MU_M3PS2 / (distance_squared * np.sqrt(distance_squared))
    fall = (pull * elapsed_s)[:, None] * position
    rows["state"][:, 3:] = fall
    rows["state"][:, :3] = position + (0.5 * elapsed_s)[:, None] * fall
    open_velocity = _spread_of_open_velocity(elapsed_s[:, None, None])
    open_velocity *= look.settings.sigma_first_velocity_mps**2
    open_velocity[:, :3, :3] += _spread_of_places(lone, radars)
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


def _spread_of_places(lone: LonePlots, radars: Mapping[int, Radar]) -> Floats:
    """Covariance of each place (n, 3, 3), by the radar that saw it."""
    sensors = set(lone["sensor"].tolist())
    if len(sensors) == 1:
        return places_of_plots(radars[sensors.pop()], lone["plot"])[1]
    covariance = np.empty((len(lone), 3, 3))
    for sensor in sensors:
        mine = lone["sensor"] == sensor
        covariance[mine] = places_of_plots(radars[sensor], lone["plot"][mine])[1]
    return covariance
