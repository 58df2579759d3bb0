"""What of a node has to be seen by its watch now: read off its state, so that no news is missed."""

from collections.abc import Callable, Mapping
from typing import Final

from bongsu.node.links.display_comparison import DISPLAYS_DISAGREE
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.sensor_health import SensorHealth
from bongsu.node.services import Services
from bongsu.protocols.alarm_facts import facts_of, is_open
from bongsu.protocols.alarms import Condition
from bongsu.protocols.log_exchange.inbound_events import Fault
from bongsu.protocols.warning_desk import WarningDesk
from bongsu.vocabulary.alarm import AlarmKind, Severity
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind
from bongsu.vocabulary.seen_warning import SeenWarning, whole
from bongsu.vocabulary.units import NodeId

NOT_ACKNOWLEDGED: Final = "warnings or recalls without a receipt for ten seconds"
CONTRACT_BROKEN: Final = "its contract is broken"
SILENT: Final = "silent"
OFF_TIME: Final = "off time"
LIES: Final = frozenset({Fault.FORK.value, Fault.TRUNCATED.value})


class Conditions:
    """Lives on the node's loop. The same tuple comes back as long as nothing changed."""

    def __init__(
        self,
        services: Services,
        desk: Callable[[], WarningDesk],
        sensors: SensorHealth,
        links: Mapping[NodeId, PartnerLink],
    ) -> None:
        self._services = services
        self._desk = desk
        self._sensors = sensors
        self._links = links
        self._looked_at: tuple[object, object] = (None, None)
        self._warnings: tuple[Condition, ...] = ()
        self._troubles: tuple[Condition, ...] = ()
        self._all: tuple[Condition, ...] = ()

    def now(self) -> tuple[Condition, ...]:
        """Everything that stands."""
        desk = self._desk()
        # The desk's lists are never changed, only replaced.
        seen = (desk.open_warnings, desk.partner_warnings)
        is_new = seen[0] is not self._looked_at[0] or seen[1] is not self._looked_at[1]
        if is_new:
            self._looked_at = seen
            self._warnings = _of_desk(desk)
        troubles = (*self._of_sensors(), *self._of_links())
        if is_new or troubles != self._troubles:
            self._troubles = troubles
            self._all = (*self._warnings, *troubles)
        return self._all

    def _of_sensors(self) -> list[Condition]:
        sensors = self._sensors
        found = [
            _trouble(AlarmKind.SENSOR, Severity.ADVISORY, sensor, words)
            for words, which in ((SILENT, sensors.silent), (OFF_TIME, sensors.off_time))
            for sensor in sorted(which)
        ]
        if sensors.clock is not None:
            me = self._services.me.node
            found.append(
                _trouble(AlarmKind.CLOCK, Severity.SERIOUS, me, ", ".join(sensors.clock.sensors))
            )
        return found

    def _of_links(self) -> list[Condition]:
        found: list[Condition] = []
        for partner, faults in self._services.health.link_faults.items():
            for fault in sorted(faults):
                kind = AlarmKind.DISPLAYS if fault == DISPLAYS_DISAGREE else AlarmKind.LINK
                severity = Severity.CRITICAL if fault in LIES else Severity.SERIOUS
                found.append(_trouble(kind, severity, partner, fault))
        for partner, link in self._links.items():
            if link.lacks_receipts:
                found.append(_trouble(AlarmKind.LINK, Severity.SERIOUS, partner, NOT_ACKNOWLEDGED))
            if link.breaks_contract:
                found.append(_trouble(AlarmKind.LINK, Severity.ADVISORY, partner, CONTRACT_BROKEN))
        return found


def _of_desk(desk: WarningDesk) -> tuple[Condition, ...]:
    """Our own open warnings, and of partners' those that no warning of ours is about."""
    found = [_warning(whole(known.stated), desk.node) for known in desk.open_warnings.values()]
    matched = frozenset().union(*(known.matched for known in desk.open_warnings.values()))
    for warning_id, partner in desk.partner_warnings.items():
        if partner.recalled is not None:
            found.append(
                Condition(
                    name=f"recall:{warning_id}",
                    kind=AlarmKind.RECALL,
                    severity=Severity.SERIOUS,
                    source=partner.node,
                    about=warning_id,
                    lasting=True,
                )
            )
        elif is_open(partner.warning) and warning_id not in matched:
            found.append(_warning(partner.warning, partner.node))
    return tuple(found)


def _warning(warning: SeenWarning, node: NodeId) -> Condition:
    about = warning.warning_id or str(node)
    kind = launch_kind(warning.classification or ())
    is_launcher = kind is LaunchKind.SATELLITE_LAUNCHER
    return Condition(
        name=f"warning:{about}",
        kind=AlarmKind.WARNING,
        severity=Severity.SERIOUS if is_launcher else Severity.CRITICAL,
        source=node,
        about=about,
        facts=facts_of(warning),
        lasting=True,
    )


def _trouble(kind: AlarmKind, severity: Severity, source: str, about: str) -> Condition:
    return Condition(
        name=f"{kind.name.lower()}:{source}:{about}"[:160],
        kind=kind,
        severity=severity,
        source=source,
        about=about,
    )
