"""What a shift hands over: what is open, what changed, who saw and silenced what. Reads only."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from msgspec import Meta

from bongsu.node.alarms.alarm_desk import AlarmDesk
from bongsu.node.control import Body
from bongsu.node.record_search import RecordSearch, RecordsSought
from bongsu.node.services import Services
from bongsu.protocols.alarms import Condition
from bongsu.protocols.warning_desk import WarningDesk
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.alarm import AlarmKind, WatchAction, WatchEntry
from bongsu.vocabulary.units import UtcNs

MAXIMUM_CHANGES: Final = 200  # of warnings, and of recalls
CHANGING: Final = (RecordKind.LAUNCH_WARNING, RecordKind.RECALL)
SHIFTS: Final = (WatchAction.SHIFT_BEGUN, WatchAction.SHIFT_ENDED)


class HandoverBody(Body, frozen=True, kw_only=True):
    """`since`: None for the beginning of the shift, or of the last one."""

    since: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None


class Handover:
    """Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        desk: Callable[[], WarningDesk],
        alarm_desk: AlarmDesk,
        conditions: Callable[[], tuple[Condition, ...]],
        search: RecordSearch,
    ) -> None:
        self._services = services
        self._desk = desk
        self._alarms = alarm_desk
        self._conditions = conditions
        self._search = search

    async def as_seen(self, body: HandoverBody) -> object:
        """Plain values; `changed` is the newest first, and says where it is cut."""
        services = self._services
        since = self._since(body.since)
        found = [await self._changed(kind, since) for kind in CHANGING]
        entries = [one for one in self._alarms.entries if one.at >= since]
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": services.clock.utc(),
            "since": since,
            "changed": sorted((line for lines, _ in found for line in lines), key=_newest_first),
            "changed_complete": all(complete for _, complete in found),
            "unacknowledged": len(self._alarms.machine.unacknowledged),
            "acknowledged": _of_action(entries, WatchAction.ACKNOWLEDGED),
            "silenced": _of_action(entries, WatchAction.SILENCED),
            "shifts": [_told(one) for one in entries if one.action in SHIFTS],
            "troubles": self._troubles(),
            "next": self._next(),
        }

    def _since(self, since: int | None) -> UtcNs:
        """Where nobody says: from the last shift on; without one, from the beginning."""
        if since is not None:
            return UtcNs(since)
        begun = (one.at for one in reversed(self._alarms.entries) if one.action is SHIFTS[0])
        return next(begun, UtcNs(0))

    async def _changed(self, kind: RecordKind, since: UtcNs) -> tuple[list[dict[str, Any]], bool]:
        answer: Any = await self._search.find(
            RecordsSought(kind=kind, stored_from=since, limit=MAXIMUM_CHANGES)
        )
        return [_line(record) for record in answer["records"]], answer["next"] is None

    def _troubles(self) -> list[dict[str, object]]:
        warned = (AlarmKind.WARNING, AlarmKind.RECALL)
        return [
            {"kind": one.kind.value, "source": one.source, "about": one.about}
            for one in self._conditions()
            if one.kind not in warned
        ]

    def _next(self) -> list[dict[str, object]]:
        """What is predicted to fall, the soonest first."""
        falling = [
            (one.facts.impact_at, one.about)
            for one in self._conditions()
            if one.facts.impact_at is not None
        ]
        return [{"warning_id": about, "impact_at": at} for at, about in sorted(falling)]


def _newest_first(line: Mapping[str, Any]) -> int:
    return -int(line["at"])


def _line(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": record["stored_at"],
        "kind": record["kind"],
        "originator": record["originator"],
        "subject": record["subject"],
        "version": record["version"],
        "action": record["action"],
        "record_id": record["record_id"],
    }


def _of_action(entries: list[WatchEntry], action: WatchAction) -> list[dict[str, object]]:
    return [_told(one) for one in entries if one.action is action]


def _told(entry: WatchEntry) -> dict[str, object]:
    return {
        "action": entry.action.value,
        "who": entry.who,
        "at": entry.at,
        "alarm": entry.alarm,
        "kind": None if entry.alarm_kind is None else entry.alarm_kind.value,
        "severity": None if entry.severity is None else entry.severity.value,
        "version": entry.facts.version,
        "for_s": entry.for_s,
        "note": entry.note,
    }
