"""Every nation x every rule x every missing attribute, against an independent oracle."""

import itertools
from collections.abc import Iterator

import pytest
from tests.records.made_up_guideline import guideline_text, in_force, rule

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind, field_names, form_of, guided_kinds
from bongsu.records.releasability import decide
from bongsu.vocabulary.units import NationId

NATIONS = [NationId(name) for name in ("KR", "US", "JP", "FR")]  # FR is no party
WARNING, TRACK = RecordKind.LAUNCH_WARNING, RecordKind.TRACK_UPDATE
LISTED = {
    "launch_warning": {"warning_id", "version", "launch", "sensors", "impact"},
    "track_update": {"track_id", "state", "sensors"},
}
EVERYTHING = {kind.value: set(field_names(kind)) for kind in RecordKind}
STARTING = {
    "guideline_draft",
    "guideline_signature",
    "key_certificate",
    "key_revocation",
    "held_warnings",
}
TRUSTED = frozenset(NATIONS[:3])  # nobody has compared the fingerprint of FR's root
FIELDS = "\n".join(
    f"{kind} = [{', '.join(repr(name) for name in sorted(names))}]"
    for kind, names in LISTED.items()
)

# The made-up agreement in plain words, as the oracle reads it:
# kind, originator, reader -> withheld, and whether the reader may pass it on.
AGREED: dict[tuple[str, str, str], tuple[set[str], bool]] = {
    ("launch_warning", "KR", "US"): (set(), True),
    ("launch_warning", "KR", "JP"): ({"sensors"}, False),
    ("launch_warning", "US", "KR"): ({"sensors", "launch"}, False),
    ("launch_warning", "JP", "KR"): (set(), True),
    ("launch_warning", "JP", "US"): ({"impact"}, False),
    ("track_update", "KR", "US"): ({"sensors"}, True),
    ("track_update", "US", "JP"): (set(), False),
}
TEXT = guideline_text(
    parties='"KR", "US", "JP"',
    fields=FIELDS,
    rules="".join(
        rule(
            originator,
            reader,
            kind=kind,
            withhold=", ".join(repr(name) for name in sorted(withheld)),
            onward=onward,
        )
        for (kind, originator, reader), (withheld, onward) in AGREED.items()
    ),
)
IN_FORCE = in_force(TEXT)

Attributes = tuple[RecordKind | None, NationId | None, NationId | None, NationId | None]


def oracle(
    agreed: bool,
    kind: RecordKind | None,
    originator: str | None,
    sender: str | None,
    reader: str | None,
) -> set[str]:
    """What may be shown, from the table above and the two fixed rules alone."""
    for attribute in (kind, originator, sender, reader):
        if attribute is None or attribute == "":
            return set()
    assert kind is not None
    if sender == originator == reader:
        return EVERYTHING[kind.value]  # between sites of one nation
    if kind.value in STARTING:
        return EVERYTHING[kind.value] if sender == originator and reader in TRUSTED else set()
    if not agreed:
        return set()
    assert originator is not None
    assert reader is not None
    entry = AGREED.get((kind.value, originator, reader))
    if entry is None:
        return set()
    if sender != originator:
        first_hop = AGREED.get((kind.value, originator, str(sender)))
        if first_hop is None or first_hop[1] is False:
            return set()
    return LISTED[kind.value] - entry[0]


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
        is_end=True,
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
