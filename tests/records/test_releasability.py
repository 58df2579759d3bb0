"""Each rule of what may be released; all of them at once: `tests/attacks/test_leak.py`."""

import itertools

import pytest
from tests.records.made_up_agreement import (
    IN_FORCE,
    LISTED,
    NATIONS,
    TRACK,
    TRUSTED,
    WARNING,
    oracle,
)
from tests.records.made_up_guideline import guideline_text, in_force, rule

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind, field_names, form_of, guided_kinds
from bongsu.records.releasability import decide
from bongsu.records.version_role import VersionRole
from bongsu.vocabulary.units import NationId


def test_a_relay_nation_that_may_not_pass_it_on_releases_nothing() -> None:
    passed = decide(
        IN_FORCE, kind=WARNING, originator=NationId("US"), sender=NationId("KR"), reader=NATIONS[2]
    )
    assert not passed.released
    assert "default deny" in passed.rule


def test_passing_on_needs_both_agreements() -> None:
    allowed = decide(
        IN_FORCE, kind=WARNING, originator=NATIONS[0], sender=NATIONS[1], reader=NATIONS[2]
    )
    assert allowed.fields == {"warning_id", "version", "launch", "impact"}


CORRECTION = form_of(WARNING).correction_fields


@pytest.mark.parametrize("guideline", [IN_FORCE, None], ids=["in force", "no guideline"])
@pytest.mark.parametrize("reader", NATIONS)
@pytest.mark.parametrize("originator", NATIONS)
def test_a_correction_goes_to_everyone_who_had_a_version_whatever_guideline_holds(
    originator: NationId, reader: NationId, guideline: AgreedGuideline | None
) -> None:
    shown = frozenset({"launch", "sensors"})
    decision = decide(
        guideline,
        kind=WARNING,
        originator=originator,
        sender=originator,
        reader=reader,
        already_shown=shown,
    )
    by_rule = oracle(guideline is not None, WARNING, originator, originator, reader)
    assert decision.fields == by_rule | shown | CORRECTION
    assert decision.rule == ("own sites" if reader == originator else "correction")


def test_a_kind_that_stays_inside_goes_to_no_other_nation_and_no_guideline_speaks_of_it() -> None:
    cut = RecordKind.KEY_CUT
    for originator, reader in itertools.permutations(NATIONS, 2):
        decision = decide(
            IN_FORCE,
            kind=cut,
            originator=originator,
            sender=originator,
            reader=reader,
            trusted=TRUSTED,
        )
        assert not decision.released
        assert "stays within" in decision.reason
    assert cut not in guided_kinds()


@pytest.mark.parametrize("kind", RecordKind)
@pytest.mark.parametrize("guideline", [IN_FORCE, None], ids=["in force", "no guideline"])
def test_sites_of_one_nation_share_everything_of_their_own(
    kind: RecordKind, guideline: AgreedGuideline | None
) -> None:
    decision = decide(
        guideline, kind=kind, originator=NATIONS[3], sender=NATIONS[3], reader=NATIONS[3]
    )
    assert decision.fields == field_names(kind)
    assert decision.rule == "own sites"


def test_a_correction_shows_no_more_than_was_shown_and_what_makes_it_one() -> None:
    decision = decide(
        None,
        kind=WARNING,
        originator=NATIONS[0],
        sender=NATIONS[0],
        reader=NATIONS[1],
        already_shown=frozenset({"launch", "nonsense"}),
    )
    assert decision.fields == {"launch"} | CORRECTION
    assert {"warning_id", "action", "end_reason"} <= CORRECTION


def test_what_a_rule_delays_is_told_to_wait() -> None:
    delayed = in_force(guideline_text(rules=rule("KR", "US", delay_s=600)))
    kr, us = NATIONS[:2]
    decision = decide(delayed, kind=WARNING, originator=kr, sender=kr, reader=us)
    assert decision.fields == {"warning_id", "launch", "sensors"}
    assert decision.delay_s == 600
    assert decide(IN_FORCE, kind=WARNING, originator=kr, sender=kr, reader=us).delay_s == 0
    assert decide(delayed, kind=WARNING, originator=us, sender=us, reader=kr).delay_s == 0


DELAYED = in_force(guideline_text(rules=rule("KR", "US", withhold='"sensors"', delay_s=600)))


def test_an_end_never_waits_and_takes_no_delayed_field_along() -> None:
    kr, us = NATIONS[:2]
    decision = decide(
        DELAYED,
        kind=WARNING,
        originator=kr,
        sender=kr,
        reader=us,
        already_shown=frozenset({"sensors"}),
        role=VersionRole.END,
    )
    assert decision.fields == {"sensors"} | CORRECTION
    assert decision.delay_s == 0


def test_an_amendment_is_news_and_waits_as_its_rule_says() -> None:
    kr, us = NATIONS[:2]
    decision = decide(
        DELAYED,
        kind=WARNING,
        originator=kr,
        sender=kr,
        reader=us,
        already_shown=frozenset({"sensors"}),
    )
    assert decision.fields == {"sensors", "launch"} | CORRECTION
    assert decision.delay_s == 600


def test_a_first_version_that_comes_after_a_later_one_corrects_nothing() -> None:
    kr, us = NATIONS[:2]
    withheld = in_force(guideline_text(rules=rule("KR", "US", withhold='"warning_id", "sensors"')))
    decision = decide(
        withheld,
        kind=WARNING,
        originator=kr,
        sender=kr,
        reader=us,
        already_shown=frozenset({"sensors", "launch"}),
        role=VersionRole.FIRST,
    )
    assert decision == decide(withheld, kind=WARNING, originator=kr, sender=kr, reader=us)
    assert not {"warning_id", "sensors"} & decision.fields


def test_past_the_guideline_a_correction_waits_for_nothing() -> None:
    decision = decide(
        None,
        kind=WARNING,
        originator=NATIONS[0],
        sender=NATIONS[0],
        reader=NATIONS[1],
        already_shown=frozenset({"sensors"}),
    )
    assert decision.fields == {"sensors"} | CORRECTION
    assert decision.delay_s == 0


def test_who_was_never_shown_a_version_gets_no_correction_past_the_guideline() -> None:
    decision = decide(
        None, kind=WARNING, originator=NATIONS[0], sender=NATIONS[0], reader=NATIONS[1]
    )
    assert not decision.released


def test_a_kind_without_corrections_has_no_way_past_the_guideline() -> None:
    decision = decide(
        None,
        kind=TRACK,
        originator=NATIONS[0],
        sender=NATIONS[0],
        reader=NATIONS[1],
        already_shown=frozenset({"state"}),
    )
    assert not decision.released


@pytest.mark.parametrize("kind", [RecordKind.RECALL, RecordKind.RECALL_ANSWER])
@pytest.mark.parametrize("guideline", [IN_FORCE, None], ids=["in force", "no guideline"])
def test_a_recall_and_its_answer_go_by_their_path_and_nowhere_else(
    guideline: AgreedGuideline | None, kind: RecordKind
) -> None:
    for originator, sender, reader in itertools.permutations(NATIONS, 3):
        unrelated = decide(
            guideline, kind=kind, originator=originator, sender=sender, reader=reader
        )
        assert not unrelated.released
        related = decide(
            guideline,
            kind=kind,
            originator=originator,
            sender=sender,
            reader=reader,
            already_shown=frozenset({"launch"}),
        )
        assert related.fields == field_names(kind)
        assert related.delay_s == 0


@pytest.mark.parametrize(("kind", "reader"), [(None, NATIONS[1]), (WARNING, None), (WARNING, "")])
def test_a_correction_to_nobody_or_of_nothing_is_refused(
    kind: RecordKind | None, reader: NationId | None
) -> None:
    decision = decide(
        IN_FORCE,
        kind=kind,
        originator=NATIONS[0],
        sender=NATIONS[0],
        reader=reader,
        already_shown=frozenset({"launch"}),
    )
    assert not decision.released


def test_a_field_that_no_guideline_lists_is_never_released() -> None:
    unlisted = field_names(WARNING) - LISTED["launch_warning"]
    for originator, reader in itertools.permutations(NATIONS, 2):
        decision = decide(
            IN_FORCE, kind=WARNING, originator=originator, sender=originator, reader=reader
        )
        assert not decision.fields & unlisted


def test_the_reason_names_guideline_version_and_rule() -> None:
    decision = decide(
        IN_FORCE, kind=WARNING, originator=NATIONS[0], sender=NATIONS[0], reader=NATIONS[2]
    )
    assert decision.reason == "MADE-UP version 3: launch_warning of KR to JP"


STARTING_KINDS = [kind for kind in RecordKind if form_of(kind).starting]


@pytest.mark.parametrize("guideline", [IN_FORCE, None], ids=["in force", "no guideline"])
@pytest.mark.parametrize("kind", STARTING_KINDS, ids=lambda kind: kind.value)
def test_kinds_of_the_starting_rule_go_from_their_originator_to_whose_root_is_trusted(
    kind: RecordKind, guideline: AgreedGuideline | None
) -> None:
    trusted = frozenset(NATIONS[:2])
    named: list[NationId | None] = [*NATIONS, NationId(""), None]
    released = set()
    for originator, sender, reader in itertools.product(named, named, named):
        decision = decide(
            guideline,
            kind=kind,
            originator=originator,
            sender=sender,
            reader=reader,
            trusted=trusted,
        )
        assert decision.fields in (frozenset(), field_names(kind))
        assert decision.delay_s == 0
        if decision.released:
            released.add((originator, sender, reader))
    own_sites = {(one, one, one) for one in NATIONS}
    assert released == {(one, one, reader) for one in NATIONS for reader in trusted} | own_sites


def test_without_a_trusted_root_nothing_crosses_at_all() -> None:
    kr, us = NATIONS[:2]
    for kind in RecordKind:
        assert not decide(None, kind=kind, originator=kr, sender=kr, reader=us).released


def test_a_trusted_root_is_no_guideline() -> None:
    kr, us = NATIONS[:2]
    for kind in guided_kinds():
        decision = decide(None, kind=kind, originator=kr, sender=kr, reader=us, trusted={kr, us})
        assert not decision.released
