"""What partners warn of, as far as the desk may lean on it. Bounded, each node to its own share.

Only a warning that says which node of which nation states it under its own name is remembered:
with that withheld nobody can tell whether it is independent of us.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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

    @property
    def is_taken_back(self) -> bool:
        """Ended as false, or ended for a reason that is withheld from us."""
        if self.warning.action is not WarningAction.ENDED:
            return False
        return self.warning.end_reason in (None, EndReason.FALSE)


PartnerWarnings = Mapping[str, PartnerWarning]  # by warning id, which begins with the node's name


def remembered(
    known: PartnerWarnings, record_id: RecordId, warning: SeenWarning, *, now: UtcNs
) -> PartnerWarnings:
    """`known` with this version in it, unless it is anonymous, older or our bound is reached."""
    node, warning_id = warning.node, warning.warning_id
    if node is None or warning_id is None or not warning_id.startswith(f"{node}/"):
        return known
    if warning.nation != nation_of(node):
        return known
    before = known.get(warning_id)
    if before is not None and not _is_newer(warning, before.warning):
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
    kept[warning_id] = PartnerWarning(record_id=record_id, warning=warning, node=node, came_at=now)
    return kept


def _is_newer(warning: SeenWarning, before: SeenWarning) -> bool:
    """Feeds have no order among each other: an older version may come late, by another way."""
    if warning.version is not None and before.version is not None:
        return warning.version > before.version
    if warning.stated_at is not None and before.stated_at is not None:
        return warning.stated_at > before.stated_at
    return False
