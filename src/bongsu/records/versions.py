"""Which versions of the protocol a node speaks, and which one two nodes use between them.

A node states in its signed key announcements what it speaks. Two nodes use the highest version that
both speak, at least the minimum that each was told to accept: so version N and the one before it
work together, and nobody on the way can talk two nodes down below what they agreed.
"""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from bongsu.records.names import VERSION
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.units import NodeId

HIGHEST_NUMBER = 32_767

Speaks = Annotated[
    tuple[Annotated[int, Meta(ge=1, le=HIGHEST_NUMBER)], ...], Meta(min_length=1, max_length=8)
]


@dataclass(frozen=True, slots=True)
class Versions:
    """What this node speaks, in rising order, and the lowest that it was told to accept."""

    speaks: tuple[int, ...] = (VERSION,)
    minimum: int = VERSION

    def __post_init__(self) -> None:
        if self.minimum > self.speaks[-1]:
            raise LocalMisuse(
                f"minimum_version is {self.minimum}, and this program speaks {self.words()}",
                remedy="Lower it, or install a newer program",
            )

    def words(self) -> str:
        """What is spoken, for people: "version 1", "versions 1, 2"."""
        return _words(self.speaks)

    def agreed_with(self, partner: NodeId, speaks: tuple[int, ...]) -> int:
        """The version for the link to `partner`; PeerViolation where none will do."""
        common = set(self.speaks) & set(speaks)
        if not common:
            raise PeerViolation(
                f"{partner} speaks {_words(speaks)}, we speak {self.words()}",
                remedy="Agree on a version with its operators, then update one of the two",
            )
        agreed = max(common)
        if agreed < self.minimum:
            raise PeerViolation(
                f"{partner} speaks {_words(speaks)}, below the agreed minimum {self.minimum}",
                remedy="Ask its operators to update; lower minimum_version only if all agree",
            )
        return agreed


def _words(versions: tuple[int, ...]) -> str:
    return f"version{'s' * (len(versions) > 1)} {', '.join(map(str, versions))}"
