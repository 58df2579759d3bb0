"""Two centres compare what they show: what is told at once, what after a while, what not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocols.made_up_tracks import at, infrared_warning, launch, warning_of

from bongsu.protocols import displays
from bongsu.protocols.display_differences import (
    NOT_FED_AFTER_NS,
    differences,
)
from bongsu.protocols.displays import (
    MAXIMUM_TOLD,
    STALE_AFTER_NS,
    STATED_AGAIN_NS,
    Displays,
    DisplaysAgree,
    DisplaysDisagree,
    Effect,
    OwnPicture,
    PartnerPicture,
    RulesChanged,
    StatePicture,
    TimePassed,
)
from bongsu.protocols.picture_book import (
    MAXIMUM_WARNINGS,
    SHOWN_FOR_S,
    Book,
    BookedWarning,
    Render,
    booked,
    picture_of,
    said_to,
    shown_threats,
    withdrawn,
)
from bongsu.records.display_kinds import MAXIMUM_ROWS
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ClassProbability, ObjectClass
from bongsu.vocabulary.held_warning import HeldWarning
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning
from bongsu.vocabulary.seen_warning import SeenWarning, whole
from bongsu.vocabulary.shown_picture import Aspect, Difference, ShownPicture, ShownThreat
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId, RecordId

KR_1, US_1, JP_1 = NodeId("KR-1"), NodeId("US-1"), NodeId("JP-1")
PAIR = (US_1, KR_1)
UP = frozenset({KR_1, US_1})


def version(number: int, of: int = 1) -> HeldWarning:
    record = RecordId(bytes([of, number]) * 16)
    return HeldWarning(warning_id=f"KR-1/W{of:04d}", version=number, record_id=record)


def shows(
    *fed: HeldWarning,
    object_class: ObjectClass = ObjectClass.IRBM,
    missing: int = 0,
    more: int = 0,
    unsaid: frozenset[Aspect] = frozenset(),
) -> ShownPicture:
    """A picture made from these; the display leaves some out, or counts some more."""
    threats = tuple(
        ShownThreat(
            warning_id=held.warning_id,
            version=held.version,
            object_class=None if Aspect.CLASS in unsaid else object_class,
            launched_at=None if Aspect.TIME in unsaid else at(0.0),
            unsaid=unsaid,
        )
        for held in fed[missing:]
    )
    return ShownPicture(
        originator=KR_1,
        fed=fed,
        fed_count=len(fed),
        threats=threats,
        shown_count=len(threats) + more,
    )


class Centre:
    """JP-1, with a clock."""

    def __init__(self) -> None:
        self.state = Displays(me=JP_1)
        self.now = MonotonicNs(0)

    def takes(self, event: displays.Event, *, after_s: float = 0.0) -> tuple[Effect, ...]:
        self.now = MonotonicNs(self.now + round(after_s * NS_PER_S))
        self.state, effects = displays.step(self.state, event, now=self.now)
        return effects

    def shows(self, picture: ShownPicture, *, after_s: float = 0.0) -> tuple[Effect, ...]:
        effects = self.takes(OwnPicture(picture), after_s=after_s)
        return tuple(one for one in effects if not isinstance(one, StatePicture))

    def hears(self, picture: ShownPicture, *, after_s: float = 0.0) -> tuple[Effect, ...]:
        return self.takes(PartnerPicture(US_1, picture), after_s=after_s)

    def waits(self, seconds: int, *, up: frozenset[NodeId] = UP) -> list[Effect]:
        """Looks every second, while both go on showing what they show."""
        said: list[Effect] = []
        ours, theirs = self.state.ours[KR_1], self.state.theirs[PAIR].picture
        for _ in range(seconds):
            said += self.takes(TimePassed(up), after_s=1.0)
            said += self.shows(ours)
            said += self.hears(theirs)
        return said


def aspects(effects: Iterable[Effect]) -> list[Aspect]:
    found = (one for one in effects if isinstance(one, DisplaysDisagree))
    return [difference.aspect for one in found for difference in one.differences]


def test_the_same_from_the_same_is_no_news() -> None:
    centre = Centre()
    assert centre.shows(shows(version(1))) == centre.hears(shows(version(1))) == ()
    assert centre.waits(60) == []
    assert centre.state.disputed == frozenset()


@pytest.mark.parametrize("ours_first", [True, False])
def test_another_class_from_the_same_record_is_told_at_once_whoever_was_first(
    ours_first: bool,
) -> None:
    centre = Centre()
    right, wrong = shows(version(1)), shows(version(1), object_class=ObjectClass.SRBM)
    said = (
        (*centre.shows(right), *centre.hears(wrong))
        if ours_first
        else (*centre.hears(wrong), *centre.shows(right))
    )
    difference = Difference(
        aspect=Aspect.CLASS, warning_id="KR-1/W0001", ours="IRBM", theirs="SRBM"
    )
    assert said == (DisplaysDisagree(US_1, KR_1, (difference,)),)
    assert centre.state.disputed == {"KR-1/W0001"}


def test_another_time_of_launch_and_none_at_all_differ() -> None:
    right = shows(version(1))
    for launched_at in (at(1.0), None):
        wrong = replace(right, threats=(replace(right.threats[0], launched_at=launched_at),))
        assert [one.aspect for one in differences(right, wrong)] == [Aspect.TIME]


@pytest.mark.parametrize(("missing", "more"), [(1, 0), (0, 220), (1, 1)])
def test_a_count_that_is_not_what_was_fed_is_told_and_puts_all_in_dispute(
    missing: int, more: int
) -> None:
    centre = Centre()
    centre.shows(shows(version(1), version(1, of=2)))
    said = centre.hears(shows(version(1), version(1, of=2), missing=missing, more=more))
    assert set(aspects(said)) == {Aspect.COUNT}
    assert centre.state.disputed == {KR_1}


def test_a_count_is_compared_although_one_is_a_version_or_a_warning_ahead() -> None:
    ahead = (version(2), version(1, of=2))
    assert differences(shows(version(1)), shows(*ahead)) == ()
    found = differences(shows(version(1)), shows(*ahead, more=2))
    assert [one.aspect for one in found] == [Aspect.COUNT]
    assert (found[0].ours, found[0].theirs) == ("1 shown of 1 open", "4 shown of 2 open")


def test_a_ghost_where_nothing_was_fed_differs() -> None:
    assert [one.aspect for one in differences(shows(), shows(more=2))] == [Aspect.COUNT]


def test_what_either_leaves_unsaid_is_not_compared() -> None:
    right = shows(version(1))
    for aspect in (Aspect.CLASS, Aspect.TIME):
        unsaid = shows(version(1), object_class=ObjectClass.SLV, unsaid=frozenset({aspect}))
        found = [one.aspect for one in differences(right, unsaid)]
        assert found == [one.aspect for one in differences(unsaid, right)]
        assert aspect not in found


def test_two_stories_under_one_version_are_another_input_and_no_wrong_display() -> None:
    other = replace(version(1), record_id=RecordId(b"?" * 32))
    assert differences(shows(version(1)), shows(other, object_class=ObjectClass.SRBM)) == ()


def test_another_input_is_told_after_ten_seconds_and_disputes_nothing() -> None:
    centre = Centre()
    centre.shows(shows(version(2)))
    centre.hears(shows(version(1)))
    wait_s = NOT_FED_AFTER_NS // NS_PER_S
    assert centre.waits(wait_s - 1) == []
    [told] = centre.waits(2)
    assert isinstance(told, DisplaysDisagree)
    assert [one.aspect for one in told.differences] == [Aspect.INPUT]
    assert told.differences[0].theirs.startswith("version 1")
    assert centre.state.disputed == frozenset()
    assert centre.hears(shows(version(2)), after_s=1.0) == (DisplaysAgree(US_1, KR_1),)


@pytest.mark.parametrize("down", [US_1, KR_1])
def test_while_a_link_is_down_or_misses_something_no_input_is_held_against_anybody(
    down: NodeId,
) -> None:
    centre = Centre()
    centre.shows(shows(version(2)))
    centre.hears(shows(version(1)))
    assert centre.waits(25, up=UP - {down}) == []
    assert centre.waits(9) == []
    assert aspects(centre.waits(3)) == [Aspect.INPUT]


def test_who_lags_and_gets_on_is_fed_the_same() -> None:
    """A warning that is amended every two seconds is never quite the same at two centres."""
    centre = Centre()
    for number in range(1, 60):
        assert centre.shows(shows(version(number + 1)), after_s=1.0) == ()
        assert centre.hears(shows(version(number)), after_s=1.0) == ()
        assert centre.takes(TimePassed(UP)) == ()


def test_who_is_stuck_while_the_other_gets_on_is_not_fed_the_same() -> None:
    centre = Centre()
    said: list[Effect] = []
    for number in range(2, 30):
        said += centre.hears(shows(version(1)), after_s=1.0)
        said += centre.shows(shows(version(number)))
    assert aspects(said) == [Aspect.INPUT]


def test_a_difference_is_not_over_because_the_warning_is_amended() -> None:
    centre = Centre()
    centre.shows(shows(version(1)))
    centre.hears(shows(version(1), object_class=ObjectClass.SRBM))
    assert centre.shows(shows(version(2)), after_s=2.0) == ()
    assert centre.state.disputed == {"KR-1/W0001"}
    assert centre.hears(shows(version(2)), after_s=1.0) == (DisplaysAgree(US_1, KR_1),)
    assert centre.state.disputed == frozenset()


def test_a_difference_is_over_when_the_warning_is() -> None:
    centre = Centre()
    centre.shows(shows(version(1)))
    centre.hears(shows(version(1), object_class=ObjectClass.SRBM))
    assert centre.shows(shows(), after_s=2.0) == (DisplaysAgree(US_1, KR_1),)


def test_a_partner_that_says_this_and_that_by_turns_floods_nobody() -> None:
    centre = Centre()
    centre.shows(shows(version(1)))
    said: list[Effect] = []
    for turn in range(1_000):
        wrong = shows(version(1), more=turn % 2, object_class=list(ObjectClass)[turn % 5])
        said += centre.hears(wrong, after_s=0.01)
    assert len(said) <= 11


def test_who_disagreed_and_fell_silent_holds_nothing_down_for_ever() -> None:
    centre = Centre()
    centre.shows(shows(version(1)))
    centre.hears(shows(version(1), more=1))
    stale_s = STALE_AFTER_NS / NS_PER_S
    assert centre.takes(TimePassed(frozenset()), after_s=stale_s - 0.1) == ()
    assert centre.state.disputed == {KR_1}
    said = centre.takes(TimePassed(frozenset()), after_s=0.2)
    assert said == (DisplaysAgree(US_1, KR_1, compared=False),)
    assert centre.state.disputed == frozenset()


def test_another_guideline_begins_the_comparison_anew() -> None:
    centre = Centre()
    centre.takes(OwnPicture(shows(version(1))))
    centre.hears(shows(version(1), more=1))
    assert centre.takes(RulesChanged()) == (DisplaysAgree(US_1, KR_1, compared=False),)
    assert centre.takes(OwnPicture(shows(version(1)))) == ()
    again = centre.takes(OwnPicture(shows(version(1))), after_s=1.0)
    assert again == (StatePicture(shows(version(1))),)


def test_a_picture_is_stated_a_second_after_it_changed_and_again_every_ten() -> None:
    centre = Centre()
    one, other = OwnPicture(shows(version(1))), OwnPicture(shows(version(2)))
    assert centre.takes(one) == ()
    assert centre.takes(other, after_s=0.5) == ()
    assert centre.takes(other, after_s=0.5) == (StatePicture(other.picture),)
    again_s = STATED_AGAIN_NS / NS_PER_S
    assert centre.takes(other, after_s=again_s - 0.1) == ()
    assert centre.takes(other, after_s=0.1) == (StatePicture(other.picture),)


def test_a_picture_that_never_stays_the_same_is_stated_once_a_second() -> None:
    centre = Centre()
    said = [
        effect
        for number in range(1, 101)
        for effect in centre.takes(OwnPicture(shows(version(number))), after_s=0.1)
    ]
    assert 8 <= len(said) <= 10


def test_an_empty_picture_is_stated_once_and_only_where_there_was_anything() -> None:
    centre = Centre()
    nothing = OwnPicture(shows(), has_past=False)
    for after_s in (0.0, 2.0):
        assert centre.takes(nothing, after_s=after_s) == ()
    assert centre.hears(shows()) == ()
    assert centre.takes(nothing) == ()
    assert centre.takes(nothing, after_s=1.0) == (StatePicture(shows()),)
    assert centre.takes(nothing, after_s=100.0) == ()
    with_past = Centre()
    assert with_past.takes(OwnPicture(shows())) == ()
    assert with_past.takes(OwnPicture(shows()), after_s=1.0) == (StatePicture(shows()),)


def test_what_is_told_at_once_is_bounded_and_all_of_it_is_in_dispute() -> None:
    centre = Centre()
    fed = [version(1, of=number) for number in range(1, MAXIMUM_ROWS + 1)]
    centre.shows(shows(*fed))
    said = centre.hears(shows(*fed, object_class=ObjectClass.SLV))
    assert len(aspects(said)) == MAXIMUM_TOLD
    assert centre.state.disputed == {held.warning_id for held in fed}


def test_an_event_that_is_none_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="no event of displays"):
        displays.step(Displays(me=JP_1), "?", now=MonotonicNs(0))  # type: ignore[arg-type]


# --- what is shown ---------------------------------------------------------------------------


def classed(warning: LaunchWarning, object_class: ObjectClass) -> LaunchWarning:
    classification = (ClassProbability(object_class=object_class, probability=0.8),)
    return replace(warning, classification=classification)


def a_log() -> list[LaunchWarning]:
    """Three warnings of KR-1, each in some versions; one of them ended, one reclassified."""
    first = [classed(warning_of("KR-1", version=v), ObjectClass.MRBM) for v in (1, 2, 3)]
    second = [warning_of("KR-1", number=2, version=v, launched=launch(at_s=v)) for v in (1, 2)]
    third = [
        warning_of("KR-1", number=3, version=1),
        warning_of("KR-1", number=3, version=2, end_reason=EndReason.OBSERVED),
    ]
    return [*first[:2], classed(first[2], ObjectClass.IRBM), *second, *third]


def record_of(warning: LaunchWarning) -> RecordId:
    return RecordId(f"{warning.warning_id} {warning.version}".encode().ljust(32, b"."))


def book_of(warnings: Sequence[LaunchWarning]) -> Book:
    book: Book = {}
    for warning in warnings:
        book = booked(book, record_of(warning), whole(warning), originator=KR_1, recalled=False)
    return book


def rendered(book: Book, render: Render = shown_threats, *, at_s: float = 100.0) -> ShownPicture:
    return picture_of(book, originator=KR_1, now=at(at_s), render=render)


def test_the_picture_says_how_many_are_open_of_which_class_and_launched_when() -> None:
    picture = rendered(book_of(a_log()))
    assert (picture.fed_count, picture.shown_count) == (2, 2)
    assert [one.object_class for one in picture.threats] == [ObjectClass.IRBM, None]
    assert [one.launched_at for one in picture.threats] == [None, at(2.0)]
    assert [held.version for held in picture.fed] == [3, 2]


@given(st.permutations(a_log()))
def test_centres_fed_the_same_records_in_any_order_of_arrival_agree(
    order: list[LaunchWarning],
) -> None:
    ours, theirs = rendered(book_of(a_log())), rendered(book_of(order))
    assert ours == theirs
    centre = Centre()
    assert centre.shows(ours) == centre.hears(theirs) == ()
    assert centre.waits(12) == []


@given(st.permutations(a_log()), st.integers(0, len(a_log())))
def test_a_centre_that_was_fed_less_is_never_blamed_for_its_display(
    order: list[LaunchWarning], fed: int
) -> None:
    whole_log, part = rendered(book_of(a_log())), rendered(book_of(order[:fed]))
    assert differences(whole_log, part) == differences(part, whole_log) == ()


def test_versions_that_come_late_or_twice_change_nothing() -> None:
    log = a_log()
    known = book_of(log)
    for late in log:
        again = booked(known, record_of(late), whole(late), originator=KR_1, recalled=False)
        assert rendered(again) == rendered(known)


def test_a_copy_with_more_open_is_shown_with_it() -> None:
    warning = classed(warning_of("KR-1"), ObjectClass.SLV)
    closed = replace(whole(warning), classification=None, withheld=("classification",))
    book = booked({}, record_of(warning), closed, originator=KR_1, recalled=False)
    assert rendered(book).threats[0].unsaid == {Aspect.CLASS}
    book = booked(book, record_of(warning), whole(warning), originator=KR_1, recalled=False)
    assert rendered(book).threats[0].object_class is ObjectClass.SLV


def test_what_is_withdrawn_is_shown_no_more_until_another_version_stands() -> None:
    one, two = (warning_of("KR-1", version=number) for number in (1, 2))
    book = withdrawn(book_of([one]), frozenset({record_of(one)}))
    assert rendered(book).is_empty
    book = booked(book, record_of(two), whole(two), originator=KR_1, recalled=False)
    assert rendered(book).shown_count == 1


def test_what_nobody_can_name_or_another_node_states_is_not_shown_as_its_own() -> None:
    foreign = infrared_warning()
    nameless = replace(whole(warning_of("KR-1")), warning_id=None, withheld=("warning_id",))
    for seen in (whole(foreign), nameless, SeenWarning()):
        assert booked({}, record_of(foreign), seen, originator=KR_1, recalled=False) == {}


def test_what_was_stated_long_ago_is_on_no_display() -> None:
    book = book_of([warning_of("KR-1")])
    assert rendered(book, at_s=SHOWN_FOR_S).shown_count == 1
    assert rendered(book, at_s=SHOWN_FOR_S + 100.0).is_empty


def test_the_book_is_bounded_and_what_is_over_goes_first() -> None:
    over = warning_of("KR-1", number=9_999, version=9, end_reason=EndReason.EXPIRED)
    many = [warning_of("KR-1", number=number) for number in range(1, MAXIMUM_WARNINGS + 1)]
    book = book_of([over, *many])
    assert len(book) == MAXIMUM_WARNINGS
    assert over.warning_id not in book
    picture = rendered(book)
    assert picture.fed_count == picture.shown_count == MAXIMUM_WARNINGS
    assert len(picture.fed) == len(picture.threats) == MAXIMUM_ROWS
    ids = [held.warning_id for held in picture.fed]
    assert all(one < other for one, other in pairwise(ids))


def test_a_display_that_shows_one_twice_or_of_its_own_is_counted_as_it_shows() -> None:
    def mad(warnings: Iterable[BookedWarning]) -> tuple[ShownThreat, ...]:
        shown = shown_threats(warnings)
        return (*shown, *shown, replace(shown[0], warning_id="US-1/W0001"))

    picture = rendered(book_of(a_log()), mad)
    assert (picture.fed_count, picture.shown_count, len(picture.threats)) == (2, 5, 2)


def test_what_a_reader_may_not_see_of_the_originator_is_left_out_for_him() -> None:
    picture = rendered(book_of(a_log()))
    for aspect in (Aspect.CLASS, Aspect.TIME):
        said = said_to(picture, frozenset({aspect}))
        assert all(aspect in threat.unsaid for threat in said.threats)
        assert {one.object_class for one in said.threats} == (
            {None} if aspect is Aspect.CLASS else {ObjectClass.IRBM, None}
        )
        assert {one.launched_at for one in said.threats} == (
            {None} if aspect is Aspect.TIME else {at(2.0), None}
        )
    assert said_to(picture, frozenset()) is picture
