"""The only door to chance in the made-up world: a generator for every purpose, from one seed."""

from hashlib import sha256

import numpy as np


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """A generator that depends on the seed and on its purpose alone.

    A scan that is asked for twice, or before an earlier one, gets the same numbers, and one
    more sensor in a scenario changes nothing for the others. Words enter by their SHA-256:
    Python's own hash of a text differs from one process to the next.
    """
    return np.random.default_rng([seed, *(_entropy(part) for part in purpose)])


def _entropy(part: str | int) -> int:
    if isinstance(part, int):
        return part
    return int.from_bytes(sha256(part.encode()).digest()[:8], "big")
