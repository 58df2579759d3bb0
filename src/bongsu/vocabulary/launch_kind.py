"""Missile or launcher of satellites: what a classification says, and when it says nothing.

The two look alike for minutes, and taking the one for the other is the gravest error of a
warning. So the answer has a third value, which is stated like the others.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from bongsu.vocabulary.estimates import ClassProbability, ObjectClass

MISSILE_BELOW: Final = 0.05  # of the launcher's probability
ORBITAL_ABOVE: Final = 0.995  # only an orbit that clears the air at three sigma goes so high


class LaunchKind(Enum):
    """What was launched."""

    MISSILE = "missile"
    SATELLITE_LAUNCHER = "satellite launcher"
    UNDETERMINED = "undetermined"  # what was seen so far fits either


def launch_kind(classification: Sequence[ClassProbability]) -> LaunchKind | None:
    """The kind that the probabilities tell; None where no class is stated."""
    if not classification:
        return None
    launcher = launcher_probability(classification)
    if launcher > ORBITAL_ABOVE:
        return LaunchKind.SATELLITE_LAUNCHER
    return LaunchKind.MISSILE if launcher < MISSILE_BELOW else LaunchKind.UNDETERMINED


def launcher_probability(classification: Sequence[ClassProbability]) -> float:
    """How probably it is a launcher of satellites, as the classes state it."""
    return sum(
        entry.probability for entry in classification if entry.object_class is ObjectClass.SLV
    )
