"""Several nations' estimates of one object as one, each sensor counted once.

The surest estimate comes first; each further one is

- added, where both stand on sensors that are known to be others, and gravity alone moves the
  object: then the errors have nothing in common;
- else intersected (covariance intersection), which is honest whatever they have in common; or
  what it was before a shared sensor joined is added, if that says more.

A motion that each nation guesses at (an engine, a manoeuvre) is an error in common: never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bongsu.tracking.fusion.combination import added, intersected
from bongsu.tracking.fusion.contribution import Contribution
from bongsu.tracking.fusion.estimate import Estimate
from bongsu.vocabulary.units import SensorId


@dataclass(frozen=True, slots=True, kw_only=True)
class Fused:
    """What the contributions say together; `named` are the sensors that are known to be in it."""

    estimate: Estimate
    named: frozenset[SensorId]
    unnamed: bool  # others may be
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Fusion:
    """The fusion so far; written by `_take` only."""

    estimate: Estimate
    taken: list[Contribution]
    notes: list[str] = field(default_factory=list)


def fuse(contributions: Sequence[Contribution]) -> Fused:
    """All contributions (one at least), moved to one instant before, as one."""
    surest_first = sorted(
        contributions, key=lambda one: (one.newest.log_volume, one.nation, one.track_id)
    )
    fusion = _Fusion(estimate=surest_first[0].newest, taken=[surest_first[0]])
    for contribution in surest_first[1:]:
        _take(fusion, contribution)
    known = [one.newest.sensors for one in fusion.taken]
    return Fused(
        estimate=fusion.estimate,
        named=frozenset().union(*(sensors for sensors in known if sensors is not None)),
        unnamed=None in known,
        notes=tuple(fusion.notes),
    )


def _take(fusion: _Fusion, contribution: Contribution) -> None:
    newest = contribution.newest
    if fusion.estimate.shares_nothing_with(newest):
        fusion.estimate = added(fusion.estimate, newest)
    else:
        ways = [intersected(fusion.estimate, newest)]
        ways += [
            added(fusion.estimate, part)
            for part in contribution.parts[:-1]
            if fusion.estimate.shares_nothing_with(part)
        ]
        fusion.estimate = min(ways, key=lambda way: way.log_volume)
        fusion.notes.append(_why(fusion.taken, contribution))
    fusion.taken.append(contribution)


def _why(taken: Sequence[Contribution], contribution: Contribution) -> str:
    """Why the estimates were not simply added."""
    sensors, nation = contribution.newest.sensors, contribution.nation
    withheld = [one.nation for one in (*taken, contribution) if one.newest.sensors is None]
    if withheld:
        return f"sensors withheld by {', '.join(withheld)}: counted as if shared"
    shared = {
        (one.nation, sensor)
        for one in taken
        for sensor in (one.newest.sensors or frozenset()) & (sensors or frozenset())
    }
    if shared:
        names = ", ".join(sorted({sensor for _, sensor in shared}))
        nations = ", ".join(sorted({name for name, _ in shared}))
        return f"{nations} and {nation} share {names}: counted once"
    return f"not in free flight for {nation} and the others alike: not added up"
