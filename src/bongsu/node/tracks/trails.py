"""Where each track was: thinned as it grows longer, so that any flight is a bounded line."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from bongsu.vocabulary.units import NS_PER_S, NodeId, TrackId, UtcNs

MAXIMUM_TRAILS: Final = 2_000
MAXIMUM_STEPS: Final = 200  # of one trail
FINEST_S: Final = 2.0
NUMBERS: Final = 4  # of a step: seconds of UTC, position ECEF in metres

# Not subscriptable when Python 3.11 runs it.
Numbers: TypeAlias = "array[float]"
TrackName = tuple[NodeId, TrackId]
Place = tuple[float, float, float]


@dataclass(slots=True)
class Trail:
    """Steps one after the other, every other one let go when there are too many."""

    every_s: float = FINEST_S
    numbers: Numbers = field(default_factory=lambda: array("d"))

    def add(self, at_s: float, position_ecef_m: Place) -> None:
        """A step; nothing where it follows the last one too soon."""
        if self.numbers and at_s < self.numbers[-NUMBERS] + self.every_s:
            return
        self.numbers.extend((at_s, *position_ecef_m))
        if len(self.numbers) > MAXIMUM_STEPS * NUMBERS:
            self.every_s *= 2.0
            kept = array("d")
            for start in range(0, len(self.numbers), 2 * NUMBERS):
                kept.extend(self.numbers[start : start + NUMBERS])
            self.numbers = kept


class Trails:
    """Lives on the node's loop. The trail that grew longest ago gives way."""

    def __init__(self) -> None:
        self._trails: dict[TrackName, Trail] = {}

    def add(self, name: TrackName, at: UtcNs, position_ecef_m: Place) -> None:
        """A track was there then."""
        trail = self._trails.pop(name, None)
        if trail is None:
            trail = Trail()
            if len(self._trails) >= MAXIMUM_TRAILS:
                del self._trails[next(iter(self._trails))]
        self._trails[name] = trail
        trail.add(at / NS_PER_S, position_ecef_m)

    def after(self, at: UtcNs) -> Iterator[tuple[TrackName, Numbers]]:
        """A copy of every trail's steps that are later than an instant; none where it has none."""
        at_s = at / NS_PER_S
        for name, trail in self._trails.items():
            numbers = trail.numbers
            if not numbers or numbers[-NUMBERS] <= at_s:
                continue
            first = next(
                start for start in range(0, len(numbers), NUMBERS) if numbers[start] > at_s
            )
            yield name, numbers[first:]
