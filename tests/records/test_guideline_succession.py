"""Which guideline holds depends on those that were agreed and on the time; on nothing else."""

import itertools

import pytest
from tests.records.made_up_guideline import guideline_text, in_force, rule
from tests.records.made_up_nations import JP, KR, US

from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_succession import in_force_at, next_beginning
from bongsu.vocabulary.units import NS_PER_S, NationId, UtcNs

YEAR_2022, YEAR_2023, YEAR_2024 = (
    UtcNs(seconds * NS_PER_S) for seconds in (1_640_995_200, 1_672_531_200, 1_704_067_200)
)


def agreed(
    name: str = "A",
    version: int = 1,
    year: int = 2022,
    *,
    parties: tuple[NationId, NationId] = (KR, US),
    remark: str = "",
) -> AgreedGuideline:
    text = guideline_text(
        name=name,
        version=version,
        valid_from=f"{year}-01-01T00:00:00Z",
        parties=", ".join(f'"{party}"' for party in parties),
        rules=rule(*parties) + remark,
    )
    return in_force(text)


def holds(*known: AgreedGuideline, at: UtcNs, nation: NationId = KR) -> AgreedGuideline | None:
    """What holds, in whatever order it became known."""
    first, *others = [
        in_force_at(order, nation=nation, at=at) for order in itertools.permutations(known)
    ]
    assert all(other == first for other in others)
    return first


def test_nothing_holds_before_the_first_begins() -> None:
    assert holds(at=YEAR_2022) is None
    assert holds(agreed(), at=UtcNs(YEAR_2022 - 1)) is None
    assert holds(agreed(), at=YEAR_2022) == agreed()


def test_a_later_version_supersedes_from_its_own_time_on() -> None:
    first, second, third = agreed(), agreed(version=2, year=2023), agreed(version=3, year=2024)
    assert holds(first, second, third, at=UtcNs(YEAR_2023 - 1)) == first
    assert holds(first, second, third, at=YEAR_2023) == second
    assert holds(first, second, third, at=YEAR_2024) == third


def test_an_earlier_version_that_begins_later_never_comes_back() -> None:
    second, first = agreed(version=2, year=2022), agreed(version=1, year=2023)
    assert holds(first, second, at=YEAR_2024) == second


def test_of_several_ids_the_one_that_began_last_holds() -> None:
    one, other = agreed("A", 7, 2022), agreed("B", 1, 2023)
    assert holds(one, other, at=YEAR_2022) == one
    assert holds(one, other, at=YEAR_2023) == other


def test_a_guideline_of_others_never_takes_the_place_of_ours() -> None:
    ours = agreed()
    theirs = agreed(version=2, year=2023, parties=(US, JP))
    assert holds(ours, theirs, at=YEAR_2024) == ours
    assert holds(ours, theirs, at=YEAR_2024, nation=US) == theirs
    assert holds(ours, theirs, at=YEAR_2022, nation=JP) is None


@pytest.mark.parametrize("year", [2022, 2023])
def test_two_texts_of_one_version_contradict_each_other_and_nothing_older_comes_back(
    year: int,
) -> None:
    first = agreed()
    one, other = agreed(version=2), agreed(version=2, year=year, remark="# another\n")
    assert holds(first, one, other, at=YEAR_2024) is None
    third = agreed(version=3, year=2024)
    assert holds(first, one, other, third, at=YEAR_2024) == third


def test_the_same_text_twice_contradicts_nothing() -> None:
    assert holds(agreed(), agreed(), at=YEAR_2022) == agreed()


def test_the_answer_stays_until_the_next_one_begins() -> None:
    known = (agreed(), agreed(version=2, year=2024))
    assert next_beginning(known, after=UtcNs(0)) == YEAR_2022
    assert next_beginning(known, after=YEAR_2022) == YEAR_2024
    assert next_beginning(known, after=YEAR_2024) is None
