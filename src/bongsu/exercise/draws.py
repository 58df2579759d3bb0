"""Chance in plain values: Python's own numbers and members of a sequence, one purpose at a time."""

from collections.abc import Sequence
from typing import TypeVar

from bongsu.exercise.chance import generator

T = TypeVar("T")


class Draws:
    """What a seed decides for one purpose, in the order in which it is asked."""

    def __init__(self, seed: int, *purpose: str | int) -> None:
        self._generator = generator(seed, *purpose)

    def between(self, least: float, most: float) -> float:
        """A number from `least` to `most`, evenly."""
        return float(self._generator.uniform(least, most))

    def whole(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included."""
        return int(self._generator.integers(least, most + 1))

    def whether(self, probability: float) -> bool:
        """True as often as that."""
        return bool(self._generator.random() < probability)

    def one_of(self, choices: Sequence[T]) -> T:
        """Any one of `choices`, which are not empty."""
        return choices[self.whole(0, len(choices) - 1)]

    def some_of(self, choices: Sequence[T], number: int) -> tuple[T, ...]:
        """`number` different ones, in the order of `choices`; all where there are fewer."""
        places = self._generator.permutation(len(choices))[:number]
        return tuple(choices[place] for place in sorted(int(place) for place in places))

    def in_any_order(self, choices: Sequence[T]) -> tuple[T, ...]:
        """All of them."""
        return tuple(choices[int(place)] for place in self._generator.permutation(len(choices)))
