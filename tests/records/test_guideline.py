"""A guideline is read whole or refused; nothing has a default, nothing is ambiguous."""

import pytest
from tests.records.made_up_guideline import guideline_text, rule
from tests.records.mutants import mutants

from bongsu.records.guideline import LinkContract, read_guideline
from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.kinds import RecordKind, field_names
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId

KR, US = NationId("KR"), NationId("US")


def test_a_guideline_says_who_sees_which_fields() -> None:
    text = guideline_text(rules=rule("KR", "US", withhold='"sensors"', onward=True))
    guideline = read_guideline(text, realm=Realm.EXERCISE)
    found = guideline.rule(RecordKind.LAUNCH_WARNING, KR, US)
    assert found is not None
    assert found.fields == {"warning_id", "launch"}
    assert found.onward
    assert guideline.rule(RecordKind.LAUNCH_WARNING, US, KR) is None
    assert guideline.valid_from == 1_640_995_200 * 10**9
    assert guideline.text == text


CONTRACT = """
[[contracts]]
from = "KR"
to = "US"
latency_ms = 250
completeness = 0.999
window_s = 3600
"""

REFUSED = {
    "a local time that means another instant in each nation": (
        guideline_text(valid_from="2022-01-01T00:00:00"),
        "offset",
    ),
    "a time before all time": (guideline_text(valid_from="0001-01-01T00:00:00+14:00"), "between"),
    "a date without a time": (guideline_text(valid_from="2022-01-01"), "offset"),
    "a time as text": (guideline_text(valid_from='"2022-01-01T00:00:00Z"'), "offset"),
    "a field that the kind does not have": (
        guideline_text(fields='launch_warning = ["aim_point"]'),
        "aim_point",
    ),
    "a field listed twice": (
        guideline_text(fields='launch_warning = ["launch", "launch"]'),
        "repeated",
    ),
    "a kind that needs no guideline": (
        guideline_text(fields='guideline_draft = ["text"]'),
        "crosses by a fixed rule",
    ),
    "a kind that goes by its path": (
        guideline_text(fields='recall = ["text"]'),
        "crosses by a fixed rule",
    ),
    "an unknown kind": (guideline_text(fields='launch_order = ["launch"]'), "enum"),
    "a reader who is no party": (guideline_text(rules=rule("KR", "JP")), "names JP, no party"),
    "an originator who is no party": (guideline_text(rules=rule("JP", "US")), "no party"),
    "one party alone": (guideline_text(parties='"KR"', rules=""), "length >= 2"),
    "a party named twice": (guideline_text(parties='"KR", "US", "KR"'), "named twice"),
    "a nation that is no name": (guideline_text(parties='"KR", "us"', rules=""), "regex"),
    "two rules for the same three": (
        guideline_text(rules=rule("KR", "US") + rule("KR", "US", withhold='"launch"')),
        "both speak of launch_warning of KR to US",
    ),
    "a withheld field that isn't listed": (
        guideline_text(rules=rule("KR", "US", withhold='"sensor"')),
        "doesn't list",
    ),
    "a rule without what it withholds": (
        guideline_text(rules=rule("KR", "US").replace("withhold = []\n", "")),
        "withhold",
    ),
    "a rule without whether it goes on": (
        guideline_text(rules=rule("KR", "US").replace("onward = false\n", "")),
        "onward",
    ),
    "a rule that says more than we know": (
        guideline_text(rules=rule("KR", "US") + "unless = true\n"),
        "unless",
    ),
    "a rule without its delay": (
        guideline_text(rules=rule("KR", "US").replace("delay_s = 0\n", "")),
        "delay_s",
    ),
    "a delay that goes back in time": (
        guideline_text(rules=rule("KR", "US", delay_s=-1)),
        "delay_s|>= 0",
    ),
    "a delay that is no number": (
        guideline_text(rules=rule("KR", "US").replace("delay_s = 0", "delay_s = inf")),
        "int",
    ),
    "a contract with a stranger": (
        guideline_text(contracts=CONTRACT.replace("US", "JP")),
        "not between two parties",
    ),
    "a contract with oneself": (
        guideline_text(contracts=CONTRACT.replace("US", "KR")),
        "not between two parties",
    ),
    "a contract stated twice": (guideline_text(contracts=CONTRACT * 2), "twice"),
    "more than everything": (guideline_text(contracts=CONTRACT.replace("0.999", "1.001")), "<= 1"),
    "a contract without its window": (
        guideline_text(contracts=CONTRACT.replace("window_s = 3600\n", "")),
        "window_s",
    ),
    "onward in words": (
        guideline_text(rules=rule("KR", "US").replace("onward = false", 'onward = "no"')),
        "bool",
    ),
    "no readers": (
        guideline_text(rules=rule("KR", "US").replace('["US"]', "[]")),
        "length >= 1",
    ),
    "a key twice": (guideline_text() + b"onward = true\n", "refused"),
    "no TOML": (b"KR shares everything", "refused"),
    "no text": (b"\xff\xfe", "refused"),
    "too much": (b"#" * (MAXIMUM_GUIDELINE_BYTES + 1), "exceed"),
    "the other realm": (guideline_text(Realm.LIVE), "marked LIVE, here is EXERCISE"),
    "no realm": (guideline_text().replace(b'realm = "exercise"\n', b""), "realm"),
    "deep nesting": (b"a = " + b"[" * 5000 + b"]" * 5000, "refused"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_an_unclear_guideline_is_refused(fault: str) -> None:
    text, why = REFUSED[fault]
    with pytest.raises(PeerViolation, match=why):
        read_guideline(text, realm=Realm.EXERCISE)


def test_a_mutated_guideline_is_refused_or_says_what_its_own_bytes_say() -> None:
    text = guideline_text()
    for mutant in mutants(text, 3_000, seed=11):
        try:
            guideline = read_guideline(mutant, realm=Realm.EXERCISE)
        except PeerViolation:
            continue
        assert guideline.text == mutant
        for rule_ in guideline.rules.values():
            assert rule_.fields <= field_names(RecordKind.LAUNCH_WARNING)


def test_a_kind_that_is_not_spoken_of_has_no_fields() -> None:
    text = guideline_text(rules=rule("KR", "US", kind="track_update"))
    found = read_guideline(text, realm=Realm.EXERCISE).rule(RecordKind.TRACK_UPDATE, KR, US)
    assert found is not None
    assert found.fields == frozenset()


def test_a_guideline_says_what_each_link_is_to_keep() -> None:
    guideline = read_guideline(guideline_text(contracts=CONTRACT), realm=Realm.EXERCISE)
    agreed = LinkContract(latency_ms=250, completeness=0.999, window_s=3600)
    assert guideline.contracts == {(KR, US): agreed}
    assert read_guideline(guideline_text(), realm=Realm.EXERCISE).contracts == {}


def test_among_all_means_from_each_to_each_other() -> None:
    among = rule("KR", "US").replace('["KR"]', '["KR", "US"]').replace('["US"]', '["KR", "US"]')
    rules = read_guideline(guideline_text(rules=among), realm=Realm.EXERCISE).rules
    assert {triple[1:] for triple in rules} == {(KR, US), (US, KR)}


def test_a_delay_is_stated_by_every_rule() -> None:
    text = guideline_text(rules=rule("KR", "US", delay_s=600))
    found = read_guideline(text, realm=Realm.EXERCISE).rule(RecordKind.LAUNCH_WARNING, KR, US)
    assert found is not None
    assert found.delay_s == 600
