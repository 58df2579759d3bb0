"""Which guideline holds: a pure function of those that every party signed, and of the time.

Rules:

- A guideline that our nation is no party to says nothing about what we release.
- Of one id the highest version holds, from its `valid_from` on; versions may lie signed ahead.
- One text holds at a time. Of several ids it is the one whose `valid_from` came last.
- Two texts under one id and version contradict each other. Neither holds, and nothing older
  comes back in their place: nothing is released until a later version settles it.
"""

from collections.abc import Iterable

from bongsu.records.guideline import AgreedGuideline
from bongsu.vocabulary.units import NationId, UtcNs


def in_force_at(
    agreed: Iterable[AgreedGuideline], *, nation: NationId, at: UtcNs
) -> AgreedGuideline | None:
    """The guideline that holds for `nation` at the instant `at`, None where none does."""
    ours = [one for one in agreed if nation in one.guideline.parties]
    newest_of_id: dict[str, AgreedGuideline] = {}
    for one in sorted(ours, key=_by_version):
        if one.guideline.valid_from <= at:
            newest_of_id[one.guideline.guideline_id] = one
    if not newest_of_id:
        return None
    newest = max(newest_of_id.values(), key=_by_beginning)
    return None if any(contradict(one, newest) for one in ours) else newest


def contradict(one: AgreedGuideline, other: AgreedGuideline) -> bool:
    """Whether two texts bear the same id and version."""
    first, second = one.guideline, other.guideline
    same_name = (first.guideline_id, first.version) == (second.guideline_id, second.version)
    return same_name and first.text != second.text


def next_beginning(agreed: Iterable[AgreedGuideline], *, after: UtcNs) -> UtcNs | None:
    """The first `valid_from` after an instant: until then the answer of `in_force_at` stays."""
    return min(
        (one.guideline.valid_from for one in agreed if one.guideline.valid_from > after),
        default=None,
    )


def _by_version(one: AgreedGuideline) -> tuple[object, ...]:
    stated = one.guideline
    return stated.version, stated.valid_from, stated.text, one.officers


def _by_beginning(one: AgreedGuideline) -> tuple[object, ...]:
    return one.guideline.valid_from, one.guideline.guideline_id
