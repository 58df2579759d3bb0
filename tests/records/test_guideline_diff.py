"""What a guideline changes: fields opened and closed, delays, onward release, contracts."""

from dataclasses import replace

import pytest
from tests.records.made_up_guideline import guideline_text, rule

from bongsu.records.guideline import Guideline, LinkContract, read_guideline
from bongsu.records.guideline_diff import ContractChange, RuleChange, compare
from bongsu.records.guideline_words import delay_in_words, diff_in_words
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId

KR, US, JP = NationId("KR"), NationId("US"), NationId("JP")
FIELDS = 'launch_warning = ["warning_id", "version", "launch", "sensors"]'


def guideline(*rules: str, parties: str = '"KR", "US", "JP"', contracts: str = "") -> Guideline:
    stated = "".join(rules) or rule("JP", "US")
    text = guideline_text(parties=parties, fields=FIELDS, rules=stated, contracts=contracts)
    return read_guideline(text, realm=Realm.EXERCISE)


def the_change(before: Guideline, after: Guideline) -> RuleChange:
    [change] = compare(before, after).rules
    assert (change.kind, change.originator, change.reader) == (RecordKind.LAUNCH_WARNING, KR, US)
    return change


WHOLE = guideline(rule("KR", "US"))


def test_nothing_changes_between_a_guideline_and_itself_under_other_names_of_rules() -> None:
    assert compare(WHOLE, WHOLE).is_empty
    assert compare(WHOLE, guideline(rule("KR", "US", name="as ever"))).is_empty
    assert diff_in_words(compare(WHOLE, WHOLE)) == ()


@pytest.mark.parametrize(
    ("before", "after", "opened", "closed", "words"),
    [
        (
            WHOLE,
            guideline(rule("KR", "US", withhold='"sensors"')),
            set(),
            {"sensors"},
            "US sees no more sensors of KR's launch warnings.",
        ),
        (
            guideline(rule("KR", "US", withhold='"sensors", "launch"')),
            guideline(rule("KR", "US", withhold='"version"')),
            {"sensors", "launch"},
            {"version"},
            "US gets to see launch, sensors of KR's launch warnings, at once;"
            " US sees no more version of KR's launch warnings.",
        ),
    ],
)
def test_fields_are_opened_and_closed(
    before: Guideline, after: Guideline, opened: set[str], closed: set[str], words: str
) -> None:
    change = the_change(before, after)
    assert (set(change.opened), set(change.closed)) == (opened, closed)
    assert change.delay_s is None
    assert change.onward is None
    assert diff_in_words(compare(before, after)) == (words,)


def test_a_rule_that_is_gone_closes_all_and_a_new_one_opens() -> None:
    both = guideline(rule("KR", "US", delay_s=600), rule("JP", "US"))
    one = guideline(rule("JP", "US"))
    assert the_change(both, one).closed == {"warning_id", "version", "launch", "sensors"}
    assert diff_in_words(compare(both, one)) == ("US sees no more of KR's launch warnings.",)
    assert the_change(one, both).opened == {"warning_id", "version", "launch", "sensors"}
    assert the_change(one, both).delay_s is None
    assert diff_in_words(compare(one, both)) == (
        "US gets to see KR's launch warnings, of them launch, sensors, version, warning_id,"
        " after 10 min.",
    )


def test_a_delay_is_later_or_sooner() -> None:
    delayed = guideline(rule("KR", "US", delay_s=90))
    assert the_change(WHOLE, delayed).delay_s == (0, 90)
    assert diff_in_words(compare(WHOLE, delayed)) == (
        "US gets KR's launch warnings later: after 90 s, until now at once.",
    )
    assert "sooner: at once, until now after 90 s" in diff_in_words(compare(delayed, WHOLE))[0]


def test_onward_release_is_opened_and_closed() -> None:
    passed_on = guideline(rule("KR", "US", onward=True))
    assert the_change(WHOLE, passed_on).onward is True
    assert the_change(passed_on, WHOLE).onward is False
    assert "US may pass on KR's" in diff_in_words(compare(WHOLE, passed_on))[0]
    assert "US may no more pass on KR's" in diff_in_words(compare(passed_on, WHOLE))[0]


CONTRACT = '\n[[contracts]]\nfrom = "KR"\nto = "US"\nlatency_ms = 250\ncompleteness = 0.999\n'


def test_contracts_come_change_and_go() -> None:
    hour = guideline(rule("KR", "US"), contracts=CONTRACT + "window_s = 3600\n")
    day = guideline(rule("KR", "US"), contracts=CONTRACT + "window_s = 86400\n")
    agreed = LinkContract(latency_ms=250, completeness=0.999, window_s=3600)
    longer = replace(agreed, window_s=86_400)
    assert compare(WHOLE, hour).contracts == (
        ContractChange(sender=KR, reader=US, before=None, after=agreed),
    )
    [change] = compare(hour, day).contracts
    assert (change.before, change.after) == (agreed, longer)
    assert diff_in_words(compare(hour, day)) == (
        "The link from KR to US is to keep 250 ms (99 of 100 entries) and 99.900% of what was"
        " sent, over 86400 s; until now 250 ms (99 of 100 entries) and 99.900% of what was sent,"
        " over 3600 s.",
    )
    assert "Nothing is agreed any more" in diff_in_words(compare(hour, WHOLE))[0]


def test_parties_come_and_go() -> None:
    two = guideline(rule("KR", "US"), parties='"KR", "US"')
    assert compare(two, WHOLE).joined == (JP,)
    assert compare(WHOLE, two).left == (JP,)
    assert diff_in_words(compare(WHOLE, two)) == ("JP is no party any more and gets nothing.",)


def test_a_first_guideline_is_all_new() -> None:
    diff = compare(None, WHOLE)
    assert diff.joined == (KR, US, JP)
    [change] = diff.rules
    assert change.before is None


@pytest.mark.parametrize(
    ("delay_s", "words"),
    [
        (0, "at once"),
        (59, "after 59 s"),
        (600, "after 10 min"),
        (7200, "after 2 h"),
        (86400, "after 1 d"),
    ],
)
def test_delays_are_said_as_people_say_them(delay_s: int, words: str) -> None:
    assert delay_in_words(delay_s) == words
