"""Alarms of a watch: what stands, who has seen it, what sounds. Sans-IO.

Rules, after the practice of alarm systems (ISA-18.2):

- An alarm is raised when its condition begins, and again when what was acknowledged of it is
  another matter (`alarm_facts`). It is acknowledged one by one, in the version that was seen.
- A condition that ends while nobody has seen it leaves its alarm standing, as over, until
  somebody has. Ending is not acknowledging.
- Silence is not acknowledging either: it is short, stops the sound of what stands, and nothing
  that comes or grows worse later.
- Nothing is lost in a flood: what the bound leaves out is counted, the least urgent first.

Silences run on monotonic time; `now` is what records state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bongsu.protocols.alarm_facts import why_worse
from bongsu.vocabulary.alarm import AlarmKind, Facts, Severity
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, UtcNs

MAXIMUM_ALARMS: Final = 4_096
MAXIMUM_REMEMBERED: Final = 4_096  # acknowledgements of alarms that do not stand
LONGEST_SILENCE_S: Final = 120.0
BEGUN: Final = "begun"
RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}
LATEST: Final = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What stands at a node now and has to be seen. `source`: whose or what it is.

    `name` is the same as long as it is the same matter; `lasting`: it keeps its name, and what was
    acknowledged of it, over a restart.
    """

    name: str
    kind: AlarmKind
    severity: Severity
    source: str
    about: str  # a warning's id, or in what trouble it is
    facts: Facts = field(default_factory=Facts)
    lasting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    who: str
    at: UtcNs
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """`why`: what raised it last; `raised`: how often; `over_at`: None while it stands."""

    condition: Condition
    raised_at: UtcNs
    why: str = BEGUN
    raised: int = 1
    acknowledged: Acknowledgement | None = None  # of what was raised last
    seen_before: Acknowledgement | None = None  # of what was raised earlier
    over_at: UtcNs | None = None

    @property
    def urgency(self) -> tuple[bool, int, int, int]:
        """Least first: not acknowledged, the worst, the least time left, the newest."""
        impact_at = self.condition.facts.impact_at
        return (
            self.acknowledged is not None,
            RANK[self.condition.severity],
            LATEST if impact_at is None else impact_at,
            -self.raised_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    who: str
    at: UtcNs
    until: MonotonicNs


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Everything that the machine remembers; `left_out`: alarms beyond the bound, so far."""

    standing: Mapping[str, Alarm] = field(default_factory=dict)
    remembered: Mapping[str, Acknowledgement] = field(default_factory=dict)
    silence: Silence | None = None
    left_out: int = 0

    @property
    def unacknowledged(self) -> tuple[Alarm, ...]:
        return tuple(one for one in self.standing.values() if one.acknowledged is None)


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands now, all of it."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """On our disk: somebody has seen this version of an alarm; or read back at the start."""

    name: str
    by: Acknowledgement


@dataclass(frozen=True, slots=True)
class Silenced:
    """On our disk."""

    by: Silence


Event = Looked | Acknowledged | Silenced


@dataclass(frozen=True, slots=True)
class TellRaised:
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class TellOver:
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class CountLeftOut:
    """More stand than are kept."""

    count: int


Effect = TellRaised | TellOver | CountLeftOut


def step(alarms: Alarms, event: Event, *, now: UtcNs) -> tuple[Alarms, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case Looked(conditions):
            return _look(alarms, conditions, now)
        case Acknowledged(name, by):
            return _acknowledge(alarms, name, by), ()
        case Silenced(by):
            return replace(alarms, silence=by), ()
    raise LocalMisuse(f"{event!r} is no event of alarms", remedy="Send one of its event types")


def require_acknowledgeable(alarms: Alarms, name: str, version: int | None) -> Alarm:
    """The alarm, if it stands unacknowledged in that version; LocalMisuse for any other."""
    alarm = alarms.standing.get(name)
    if alarm is None:
        raise LocalMisuse(f"no alarm {name[:160]!r} stands", remedy="List them: bongsu alarms")
    if alarm.acknowledged is not None:
        raise LocalMisuse(
            f"{name} was acknowledged already by {alarm.acknowledged.who}",
            remedy="Nothing has to be done",
        )
    newest = alarm.condition.facts.version
    if version is not None and version != newest:
        raise LocalMisuse(
            f"version {version} of {name} was seen, and version {newest} is the newest",
            remedy="Look at what changed, then acknowledge that",
        )
    return alarm


def is_silenced(alarms: Alarms, alarm: Alarm, *, elapsed: MonotonicNs) -> bool:
    """Whether somebody stopped its sound, and it has not grown worse since."""
    silence = alarms.silence
    return silence is not None and elapsed < silence.until and alarm.raised_at <= silence.at


def silence(who: str, seconds: float, *, now: UtcNs, elapsed: MonotonicNs) -> Silence:
    """Of what stands now. LocalMisuse for one that is too long."""
    if not 0.0 < seconds <= LONGEST_SILENCE_S:
        raise LocalMisuse(
            f"{seconds:g} s of silence", remedy=f"Silence for at most {LONGEST_SILENCE_S:.0f} s"
        )
    return Silence(who=who, at=now, until=MonotonicNs(elapsed + round(seconds * NS_PER_S)))


def _look(
    alarms: Alarms, conditions: tuple[Condition, ...], now: UtcNs
) -> tuple[Alarms, tuple[Effect, ...]]:
    standing = dict(alarms.standing)
    remembered = dict(alarms.remembered)
    effects: list[Effect] = []
    for condition in conditions:
        known = standing.get(condition.name)
        if known is None or known.over_at is not None:
            alarm = _raised(condition, remembered.pop(condition.name, None), known, now)
        else:
            alarm = _followed(known, condition, now)
        standing[condition.name] = alarm
        if alarm.acknowledged is None and (known is None or alarm.raised > known.raised):
            effects.append(TellRaised(alarm))
    for name in standing.keys() - {condition.name for condition in conditions}:
        effects += _end(standing, remembered, name, now)
    left_out = _leave_out(standing)
    if left_out:
        effects.append(CountLeftOut(left_out))
    for name in list(remembered)[: max(len(remembered) - MAXIMUM_REMEMBERED, 0)]:
        del remembered[name]
    changed = replace(
        alarms, standing=standing, remembered=remembered, left_out=alarms.left_out + left_out
    )
    return changed, tuple(effects)


def _end(
    standing: dict[str, Alarm], remembered: dict[str, Acknowledgement], name: str, now: UtcNs
) -> list[Effect]:
    """A condition that is not there any more: over, and gone where somebody has seen it."""
    alarm = standing[name]
    told: list[Effect] = []
    if alarm.over_at is None:
        standing[name] = alarm = replace(alarm, over_at=now)
        told.append(TellOver(alarm))
    if alarm.acknowledged is not None:
        del standing[name]
        if alarm.condition.lasting:
            remembered[name] = alarm.acknowledged
    return told


def _raised(
    condition: Condition, seen: Acknowledgement | None, known: Alarm | None, now: UtcNs
) -> Alarm:
    """A condition that begins; what was acknowledged of a lasting one may still hold."""
    raised = 1 if known is None else known.raised + 1
    worse = None if seen is None else why_worse(seen.facts, condition.facts)
    holds = condition.lasting and seen is not None and worse is None
    return Alarm(
        condition=condition,
        raised_at=now,
        raised=raised,
        why=worse or BEGUN,
        acknowledged=seen if holds else None,
        seen_before=None if holds else seen,
    )


def _followed(known: Alarm, condition: Condition, now: UtcNs) -> Alarm:
    """The condition stands on; it is raised again where it is another matter than was seen."""
    seen = known.acknowledged
    worse = None if seen is None else why_worse(seen.facts, condition.facts)
    if worse is None:
        return known if condition == known.condition else replace(known, condition=condition)
    return replace(
        known,
        condition=condition,
        raised_at=now,
        raised=known.raised + 1,
        why=worse,
        acknowledged=None,
        seen_before=seen,
    )


def _acknowledge(alarms: Alarms, name: str, by: Acknowledgement) -> Alarms:
    alarm = alarms.standing.get(name)
    if alarm is None:  # it is not raised yet: the node starts
        return replace(alarms, remembered={**alarms.remembered, name: by})
    standing = dict(alarms.standing)
    if alarm.over_at is None:
        standing[name] = replace(alarm, acknowledged=by)
        return replace(alarms, standing=standing)
    del standing[name]
    if not alarm.condition.lasting:
        return replace(alarms, standing=standing)
    return replace(alarms, standing=standing, remembered={**alarms.remembered, name: by})


def _leave_out(standing: dict[str, Alarm]) -> int:
    """Drop the least urgent beyond the bound; what is over goes before what stands."""
    beyond = len(standing) - MAXIMUM_ALARMS
    if beyond <= 0:
        return 0
    least = sorted(
        standing, key=lambda name: (standing[name].over_at is None, _reversed(standing[name]))
    )
    for name in least[:beyond]:
        del standing[name]
    return beyond


def _reversed(alarm: Alarm) -> tuple[int, ...]:
    return tuple(-int(part) for part in alarm.urgency)
