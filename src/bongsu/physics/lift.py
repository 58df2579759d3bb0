"""Flight on lift: bodies that glide, skip or pull up after their boost.

Lift is a fixed multiple of the drag, up from the flight path or banked to a side. A body that
keeps it all the time skips; one that lets it off while it climbs settles into a glide in which
lift, weight and centrifugal force balance.
Sources: Eggers, Allen and Neice, NACA Report 1382 (1957), for both ways of flying; Acton,
Science & Global Security 23 (2015), for a published lift-to-drag ratio of 2.6.
"""

from dataclasses import dataclass, replace
from math import isfinite, pi
from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike, dot, norm, unit
from bongsu.physics.fall import sampled_fall
from bongsu.physics.geodesy import climb_mps, height_above_ellipsoid_m, height_gradient
from bongsu.physics.motion import drag_mps2, rotating_frame_mps2
from bongsu.physics.runge_kutta import Acceleration
from bongsu.physics.trajectory import LONGEST_SAMPLE_S, Trajectory
from bongsu.vocabulary.errors import LocalMisuse

LETS_OFF_OVER_MPS: Final = 100.0  # a damped body that climbs so fast has no lift at all
LARGEST_LIFT_MPS2: Final = 100.0  # ten times the weight: a structure's limit


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftFigures:
    """How a body flies on lift; made up, or a published ratio."""

    lift_to_drag: float
    ballistic_coefficient_kgpm2: float = 10_000.0
    bank_rad: float = 0.0  # of the lift, to the right of the flight
    skips: bool = False  # keeps its lift while it climbs
    ends_at_mps: float = 0.0  # slower than that it falls without lift

    def __post_init__(self) -> None:
        sound = (
            isfinite(self.lift_to_drag + self.bank_rad + self.ends_at_mps)
            and self.lift_to_drag >= 0.0
            and 0.0 < self.ballistic_coefficient_kgpm2 < float("inf")
            and abs(self.bank_rad) <= pi
        )
        if not sound:
            raise LocalMisuse(
                "Figures of lift that no body has",
                remedy="Give a ratio of 0 or more, a coefficient above 0, a bank within a turn.",
            )


def lift_directions(position: Floats, velocity: Floats) -> tuple[Floats, Floats]:
    """Unit vectors across the velocity: upward, and level to the right; (..., 3) each."""
    ahead = unit(velocity)
    up = height_gradient(position)
    upward = unit(up - dot(up, ahead)[..., None] * ahead)
    return upward, np.cross(ahead, upward)


def flight_on_lift(figures: LiftFigures) -> Acceleration:
    """Acceleration of such a body in still air that turns with the Earth, for an integrator."""
    level, upright = np.sin(figures.bank_rad), np.cos(figures.bank_rad)

    def acceleration(position: Floats, velocity: Floats) -> Floats:
        height = height_above_ellipsoid_m(position)
        drag = drag_mps2(height, velocity, figures.ballistic_coefficient_kgpm2)
        amount = np.minimum(figures.lift_to_drag * norm(drag), LARGEST_LIFT_MPS2)
        amount = amount * (norm(velocity) > figures.ends_at_mps)
        if not figures.skips:
            climb = climb_mps(position, velocity)
            amount = amount * np.clip(1.0 - climb / LETS_OFF_OVER_MPS, 0.0, 1.0)
        upward, right = lift_directions(position, velocity)
        lift = amount[..., None] * (upright * upward + level * right)
        moved: Floats = rotating_frame_mps2(position, velocity) + drag
        moved += lift
        return moved

    return acceleration


def flown_on_lift(
    flight: Trajectory, figures: LiftFigures, *, maximum_time_s: float = 7200.0
) -> Trajectory:
    """The flight up to its burnout, and from there on lift.

    Raises LocalMisuse where it never burned or does not come down in the time.
    """
    burns = np.flatnonzero(flight.burning)
    if not burns.size:
        raise LocalMisuse(
            "A flight that never burned has no burnout to glide from",
            remedy="Give the trajectory of a launched vehicle.",
        )
    cut = int(burns[-1]) + 1
    time, state, landed = sampled_fall(
        flight.state_ecef[cut],
        flight_on_lift(figures),
        maximum_time_s=maximum_time_s - float(flight.time_s[cut]),
        longest_step_s=LONGEST_SAMPLE_S,
    )
    if not landed:
        raise LocalMisuse(
            "It stays up for longer than two hours on that lift",
            remedy="Give it less lift to drag, or a shorter range.",
        )
    free = len(time)
    return replace(
        flight,
        time_s=np.concatenate([flight.time_s[:cut], flight.time_s[cut] + time]),
        state_ecef=np.concatenate([flight.state_ecef[:cut], state]),
        thrust_acceleration_ecef_mps2=np.concatenate(
            [flight.thrust_acceleration_ecef_mps2[:cut], np.zeros((free, 3))]
        ),
        stage=np.concatenate([flight.stage[:cut], np.zeros(free, dtype=np.int_)]),
        burning=np.concatenate([flight.burning[:cut], np.zeros(free, dtype=np.bool_)]),
        landed=True,
    )


def glide_range_m(
    speed_ratio_squared: FloatsLike, lift_to_drag: FloatsLike, radius_m: float
) -> Floats:
    """Ground range of an equilibrium glide from a speed to rest, (...), m.

    speed_ratio_squared: (...), square of the speed over that of a circular orbit, below 1.
    Source: Eggers, Allen and Neice, NACA Report 1382 (1957).
    """
    left = 1.0 - np.asarray(speed_ratio_squared, dtype=np.float64)
    return np.asarray(-0.5 * radius_m * np.asarray(lift_to_drag) * np.log(left))
