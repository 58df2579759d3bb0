"""How a link to a partner does, by the partner's own signatures: times, the contract, alarms.

Each lane is measured by itself, so that a thousand track updates in time don't hide a warning that
was late.
"""

from bongsu.node.services import Services
from bongsu.protocols import link_contract, unacknowledged
from bongsu.protocols.link_contract import Agreed, Figures, Verdict
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.vocabulary.units import NS_PER_MS, NS_PER_S, MonotonicNs, NodeId, RecordId

LOOKED_AT_EVERY_NS = NS_PER_S // 2


class LinkMeasure:
    """Lives on the node's loop."""

    def __init__(self, services: Services, partner: NodeId) -> None:
        self._services = services
        self._partner = partner
        self._lanes = {lane: link_contract.LinkContract() for lane in Lane}
        self._alarms = unacknowledged.Unacknowledged()
        self.due_at = MonotonicNs(0)  # the next look

    def began(self, lane: Lane, *, stored: int, acknowledged: int) -> None:
        """So much was on both disks when we started."""
        self._take(lane, link_contract.EntriesStored(acknowledged, at_start=True))
        self._take(lane, link_contract.ReceiptVerified(acknowledged))
        self._take(lane, link_contract.EntriesStored(stored, at_start=True))

    def began_anew(self, lane: Lane, *, stored: int) -> None:
        """Our feed goes on in a new epoch, with so many entries in it."""
        self._take(lane, link_contract.FeedBegan(stored))
        if lane is Lane.URGENT:
            self._alarms = unacknowledged.Unacknowledged()

    def stored(self, lane: Lane, through: int) -> None:
        """Entries through this sequence are on our disk."""
        self._take(lane, link_contract.EntriesStored(through))

    def alarm_stored(self, sequence: int, record_id: RecordId) -> None:
        """One of the urgent ones is a warning or a recall: its receipt is waited for."""
        self._take_alarm(unacknowledged.AlarmStored(sequence, record_id))

    def receipted(self, lane: Lane, through: int) -> None:
        """A receipt of the partner verified, and it agrees with our chain."""
        self._take(lane, link_contract.ReceiptVerified(through))
        if lane is Lane.URGENT:
            self._take_alarm(unacknowledged.ReceiptVerified(through))

    def time_passed(self) -> None:
        """Look at what is due; twice a second is enough."""
        self.due_at = MonotonicNs(self._services.clock.monotonic() + LOOKED_AT_EVERY_NS)
        agreed = self._agreed()
        for lane in Lane:
            if agreed != self._lanes[lane].agreed:
                self._take(lane, link_contract.ContractHolds(agreed))
            self._take(lane, link_contract.TimePassed())
        self._take_alarm(unacknowledged.TimePassed())

    @property
    def lacks_receipts(self) -> bool:
        """Whether people were told of a warning or a recall without a receipt, and none came."""
        return bool(self._alarms.told)

    @property
    def breaks_contract(self) -> bool:
        """Whether a lane was said to break what was agreed, and not to keep it again."""
        return any(state.broken_since is not None for state in self._lanes.values())

    def as_seen(self) -> dict[str, object]:
        """For people: what was agreed, what is measured, which alarms have no receipt."""
        now = self._services.clock.monotonic()
        lanes = {lane: link_contract.figures(state, now=now) for lane, state in self._lanes.items()}
        broken = [seen.since for seen in lanes.values() if seen.since is not None]
        agreed = self._lanes[Lane.URGENT].agreed
        return {
            "contract": {
                "verdict": self._verdict(lanes).value,
                "broken_s": (now - min(broken)) / NS_PER_S if broken else None,
                "agreed": None if agreed is None else _agreed_as_seen(agreed),
            },
            "lanes": {lane.value: _as_seen(seen) for lane, seen in lanes.items()},
            "not_acknowledged": [record_id.hex() for record_id in self._alarms.told],
        }

    def _verdict(self, lanes: dict[Lane, Figures]) -> Verdict:
        verdicts = {seen.verdict for seen in lanes.values()}
        if any(seen.since is not None for seen in lanes.values()):
            return Verdict.BROKEN
        return next(one for one in (Verdict.NONE, Verdict.KEPT, Verdict.TOO_FEW) if one in verdicts)

    def _agreed(self) -> Agreed | None:
        """What the guideline that holds now says of our link to the partner's nation."""
        holds = self._services.agreements.in_force()
        pair = (self._services.me.nation, nation_of(self._partner))
        contract = None if holds is None else holds.guideline.contracts.get(pair)
        if contract is None:
            return None
        return Agreed(
            latency_ns=contract.latency_ms * NS_PER_MS,
            completeness=contract.completeness,
            window_ns=contract.window_s * NS_PER_S,
        )

    def _take(self, lane: Lane, event: link_contract.Event) -> None:
        now = self._services.clock.monotonic()
        self._lanes[lane], effects = link_contract.step(self._lanes[lane], event, now=now)
        for effect in effects:
            match effect:
                case link_contract.TellBroken(seen):
                    self._journal("contract_broken", lane=lane.value, **_as_seen(seen))
                case link_contract.TellKept(seen):
                    self._journal("contract_kept_again", lane=lane.value, **_as_seen(seen))

    def _take_alarm(self, event: unacknowledged.Event) -> None:
        now = self._services.clock.monotonic()
        self._alarms, effects = unacknowledged.step(self._alarms, event, now=now)
        for effect in effects:
            match effect:
                case unacknowledged.TellNotAcknowledged(record_id, waited_ns):
                    self._tell_alarm("not_acknowledged", record_id, waited_ns)
                case unacknowledged.TellAcknowledgedLate(record_id, waited_ns):
                    self._tell_alarm("acknowledged_late", record_id, waited_ns)
                case unacknowledged.CountBeyondBound():
                    reason = f"alarms to {self._partner} beyond those that are watched"
                    self._services.health.refuse(reason)

    def _tell_alarm(self, event: str, record_id: RecordId, waited_ns: int) -> None:
        self._journal(event, record_id=record_id.hex(), after_s=waited_ns / NS_PER_S)

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(
            event, partner=self._partner, scenario_utc_ns=self._services.clock.utc(), **fields
        )


def _as_seen(seen: Figures) -> dict[str, object]:
    """Times in milliseconds; shares of the entries whose fate is known."""
    known = seen.known
    return {
        "verdict": seen.verdict.value,
        "receipted": seen.receipted,
        "overdue": seen.overdue,
        "in_time": seen.in_time / known if known else None,
        "completeness": seen.receipted / known if known else None,
        "p50_ms": None if seen.p50_ns is None else seen.p50_ns / NS_PER_MS,
        "p99_ms": None if seen.p99_ns is None else seen.p99_ns / NS_PER_MS,
    }


def _agreed_as_seen(agreed: Agreed) -> dict[str, object]:
    return {
        "latency_ms": agreed.latency_ns / NS_PER_MS,
        "completeness": agreed.completeness,
        "window_s": agreed.window_ns / NS_PER_S,
    }
