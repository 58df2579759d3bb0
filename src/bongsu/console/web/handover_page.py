"""The page that a shift hands over: one sheet, made by the server, to read and to print.

It says of what moment it is and does not change by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bongsu.console.alarm_words import kind_text, severity_text, shift_text, subject_text
from bongsu.console.answers.alarms import (
    AlarmsSeen,
    ChangeSeen,
    EntrySeen,
    FallSeen,
    HandoverSeen,
)
from bongsu.console.answers.warnings import OpenThreats
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say
from bongsu.console.measures import clock_text, date_text
from bongsu.console.web.watch_page import banner_line, navigation, page
from bongsu.console.words import warning_sentence
from bongsu.vocabulary.alarm import WatchAction
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.units import NS_PER_S, UtcNs

HANDOVER: Final = "/handover"
SHIFT: Final = "/handover/shift"
HOURS: Final = (1, 8, 24)
MAXIMUM_NOTE: Final = 400  # characters: as a form posts them, up to nine bytes each


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPicture:
    """What the page is made of."""

    handover: HandoverSeen
    open: OpenThreats
    alarms: AlarmsSeen


def handover_page(seen: HandoverPicture, language: Language) -> str:
    """The whole sheet."""
    realm, node = seen.handover.realm, seen.handover.node
    return page(
        realm.banner,
        f"{say(language, 'navigation.handover')} {node} · Bongsu",
        banner_line(realm.banner, node, language),
        navigation(HANDOVER, language),
        element("main", handover_main(seen, language), id="handover"),
        language=language,
    )


def no_handover_page(banner: str, error: BongsuError, language: Language) -> str:
    """Nothing is known of the node: said in words."""
    said = say(language, "watch.no_picture", what=error.what, remedy=error.remedy)
    return page(
        banner,
        f"{say(language, 'page.no_picture')} · Bongsu",
        banner_line(banner, "", language),
        navigation(HANDOVER, language),
        element("main", element("p", said, role="alert"), id="handover"),
        language=language,
    )


def handover_main(seen: HandoverPicture, language: Language) -> Html:
    """Who has the watch, what is open, what changed, who saw what, what comes next."""
    handover = seen.handover
    return joined(
        (
            element("h1", say(language, "handover.heading", node=handover.node)),
            element("p", _period(handover, language)),
            element(
                "p",
                say(
                    language,
                    "handover.watch",
                    shift=shift_text(seen.alarms.shift, language),
                    count=handover.unacknowledged,
                ),
                id="shift",
            ),
            _forms(seen, language),
            _listed("handover.open", _open(seen.open, language), language),
            _listed("handover.next", [_fall(one, language) for one in handover.next], language),
            _listed("handover.troubles", _troubles(handover, language), language),
            _listed("handover.changed", _changes(handover, language), language),
            _listed("handover.acknowledged", _entries(handover.acknowledged, language), language),
            _listed("handover.silenced", _entries(handover.silenced, language), language),
            _listed("handover.shifts", _entries(handover.shifts, language), language),
        )
    )


def _period(handover: HandoverSeen, language: Language) -> str:
    since = say(language, "handover.all") if not handover.since else _when(handover.since)
    return say(language, "handover.period", since=since, at=_when(handover.at))


def _forms(seen: HandoverPicture, language: Language) -> Html:
    action = "begin" if seen.alarms.shift is None else "end"
    note = say(language, "handover.note")
    begin_or_end = element(
        "form",
        element("label", note, for_="note"),
        element("input", id="note", name="note", maxlength=MAXIMUM_NOTE, autocomplete="off"),
        Html(" "),
        element("button", say(language, f"handover.{action}"), name="action", value=action),
        method="post",
        action=SHIFT,
    )
    at = seen.handover.at
    hours = (
        element("a", say(language, "handover.hours", hours=hours), href=_since(at, hours))
        for hours in HOURS
    )
    shift = element("a", say(language, "handover.since_shift"), href=HANDOVER)
    ways = joined((shift, *hours), " ")
    return element("div", begin_or_end, element("p", ways), class_="asked")


def _since(at: UtcNs, hours: int) -> str:
    return f"{HANDOVER}?since={max(0, at - hours * 3600 * NS_PER_S)}"


def _listed(key: str, lines: Sequence[str], language: Language) -> Html:
    items = [element("li", line) for line in lines]
    body = element("ul", *items) if items else element("p", say(language, "handover.none"))
    return element("section", element("h2", say(language, key)), body)


def _open(threats: OpenThreats, language: Language) -> list[str]:
    return [
        warning_sentence(one.leading, realm=threats.realm, now=threats.at, language=language)
        for one in threats.by_urgency
    ]


def _fall(one: FallSeen, language: Language) -> str:
    return say(language, "handover.fall", warning=one.warning_id, time=_when(one.impact_at))


def _troubles(handover: HandoverSeen, language: Language) -> list[str]:
    return [subject_text(one.kind, one.source, one.about, language) for one in handover.troubles]


def _changes(handover: HandoverSeen, language: Language) -> list[str]:
    lines = [_change(one, language) for one in handover.changed]
    return lines if handover.changed_complete else [*lines, say(language, "handover.cut")]


def _change(one: ChangeSeen, language: Language) -> str:
    what = say(language, f"kind.{one.kind}")
    subject = one.subject or one.record_id[:12]
    if one.version is not None:
        subject = f"{subject} v{one.version}"
    action = "" if one.action is None else say(language, f"action.{one.action}")
    return say(
        language,
        "handover.change",
        time=_when(one.at),
        what=what,
        subject=subject,
        action=action,
        originator=one.originator,
    )


def _entries(entries: Sequence[EntrySeen], language: Language) -> list[str]:
    return [_entry(one, language) for one in entries]


def _entry(one: EntrySeen, language: Language) -> str:
    match one.action:
        case WatchAction.ACKNOWLEDGED:
            words = _acknowledged(one, language)
        case WatchAction.SILENCED:
            words = say(language, "handover.for", seconds=f"{one.for_s or 0.0:g}")
        case WatchAction.SHIFT_BEGUN:
            words = say(language, "handover.begun")
        case WatchAction.SHIFT_ENDED:
            words = say(language, "handover.ended")
    if one.note:
        words = say(language, "handover.noted", words=words, note=one.note)
    return say(language, "handover.entry", time=_when(one.at), who=one.who, words=words)


def _acknowledged(one: EntrySeen, language: Language) -> str:
    parts = (
        None if one.severity is None else severity_text(one.severity, language),
        None if one.kind is None else kind_text(one.kind, language),
        one.alarm,
        None if one.version is None else f"v{one.version}",
    )
    return " ".join(filter(None, parts))


def _when(at: UtcNs) -> str:
    return f"{date_text(at)} {clock_text(at)}"
