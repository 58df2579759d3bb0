"""The simulator can fail: each law taken out of the product, one at a time, is missed by a seed.

The table says which seed finds the fault, and what it then finds broken (the first is what it finds
today; a law has more than one consequence). A change of the product
may move a fault to another moment, so if that seed finds nothing the next ones are tried. Without
the plant the same seeds hold: `test_simulated_federations.py` runs them.
"""

import inspect

import pytest
from tests.worlds import planted_faults
from tests.worlds.planted_faults import Plant

from bongsu.adapters.simulated.seed_results import Federation
from bongsu.main.simulation.seeds import run_seed
from bongsu.main.simulation.verdict import Invariant

ONE_EPISODE = Federation(hours=150.0 / 3600.0, nations=None, cryptography="marked")

CAUGHT = [
    (planted_faults.acknowledge_before_storing, 1, (Invariant.ON_DISK,)),
    (planted_faults.send_before_storing, 2, (Invariant.STORED_BEFORE_SENT,)),
    (
        planted_faults.a_disk_that_loses_what_it_said_was_durable,
        11,
        (Invariant.ON_DISK, Invariant.NO_LOSS, Invariant.HEADS_GO_ON),
    ),
    (planted_faults.a_torn_write_that_is_half_visible, 8, (Invariant.NO_LOSS,)),
    (planted_faults.entries_committed_without_their_records, 1, (Invariant.STORED_BEFORE_SENT,)),
    (planted_faults.release_without_a_guideline, 1, (Invariant.NO_LEAK,)),
    (planted_faults.show_withheld_fields, 1, (Invariant.NO_LEAK,)),
    (planted_faults.withhold_agreed_fields, 1, (Invariant.NO_LOSS,)),
    (planted_faults.release_to_the_wrong_reader, 1, (Invariant.NO_LEAK, Invariant.NO_LOSS)),
    (planted_faults.the_onward_rule_forgotten, 1, (Invariant.NO_LEAK,)),
    (planted_faults.delays_forgotten, 2, (Invariant.NOT_EARLY,)),
    (planted_faults.what_waits_forgotten_by_a_restart, 2, (Invariant.NO_LOSS,)),
    (planted_faults.recalls_kept_at_home, 1, (Invariant.NO_LOSS,)),
    (planted_faults.corrections_blocked, 1, (Invariant.NO_LOSS,)),
    (planted_faults.frames_not_sealed, 1, (Invariant.NO_LEAK,)),
    (planted_faults.sealed_to_a_key_that_is_gone, 2, (Invariant.NO_LOSS,)),
    (planted_faults.the_chain_not_checked, 1, (Invariant.ORDER,)),
    (planted_faults.duplicates_accepted, 1, (Invariant.NO_DUPLICATE,)),
    (planted_faults.shown_backwards, 1, (Invariant.ORDER,)),
    (planted_faults.nothing_asked_for_after_a_gap, 1, (Invariant.NO_LOSS,)),
    (planted_faults.places_not_taken_back_when_the_disk_refuses, 2, (Invariant.ORDER,)),
    (planted_faults.statements_given_up_when_the_disk_refuses, 2, (Invariant.NO_LOSS,)),
    (planted_faults.begun_anew_after_every_restart, 2, (Invariant.ORDER,)),
    (planted_faults.heads_that_follow_the_clock_back, 1, (Invariant.HEADS_GO_ON,)),
    (planted_faults.signatures_not_checked, 1, (Invariant.ORDER,)),
    (planted_faults.the_realm_ignored, 1, (Invariant.REALMS_APART,)),
    (planted_faults.refusals_not_counted, 1, (Invariant.REFUSALS_COUNTED,)),
]


OTHER_SEEDS = range(1, 25)


@pytest.mark.parametrize(
    ("plant", "seed", "finds"), CAUGHT, ids=[plant.__name__ for plant, _, _ in CAUGHT]
)
def test_a_seed_finds_the_planted_fault(
    plant: Plant, seed: int, finds: tuple[Invariant, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    for tried in dict.fromkeys((seed, *OTHER_SEEDS)):
        broken = run_seed(tried, ONE_EPISODE).broken
        if broken is not None:
            assert broken.invariant in {one.value for one in finds}, broken.what
            return
    pytest.fail("no seed found the fault")


def test_every_planted_fault_is_in_the_table() -> None:
    planted = {
        each
        for _, each in inspect.getmembers(planted_faults, inspect.isfunction)
        if each.__module__ == planted_faults.__name__ and not each.__name__.startswith("_")
    }
    assert planted == {plant for plant, _, _ in CAUGHT}


def test_nearly_every_invariant_catches_a_planted_fault() -> None:
    """Loss is found before unrest where both would be."""
    found_otherwise = {Invariant.COMES_TO_REST, Invariant.KEEPS_RUNNING}
    assert {one for _, _, finds in CAUGHT for one in finds} >= set(Invariant) - found_otherwise
