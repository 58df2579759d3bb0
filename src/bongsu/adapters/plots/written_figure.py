"""Numbers as people write them, with the rounding that the writing gives away."""

import re
from dataclasses import dataclass
from typing import Final

# 970, 2111.5, 6,248.5 (groups of three), or an interval of two such numbers: 1080-1100.
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d{1,9})?"
_FIGURE: Final = re.compile(rf"({_NUMBER})(?:\s*[-\N{{EN DASH}}]\s*({_NUMBER}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFigure:
    """A value and half the width of the interval that it stands for, in the same unit.

    The value is None where nothing is written.
    """

    value: float | None
    rounding: float

    def value_in(self, unit: float) -> float | None:
        """The value in SI, given how many SI units its own unit has."""
        return None if self.value is None else self.value * unit


EMPTY: Final = WrittenFigure(value=None, rounding=0.0)


def read_figure(text: str, *, whole_rounding: float | None = None) -> WrittenFigure | None:
    """The figure that a text holds; None where it holds anything else.

    Decimals tell the rounding: 67.5 stands for 67.45 to 67.55. Zeros at the end of a whole
    number may be rounding too, but no coarser than its second digit: 970 is +-5, 4500 +-50,
    100 +-5. `whole_rounding` replaces that rule for whole numbers: clock minutes are +-1.
    An interval stands for itself.
    """
    match = _FIGURE.fullmatch(text)
    if match is None:
        return None
    first, second = match.group(1), match.group(2)
    if second is None:
        return WrittenFigure(value=_value(first), rounding=_rounding(first, whole_rounding))
    low, high = sorted((_value(first), _value(second)))
    return WrittenFigure(value=(low + high) / 2.0, rounding=(high - low) / 2.0)


def _value(text: str) -> float:
    return float(text.replace(",", ""))


def _rounding(text: str, whole_rounding: float | None) -> float:
    digits, _, decimals = text.replace(",", "").partition(".")
    if decimals:
        return float(0.5 * 10.0 ** -len(decimals))
    if whole_rounding is not None:
        return whole_rounding
    significant = digits.lstrip("0")
    zeros = len(significant) - len(significant.rstrip("0"))
    return float(0.5 * 10.0 ** max(0, min(zeros, len(significant) - 2)))
