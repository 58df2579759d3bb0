"""The warning desk as it stood, made anew from the versions that were stored by then. Pure.

What matched what is not recorded: it is weighed again by the same rule, and what our own warning
said that it leans on counts as matched before. A partner's warning is remembered for as long as
the desk remembers it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bongsu.protocols import open_warning, partner_warnings
from bongsu.protocols.confirmation import matched_with
from bongsu.protocols.open_warning import OpenWarning
from bongsu.protocols.partner_warnings import PartnerWarnings
from bongsu.protocols.warning_desk import WarningDesk
from bongsu.vocabulary.launch_warning import LaunchWarning, WarningAction
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NationId, NodeId, RecordId, TrackId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One version of a partner's warning; `recalled`: why, where it was withdrawn by then."""

    record_id: RecordId
    warning: SeenWarning
    stored_at: UtcNs
    recalled: str | None = None


def desk_of(
    node: NodeId,
    nation: NationId,
    *,
    own: Sequence[LaunchWarning],
    partners: Sequence[StoredVersion],
) -> WarningDesk:
    """`own`: the newest version of each of our warnings; `partners`: all, as they were stored."""
    known: PartnerWarnings = {}
    for version in partners:
        known = partner_warnings.remembered(
            known,
            version.record_id,
            version.warning,
            now=version.stored_at,
            recalled=version.recalled,
        )
    desk = WarningDesk(node=node, nation=nation, partner_warnings=known)
    names = {one.record_id: one.warning.warning_id for one in partners}
    is_open = (one for one in own if one.action is not WarningAction.ENDED)
    return replace(desk, open_warnings=_open(is_open, known, names))


def _open(
    warnings: Iterable[LaunchWarning],
    known: PartnerWarnings,
    names: Mapping[RecordId, str | None],
) -> Mapping[TrackId, OpenWarning]:
    """By their own ids: which track stands behind a warning may have changed."""
    opened: dict[TrackId, OpenWarning] = {}
    taken: frozenset[str] = frozenset()
    for warning in sorted(warnings, key=lambda one: one.warning_id):
        leant_on = (names.get(record) for record in warning.corroborated_by)
        before = frozenset(name for name in leant_on if name is not None)
        matched = matched_with(warning, known, before=before, taken=taken)
        taken |= matched
        opened[TrackId(warning.warning_id)] = replace(
            open_warning.restored(warning), matched=matched
        )
    return opened
