"""Banks of boost hypotheses made from true flights."""

import numpy as np
from tests.tracking.made_up_boosts import LONG_SHOT, flown

from bongsu.physics.trajectory import Trajectory
from bongsu.tracking.boost.state import (
    INCIDENCE,
    LAUNCH_PLACE,
    LAUNCH_TIME,
    LOG_EXHAUST_SPEED,
    MOTION,
    SIZE,
    TIME_TO_EMPTY,
    Hypotheses,
)
from bongsu.tracking.launch.reference_place import reference_under

ONE_STAGE = 4  # of the generic boosts: one stage of 145 s, the class of LONG_SHOT
TWO_STAGES = 5
EMPTY_S = 145.0 / 0.86  # time to empty of that stage at ignition


def true_state(flight: Trajectory, seconds: float) -> np.ndarray:
    """The full state (SIZE,) of a one-stage flight, counted from its launch."""
    state = np.zeros(SIZE)
    state[MOTION] = flight.state_at(seconds)
    sample = int(np.searchsorted(flight.time_s, seconds, side="right")) - 1
    thrust = flight.thrust_acceleration_ecef_mps2[sample]
    empty_s = EMPTY_S - flight.time_s[sample]
    state[TIME_TO_EMPTY] = EMPTY_S - seconds
    state[LOG_EXHAUST_SPEED] = np.log(np.linalg.norm(thrust) * empty_s)
    state[INCIDENCE] = climb_angle_rad(thrust, state[:3]) - climb_angle_rad(state[3:6], state[:3])
    state[LAUNCH_TIME] = 0.0
    reference = reference_under(state[:3])
    state[LAUNCH_PLACE] = reference.enu_m(flight.state_ecef[0, :3])[:2]
    return state


def climb_angle_rad(vector: np.ndarray, position: np.ndarray) -> float:
    up = position / np.linalg.norm(position)
    return float(np.arcsin(up @ vector / np.linalg.norm(vector)))


def hypotheses(
    states: np.ndarray,
    *,
    sigma: float = 1.0,
    track: list[int] | None = None,
    burning: list[bool] | None = None,
    profile: list[int] | None = None,
    stage: list[int] | None = None,
    weight: list[float] | None = None,
) -> Hypotheses:
    """A bank of the given states (n, SIZE); `sigma` scales a plausible covariance."""
    count = len(states)
    sigmas = np.array([100.0] * 3 + [10.0] * 3 + [3.0, 0.03, 0.02, 500.0, 500.0, 2.0])
    shares = np.array(weight or [1.0 / count] * count)
    return Hypotheses(
        state=np.array(states),
        covariance=np.tile(np.diag((sigma * sigmas) ** 2), (count, 1, 1)),
        log_weight=np.log(shares),
        track=np.array(track or [0] * count, dtype=np.intp),
        burning=np.array(burning if burning is not None else [True] * count),
        profile=np.array(profile or [ONE_STAGE] * count, dtype=np.intp),
        stage=np.array(stage or [0] * count, dtype=np.intp),
        drag_time_m2spkg=np.full(count, 4.5e-3),
        sea_level_loss=np.full(count, 0.1),
    )


def one_at(seconds: float, *, sigma: float = 1.0) -> Hypotheses:
    """A bank of one hypothesis that is the truth of LONG_SHOT at that time."""
    return hypotheses(true_state(flown(LONG_SHOT), seconds)[None], sigma=sigma)
