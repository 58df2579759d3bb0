"""Salts come from the system's randomness, and none comes twice."""

import itertools

import pytest

from bongsu.node.publishing.salt_block import BLOCK_BYTES, SaltBlock


class CountedEntropy:
    """Gives 0, 1, 2, ... as four bytes each, so that a repetition shows."""

    def __init__(self) -> None:
        self.numbers = itertools.count()
        self.drawn: list[int] = []

    def __call__(self, size: int, /) -> bytes:
        self.drawn.append(size)
        return b"".join(next(self.numbers).to_bytes(4, "big") for _ in range(size // 4))


@pytest.mark.parametrize("size", [16, 176, 4_096, BLOCK_BYTES, 2 * BLOCK_BYTES])
def test_nothing_is_given_out_twice_and_everything_has_its_size(size: int) -> None:
    entropy = CountedEntropy()
    salts = SaltBlock(entropy)
    given = [salts(size) for _ in range(300)]
    assert {len(one) for one in given} == {size}
    words = [one[at : at + 4] for one in given for at in range(0, size, 4)]
    assert len(set(words)) == len(words)


def test_many_small_ones_are_drawn_together() -> None:
    entropy = CountedEntropy()
    salts = SaltBlock(entropy)
    for _ in range(BLOCK_BYTES // 16):
        salts(16)
    assert entropy.drawn == [BLOCK_BYTES]
