"""Changed copies of bytes, from a seeded generator."""

from collections.abc import Iterator

import numpy as np

INTERESTING = [0x00, 0x7F, 0x80, 0x90, 0x93, 0xA0, 0xC0, 0xC1, 0xC4, 0xCA, 0xCB, 0xCC, 0xCF,
               0xD0, 0xD4, 0xD9, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xFF]  # fmt: skip


def mutants(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """`count` changed copies: bits, bytes, cuts, insertions, repeated and moved pieces."""
    chance = np.random.default_rng(seed)
    made = 0
    while made < count:
        changed = bytearray(data)
        for _ in range(int(chance.integers(1, 4))):
            _mutate(changed, chance)
        if bytes(changed) != data:
            made += 1
            yield bytes(changed)


def _mutate(changed: bytearray, chance: np.random.Generator) -> None:
    # Headers stand near the beginning and carry the structure: half of all changes go there.
    length = max(1, len(changed) if chance.random() < 0.5 else min(len(changed), 64))
    at = int(chance.integers(0, length))
    piece = bytes(changed[at : at + int(chance.integers(1, 20))])
    match int(chance.integers(0, 7)):
        case 0 if changed:
            changed[min(at, len(changed) - 1)] ^= 1 << int(chance.integers(0, 8))
        case 1 if changed:
            changed[min(at, len(changed) - 1)] = int(chance.choice(INTERESTING))
        case 2:
            changed[at:at] = bytes([int(chance.choice(INTERESTING))])
        case 3:
            del changed[at : at + len(piece)]
        case 4:
            changed[at:at] = piece
        case 5:
            del changed[at:]
        case _:
            changed += piece
