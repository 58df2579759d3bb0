"""The simulator can fail: each law taken out of the product, one at a time, is missed by seeds.

The table says which seeds find the fault, and what they then find broken (a law has more than one
consequence). A change of the product may move a fault to another moment, so if the first seed finds
nothing the next ones are tried. Without the plant the same seeds hold:
`test_simulated_federations.py` runs them.
"""

import inspect
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.worlds import planted_faults
from tests.worlds.planted_faults import Plant

from bongsu.adapters.simulated.seed_results import Federation
from bongsu.main.simulation.seeds import run_seed
from bongsu.main.simulation.verdict import Invariant

ONE_EPISODE = Federation(hours=150.0 / 3600.0, nations=None, cryptography="marked")
DOCUMENT = Path(__file__).parents[2] / "docs" / "simulator.md"
ROW = re.compile(r"^\| (?P<law>[^|]+) \| (?P<seeds>[\d, ]+) \| (?P<finds>[^|]+) \|$", re.MULTILINE)


class Caught(NamedTuple):
    """A planted fault, seeds that find it, and what they find."""

    plant: Plant
    seeds: tuple[int, ...]
    finds: tuple[Invariant, ...]


CAUGHT = (
    Caught(planted_faults.acknowledge_before_storing, (1, 2, 3), (Invariant.ON_DISK,)),
    Caught(planted_faults.send_before_storing, (2, 3, 4), (Invariant.STORED_BEFORE_SENT,)),
    Caught(
        planted_faults.a_disk_that_loses_what_it_said_was_durable,
        (11, 2),
        (
            Invariant.ON_DISK,
            Invariant.NO_LOSS,
            Invariant.HEADS_GO_ON,
            Invariant.ORDER,
        ),
    ),
    Caught(planted_faults.a_torn_write_that_is_half_visible, (9, 15), (Invariant.NO_LOSS,)),
    Caught(
        planted_faults.entries_committed_without_their_records,
        (1, 2, 3),
        (Invariant.STORED_BEFORE_SENT,),
    ),
    Caught(planted_faults.release_without_a_guideline, (1, 2, 3), (Invariant.NO_LEAK,)),
    Caught(planted_faults.show_withheld_fields, (1, 2, 3), (Invariant.NO_LEAK,)),
    Caught(planted_faults.withhold_agreed_fields, (1, 2, 3), (Invariant.NO_LOSS,)),
    Caught(
        planted_faults.release_to_the_wrong_reader,
        (1, 2, 3),
        (
            Invariant.NO_LEAK,
            Invariant.NO_LOSS,
        ),
    ),
    Caught(planted_faults.the_onward_rule_forgotten, (1, 4, 6), (Invariant.NO_LEAK,)),
    Caught(planted_faults.delays_forgotten, (2, 3, 4), (Invariant.NOT_EARLY,)),
    Caught(planted_faults.what_waits_forgotten_by_a_restart, (2, 23), (Invariant.NO_LOSS,)),
    Caught(planted_faults.recalls_kept_at_home, (1, 2, 3), (Invariant.NO_LOSS,)),
    Caught(planted_faults.corrections_blocked, (1, 2, 3), (Invariant.NO_LOSS,)),
    Caught(planted_faults.frames_not_sealed, (1, 2, 3), (Invariant.NO_LEAK,)),
    Caught(planted_faults.sealed_to_a_key_that_is_gone, (2, 3), (Invariant.NO_LOSS,)),
    # A clock has to be far ahead just when the partner at the other end begins anew.
    Caught(planted_faults.the_time_of_a_key_believed_as_first_told, (79,), (Invariant.NO_LOSS,)),
    Caught(planted_faults.the_chain_not_checked, (1, 4), (Invariant.ORDER,)),
    Caught(planted_faults.duplicates_accepted, (1, 2, 3), (Invariant.NO_DUPLICATE,)),
    Caught(planted_faults.shown_backwards, (1, 2, 4), (Invariant.ORDER,)),
    Caught(planted_faults.nothing_asked_for_after_a_gap, (1, 3, 4), (Invariant.NO_LOSS,)),
    Caught(planted_faults.places_not_taken_back_when_the_disk_refuses, (2, 4), (Invariant.ORDER,)),
    Caught(
        planted_faults.statements_given_up_when_the_disk_refuses, (2, 4, 12), (Invariant.NO_LOSS,)
    ),
    Caught(planted_faults.begun_anew_after_every_restart, (2, 3, 4), (Invariant.ORDER,)),
    Caught(planted_faults.a_lost_place_not_believed, (5, 18, 36), (Invariant.NO_LOSS,)),
    Caught(planted_faults.heads_that_follow_the_clock_back, (1, 2, 3), (Invariant.HEADS_GO_ON,)),
    Caught(planted_faults.signatures_not_checked, (1, 3, 4), (Invariant.ORDER,)),
    Caught(
        planted_faults.the_realm_ignored,
        (1, 2, 3),
        (
            Invariant.REALMS_APART,
            Invariant.KEEPS_RUNNING,
        ),
    ),
    Caught(planted_faults.refusals_not_counted, (1, 2, 3), (Invariant.REFUSALS_COUNTED,)),
    Caught(planted_faults.a_display_that_counts_twice, (4, 6, 7), (Invariant.COMES_TO_REST,)),
)


OTHER_SEEDS = range(1, 25)


@pytest.mark.parametrize("caught", CAUGHT, ids=[one.plant.__name__ for one in CAUGHT])
def test_a_seed_finds_the_planted_fault(caught: Caught, monkeypatch: pytest.MonkeyPatch) -> None:
    caught.plant(monkeypatch)
    for tried in dict.fromkeys((*caught.seeds, *OTHER_SEEDS)):
        broken = run_seed(tried, ONE_EPISODE).broken
        if broken is not None:
            assert broken.invariant in {one.value for one in caught.finds}, broken.what
            return
    pytest.fail("no seed found the fault")


def test_every_planted_fault_is_in_the_table() -> None:
    planted = {
        each
        for _, each in inspect.getmembers(planted_faults, inspect.isfunction)
        if each.__module__ == planted_faults.__name__ and not each.__name__.startswith("_")
    }
    assert planted == {one.plant for one in CAUGHT}
    rare = {planted_faults.the_time_of_a_key_believed_as_first_told}
    assert all(len(one.seeds) > 1 for one in CAUGHT if one.plant not in rare)


def test_the_document_lists_every_planted_fault_its_seeds_and_what_they_find() -> None:
    told = {
        (row["law"], row["seeds"], row["finds"])
        for row in ROW.finditer(DOCUMENT.read_text(encoding="utf-8"))
    }
    assert told == {
        (
            one.plant.__name__.replace("_", " "),
            ", ".join(map(str, one.seeds)),
            "; ".join(invariant.value for invariant in one.finds),
        )
        for one in CAUGHT
    }


def test_nearly_every_invariant_catches_a_planted_fault() -> None:
    """Loss is found before unrest where both would be."""
    found_otherwise = {Invariant.COMES_TO_REST, Invariant.KEEPS_RUNNING}
    assert {found for one in CAUGHT for found in one.finds} >= set(Invariant) - found_otherwise
