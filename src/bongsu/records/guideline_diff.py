"""What a guideline changes against the one that it would supersede, and what that means.

A pair of nations without a rule sees nothing, so a new rule opens and a missing one closes.
"""

from dataclasses import dataclass

from bongsu.records.guideline import Guideline, LinkContract, ReleaseRule
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NationId

_NOTHING = ReleaseRule(name="", fields=frozenset(), delay_s=0, onward=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What changes for one reader of one originator's records of one kind."""

    kind: RecordKind
    originator: NationId
    reader: NationId
    before: ReleaseRule | None
    after: ReleaseRule | None

    @property
    def opened(self) -> frozenset[str]:
        """Fields that the reader may see from then on."""
        return (self.after or _NOTHING).fields - (self.before or _NOTHING).fields

    @property
    def closed(self) -> frozenset[str]:
        """Fields that the reader may see no more."""
        return (self.before or _NOTHING).fields - (self.after or _NOTHING).fields

    @property
    def delay_s(self) -> tuple[int, int] | None:
        """The delay before and after, None where it stays or there is only one."""
        if not self._is_kept or self.before is None or self.after is None:
            return None
        delays = (self.before.delay_s, self.after.delay_s)
        return None if delays[0] == delays[1] else delays

    @property
    def onward(self) -> bool | None:
        """Whether the reader may pass it on from then on, None where that stays."""
        before, after = (self.before or _NOTHING).onward, (self.after or _NOTHING).onward
        return None if before == after else after

    @property
    def _is_kept(self) -> bool:
        return bool(self.before and self.after and self.before.fields & self.after.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """What one link is to keep, before and after."""

    sender: NationId
    reader: NationId
    before: LinkContract | None
    after: LinkContract | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineDiff:
    """Everything that changes; empty parts where nothing does."""

    joined: tuple[NationId, ...]
    left: tuple[NationId, ...]
    rules: tuple[RuleChange, ...]
    contracts: tuple[ContractChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes that anybody could notice."""
        return not (self.joined or self.left or self.rules or self.contracts)


def compare(before: Guideline | None, after: Guideline) -> GuidelineDiff:
    """What `after` changes; without a guideline before, everything is new."""
    old_parties = () if before is None else before.parties
    return GuidelineDiff(
        joined=tuple(nation for nation in after.parties if nation not in old_parties),
        left=tuple(nation for nation in old_parties if nation not in after.parties),
        rules=_rule_changes({} if before is None else before.rules, after.rules),
        contracts=_contract_changes({} if before is None else before.contracts, after.contracts),
    )


def _rule_changes(
    before: dict[tuple[RecordKind, NationId, NationId], ReleaseRule],
    after: dict[tuple[RecordKind, NationId, NationId], ReleaseRule],
) -> tuple[RuleChange, ...]:
    changes = [
        RuleChange(
            kind=triple[0],
            originator=triple[1],
            reader=triple[2],
            before=before.get(triple),
            after=after.get(triple),
        )
        for triple in dict.fromkeys((*before, *after))
    ]
    return tuple(
        change
        for change in sorted(changes, key=lambda c: (c.kind.value, c.originator, c.reader))
        if change.opened or change.closed or change.delay_s or change.onward is not None
    )


def _contract_changes(
    before: dict[tuple[NationId, NationId], LinkContract],
    after: dict[tuple[NationId, NationId], LinkContract],
) -> tuple[ContractChange, ...]:
    return tuple(
        ContractChange(
            sender=pair[0], reader=pair[1], before=before.get(pair), after=after.get(pair)
        )
        for pair in sorted({*before, *after})
        if before.get(pair) != after.get(pair)
    )
