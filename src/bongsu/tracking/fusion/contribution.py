"""What one nation's track brings to the fusion: its estimate, and what it was before others joined.

An estimate of which a sensor is shared can't be added. What the same track said before that
sensor joined can: it stands on the other sensors alone. So the last estimate of each set of
sensors is kept, a few of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bongsu.tracking.fusion.estimate import Estimate
from bongsu.vocabulary.units import NationId, TrackId

MAXIMUM_PARTS: Final = 4

Parts = tuple[Estimate, ...]  # of one track, the newest last, each of more sensors than before


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A nation's track in the fusion."""

    nation: NationId
    track_id: TrackId
    parts: Parts

    @property
    def newest(self) -> Estimate:
        return self.parts[-1]


def followed(parts: Parts, newer: Estimate) -> Parts:
    """`parts` with a newer estimate of the same track; an older one changes nothing.

    Where its sensors are withheld, or some are no longer named, nothing from before can be told
    apart from what came later.
    """
    if not parts:
        return (newer,)
    last = parts[-1]
    if newer.at < last.at:
        return parts
    if newer.sensors is None or last.sensors is None or not newer.sensors >= last.sensors:
        return (newer,)
    if newer.sensors == last.sensors or not last.is_ballistic:
        return (*parts[:-1], newer)
    return (*parts[-(MAXIMUM_PARTS - 1) :], newer)


def moved(contributions: Sequence[Contribution], parts: Sequence[Estimate]) -> list[Contribution]:
    """The contributions with these parts, all of them one after another, in place of theirs."""
    left = list(parts)
    result = []
    for one in contributions:
        own, left = left[: len(one.parts)], left[len(one.parts) :]
        result.append(Contribution(nation=one.nation, track_id=one.track_id, parts=tuple(own)))
    return result
