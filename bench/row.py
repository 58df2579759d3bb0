"""One line of the bench's table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRow:
    """A measured value beside its floor or peer of the same run, and what it must reach.

    `floor_or_peer` is in the row's unit; `ratio` is value / floor_or_peer, or its inverse where
    the name says so. `met` is None where there is no target.
    """

    name: str
    value: float | None
    unit: str
    floor_or_peer: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""
