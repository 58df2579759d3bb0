"""Which faults a seed brings, when, for how long and to whom: decided before anything runs.

A run is a row of episodes. In each, faults begin and end (several at a time, as they do), then
everything is mended and the federation has a quiet time in which to come to rest. What must hold
then holds exactly.
"""

from dataclasses import dataclass
from enum import Enum

from bongsu.exercise.draws import Draws
from bongsu.exercise.federation_plan import FederationPlan
from bongsu.vocabulary.units import NodeId

EPISODE_S = 150.0
HARD_S = 95.0  # of an episode; the rest of it is quiet
SETTLING_S = 5.0  # at the very start: nodes begin, and find each other
FAULTS_AN_EPISODE = 7


class FaultKind(Enum):
    """Everything that this world does to a federation, in words for people."""

    PARTITION = "partition"
    ONE_WAY_CUT = "one-way cut"
    DELAY = "delay"
    REORDERING = "reordering"
    DUPLICATION = "duplication"
    CORRUPTION = "corruption"
    CRASH_BEFORE_WRITE = "crash before a write"
    CRASH_AFTER_WRITE = "crash after a write"
    TORN_WRITE = "torn write"
    FULL_DISK = "full disk"
    SLOW_DISK = "slow disk"
    CLOCK_SKEW = "clock skew"
    CLOCK_AHEAD = "clock jumps ahead"
    CLOCK_BACK = "clock jumps back"
    LYING_RELAY = "lying relay"
    RESTORED_BACKUP = "restored backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFault:
    """`nodes` are whom it strikes; of two, the wire from the first to the second.

    `size` from 0 to 1 says how hard.
    """

    kind: FaultKind
    at_s: float
    lasts_s: float
    nodes: tuple[NodeId, ...]
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Faults are all over at `mended_at_s`; from then to `ends_at_s` it is quiet."""

    mended_at_s: float
    ends_at_s: float
    faults: tuple[PlannedFault, ...]


def plan_faults(seed: int, federation: FederationPlan, *, duration_s: float) -> tuple[Episode, ...]:
    """Episodes that fill `duration_s`, at least one. Every kind comes in turn."""
    draws = Draws(seed, "faults")
    backups = draws.whether(0.5)  # without them what was passed on, or recalled, is sure to arrive
    brought = tuple(one for one in FaultKind if backups or one is not FaultKind.RESTORED_BACKUP)
    kinds: list[FaultKind] = []
    episodes: list[Episode] = []
    for number in range(max(1, round(duration_s / EPISODE_S))):
        begins_s = number * EPISODE_S
        mended_at_s = begins_s + SETTLING_S + HARD_S
        while len(kinds) < FAULTS_AN_EPISODE:
            kinds += draws.in_any_order(brought)
        drawn, kinds = kinds[:FAULTS_AN_EPISODE], kinds[FAULTS_AN_EPISODE:]
        faults = [
            _fault(draws, federation, kind, begins_s + SETTLING_S, mended_at_s) for kind in drawn
        ]
        episodes.append(
            Episode(
                mended_at_s=mended_at_s,
                ends_at_s=begins_s + EPISODE_S,
                faults=tuple(sorted(faults, key=lambda fault: fault.at_s)),
            )
        )
    return tuple(episodes)


def _fault(
    draws: Draws, federation: FederationPlan, kind: FaultKind, from_s: float, until_s: float
) -> PlannedFault:
    at_s = draws.between(from_s, until_s - 2.0)
    return PlannedFault(
        kind=kind,
        at_s=at_s,
        lasts_s=min(draws.between(0.5, 40.0), until_s - 1.0 - at_s),
        nodes=_struck(draws, federation, kind),
        size=draws.between(0.0, 1.0),
    )


def _struck(draws: Draws, federation: FederationPlan, kind: FaultKind) -> tuple[NodeId, ...]:
    """One machine, one wire, or the machines on one side of a partition."""
    match kind:
        case FaultKind.PARTITION:
            return draws.some_of(federation.nodes, draws.whole(1, len(federation.nodes) - 1))
        case (
            FaultKind.ONE_WAY_CUT
            | FaultKind.DELAY
            | FaultKind.REORDERING
            | FaultKind.DUPLICATION
            | FaultKind.CORRUPTION
        ):
            return draws.one_of(federation.wires)
        case FaultKind.LYING_RELAY if federation.relays:
            return (draws.one_of(federation.relays),)
        case FaultKind.LYING_RELAY:
            return draws.one_of(federation.wires)  # somebody on the wire between two neighbours
        case _:
            return (draws.one_of(federation.nodes),)
