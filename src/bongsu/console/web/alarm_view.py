"""Alarms on a page as they stand there before any script: the list, and the line of its banner.

The script's elements take their place and keep them fresh; until then nothing can sound, and the
page says so.
"""

from typing import Final

from bongsu.console.alarm_words import (
    count_text,
    group_text,
    seen_by_text,
    severity_text,
    shift_text,
    since_text,
    time_left_of,
    title_text,
)
from bongsu.console.answers.alarms import AlarmSeen, AlarmsSeen
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.measures import clock_text
from bongsu.vocabulary.alarm import Severity
from bongsu.vocabulary.units import UtcNs

# A shape for each severity: no meaning hangs on a colour.
SHAPES: Final = {
    Severity.CRITICAL: "M8 1 15.5 15 .5 15Z",
    Severity.SERIOUS: "M8 .5 15.5 8 8 15.5 .5 8Z",
    Severity.ADVISORY: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13Z",
}


def alarm_section(seen: AlarmsSeen | None, language: Language) -> Html:
    """The list, the most urgent first, and the groups of a flood; None: it is not known."""
    heading = say(language, "alarm.heading")
    listed = element(
        "bongsu-alarms", element("h2", heading), *([] if seen is None else _list(seen, language))
    )
    return element("section", listed, id="alarms", tabindex="-1", aria_label=heading)


def watch_state(seen: AlarmsSeen | None, language: Language) -> Html:
    """How many nobody has seen, that nothing sounds yet, who has the watch."""
    mute = element("strong", say(language, "sound.mute"), class_="mute")
    if seen is None:
        unknown = element("strong", say(language, "alarm.not_known"), class_="count critical")
        return _state(language, unknown, " ", mute)
    count_class = "count" if seen.worst is None else f"count {seen.worst.value}"
    return _state(
        language,
        element("a", count_text(seen, language), href="#alarms", class_=count_class),
        " ",
        mute,
        " ",
        element("span", shift_text(seen.shift, language), class_="shift"),
    )


def _state(language: Language, *parts: Html | str) -> Html:
    """A place of its own that readers of screens can go to."""
    name = say(language, "alarm.state")
    return element("bongsu-watch-state", *parts, role="region", aria_label=name)


def _list(seen: AlarmsSeen, language: Language) -> list[Html]:
    none = None if seen.alarms else element("p", say(language, "alarm.none"), class_="small")
    rows = (_row(alarm, seen.at, language) for alarm in seen.alarms)
    groups = (
        element(
            "li",
            _shape(group.severity),
            group_text(group, language),
            class_=_class(group.severity, is_seen=not group.unacknowledged),
        )
        for group in seen.groups
    )
    left_out = say(language, "alarm.left_out", count=seen.left_out) if seen.left_out else None
    parts = (
        none,
        element("ol", *rows, class_="alarms"),
        element("h3", say(language, "alarm.groups")) if seen.groups else None,
        element("ul", *groups, class_="groups") if seen.groups else None,
        None if left_out is None else element("p", left_out),
    )
    return [part for part in parts if part is not None]


def _row(alarm: AlarmSeen, now: UtcNs, language: Language) -> Html:
    over = None
    if alarm.over_at is not None:
        words = say(language, "alarm.over", time=clock_text(alarm.over_at))
        over = element("strong", words, class_="over")
    parts = (
        _shape(alarm.severity),
        element("b", severity_text(alarm.severity, language)),
        element("span", title_text(alarm, language), class_="title"),
        element("span", time_left_of(alarm, now, language), class_="left"),
        element("span", since_text(alarm, language)),
        over,
        element("span", seen_by_text(alarm, language), class_="by"),
    )
    is_seen = alarm.acknowledged is not None
    return element("li", joined(parts, " "), class_=_class(alarm.severity, is_seen=is_seen))


def _shape(severity: Severity) -> Html:
    path = element("path", d=SHAPES[severity])
    return element("svg", path, viewBox="-1 -1 18 18", aria_hidden="true")


def _class(severity: Severity, *, is_seen: bool) -> str:
    return f"alarm {severity.value}{' acknowledged' if is_seen else ''}"
