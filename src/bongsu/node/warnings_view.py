"""What is open now, threat by threat: our own warning and what partners say of the same object."""

from collections.abc import Callable, Sequence
from typing import Any

from bongsu.node.control import NoBody
from bongsu.node.plain_values import plain
from bongsu.node.services import Services
from bongsu.protocols.national_views import View, disagreements, shared_sensors
from bongsu.protocols.partner_warnings import PartnerWarning
from bongsu.protocols.warning_desk import WarningDesk
from bongsu.records.names import nation_of
from bongsu.vocabulary.launch_warning import LaunchWarning, WarningAction
from bongsu.vocabulary.seen_warning import whole


class WarningsView:
    """Reads the desk; changes nothing. Lives on the node's loop."""

    def __init__(self, services: Services, desk: Callable[[], WarningDesk]) -> None:
        self._services = services
        self._desk = desk

    async def as_seen(self, _: NoBody) -> object:
        """Every open warning as plain values; a partner's stands beside ours where it matches."""
        services = self._services
        at, desk = services.clock.utc(), self._desk()
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": at,
            "threats": await services.beside(threats, desk),  # hundreds take tens of milliseconds
        }


def threats(desk: WarningDesk) -> list[dict[str, Any]]:
    """Ours first, in the order in which they were opened; then what partners alone warn of."""
    partners = {
        warning_id: one for warning_id, one in desk.partner_warnings.items() if _is_open(one)
    }
    own = [
        _threat(known.stated, [partners[name] for name in sorted(known.matched & partners.keys())])
        for known in desk.open_warnings.values()
    ]
    matched = frozenset().union(*(known.matched for known in desk.open_warnings.values()))
    alone = [
        _threat(None, [one]) for warning_id, one in partners.items() if warning_id not in matched
    ]
    return own + alone


def _threat(own: LaunchWarning | None, partners: Sequence[PartnerWarning]) -> dict[str, Any]:
    """One object, with what its nations say of it otherwise and which sensors they share."""
    ours = [] if own is None else [View(own.node, own.nation, whole(own))]
    views = [*ours, *(View(one.node, nation_of(one.node), one.warning) for one in partners)]
    return {
        "own": None if own is None else plain(whole(own)),
        "partners": [_partner(one) for one in partners],
        "disagreements": [
            {"one": found.one, "other": found.other, "aspect": found.aspect.value}
            for found in disagreements(views)
        ],
        "shared_sensors": list(shared_sensors(views)),
    }


def _is_open(partner: PartnerWarning) -> bool:
    return partner.recalled is None and partner.warning.action is not WarningAction.ENDED


def _partner(partner: PartnerWarning) -> dict[str, Any]:
    return {
        "node": partner.node,
        "record_id": partner.record_id.hex(),
        "came_at": partner.came_at,
        "warning": plain(partner.warning),
    }
