"""The guidelines that every party signed, and which of them holds at this moment.

Parts of the node ask here each time and keep no answer: a guideline comes into force by its
date, or by its last signature, while the node runs.
"""

from collections.abc import Iterable
from typing import NamedTuple

from bongsu.node.ports import Clock
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.guideline_succession import in_force_at, next_beginning
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NationId, UtcNs

END_OF_TIME = UtcNs(2**63 - 1)


class _Answer(NamedTuple):
    """What holds from `since` to before `until`."""

    holds: AgreedGuideline | None
    since: UtcNs
    until: UtcNs


class Agreements:
    """What one nation has agreed. Lives on the node's loop."""

    def __init__(
        self, *, nation: NationId, clock: Clock, agreed: Iterable[AgreedGuideline] = ()
    ) -> None:
        self._nation = nation
        self._clock = clock
        self._agreed = tuple(agreed)
        self._known = _Answer(None, END_OF_TIME, END_OF_TIME)

    @property
    def agreed(self) -> tuple[AgreedGuideline, ...]:
        """Everything that every party signed: superseded, in force and signed ahead."""
        return self._agreed

    def take(self, agreed: AgreedGuideline) -> None:
        """One more guideline that every party signed."""
        self._agreed = (*self._agreed, agreed)
        self._known = _Answer(None, END_OF_TIME, END_OF_TIME)

    def in_force(self) -> AgreedGuideline | None:
        """The guideline that holds now by the machine's own time, None where none does."""
        now = self._clock.system_utc()
        if not self._known.since <= now < self._known.until:
            holds = in_force_at(self._agreed, nation=self._nation, at=now)
            self._known = _Answer(
                holds, now, next_beginning(self._agreed, after=now) or END_OF_TIME
            )
        return self._known.holds

    def lets_somebody_have(self, kind: RecordKind) -> bool:
        """Whether the guideline that holds now has a rule for our records of this kind."""
        agreed = self.in_force()
        return agreed is not None and any(
            of is kind and originator == self._nation
            for of, originator, _ in agreed.guideline.rules
        )
