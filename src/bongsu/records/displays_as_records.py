"""What a centre shows of an originator's warnings, as a record and back."""

from dataclasses import dataclass
from typing import Any

from bongsu.records.display_kinds import ThreatForm
from bongsu.records.holdings_as_records import held_as_vocabulary
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.shown_picture import Aspect, ShownPicture, ShownThreat
from bongsu.vocabulary.units import NodeId, UtcNs

SAID_BY = {Aspect.CLASS: "classification", Aspect.TIME: "launch"}  # a warning's own fields


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A threat in the order of its form."""

    warning_id: str
    version: int
    says_class: bool
    object_class: ObjectClass | None
    says_time: bool
    launched_at: UtcNs | None


def picture_to_fields(picture: ShownPicture) -> dict[str, object]:
    """The fields of the record."""
    return {
        "originator": picture.originator,
        "fed": picture.fed,
        "fed_count": picture.fed_count,
        "threats": tuple(_row(threat) for threat in picture.threats),
        "shown_count": picture.shown_count,
    }


def shown_picture(opened: OpenedRecord) -> ShownPicture:
    """What the record says; PeerViolation for one that is not whole or contradicts itself."""
    if opened.kind is not RecordKind.SHOWN_PICTURE or opened.withheld:
        raise _refused(opened, "does not say what is shown")
    fields: dict[str, Any] = dict(opened.fields)
    picture = ShownPicture(
        originator=NodeId(fields["originator"]),
        fed=tuple(held_as_vocabulary(one) for one in fields["fed"]),
        fed_count=fields["fed_count"],
        threats=tuple(_threat(one) for one in fields["threats"]),
        shown_count=fields["shown_count"],
    )
    for rows, count in (
        (picture.fed, picture.fed_count),
        (picture.threats, picture.shown_count),
    ):
        ids = [row.warning_id for row in rows]
        if len(ids) > count or sorted(set(ids)) != ids:
            raise _refused(opened, "has rows twice, out of order, or more than it counts")
        if not all(one.startswith(f"{picture.originator}/") for one in ids):
            raise _refused(opened, f"speaks of others than {picture.originator}")
    if not all(_is_consistent(form) for form in fields["threats"]):
        raise _refused(opened, "gives what it does not say")
    return picture


def _row(threat: ShownThreat) -> _Row:
    return _Row(
        warning_id=threat.warning_id,
        version=threat.version,
        says_class=Aspect.CLASS not in threat.unsaid,
        object_class=threat.object_class,
        says_time=Aspect.TIME not in threat.unsaid,
        launched_at=threat.launched_at,
    )


def _threat(form: ThreatForm) -> ShownThreat:
    said = {Aspect.CLASS: form.says_class, Aspect.TIME: form.says_time}
    return ShownThreat(
        warning_id=form.warning_id,
        version=form.version,
        object_class=form.object_class,
        launched_at=form.launched_at,
        unsaid=frozenset(aspect for aspect, says in said.items() if not says),
    )


def _is_consistent(form: ThreatForm) -> bool:
    return (form.says_class or form.object_class is None) and (
        form.says_time or form.launched_at is None
    )


def _refused(opened: OpenedRecord, why: str) -> PeerViolation:
    return PeerViolation(
        f"a {opened.kind.value} of {opened.originator} {why}",
        remedy="Keep it as evidence, and ask which version it runs",
    )
