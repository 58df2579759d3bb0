"""Whole federations under faults, on virtual time: what must never happen does not happen.

A seed that fails says what broke and how to see it again.
"""

import pytest

from bongsu.adapters.simulated.seed_results import Federation, SeedLine
from bongsu.exercise.fault_plan import FaultKind
from bongsu.main.simulation.seeds import replay_command, run_seed

TEN_MINUTES = Federation(hours=1 / 6, nations=None, cryptography="marked")
FEWEST_FAULTS = 20


def held(line: SeedLine) -> SeedLine:
    assert line.broken is None, f"{line.broken}; again: {replay_command(line)}"
    assert line.simulated_s >= 600.0
    assert sum(line.faults.values()) >= FEWEST_FAULTS
    assert 3 <= line.nations <= 7
    return line


@pytest.mark.parametrize("seed", range(1, 13))
def test_a_federation_keeps_what_it_promises_whatever_breaks(seed: int) -> None:
    line = held(run_seed(seed, TEN_MINUTES))
    assert set(line.faults) == {kind.value for kind in FaultKind}
    assert line.records > 100


@pytest.mark.parametrize("seed", [101])
def test_it_does_with_real_cryptography(seed: int) -> None:
    held(run_seed(seed, Federation(hours=1 / 6, nations=3, cryptography="real")))
