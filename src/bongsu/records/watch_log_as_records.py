"""Lines of the watch's log as records, and back."""

from dataclasses import fields

import msgspec

from bongsu.records.opened_record import OpenedRecord
from bongsu.vocabulary.alarm import Facts, WatchEntry
from bongsu.vocabulary.errors import PeerViolation


def entry_to_fields(entry: WatchEntry) -> dict[str, object]:
    """The fields of a watch-log record."""
    facts = entry.facts
    return {
        "action": entry.action,
        "who": entry.who,
        "at": entry.at,
        "alarm": entry.alarm,
        "alarm_kind": entry.alarm_kind,
        "severity": entry.severity,
        "version": facts.version,
        "object_class": facts.object_class,
        "impact": facts.impact,
        "within_m": facts.within_m,
        "impact_at": facts.impact_at,
        "for_s": entry.for_s,
        "note": entry.note,
    }


def watch_entry(opened: OpenedRecord) -> WatchEntry:
    """A line of our own log. Raises PeerViolation where a field of it is not open."""
    named = {field.name for field in fields(Facts)}
    facts = {name: value for name, value in opened.fields.items() if name in named}
    rest = {name: value for name, value in opened.fields.items() if name not in named}
    try:
        return msgspec.convert({**rest, "facts": facts}, WatchEntry, from_attributes=True)
    except msgspec.ValidationError as error:
        raise PeerViolation(
            f"a line of the watch's log of {opened.originator} is not whole: {error}",
            remedy="Run: bongsu verify",
        ) from error
