"""What people are told of one link: each fault once, whichever of its feeds have it."""

from bongsu.node.services import Services
from bongsu.protocols.log_exchange.inbound import Fault
from bongsu.records.lane import Lane
from bongsu.vocabulary.units import NodeId


class LinkFaults:
    """The faults of both lanes of one link. Lives on the node's loop."""

    def __init__(self, services: Services, partner: NodeId) -> None:
        self._services = services
        self._partner = partner
        self._lanes: dict[Fault, set[Lane]] = {}
        self._caught_up: dict[Fault, int] = {}

    def raised(self, lane: Lane, fault: Fault) -> None:
        """One lane has it from now on."""
        lanes = self._lanes.setdefault(fault, set())
        lanes.add(lane)
        if len(lanes) == 1:
            self._caught_up[fault] = 0
            self._of_health().add(fault.value)
            self._journal("link_fault", reason=fault.value)

    def cleared(self, lane: Lane, fault: Fault, caught_up: int) -> None:
        """One lane has it no more; `caught_up` entries came on it since."""
        lanes = self._lanes.get(fault, set())
        lanes.discard(lane)
        self._caught_up[fault] = self._caught_up.get(fault, 0) + caught_up
        if not lanes:
            self._of_health().discard(fault.value)
            self._journal("link_restored", reason=fault.value, caught_up=self._caught_up[fault])

    def has(self, fault: Fault) -> bool:
        """Whether any lane has it now."""
        return bool(self._lanes.get(fault))

    def _of_health(self) -> set[str]:
        return self._services.health.link_faults.setdefault(self._partner, set())

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(
            event, partner=self._partner, scenario_utc_ns=self._services.clock.utc(), **fields
        )
