"""Attack: get something released that nobody agreed to: another nation, rule, kind, a missing word.

Passes when nothing is: every nation x every kind x every rule x every missing attribute decides as
an oracle that was written independently of the rule code and knows the agreement as a plain table;
and what a projection then shows are those fields and no others.

Whole federations against such a table, byte by byte: `tests/worlds/test_simulated_federations.py`.
Each rule by itself: `tests/records/test_releasability.py`.
"""

import itertools
from collections.abc import Iterator

import pytest
from tests.records.made_up_agreement import IN_FORCE, NATIONS, STARTING, TRUSTED, oracle
from tests.records.made_up_nations import track_record, warning_record

from bongsu.records.disclosure import name_of
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind
from bongsu.records.projection import project
from bongsu.records.record import STATEMENT, Record
from bongsu.records.releasability import decide
from bongsu.vocabulary.units import NationId

Attributes = tuple[RecordKind | None, NationId | None, NationId | None, NationId | None]


def every_case() -> Iterator[Attributes]:
    named: list[NationId | None] = [*NATIONS, NationId(""), None]
    kinds: list[RecordKind | None] = [*RecordKind, None]
    return itertools.product(kinds, named, named, named)


@pytest.mark.parametrize("guideline", [IN_FORCE, None], ids=["in force", "no guideline"])
def test_every_nation_kind_and_missing_attribute_agrees_with_the_oracle(
    guideline: AgreedGuideline | None,
) -> None:
    cases = 0
    released = 0
    for kind, originator, sender, reader in every_case():
        decision = decide(
            guideline,
            kind=kind,
            originator=originator,
            sender=sender,
            reader=reader,
            trusted=TRUSTED,
        )
        expected = oracle(guideline is not None, kind, originator, sender, reader)
        assert decision.fields == expected, (kind, originator, sender, reader, decision)
        assert decision.released is bool(expected)
        assert decision.reason
        cases += 1
        released += decision.released
    assert cases == (len(RecordKind) + 1) * 6**3
    # Every kind between the sites of each nation, and what starts from each to those we trust.
    fixed = len(RecordKind) * 4 + len(STARTING) * (3 * 2 + 3)
    # Seven direct, KR's by US to JP, JP's by KR to US, and three to the passer's own nation.
    assert released == fixed + (0 if guideline is None else 12)


@pytest.mark.parametrize("record", [warning_record(), track_record()], ids=["warning", "track"])
def test_a_projection_for_any_reader_shows_what_the_oracle_allows_and_nothing_else(
    record: Record,
) -> None:
    kind = STATEMENT.decode(record.statement).kind
    shown_to_somebody = 0
    for originator, sender, reader in itertools.product(NATIONS, repeat=3):
        decision = decide(
            IN_FORCE,
            kind=kind,
            originator=originator,
            sender=sender,
            reader=reader,
            trusted=TRUSTED,
        )
        shown = project(record, decision.fields, visible=lambda _: True).disclosures
        names = {name_of(one).partition("/")[0] for one in shown}
        assert names == oracle(True, kind, originator, sender, reader)
        shown_to_somebody += bool(names)
    assert shown_to_somebody >= 4
