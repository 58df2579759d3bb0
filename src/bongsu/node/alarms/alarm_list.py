"""Alarms as people are told of them: the most urgent first, the rest of a flood in groups."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bongsu.node.plain_values import plain
from bongsu.protocols.alarms import Alarm, Alarms, Condition, is_silenced
from bongsu.vocabulary.alarm import AlarmKind, Severity
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

MAXIMUM_LISTED: Final = 200
LISTED_OF_A_GROUP: Final = 20  # of one kind, severity and source
SOUND_AGAIN_S: Final = {Severity.CRITICAL: 10.0, Severity.SERIOUS: 60.0, Severity.ADVISORY: None}

Group = tuple[AlarmKind, Severity, str]


def alarm_list(alarms: Alarms, *, elapsed: MonotonicNs) -> dict[str, object]:
    """Plain values. Reads only what never changes, so it may run beside the loop."""
    ordered = sorted(alarms.standing.values(), key=lambda one: one.urgency)
    listed, grouped = _listed(ordered)
    unseen = [one for one in ordered if one.acknowledged is None]
    sounding = [one for one in unseen if not is_silenced(alarms, one, elapsed=elapsed)]
    silence = alarms.silence
    left_s = 0.0 if silence is None else max(silence.until - elapsed, 0) / NS_PER_S
    return {
        "unacknowledged": len(unseen),
        "worst": _worst(unseen),
        "sounding": _worst(sounding),
        "silenced_s": left_s,
        "silenced_by": silence.who if silence is not None and left_s else None,
        "sound_again_s": {one.value: again_s for one, again_s in SOUND_AGAIN_S.items()},
        "left_out": alarms.left_out,
        "alarms": [_alarm(one, is_silenced(alarms, one, elapsed=elapsed)) for one in listed],
        "groups": _groups(grouped),
    }


def _listed(ordered: Sequence[Alarm]) -> tuple[list[Alarm], list[Alarm]]:
    """Those that stand by themselves, and those that only stand in their group."""
    counted: Counter[Group] = Counter()
    listed: list[Alarm] = []
    grouped: list[Alarm] = []
    for alarm in ordered:
        group = _group(alarm)
        counted[group] += 1
        has_room = len(listed) < MAXIMUM_LISTED and counted[group] <= LISTED_OF_A_GROUP
        (listed if has_room else grouped).append(alarm)
    return listed, grouped


def _groups(alarms: Sequence[Alarm]) -> list[dict[str, object]]:
    counts = Counter(map(_group, alarms))
    unseen = Counter(_group(one) for one in alarms if one.acknowledged is None)
    return [
        {
            "kind": kind.value,
            "severity": severity.value,
            "source": source,
            "count": count,
            "unacknowledged": unseen[kind, severity, source],
        }
        for (kind, severity, source), count in counts.items()
    ]


def _group(alarm: Alarm) -> Group:
    condition = alarm.condition
    return condition.kind, condition.severity, condition.source


def _worst(alarms: Sequence[Alarm]) -> str | None:
    severities = {one.condition.severity for one in alarms}
    return next((one.value for one in Severity if one in severities), None)


def _alarm(alarm: Alarm, silenced: bool) -> dict[str, object]:
    condition, seen = alarm.condition, alarm.acknowledged
    return {
        **condition_as_seen(condition),
        "version": condition.facts.version,
        "object_class": plain(condition.facts.object_class),
        "impact_at": condition.facts.impact_at,
        "raised_at": alarm.raised_at,
        "raised": alarm.raised,
        "why": alarm.why,
        "acknowledged": None if seen is None else {"who": seen.who, "at": seen.at},
        "over_at": alarm.over_at,
        "silenced": silenced,
    }


def condition_as_seen(condition: Condition) -> dict[str, object]:
    """What it is and whose, in a list and in the journal."""
    return {
        "name": condition.name,
        "kind": condition.kind.value,
        "severity": condition.severity.value,
        "source": condition.source,
        "about": condition.about,
    }
