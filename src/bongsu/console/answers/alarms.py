"""What a node answers about its alarms and its shifts, as faces take it."""

import msgspec

from bongsu.vocabulary.alarm import AlarmKind, Severity, WatchAction
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import UtcNs


class SeenBy(msgspec.Struct, frozen=True, kw_only=True):
    who: str
    at: UtcNs


class ShiftSeen(msgspec.Struct, frozen=True, kw_only=True):
    who: str
    since: UtcNs


class AlarmSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`why`: what raised it last. `over_at`: its condition ended, and nobody had seen it."""

    name: str
    kind: AlarmKind
    severity: Severity
    source: str
    about: str
    version: int | None
    object_class: ObjectClass | None
    impact_at: UtcNs | None
    raised_at: UtcNs
    raised: int
    why: str
    acknowledged: SeenBy | None
    over_at: UtcNs | None
    silenced: bool


class AlarmGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms of a flood that are not listed one by one."""

    kind: AlarmKind
    severity: Severity
    source: str
    count: int
    unacknowledged: int


class AlarmsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`worst` and `sounding`: of those that nobody acknowledged; of these, not silenced ones."""

    node: str
    realm: Realm
    at: UtcNs
    shift: ShiftSeen | None
    unacknowledged: int
    worst: Severity | None
    sounding: Severity | None
    silenced_s: float
    silenced_by: str | None
    sound_again_s: dict[str, float | None]
    left_out: int
    alarms: tuple[AlarmSeen, ...]
    groups: tuple[AlarmGroup, ...]


class EntrySeen(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the watch's log."""

    action: WatchAction
    who: str
    at: UtcNs
    alarm: str | None
    kind: AlarmKind | None
    severity: Severity | None
    version: int | None
    for_s: float | None
    note: str


class ChangeSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was stored since."""

    at: UtcNs
    kind: str
    originator: str
    subject: str | None
    version: int | None
    action: str | None
    record_id: str


class TroubleSeen(msgspec.Struct, frozen=True, kw_only=True):
    kind: AlarmKind
    source: str
    about: str


class FallSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What is predicted to fall, and when."""

    warning_id: str
    impact_at: UtcNs


class HandoverSeen(msgspec.Struct, frozen=True, kw_only=True):
    """`changed_complete`: nothing was left out of `changed`."""

    node: str
    realm: Realm
    at: UtcNs
    since: UtcNs
    changed: tuple[ChangeSeen, ...]
    changed_complete: bool
    unacknowledged: int
    acknowledged: tuple[EntrySeen, ...]
    silenced: tuple[EntrySeen, ...]
    shifts: tuple[EntrySeen, ...]
    troubles: tuple[TroubleSeen, ...]
    next: tuple[FallSeen, ...]


class EntryStored(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the watch's log is on the node's disk."""

    record_id: str
    who: str
    at: UtcNs
    alarm: str | None = None
    for_s: float | None = None
