"""Before a record goes: who would get what of it, through whom, and what he could tell."""

from tests.records.made_up_guideline import guideline_text, in_force, rule

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind, field_names
from bongsu.records.release_preview import ForeseenRelease, Previewed, foresee, stated_fields
from bongsu.records.version_role import VersionRole
from bongsu.vocabulary.units import NationId

KR, US, JP, FR = (NationId(name) for name in ("KR", "US", "JP", "FR"))
WARNING = RecordKind.LAUNCH_WARNING
FIELDS = """launch_warning = ["warning_id", "version", "launch", "fan", "impact", "sensors"]
track_update = ["track_id", "state"]"""
WHOLE = Previewed(
    kind=WARNING,
    originator=KR,
    held=field_names(WARNING),
    stated=field_names(WARNING),
    role=VersionRole.NEWS,
)


def agreed(*rules: str) -> AgreedGuideline:
    return in_force(
        guideline_text(parties='"KR", "US", "JP", "FR"', fields=FIELDS, rules="".join(rules))
    )


def seen_by(
    guideline: AgreedGuideline | None,
    reader: NationId,
    record: Previewed = WHOLE,
    *,
    sender: NationId = KR,
    already_shown: frozenset[str] = frozenset(),
) -> ForeseenRelease:
    return foresee(
        guideline,
        record,
        sender=sender,
        reader=reader,
        already_shown=already_shown,
        trusted=frozenset({KR, US, JP, FR}),
    )


def test_a_preview_says_what_the_decision_says_and_what_stays_closed() -> None:
    found = seen_by(agreed(rule("KR", "US", withhold='"sensors"', delay_s=60, name="R1")), US)
    assert found.fields == {"warning_id", "version", "launch", "fan", "impact"}
    assert found.withheld == field_names(WARNING) - found.fields
    assert (found.decision.rule, found.decision.delay_s) == ("R1", 60)


def test_without_a_guideline_or_a_rule_nobody_gets_anything_and_the_reason_says_why() -> None:
    for guideline in (None, agreed(rule("KR", "US"))):
        found = seen_by(guideline, JP)
        assert found.fields == frozenset()
        assert found.decision.reason
        assert not found.given_away
        assert not found.onward


def test_who_passes_a_record_on_shows_no_more_than_he_holds() -> None:
    guideline = agreed(rule("KR", "US", withhold='"launch"', onward=True), rule("KR", "JP"))
    held = Previewed(
        kind=WARNING,
        originator=KR,
        held={"warning_id", "version", "fan"},
        stated={"warning_id", "version", "fan"},
        role=VersionRole.NEWS,
    )
    found = seen_by(guideline, JP, held, sender=US)
    assert found.fields == {"warning_id", "version", "fan"}


def test_a_withheld_launch_is_told_from_the_fan_that_goes_with_it() -> None:
    found = seen_by(agreed(rule("KR", "US", withhold='"launch"')), US)
    [launch] = [one for one in found.given_away if one.field == "launch"]
    assert [source.field for source in launch.sources] == ["fan"]


def test_a_withheld_launch_is_told_from_track_updates_under_another_rule() -> None:
    closed = rule("KR", "US", withhold='"launch", "fan", "impact"')
    told = {one.field for one in seen_by(agreed(closed), US).given_away}
    assert not told & {"launch", "impact"}
    found = seen_by(agreed(closed, rule("KR", "US", kind="track_update")), US)
    by_field = {one.field: {source.kind for source in one.sources} for one in found.given_away}
    assert by_field["launch"] == by_field["impact"] == {"track_update"}


def test_what_holds_no_value_gives_nothing_away_and_is_given_away_by_nothing() -> None:
    guideline = agreed(rule("KR", "US", withhold='"launch"'))
    without_fan = Previewed(
        kind=WARNING,
        originator=KR,
        held=field_names(WARNING),
        stated=field_names(WARNING) - {"fan", "impact"},
        role=VersionRole.NEWS,
    )
    assert "launch" not in {one.field for one in seen_by(guideline, US, without_fan).given_away}
    without_launch = Previewed(
        kind=WARNING,
        originator=KR,
        held=field_names(WARNING),
        stated=field_names(WARNING) - {"launch"},
        role=VersionRole.NEWS,
    )
    assert "launch" not in {one.field for one in seen_by(guideline, US, without_launch).given_away}


def test_onward_release_is_followed_from_nation_to_nation_and_only_ever_closes() -> None:
    guideline = agreed(
        rule("KR", "US", withhold='"sensors"', onward=True),
        rule("KR", "JP", onward=True, delay_s=30),
        rule("KR", "FR", withhold='"impact"'),
    )
    first, second = seen_by(guideline, US).onward
    assert (first.reader, first.through, first.delay_s) == (JP, (US,), 30)
    assert first.fields == {"warning_id", "version", "launch", "fan", "impact"}
    assert (second.reader, second.through) == (FR, (US,))
    assert second.fields == {"warning_id", "version", "launch", "fan"}
    assert seen_by(guideline, FR).onward == ()


def test_a_way_through_two_nations_is_found() -> None:
    guideline = agreed(
        rule("KR", "US", onward=True), rule("KR", "JP", onward=True), rule("KR", "FR")
    )
    ways = {one.reader: one.through for one in seen_by(guideline, US).onward}
    assert ways == {JP: (US,), FR: (US,)}


def test_a_correction_is_foreseen_past_the_guideline() -> None:
    found = seen_by(None, US, already_shown=frozenset({"launch"}))
    assert found.decision.rule == "correction"
    assert "launch" in found.fields


def test_null_no_text_and_no_items_are_no_values() -> None:
    fields = {"a": None, "b": "", "c": (), "d": 0, "e": False, "f": "x"}
    assert stated_fields(fields) == {"d", "e", "f"}
