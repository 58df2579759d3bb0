"""Released fields give withheld ones away: what the table says is found, and nothing else."""

import pytest

from bongsu.records.inference import GivenAway, Released, Source, given_away
from bongsu.records.inference_table import (
    INFERENCES,
    TELL_NOTHING,
    Fact,
    Inference,
    meaning_of,
)
from bongsu.records.kinds import RecordKind, field_names, guided_kinds

WARNING, TRACK = RecordKind.LAUNCH_WARNING, RecordKind.TRACK_UPDATE
LAUNCH, IMPACT = RecordKind.LAUNCH_ESTIMATE, RecordKind.IMPACT_ESTIMATE
REPORT = RecordKind.INTELLIGENCE_REPORT


def shows(*fields: str, delay_s: int = 0) -> Released:
    return Released(fields=frozenset(fields), delay_s=delay_s)


def leaks(released: dict[RecordKind, Released]) -> dict[tuple[RecordKind, str], set[str]]:
    """Field by field, the fields that it can be told from."""
    return {
        (one.kind, one.field): {f"{source.kind}.{source.field}" for source in one.sources}
        for one in given_away(released)
    }


def test_every_field_that_a_guideline_may_speak_of_has_its_place_in_the_table() -> None:
    unplaced = {
        (kind.value, name)
        for kind in guided_kinds()
        for name in field_names(kind)
        if (meaning_of(kind, name) is None) == (name not in TELL_NOTHING)
    }
    assert unplaced == set()


def field_that_tells(fact: Fact) -> tuple[RecordKind, str]:
    """A field of the table that tells this fact, and as little else as there is."""
    found = [
        (len(meaning.tells), kind.value, name)
        for kind in guided_kinds()
        for name in field_names(kind)
        if (meaning := meaning_of(kind, name)) is not None and fact in meaning.tells
    ]
    _, kind, name = min(found)
    return RecordKind(kind), name


def fields_that_keep(fact: Fact) -> list[tuple[RecordKind, str]]:
    return [
        (kind, name)
        for kind in guided_kinds()
        for name in sorted(field_names(kind))
        if (meaning := meaning_of(kind, name)) is not None and meaning.keeps is fact
    ]


def released_for(facts: frozenset[Fact], and_kind: RecordKind) -> dict[RecordKind, Released]:
    fields: dict[RecordKind, set[str]] = {and_kind: set()}
    for fact in facts:
        kind, name = field_that_tells(fact)
        fields.setdefault(kind, set()).add(name)
    return {kind: shows(*names) for kind, names in fields.items()}


@pytest.mark.parametrize("inference", INFERENCES, ids=lambda one: one.reason)
def test_each_inference_is_found_where_all_that_it_needs_is_released(inference: Inference) -> None:
    kept = fields_that_keep(inference.follows)
    assert kept, f"no field keeps {inference.follows}"
    for kind, name in kept:
        released = released_for(inference.known, kind)
        if name in released[kind].fields:
            continue  # released itself, to tell another fact
        found = {(one.kind, one.field): one for one in given_away(released)}
        assert (kind, name) in found
        assert found[kind, name].fact is inference.follows
        assert found[kind, name].comes_after_s is None


def test_no_inference_is_found_where_something_that_it_needs_is_missing() -> None:
    checked: set[str] = set()
    for inference in INFERENCES:
        kind, name = fields_that_keep(inference.follows)[0]
        for missing in inference.known:
            rest = inference.known - {missing}
            told = {fact for known in rest for fact in _all_told_by(known)}
            if inference.follows in told or missing in told:
                continue  # another way leads there
            released = released_for(rest, kind)
            assert (kind, name) not in leaks(released), inference
            checked.add(inference.reason)
    assert checked == {inference.reason for inference in INFERENCES}


def _all_told_by(fact: Fact) -> set[Fact]:
    """What the field that stands for a fact tells, and what follows from that alone."""
    kind, name = field_that_tells(fact)
    meaning = meaning_of(kind, name)
    assert meaning is not None
    told = set(meaning.tells)
    while more := {one.follows for one in INFERENCES if one.known <= told} - told:
        told |= more
    return told


def test_a_track_gives_away_where_it_was_launched_and_where_it_falls() -> None:
    found = leaks({WARNING: shows("warning_id"), TRACK: shows("state")})
    by_state = {"track_update.state"}
    assert found == {
        (WARNING, "launch"): by_state,
        (WARNING, "launch_cell_20km"): by_state,
        (WARNING, "impact"): by_state,
        (WARNING, "flight"): by_state,
        (WARNING, "classification"): by_state,
        (TRACK, "classification"): by_state,
    }


def test_a_launch_estimate_shows_what_a_warning_withholds_and_needs_no_reason() -> None:
    [launch, *_] = [
        one
        for one in given_away({WARNING: shows("warning_id"), LAUNCH: shows("launch")})
        if one.field == "launch"
    ]
    assert launch == GivenAway(
        kind=WARNING,
        field="launch",
        fact=Fact.LAUNCH_POINT,
        sources=(Source(kind="launch_estimate", field="launch"),),
        reasons=(),
        known_after_s=0,
        comes_after_s=None,
    )


@pytest.mark.parametrize(
    ("released", "field", "sources"),
    [
        ({WARNING: shows("fan")}, "launch", {"launch_warning.fan"}),
        ({WARNING: shows("launch")}, "launch_cell_20km", {"launch_warning.launch"}),
        (
            {WARNING: shows("flight", "impact")},
            "launch",
            {"launch_warning.flight", "launch_warning.impact"},
        ),
        (
            {WARNING: shows("launch", "impact")},
            "flight",
            {"launch_warning.launch", "launch_warning.impact"},
        ),
        (
            {WARNING: shows("launch", "flight")},
            "impact",
            {"launch_warning.launch", "launch_warning.flight"},
        ),
        ({WARNING: shows("sensors")}, "sensor_kinds", {"launch_warning.sensors"}),
        ({WARNING: shows(), TRACK: shows("sensors")}, "sensors", {"track_update.sensors"}),
        ({WARNING: shows("derived_from")}, "corroborated_by", {"launch_warning.derived_from"}),
        ({WARNING: shows(), IMPACT: shows("impact", "flight")}, "launch", None),
    ],
)
def test_what_gives_what_away(
    released: dict[RecordKind, Released], field: str, sources: set[str] | None
) -> None:
    found = leaks(released)
    assert (WARNING, field) in found
    if sources is not None:
        assert found[WARNING, field] == sources


@pytest.mark.parametrize(
    "released",
    [
        {WARNING: shows("launch_cell_20km", "impact", "classification")},
        {WARNING: shows("sensor_kinds")},
        {WARNING: shows("flight")},
        {IMPACT: shows("impact_cell_100km", "impact_at")},
        {REPORT: shows("below_line"), WARNING: shows(*field_names(WARNING))},
        {},
    ],
)
def test_a_coarser_field_gives_no_finer_one_away(released: dict[RecordKind, Released]) -> None:
    for kind, name in leaks(released):
        assert name in {"classification", "launch_cell_20km"}, (kind, name)


def test_a_kind_that_the_two_say_nothing_of_is_not_looked_at() -> None:
    assert {kind for kind, _ in leaks({TRACK: shows("state")})} == {TRACK}


def test_what_is_delayed_is_given_away_by_what_comes_at_once() -> None:
    found = given_away({WARNING: shows("launch", delay_s=600), TRACK: shows("state", delay_s=60)})
    [launch] = [one for one in found if (one.kind, one.field) == (WARNING, "launch")]
    assert (launch.known_after_s, launch.comes_after_s) == (60, 600)
    assert launch.reasons == ("a path traced back ends where it was launched",)
    later = {WARNING: shows("launch", delay_s=60), TRACK: shows("state", delay_s=60)}
    assert (WARNING, "launch") not in leaks(later)


def test_a_fact_is_known_when_the_last_that_it_follows_from_has_come() -> None:
    released = {
        WARNING: shows("impact", delay_s=10),
        IMPACT: shows("flight", delay_s=300),
    }
    [launch] = [one for one in given_away(released) if (one.kind, one.field) == (WARNING, "launch")]
    assert launch.known_after_s == 300


def test_what_is_released_whole_and_at_once_is_given_away_by_nothing() -> None:
    whole = {kind: Released(fields=field_names(kind), delay_s=0) for kind in guided_kinds()}
    assert given_away(whole) == ()
