"""The first hypotheses about a newly seen boost, from one plot and the generic ensemble.

An ensemble member that has climbed to the height of first sight brings with it a speed, a
time since launch and a distance from the launch place. Their joint spread becomes the prior:
one Gaussian for every profile, stage and sector of azimuth, so that each is nearly linear.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Mask
from bongsu.tracking.boost.ensemble import (
    DRAG_SHAPE,
    GENERIC_BOOSTS,
    BoostEnsemble,
    BoostSamples,
)
from bongsu.tracking.boost.mixture import moments, normalised, pruned
from bongsu.tracking.boost.state import (
    INCIDENCE,
    LAUNCH_PLACE,
    LAUNCH_TIME,
    LOG_EXHAUST_SPEED,
    MOTION,
    POSITION,
    SIZE,
    TIME_TO_EMPTY,
    VELOCITY,
    Hypotheses,
)
from bongsu.tracking.gaussian import log_density
from bongsu.tracking.infrared.measurement import InfraredView, line_of_sight_ecef, points_at_height
from bongsu.tracking.launch.reference_place import Reference, reference_under

SECTORS: Final = 6
FEWEST_MEMBERS: Final = 12  # of one profile and stage; fewer say nothing of a covariance
HEIGHT_SHARE: Final = 0.03  # of the height: as near as a member must come to it
LEAST_HEIGHT_M: Final = 20e3
ANYWHERE_SIGMA_M: Final = 100e3
GOLDEN: Final = 0.6180339887498949  # its multiples spread evenly over [0, 1)

# What the ensemble leaves out, one standard deviation.
EXTRA_SIGMAS: Final = np.array([50.0] * 3 + [15.0] * 3 + [5.0, 0.05, 0.03, 120.0, 120.0, 0.7])


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """A new track's hypotheses; times are counted from the instant of the plot."""

    hypotheses: Hypotheses
    reference: Reference


def first_infrared_sight(
    ensemble: BoostEnsemble, view: InfraredView, angles_rad: Floats, unseen_s: float
) -> FirstSight:
    """What one line of sight (2,) says at once.

    The object broke through the clouds at some time within the last unseen_s seconds, for as
    long as the sensor had not seen that direction.
    """
    samples = _broke_through(ensemble, view.site.cloud_height_m, unseen_s)
    spread_out = np.broadcast_to(angles_rad, (len(samples.height_m), 2))
    position, _ = points_at_height(view, spread_out, samples.height_m)
    direction = line_of_sight_ecef(view, angles_rad)
    reference = reference_under(position.mean(axis=0))
    distance = float(np.linalg.norm(position.mean(axis=0) - view.position_ecef_m))
    across = (np.eye(3) - np.outer(direction, direction)) * distance**2
    # An angle that is off moves the point on its surface of constant height, not across the line.
    up = reference.axes_enu[2]
    slide = np.eye(3) - np.outer(direction, up) / (direction @ up)
    noise = slide @ across @ slide.T * float(np.mean(np.square(view.site.sigmas)))
    return _first_sight(samples, position, noise, reference)


def first_sight_of_state(
    ensemble: BoostEnsemble, state: Floats, covariance: Floats, *, engine_out: float
) -> FirstSight | None:
    """What a state (6,) ECEF with covariance (6, 6) says of an object that may burn.

    Any instant at which a member climbs through that height may be the present one; the
    state then speaks as a measurement. `engine_out` in (0, 1) is the probability that it flies
    freely already. None where no generic boost comes so high.
    """
    reference = reference_under(state[POSITION])
    height = float(reference.enu_m(state[POSITION])[2])
    near = np.abs(ensemble.height_m - height) < HEIGHT_SHARE * max(height, LEAST_HEIGHT_M)
    when, member = np.nonzero(ensemble.burning & near & (ensemble.climb_mps > 0.0))
    if len(when) < FEWEST_MEMBERS:
        return None
    samples = ensemble.sampled(when.astype(np.float64), member)
    position = np.broadcast_to(state[POSITION], (len(when), 3))
    anywhere = ANYWHERE_SIGMA_M**2 * np.eye(3)
    sight = _first_sight(samples, position, anywhere, reference)
    burning = normalised(_given_motion(sight.hypotheses, state, covariance), 1)
    bank = burning.joined(_out(burning, state, covariance, engine_out))
    return replace(sight, hypotheses=pruned(bank, 1))


def _out(bank: Hypotheses, state: Floats, covariance: Floats, engine_out: float) -> Hypotheses:
    """For each profile one hypothesis of that motion without thrust."""
    kinds, group = np.unique(bank.profile, return_inverse=True)
    merged = moments(bank, group, len(kinds))
    mean, spread = merged.state.copy(), merged.covariance.copy()
    mean[:, MOTION] = state
    spread[:, MOTION, :] = 0.0
    spread[:, :, MOTION] = 0.0
    spread[:, MOTION, MOTION] = covariance
    rows = np.array([np.flatnonzero(group == kind)[0] for kind in range(len(kinds))])
    odds = np.log(engine_out / (1.0 - engine_out))
    last = [len(GENERIC_BOOSTS[kind][0].stages) - 1 for kind in kinds]
    return replace(
        bank.taken(rows),
        state=mean,
        covariance=spread,
        log_weight=np.log(merged.weight) + odds,
        burning=np.zeros(len(kinds), dtype=np.bool_),
        stage=np.array(last, dtype=np.intp),
    )


def _given_motion(bank: Hypotheses, state: Floats, covariance: Floats) -> Hypotheses:
    """A bank after its motion was measured: (6,) with covariance (6, 6)."""
    residual = state - bank.state[:, MOTION]
    spread = bank.covariance[:, MOTION, MOTION] + covariance
    cross = bank.covariance[:, :, MOTION]
    gain = np.linalg.solve(spread, cross.transpose(0, 2, 1)).transpose(0, 2, 1)
    reduction = np.broadcast_to(np.eye(SIZE), bank.covariance.shape).copy()
    reduction[:, :, MOTION] -= gain
    joseph = reduction @ bank.covariance @ reduction.transpose(0, 2, 1)
    joseph += gain @ covariance @ gain.transpose(0, 2, 1)
    return replace(
        bank,
        state=bank.state + np.matvec(gain, residual),
        covariance=0.5 * (joseph + joseph.transpose(0, 2, 1)),
        log_weight=bank.log_weight + log_density(residual, spread),
    )


def _broke_through(ensemble: BoostEnsemble, cloud_height_m: float, unseen_s: float) -> BoostSamples:
    """Members at first sight: evenly spread over the time since each came out of the clouds."""
    level = max(cloud_height_m, 0.0)
    above = ensemble.height_m > level
    after = np.argmax(above, axis=0)
    members = np.flatnonzero(above.any(axis=0) & (after > 0))
    after = after[members]
    low, high = ensemble.height_m[after - 1, members], ensemble.height_m[after, members]
    crossing = after - 1 + (level - low) / (high - low)
    step_s = float(ensemble.time_s[1] - ensemble.time_s[0])
    later = unseen_s / step_s * ((members * GOLDEN) % 1.0)
    samples = ensemble.sampled(crossing + later, members)
    return samples.only(samples.burning)


def _first_sight(
    samples: BoostSamples, position: Floats, position_noise: Floats, reference: Reference
) -> FirstSight:
    """Position (m, 3) of each sample; position_noise (3, 3) is common to them."""
    states = _states(samples, position, reference)
    carried = np.zeros((SIZE, 3))
    carried[POSITION] = np.eye(3)
    carried[LAUNCH_PLACE] = reference.axes_enu[:2]  # the launch place moves with the position
    noise = carried @ position_noise @ carried.T + np.diag(EXTRA_SIGMAS**2)
    groups = list(_groups(samples))
    if not groups:
        everything = np.ones(len(samples.profile), dtype=np.bool_)
        groups = [(int(samples.profile[0]), int(samples.stage[0]), everything)]
    means, covariances, weights = zip(
        *(_moments(states[:, rows], noise) for _, _, rows in groups), strict=True
    )
    joined = [np.concatenate(parts) for parts in (means, covariances, weights)]
    return FirstSight(hypotheses=_bank(groups, *joined), reference=reference)


def _states(samples: BoostSamples, position: Floats, reference: Reference) -> Floats:
    """Full states (SECTORS, m, 3, SIZE): three azimuths that have a sector's mean and spread."""
    half = np.pi / SECTORS
    offsets = half * np.array([-1.0, 0.0, 1.0]) / np.sqrt(2.0)
    azimuth = (2.0 * half * np.arange(SECTORS))[:, None, None] + offsets
    azimuth = np.broadcast_to(azimuth, (SECTORS, len(position), 3))
    sine, cosine = np.sin(azimuth), np.cos(azimuth)
    east, north, up = reference.axes_enu
    ahead = sine[..., None] * east + cosine[..., None] * north
    states = np.empty((*azimuth.shape, SIZE))
    states[..., POSITION] = position[:, None, :]
    climb = samples.climb_mps[:, None] * up
    states[..., VELOCITY] = samples.level_mps[:, None, None] * ahead + climb[:, None, :]
    states[..., TIME_TO_EMPTY] = samples.time_to_empty_s[:, None]
    states[..., LOG_EXHAUST_SPEED] = samples.log_exhaust_speed[:, None]
    states[..., INCIDENCE] = samples.incidence_rad[:, None]
    place = reference.enu_m(position)[:, None, :2]
    back = samples.downrange_m[:, None, None] * np.stack([sine, cosine], axis=-1)
    states[..., LAUNCH_PLACE] = place - back
    states[..., LAUNCH_TIME] = -samples.time_s[:, None]
    return states


def _groups(samples: BoostSamples) -> Iterator[tuple[int, int, Mask]]:
    """Profile, stage and members of each group that holds enough of them.

    Steep flights are groups of their own: one Gaussian over steep and flat ones would give
    the steep ones next to no weight.
    """
    profile, stage = samples.profile, samples.stage
    for kind in np.unique(profile):
        for number in np.unique(stage[profile == kind]):
            together = (profile == kind) & (stage == number)
            for rows in (together & samples.steep, together & ~samples.steep):
                if np.count_nonzero(rows) >= FEWEST_MEMBERS:
                    yield int(kind), int(number), rows


def _moments(states: Floats, noise: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, covariance and weight of each sector, from states (SECTORS, m, 3, SIZE)."""
    samples = states.reshape(SECTORS, -1, SIZE)
    mean = samples.mean(axis=1)
    centred = samples - mean[:, None, :]
    covariance = centred.transpose(0, 2, 1) @ centred / samples.shape[1] + noise
    return mean, covariance, np.full(SECTORS, samples.shape[1] / 3.0)


def _bank(
    groups: list[tuple[int, int, Mask]], mean: Floats, covariance: Floats, weight: Floats
) -> Hypotheses:
    profile = np.repeat([kind for kind, _, _ in groups], SECTORS)
    stage = np.repeat([number for _, number, _ in groups], SECTORS)
    figures = [drag_figures(kind, number) for kind, number, _ in groups]
    return Hypotheses(
        state=mean,
        covariance=covariance,
        log_weight=np.log(weight / weight.sum()),
        track=np.zeros(len(mean), dtype=np.intp),
        burning=np.ones(len(mean), dtype=np.bool_),
        profile=profile.astype(np.intp),
        stage=stage.astype(np.intp),
        drag_time_m2spkg=np.repeat([drag for drag, _ in figures], SECTORS),
        sea_level_loss=np.repeat([loss for _, loss in figures], SECTORS),
    )


def drag_figures(profile: int, stage: int) -> tuple[float, float]:
    """Cd A per mass flow (m^2 s/kg) and the loss of thrust at sea level of a generic stage."""
    figures = GENERIC_BOOSTS[profile][0].stages[stage]
    empty_s = figures.burn_time_s / figures.propellant_fraction
    return DRAG_SHAPE * empty_s / figures.ballistic_coefficient_kgpm2, figures.sea_level_loss
