"""Who would get what of one record: a pure reading of the guideline, before anything goes.

For each reader the same decision that releases it, what stays closed, what can be told all the
same, and who could get it further on through him.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_check import released_to
from bongsu.records.inference import GivenAway, Released, given_away
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.releasability import Decision, decide
from bongsu.records.version_role import VersionRole
from bongsu.vocabulary.units import NationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a release is decided by. `stated`: fields that hold a value, of those held here."""

    kind: RecordKind
    originator: NationId
    held: Set[str]
    stated: Set[str]
    role: VersionRole


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardRelease:
    """What a nation could get through others, none of whom can show more than it was shown."""

    through: tuple[NationId, ...]
    reader: NationId
    fields: frozenset[str]
    delay_s: int  # at the last hop, after it came there
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenRelease:
    """What one reader would get from here."""

    decision: Decision
    fields: frozenset[str]
    withheld: frozenset[str]
    given_away: tuple[GivenAway, ...]
    onward: tuple[OnwardRelease, ...]


def foresee(
    in_force: AgreedGuideline | None,
    record: Previewed,
    *,
    sender: NationId,
    reader: NationId,
    already_shown: Set[str],
    trusted: Set[NationId],
) -> ForeseenRelease:
    """What `reader` would get of `record` from `sender`."""
    decision = decide(
        in_force,
        kind=record.kind,
        originator=record.originator,
        sender=sender,
        reader=reader,
        already_shown=already_shown,
        role=record.role,
        trusted=trusted,
    )
    shown = decision.fields & record.held
    return ForeseenRelease(
        decision=decision,
        fields=shown,
        withheld=frozenset(form_of(record.kind).fields) - shown,
        given_away=_given_away(in_force, record, decision, shown, reader),
        onward=_onward(in_force, record, reader, shown) if shown else (),
    )


def _given_away(
    in_force: AgreedGuideline | None,
    record: Previewed,
    decision: Decision,
    shown: frozenset[str],
    reader: NationId,
) -> tuple[GivenAway, ...]:
    """Fields of this record that hold something and can be told from what the reader gets."""
    if in_force is None or not shown:
        return ()
    released = released_to(in_force.guideline, record.originator, reader)
    released[record.kind] = Released(fields=shown & record.stated, delay_s=decision.delay_s)
    return tuple(
        one
        for one in given_away(released)
        if one.kind is record.kind and one.field in record.stated
    )


def _onward(
    in_force: AgreedGuideline | None, record: Previewed, first: NationId, shown: frozenset[str]
) -> tuple[OnwardRelease, ...]:
    """Every nation that can be reached through `first`, by the shortest way, nearest first."""
    if in_force is None:
        return ()
    reached: dict[NationId, OnwardRelease] = {}
    ways: list[tuple[tuple[NationId, ...], frozenset[str]]] = [((first,), shown)]
    for way, fields in ways:  # grows as nations are reached, each once
        for nation in in_force.guideline.parties:
            if nation in reached or nation in (first, record.originator):
                continue
            decision = decide(
                in_force,
                kind=record.kind,
                originator=record.originator,
                sender=way[-1],
                reader=nation,
            )
            passed = decision.fields & fields
            if passed:
                reached[nation] = OnwardRelease(
                    through=way,
                    reader=nation,
                    fields=passed,
                    delay_s=decision.delay_s,
                    rule=decision.rule,
                )
                ways.append(((*way, nation), passed))
    return tuple(reached.values())


def stated_fields(fields: Mapping[str, object]) -> frozenset[str]:
    """The fields that hold a value: null, no text and an empty list tell nothing."""
    return frozenset(name for name, value in fields.items() if value not in (None, "", ()))
