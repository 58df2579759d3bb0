"""What stands behind a warning. One kind of sensor warns, it never confirms.

Each of a partner's warnings speaks of one object, so it stands behind one of ours at most, and
of each partner node at most one stands behind each of ours: two missiles from one site are not
both confirmed by a partner that saw one. A match is kept until the two are far apart, so that
estimates at the edge of the gate do not make people read "confirmed" come and go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bongsu.protocols.correlation import GATE_SIGMA, KEEP_SIGMA, misfit_sigma
from bongsu.protocols.partner_warnings import PartnerWarning, PartnerWarnings
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, LaunchWarning
from bongsu.vocabulary.units import NationId, NodeId, RecordId


def matched_with(
    warning: LaunchWarning,
    partners: PartnerWarnings,
    *,
    before: frozenset[str],
    taken: frozenset[str],
) -> frozenset[str]:
    """Ids of partners' warnings held to be of this object, one of each node at most.

    `before` were matched at the last look; `taken` belong to other warnings of ours.
    """
    kept: dict[NodeId, str] = {}
    best: dict[NodeId, tuple[float, str]] = {}
    for warning_id, partner in partners.items():
        if warning_id in taken or not _is_independent(partner, warning.nation):
            continue
        misfit = misfit_sigma(warning, partner.warning)
        if misfit is None or misfit > KEEP_SIGMA:
            continue
        if warning_id in before:
            kept[partner.node] = warning_id
        elif misfit <= GATE_SIGMA and misfit < best.get(partner.node, (GATE_SIGMA + 1.0, ""))[0]:
            best[partner.node] = (misfit, warning_id)
    new = (warning_id for node, (_, warning_id) in best.items() if node not in kept)
    return frozenset((*kept.values(), *new))


def confirmed(
    warning: LaunchWarning, matched: Iterable[str], partners: Mapping[str, PartnerWarning]
) -> LaunchWarning:
    """The warning with what stands behind it, and the records of partners that it leans on."""
    other_kind: list[RecordId] = []
    same_kind: list[RecordId] = []
    for partner in _known(matched, partners):
        kinds = set(partner.warning.sensor_kinds or ())
        if kinds - set(warning.sensor_kinds):
            other_kind.append(partner.record_id)
        elif kinds and _has_sensors_of_its_own(partner, warning):
            same_kind.append(partner.record_id)
    confirmation = Confirmation.SINGLE_SOURCE
    if len(set(warning.sensor_kinds)) > 1 or other_kind:
        confirmation = Confirmation.CONFIRMED
    elif same_kind:
        confirmation = Confirmation.CORROBORATED
    behind = other_kind if confirmation is Confirmation.CONFIRMED else same_kind
    return replace(warning, confirmation=confirmation, corroborated_by=tuple(sorted(behind)))


def of_other_sites(
    warning: LaunchWarning, partners: Mapping[str, PartnerWarning]
) -> tuple[RecordId, ...]:
    """What other sites of our own nation say of the same object: the best fit of each.

    It confirms nothing, for it is our own word; it ties the two together for whoever sees both.
    """
    best: dict[NodeId, tuple[float, RecordId]] = {}
    for partner in partners.values():
        if partner.warning.nation != warning.nation or partner.is_taken_back:
            continue
        misfit = misfit_sigma(warning, partner.warning)
        if misfit is not None and misfit <= GATE_SIGMA:
            found = (misfit, partner.record_id)
            best[partner.node] = min(found, best.get(partner.node, found))
    return tuple(sorted(record_id for _, record_id in best.values()))


def seen_to_fall(
    matched: Iterable[str], partners: Mapping[str, PartnerWarning]
) -> tuple[RecordId, ...]:
    """Records in which partners say that they observed the end of the same object."""
    return tuple(
        sorted(
            partner.record_id
            for partner in _known(matched, partners)
            if partner.warning.end_reason is EndReason.OBSERVED
        )
    )


def _known(
    matched: Iterable[str], partners: Mapping[str, PartnerWarning]
) -> Iterable[PartnerWarning]:
    return (partners[warning_id] for warning_id in matched if warning_id in partners)


def _is_independent(partner: PartnerWarning, nation: NationId) -> bool:
    return partner.warning.nation != nation and not partner.is_taken_back


def _has_sensors_of_its_own(partner: PartnerWarning, warning: LaunchWarning) -> bool:
    """One sensor's data never counts twice; withheld sensors may be the very same."""
    sensors = partner.warning.sensors
    return bool(sensors) and not set(sensors or ()) & set(warning.sensors)
