"""Whether the first warning for a place came before the flight did, and why it was late.

Rule Q16: given a launch, the first warning for a place precedes overflight or impact there,
or it is logged as late with the cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bongsu.exercise.coverage import Sight
from bongsu.exercise.passages import Passage, PassageKind
from bongsu.exercise.scenario import Place
from bongsu.exercise.warned_area import holds
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NationId, UtcNs, seconds_between

PlaceVerdict = Literal["in time", "late", "no warning", "not reached"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWarning:
    """A warning's version as one nation knows it, its own or a partner's verified copy."""

    known_by: NationId
    known_at: UtcNs
    warning: SeenWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOutcome:
    """How one place was warned of one passage. The cause is given where it was not in time."""

    passage: Passage
    first_warning_at: UtcNs | None
    verdict: PlaceVerdict
    cause: str | None = None

    @property
    def place(self) -> Place:
        return self.passage.place

    @property
    def lead_s(self) -> float | None:
        """Seconds from the first warning to the passage; below zero where it was late."""
        if self.first_warning_at is None:
            return None
        return seconds_between(self.passage.at, self.first_warning_at)


def place_outcome(
    passage: Passage, known: Sequence[KnownWarning], sights: Sequence[Sight]
) -> PlaceOutcome:
    """The outcome at one place.

    `known` holds what the nations knew and when, `sights` what every sensor had in sight; both
    may hold other nations, flights and objects. What was known before this launch does not
    speak of it. Without an impact or overflight there is nothing to be late for.
    """
    nation, launched_at = passage.place.nation, passage.launched_at
    heard = (one for one in known if one.known_by == nation and one.known_at >= launched_at)
    own = sorted(heard, key=_known_at)
    first = next((one.known_at for one in own if holds(one.warning, passage.place)), None)
    if passage.kind is PassageKind.NOT_REACHED:
        return PlaceOutcome(passage=passage, first_warning_at=first, verdict="not reached")
    if first is not None and first < passage.at:
        return PlaceOutcome(passage=passage, first_warning_at=first, verdict="in time")
    return PlaceOutcome(
        passage=passage,
        first_warning_at=first,
        verdict="no warning" if first is None else "late",
        cause=_cause(passage, own, sights),
    )


def _known_at(known: KnownWarning) -> UtcNs:
    return known.known_at


def _cause(passage: Passage, own: Sequence[KnownWarning], sights: Sequence[Sight]) -> str:
    """The first link of the chain that came too late: sight, delivery, warning or its area."""
    seen = [sight for sight in sights if sight.flight_id == passage.flight_id]
    if not seen:
        return "no sensor ever had the flight in sight"
    first = min(seen, key=lambda sight: sight.first_at)
    delivered = min(seen, key=lambda sight: sight.first_delivered_at)
    if first.first_at >= passage.at:
        after_s = seconds_between(first.first_at, passage.at)
        return f"first in sight of {_name(first)} {after_s:.1f} s after the passage"
    if delivered.first_delivered_at >= passage.at:
        return f"sensor delay: {_name(delivered)} delivers {delivered.sensor.delay_s:.1f} s late"
    before_s = seconds_between(passage.at, delivered.first_delivered_at)
    data = f"first data from {_name(delivered)} {before_s:.1f} s before the passage"
    if not own:
        return f"{data}, but no warning reached {passage.place.nation}"
    if own[0].known_at < passage.at:
        return f"{data}, but no warning held the place in time"
    late_s = seconds_between(own[0].known_at, passage.at)
    return f"{data}, the first warning {late_s:.1f} s after it"


def _name(sight: Sight) -> str:
    return sight.sensor.site.sensor_id
