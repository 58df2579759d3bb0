"""Records that lean on records which are not here: shown as such, until those come. Sans-IO.

A warning is shown at once, whatever it leans on: nothing holds a warning up. What it leans on may
come by another feed a moment later, or never. The wait is bounded in number, a share for each
originator, and in time; what was given up is counted and said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NodeId, RecordId

MAXIMUM_WAITING_OF_ONE_NODE = 250
GIVEN_UP_AFTER_NS = 600 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCame:
    """A record that came for the first time; `missing` of those it leans on are not here."""

    record_id: RecordId
    originator: NodeId
    missing: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = RecordCame | TimePassed


@dataclass(frozen=True, slots=True)
class ShowIncomplete:
    """It leans on records that are not here."""

    record_id: RecordId
    missing: frozenset[RecordId]


@dataclass(frozen=True, slots=True)
class ShowComplete:
    """The last of them has come."""

    record_id: RecordId


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Not waited for any longer; `late` says by time, else by the bound of its originator."""

    record_id: RecordId
    late: bool


Effect = ShowIncomplete | ShowComplete | GiveUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    originator: NodeId
    missing: frozenset[RecordId]
    since: MonotonicNs


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """What waits, oldest first."""

    waiting: Mapping[RecordId, Waiting] = field(default_factory=dict)


def step(
    state: Dependencies, event: Event, *, now: MonotonicNs
) -> tuple[Dependencies, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case RecordCame():
            state, settled = _came(state, event.record_id)
            state, begun = _begin(state, event, now) if event.missing else (state, ())
            return state, (*settled, *begun)
        case TimePassed():
            return _give_up(state, now)
    raise LocalMisuse(f"{event!r} is no event here", remedy="Send one of its event types")


def _came(state: Dependencies, record_id: RecordId) -> tuple[Dependencies, tuple[Effect, ...]]:
    if not any(record_id in waiting.missing for waiting in state.waiting.values()):
        return state, ()
    still: dict[RecordId, Waiting] = {}
    effects: list[Effect] = []
    for dependent, waiting in state.waiting.items():
        missing = waiting.missing - {record_id}
        if missing:
            still[dependent] = replace(waiting, missing=missing)
        else:
            effects.append(ShowComplete(dependent))
    return Dependencies(waiting=still), tuple(effects)


def _begin(
    state: Dependencies, event: RecordCame, now: MonotonicNs
) -> tuple[Dependencies, tuple[Effect, ...]]:
    """A newcomer takes the place of its originator's oldest where that has no more room."""
    waiting = dict(state.waiting)
    effects: list[Effect] = [ShowIncomplete(event.record_id, event.missing)]
    of_this_node = [key for key, one in waiting.items() if one.originator == event.originator]
    if len(of_this_node) >= MAXIMUM_WAITING_OF_ONE_NODE:
        del waiting[of_this_node[0]]
        effects.append(GiveUp(of_this_node[0], late=False))
    waiting[event.record_id] = Waiting(
        originator=event.originator, missing=event.missing, since=now
    )
    return Dependencies(waiting=waiting), tuple(effects)


def _give_up(state: Dependencies, now: MonotonicNs) -> tuple[Dependencies, tuple[Effect, ...]]:
    late = [key for key, one in state.waiting.items() if now - one.since > GIVEN_UP_AFTER_NS]
    if not late:
        return state, ()
    still = {key: one for key, one in state.waiting.items() if key not in late}
    return Dependencies(waiting=still), tuple(GiveUp(key, late=True) for key in late)
