"""Which withheld fields a reader can tell from released ones, and sooner than agreed.

A pure search over `inference_table`. It knows when each field comes: a fact is known as soon as
the last field that it follows from has come, so a field that is delayed is given away early by
others that are not. It speaks of one originator and one reader, and of what fields can tell, not
of numbers: a figure with a wide uncertainty gives less away than the table says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bongsu.records.inference_table import INFERENCES, Fact, Inference, meaning_of
from bongsu.records.kinds import RecordKind, form_of

NEVER_S = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What one reader gets of one originator's records of one kind."""

    fields: frozenset[str]
    delay_s: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Source:
    """A released field that something was told from."""

    kind: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAway:
    """A field that its reader can tell although it is withheld, or before it comes."""

    kind: RecordKind
    field: str
    fact: Fact
    sources: tuple[Source, ...]
    reasons: tuple[str, ...]  # empty where another field tells the fact itself
    known_after_s: int
    comes_after_s: int | None  # None: it is withheld


@dataclass(frozen=True, slots=True)
class _Known:
    """How soon a fact is known, from which fields and by which reasons."""

    after_s: int
    sources: frozenset[Source]
    reasons: tuple[str, ...]


def given_away(released: Mapping[RecordKind, Released]) -> tuple[GivenAway, ...]:
    """Every field of these kinds that is withheld or delayed in vain.

    `released` holds all that one reader gets of one originator; a kind that is not in it is one
    that the two say nothing of, and nothing of it is looked for.
    """
    known = _closure(released)
    return tuple(
        found
        for kind in released
        for name in form_of(kind).fields
        if (found := _looked_up(kind, name, released[kind], known)) is not None
    )


def _looked_up(
    kind: RecordKind, name: str, released: Released, known: Mapping[Fact, _Known]
) -> GivenAway | None:
    meaning = meaning_of(kind, name)
    if meaning is None or meaning.keeps not in known:
        return None
    found = known[meaning.keeps]
    comes_after_s = released.delay_s if name in released.fields else None
    if found.after_s >= (NEVER_S if comes_after_s is None else comes_after_s):
        return None
    return GivenAway(
        kind=kind,
        field=name,
        fact=meaning.keeps,
        sources=tuple(sorted(found.sources)),
        reasons=found.reasons,
        known_after_s=found.after_s,
        comes_after_s=comes_after_s,
    )


def _closure(released: Mapping[RecordKind, Released]) -> dict[Fact, _Known]:
    """Everything that can be told, each fact as soon as it can be."""
    known: dict[Fact, _Known] = {}
    for fact, told in _told(released):
        if fact not in known or told.after_s < known[fact].after_s:
            known[fact] = told
    changed = True
    while changed:  # each round makes a fact known or known sooner: it ends
        changed = False
        for inference in INFERENCES:
            concluded = _concluded(inference, known)
            before = known.get(inference.follows)
            if concluded and (before is None or concluded.after_s < before.after_s):
                known[inference.follows] = concluded
                changed = True
    return known


def _told(released: Mapping[RecordKind, Released]) -> Iterable[tuple[Fact, _Known]]:
    for kind, part in released.items():
        for name in sorted(part.fields):
            meaning = meaning_of(kind, name)
            if meaning is not None:
                source = Source(kind=kind.value, field=name)
                for fact in meaning.tells:
                    yield fact, _Known(part.delay_s, frozenset({source}), ())


def _concluded(inference: Inference, known: Mapping[Fact, _Known]) -> _Known | None:
    if not inference.known <= known.keys():
        return None
    behind = [known[fact] for fact in sorted(inference.known, key=lambda fact: fact.value)]
    reasons = [reason for one in behind for reason in one.reasons]
    return _Known(
        after_s=max(one.after_s for one in behind),
        sources=frozenset().union(*(one.sources for one in behind)),
        reasons=tuple(dict.fromkeys([*reasons, inference.reason])),
    )
