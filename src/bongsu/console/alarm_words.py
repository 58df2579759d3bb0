"""An alarm in words, in the language of who reads: on the watch page and at a handover."""

from bongsu.console.answers.alarms import AlarmGroup, AlarmSeen, AlarmsSeen, ShiftSeen
from bongsu.console.languages import Language, say, translated
from bongsu.console.measures import clock_text
from bongsu.vocabulary.alarm import AlarmKind, Severity
from bongsu.vocabulary.units import UtcNs, seconds_between

OF_RECORDS = (AlarmKind.WARNING, AlarmKind.RECALL)


def severity_text(severity: Severity, language: Language) -> str:
    """In capitals, where the language has them."""
    return say(language, f"alarm_severity.{severity.value}").upper()


def kind_text(kind: AlarmKind, language: Language) -> str:
    """What an alarm is about."""
    return translated(language, "alarm_kind", kind.value)


def about_text(about: str, language: Language) -> str:
    """In what trouble something is; an identity stays as it is."""
    return translated(language, "alarm_text", translated(language, "faults", about))


def subject_text(kind: AlarmKind, source: str, about: str, language: Language) -> str:
    """Of what and whom, without its version."""
    key = "alarm.warning" if kind in OF_RECORDS else "alarm.trouble"
    kind_words, about_words = kind_text(kind, language), about_text(about, language)
    return say(language, key, kind=kind_words, source=source, about=about_words)


def title_text(alarm: AlarmSeen, language: Language) -> str:
    """What it is about, in one line."""
    title = subject_text(alarm.kind, alarm.source, alarm.about, language)
    if alarm.version is not None:
        title = say(language, "alarm.version", title=title, version=alarm.version)
    if alarm.object_class is not None:
        object_class = alarm.object_class.value
        title = say(language, "alarm.of_class", title=title, object_class=object_class)
    return title


def time_left_of(alarm: AlarmSeen, now: UtcNs, language: Language) -> str:
    """How long until it falls; empty where no impact is predicted."""
    if alarm.impact_at is None:
        return ""
    time, left_s = clock_text(alarm.impact_at), int(seconds_between(alarm.impact_at, now))
    if left_s <= 0:
        return say(language, "alarm.time_passed", time=time)
    left = f"{left_s // 60}:{left_s % 60:02d}"
    return say(language, "alarm.time_left", left=left, time=time)


def since_text(alarm: AlarmSeen, language: Language) -> str:
    """Since when, how often, and why the last time."""
    time = clock_text(alarm.raised_at)
    if alarm.raised == 1:
        return say(language, "alarm.since", time=time)
    why = translated(language, "alarm_text", alarm.why)
    return say(language, "alarm.again", time=time, count=alarm.raised, why=why)


def seen_by_text(alarm: AlarmSeen, language: Language) -> str:
    """Who has seen it, and when; or that nobody has."""
    seen = alarm.acknowledged
    if seen is not None:
        return say(language, "alarm.acknowledged", who=seen.who, time=clock_text(seen.at))
    silenced = "_silenced" if alarm.silenced else ""
    return say(language, f"alarm.not_acknowledged{silenced}")


def group_text(group: AlarmGroup, language: Language) -> str:
    """Alarms of a flood that are not listed one by one."""
    return say(
        language,
        "alarm.group",
        severity=severity_text(group.severity, language),
        count=group.count,
        unacknowledged=group.unacknowledged,
        kind=kind_text(group.kind, language),
        source=group.source,
    )


def count_text(seen: AlarmsSeen, language: Language) -> str:
    """How many nobody has seen."""
    if seen.worst is None:
        return say(language, "alarm.count_none")
    severity = severity_text(seen.worst, language)
    return say(language, "alarm.count", count=seen.unacknowledged, severity=severity)


def shift_text(shift: ShiftSeen | None, language: Language) -> str:
    """Who has the watch."""
    if shift is None:
        return say(language, "shift.nobody")
    return say(language, "shift.has", who=shift.who, time=clock_text(shift.since))
