"""What partners warn of, as far as the desk may lean on it. Bounded, each node to its own share.

Only a warning that says which node of which nation states it under its own name is remembered:
with that withheld nobody can tell whether it is independent of us.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bongsu.records.names import nation_of
from bongsu.vocabulary.launch_warning import EndReason, WarningAction
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NodeId, RecordId, UtcNs, seconds_between

MAXIMUM_PARTNER_WARNINGS = 1_000
MAXIMUM_OF_ONE_NODE = 250
KEPT_S = 7_200.0  # after its last version came; longer than any flight


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerWarning:
    """The newest version of a partner's warning that reached us."""

    record_id: RecordId
    warning: SeenWarning
    node: NodeId
    came_at: UtcNs
    recalled: str | None = None  # why, where its originator recalled it

    @property
    def is_taken_back(self) -> bool:
        """Recalled, ended as false, or ended for a reason that is withheld from us."""
        if self.recalled is not None:
            return True
        if self.warning.action is not WarningAction.ENDED:
            return False
        return self.warning.end_reason in (None, EndReason.FALSE)


PartnerWarnings = Mapping[str, PartnerWarning]  # by warning id, which begins with the node's name


def remembered(
    known: PartnerWarnings,
    record_id: RecordId,
    warning: SeenWarning,
    *,
    now: UtcNs,
    recalled: str | None = None,
) -> PartnerWarnings:
    """`known` with this version in it, unless it is anonymous, older or our bound is reached.

    The version that is known already may come again with more of its fields open.
    """
    node, warning_id = warning.node, warning.warning_id
    if node is None or warning_id is None or not warning_id.startswith(f"{node}/"):
        return known
    if warning.nation != nation_of(node):
        return known
    before = known.get(warning_id)
    if before is not None and before.record_id == record_id:
        again = replace(before, warning=warning, recalled=recalled)
        return known if again == before else {**known, warning_id: again}
    if before is not None and not is_newer(warning, before.warning):
        return known
    kept = {
        other_id: other
        for other_id, other in known.items()
        if other_id != warning_id and seconds_between(now, other.came_at) <= KEPT_S
    }
    of_this_node = [other_id for other_id, other in kept.items() if other.node == node]
    if len(of_this_node) >= MAXIMUM_OF_ONE_NODE:
        del kept[of_this_node[0]]  # a node that floods us pushes out its own
    elif len(kept) >= MAXIMUM_PARTNER_WARNINGS:
        return known
    kept[warning_id] = PartnerWarning(
        record_id=record_id, warning=warning, node=node, came_at=now, recalled=recalled
    )
    return kept


def recalled(
    known: PartnerWarnings, records: frozenset[RecordId], *, reason: str
) -> PartnerWarnings:
    """`known` with those marked whose newest version is one of these records."""
    marked = {
        warning_id: replace(partner, recalled=reason)
        for warning_id, partner in known.items()
        if partner.record_id in records and partner.recalled is None
    }
    return {**known, **marked} if marked else known


def is_newer(warning: SeenWarning, before: SeenWarning) -> bool:
    """Feeds have no order among each other: an older version may come late, by another way."""
    if warning.version is not None and before.version is not None:
        return warning.version > before.version
    if warning.stated_at is not None and before.stated_at is not None:
        return warning.stated_at > before.stated_at
    return False
