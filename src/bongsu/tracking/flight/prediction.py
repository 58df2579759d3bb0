"""Moving the whole table to another instant: free flight, air on the way down, phases.

In the air the deceleration depends on a ballistic coefficient that nobody knows. A middling
one is taken, and as much acceleration noise as the deceleration itself, so that a track in
the air is honest about its place rather than precise.
"""

from typing import Final

import numpy as np

from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.physics.motion import drag_mps2
from bongsu.tracking.arrays import Floats
from bongsu.tracking.flight.filtering import predict
from bongsu.tracking.flight.track_table import FREE_FLIGHT, REENTRY, Rows, is_confirmed

AIR_HEIGHT_M: Final = 120e3
AIR_RADIUS_M: Final = 6_378_137.0 + AIR_HEIGHT_M
BALLISTIC_COEFFICIENT_KGPM2: Final = 5_000.0
DRAG_CORRELATION_S: Final = 5.0  # how long the unknown part of the drag stays the same
LONGEST_STEP_IN_AIR_S: Final = 1.0
FASTEST_DESCENT_MPS: Final = 8_000.0


def predict_rows(rows: Rows, duration_s: float) -> None:
    """Move every row by the duration, in place: forward in time."""
    if len(rows) == 0 or duration_s <= 0.0:
        return
    remaining_s = duration_s
    while remaining_s > 0.0:
        in_air = _may_be_in_air(rows, remaining_s)
        step_s = min(remaining_s, LONGEST_STEP_IN_AIR_S) if in_air else remaining_s
        remaining_s -= step_s
        noise = rows["acceleration_noise"]
        if in_air:
            noise = noise + _brake(rows, step_s)
        rows["state"], rows["covariance"] = predict(
            rows["state"], rows["covariance"], noise, step_s
        )


def _may_be_in_air(rows: Rows, duration_s: float) -> bool:
    """Only confirmed tracks are asked: a hypothesis does not live for long enough to matter."""
    position = rows["state"][:, :3]
    lowest = AIR_RADIUS_M + FASTEST_DESCENT_MPS * duration_s
    low = np.vecdot(position, position) < lowest**2
    return bool(np.count_nonzero(low & is_confirmed(rows)))


def _brake(rows: Rows, step_s: float) -> Floats:
    """Take the air's drag over a step off the velocities; returns the noise of not knowing it."""
    height = height_above_ellipsoid_m(rows["state"][:, :3])
    velocity = rows["state"][:, 3:]
    drag = drag_mps2(np.minimum(height, AIR_HEIGHT_M), velocity, BALLISTIC_COEFFICIENT_KGPM2)
    drag[height > AIR_HEIGHT_M] = 0.0
    velocity += drag * step_s
    falling = (np.vecdot(velocity, rows["state"][:, :3]) < 0.0) & (height < AIR_HEIGHT_M)
    rows["phase"][falling & (rows["phase"] == FREE_FLIGHT)] = REENTRY
    noise: Floats = np.vecdot(drag, drag) * DRAG_CORRELATION_S
    return noise
