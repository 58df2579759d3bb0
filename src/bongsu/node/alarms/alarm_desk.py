"""The watch's alarms: looked for a few times a second, acknowledged by people, in our log."""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from bongsu.node.alarms.alarm_list import alarm_list, condition_as_seen
from bongsu.node.control import Body, NoBody, Offered
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.services import Services
from bongsu.protocols import alarms
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.watch_log_as_records import entry_to_fields, watch_entry
from bongsu.vocabulary.alarm import WatchAction, WatchEntry
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.units import NS_PER_MS, MonotonicNs

LOOKED_AT_EVERY_NS: Final = 250 * NS_PER_MS
KEPT_ENTRIES: Final = 2_000

Who = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^\S(.*\S)?\Z")]


class AcknowledgeAlarm(Body, frozen=True, kw_only=True):
    """`version`: the one that was seen, None where the alarm has none."""

    alarm: Annotated[str, Meta(min_length=1, max_length=160)]
    version: int | None = None
    who: Who


class SilenceAlarms(Body, frozen=True, kw_only=True):
    for_s: Annotated[float, Meta(gt=0.0, le=alarms.LONGEST_SILENCE_S)]
    who: Who


class ShiftChange(Enum):
    BEGIN = "begin"
    END = "end"


class ChangeShift(Body, frozen=True, kw_only=True):
    action: ShiftChange
    who: Who
    note: Annotated[str, Meta(max_length=1_000)] = ""


class AlarmDesk:
    """Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        publisher: Publisher,
        conditions: Callable[[], tuple[alarms.Condition, ...]],
    ) -> None:
        self._services = services
        self._publisher = publisher
        self._conditions = conditions
        self._looked: tuple[alarms.Condition, ...] = ()
        self._look_at = MonotonicNs(0)
        self._one_at_a_time = asyncio.Lock()
        self.machine = alarms.Alarms()
        self.entries: deque[WatchEntry] = deque(maxlen=KEPT_ENTRIES)
        self._restore()
        self.offered = {
            "alarms": Offered(NoBody, self._as_seen),
            "alarm_acknowledge": Offered(AcknowledgeAlarm, self._acknowledge),
            "alarm_silence": Offered(SilenceAlarms, self._silence),
            "shift_change": Offered(ChangeShift, self._change_shift),
        }

    @property
    def shift(self) -> WatchEntry | None:
        """Who has the watch: the line of the log that began it, None between two."""
        changes = (WatchAction.SHIFT_BEGUN, WatchAction.SHIFT_ENDED)
        last = next((one for one in reversed(self.entries) if one.action in changes), None)
        return last if last is not None and last.action is WatchAction.SHIFT_BEGUN else None

    def time_passed(self) -> None:
        """Look at what stands, a few times a second."""
        now = self._services.clock.monotonic()
        if now < self._look_at:
            return
        self._look_at = MonotonicNs(now + LOOKED_AT_EVERY_NS)
        conditions = self._conditions()
        if conditions is not self._looked:
            self._looked = conditions
            self._take(alarms.Looked(conditions))

    async def _as_seen(self, _: NoBody) -> object:
        services = self._services
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": services.clock.utc(),
            "shift": None if self.shift is None else _shift(self.shift),
            **await services.beside(
                alarm_list, self.machine, elapsed=services.clock.monotonic()
            ),  # thousands take milliseconds
        }

    async def _acknowledge(self, body: AcknowledgeAlarm) -> object:
        async with self._one_at_a_time:
            alarm = alarms.require_acknowledgeable(self.machine, body.alarm, body.version)
            condition = alarm.condition
            entry = WatchEntry(
                action=WatchAction.ACKNOWLEDGED,
                who=body.who,
                at=self._services.clock.utc(),
                alarm=condition.name,
                alarm_kind=condition.kind,
                severity=condition.severity,
                facts=condition.facts,
            )
            record_id = await self._state(entry)
            self._take(_acknowledged(entry))
        return {"record_id": record_id, "alarm": condition.name, "who": entry.who, "at": entry.at}

    async def _silence(self, body: SilenceAlarms) -> object:
        clock = self._services.clock
        async with self._one_at_a_time:
            entry = WatchEntry(
                action=WatchAction.SILENCED, who=body.who, at=clock.utc(), for_s=body.for_s
            )
            record_id = await self._state(entry)
            silence = alarms.silence(body.who, body.for_s, now=entry.at, elapsed=clock.monotonic())
            self._take(alarms.Silenced(silence))
        return {"record_id": record_id, "who": entry.who, "at": entry.at, "for_s": body.for_s}

    async def _change_shift(self, body: ChangeShift) -> object:
        begins = body.action is ShiftChange.BEGIN
        async with self._one_at_a_time:
            entry = WatchEntry(
                action=WatchAction.SHIFT_BEGUN if begins else WatchAction.SHIFT_ENDED,
                who=body.who,
                at=self._services.clock.utc(),
                note=body.note,
            )
            record_id = await self._state(entry)
        return {"record_id": record_id, "who": entry.who, "at": entry.at}

    async def _state(self, entry: WatchEntry) -> str:
        """The record's id, once it is on our disk; nobody else's disk ever has it."""
        record_id = await self._publisher.stated(
            RecordKind.WATCH_LOG, entry_to_fields(entry), readers=frozenset()
        )
        self.entries.append(entry)
        self._journal("watch_log", action=entry.action.value, who=entry.who, alarm=entry.alarm)
        return record_id.hex()

    def _take(self, event: alarms.Event) -> None:
        self.machine, effects = alarms.step(self.machine, event, now=self._services.clock.utc())
        for effect in effects:
            match effect:
                case alarms.TellRaised(alarm):
                    self._journal(
                        "alarm_raised", **condition_as_seen(alarm.condition), why=alarm.why
                    )
                case alarms.TellOver(alarm):
                    self._journal("alarm_over", **condition_as_seen(alarm.condition), why=alarm.why)
                case alarms.CountLeftOut(count):
                    self._services.health.refuse("alarms beyond those that are kept", count)

    def _restore(self) -> None:
        """What was acknowledged of late; of what is gone nothing is kept but the log's line."""
        rows = self._services.store.records(kind=RecordKind.WATCH_LOG.value, own=True)
        for row in deque(rows, maxlen=KEPT_ENTRIES):
            try:
                record = RECORD.decode(row.encoded)
                entry = watch_entry(open_unverified_record(record, realm=self._services.me.realm))
            except BongsuError as error:
                self._services.refuse(error, source="own log", payload=row.record_id)
                continue
            self.entries.append(entry)
            if entry.action is WatchAction.ACKNOWLEDGED:
                self._take(_acknowledged(entry))

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)


def _acknowledged(entry: WatchEntry) -> alarms.Acknowledged:
    by = alarms.Acknowledgement(who=entry.who, at=entry.at, facts=entry.facts)
    return alarms.Acknowledged(entry.alarm or "", by)


def _shift(entry: WatchEntry) -> dict[str, object]:
    return {"who": entry.who, "since": entry.at}
