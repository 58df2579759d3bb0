"""A seed is one story: told again it is the same to the last byte, in any process."""

import os
import subprocess
import sys

import pytest

from bongsu.adapters.simulated.seed_results import Federation
from bongsu.main.simulation.seeds import run_seed

ORDERED_BY_TEXTS_ONCE = 10  # nations that may see different things were told in a set's order
SHORT = Federation(hours=0.02, nations=None, cryptography="marked")
SAY_THE_DIGEST = """
from bongsu.adapters.simulated.seed_results import Federation
from bongsu.main.simulation.seeds import run_seed
asked = Federation(hours=0.02, nations=None, cryptography="{cryptography}")
print(run_seed({seed}, asked).digest)
"""


def digest_elsewhere(seed: int, hash_seed: int, cryptography: str) -> str:
    """In another process, where sets and dictionaries of texts have another order."""
    done = subprocess.run(
        [sys.executable, "-c", SAY_THE_DIGEST.format(seed=seed, cryptography=cryptography)],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("seed", "cryptography"), [(5, "marked"), (5, "real"), (ORDERED_BY_TEXTS_ONCE, "marked")]
)
def test_the_same_seed_tells_the_same_story_in_every_process(seed: int, cryptography: str) -> None:
    told = {digest_elsewhere(seed, hash_seed, cryptography) for hash_seed in (1, 2)}
    assert len(told) == 1
    assert len(told.pop()) == 32


def test_another_seed_tells_another_story() -> None:
    assert run_seed(5, SHORT).digest != run_seed(6, SHORT).digest
