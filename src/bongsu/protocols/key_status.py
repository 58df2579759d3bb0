"""How old is what we know of each nation's keys? Sans-IO.

Every node repeats the status of its nation's keys. What was heard last from any node of a nation
is that nation's status here; after a minute without news people are told that it is stale: a key
may have been revoked without our knowing. A status that was recorded and is played again says
nothing new, for its time must rise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NationId, NodeId, UtcNs

STATED_EVERY_NS = 10 * NS_PER_S
STALE_AFTER_NS = 60 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusVerified:
    """A node of `nation` stated its status and signed it with its present key."""

    node: NodeId
    nation: NationId
    stated_at: UtcNs
    received_at: UtcNs  # our system time
    digest: bytes


@dataclass(frozen=True, slots=True)
class StatedOutOfTurn:
    """Our status is on its way, because our keys have changed."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    pass


Event = StatusVerified | StatedOutOfTurn | TimePassed


@dataclass(frozen=True, slots=True)
class StateStatus:
    """Sign our own status and send it to every partner."""


@dataclass(frozen=True, slots=True)
class TellStale:
    nation: NationId


@dataclass(frozen=True, slots=True)
class TellFresh:
    nation: NationId


Effect = StateStatus | TellStale | TellFresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The newest status of one node."""

    nation: NationId
    stated_at: UtcNs
    fresh_at: MonotonicNs  # when it was stated, by our own timer
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStatuses:
    """What was heard of whom; every nation of `expected` is to be heard of."""

    expected: tuple[NationId, ...]
    opened_at: MonotonicNs
    heard: Mapping[NodeId, Heard] = field(default_factory=dict)
    stale: frozenset[NationId] = frozenset()
    state_at: MonotonicNs = MonotonicNs(0)


def step(
    state: KeyStatuses, event: Event, *, now: MonotonicNs
) -> tuple[KeyStatuses, tuple[Effect, ...]]:
    """Take one event."""
    match event:
        case StatusVerified():
            return _heard(state, event, now), ()
        case StatedOutOfTurn():
            return replace(state, state_at=MonotonicNs(now + STATED_EVERY_NS)), ()
        case TimePassed():
            return _time_passed(state, now)
    raise LocalMisuse(f"{event!r} is no event of key status", remedy="Send one of its event types")


def age_ns(state: KeyStatuses, nation: NationId, *, now: MonotonicNs) -> int | None:
    """How old the newest status of a nation is, None where none was ever heard."""
    fresh = [heard.fresh_at for heard in state.heard.values() if heard.nation == nation]
    return now - max(fresh) if fresh else None


def _heard(state: KeyStatuses, event: StatusVerified, now: MonotonicNs) -> KeyStatuses:
    known = state.heard.get(event.node)
    if known is not None and event.stated_at <= known.stated_at:
        return state
    # Held up on the way, it is as old as its own time says; a clock ahead of ours makes none newer.
    delay_ns = max(0, event.received_at - event.stated_at)
    heard = Heard(
        nation=event.nation,
        stated_at=event.stated_at,
        fresh_at=MonotonicNs(now - delay_ns),
        digest=event.digest,
    )
    return replace(state, heard={**state.heard, event.node: heard})


def _time_passed(state: KeyStatuses, now: MonotonicNs) -> tuple[KeyStatuses, tuple[Effect, ...]]:
    effects: list[Effect] = []
    if now >= state.state_at:
        effects.append(StateStatus())
        state = replace(state, state_at=MonotonicNs(now + STATED_EVERY_NS))
    stale = frozenset(nation for nation in state.expected if _is_stale(state, nation, now))
    effects += [TellStale(nation) for nation in sorted(stale - state.stale)]
    effects += [TellFresh(nation) for nation in sorted(state.stale - stale)]
    return replace(state, stale=stale) if stale != state.stale else state, tuple(effects)


def quiet_until(state: KeyStatuses) -> MonotonicNs:
    """Once `TimePassed` was taken, nothing is due before this instant while nobody is heard."""
    fresh = (nation for nation in state.expected if nation not in state.stale)
    ends = (_fresh_at(state, nation) + STALE_AFTER_NS + 1 for nation in fresh)
    return MonotonicNs(min((state.state_at, *ends)))


def _is_stale(state: KeyStatuses, nation: NationId, now: MonotonicNs) -> bool:
    return now - _fresh_at(state, nation) > STALE_AFTER_NS


def _fresh_at(state: KeyStatuses, nation: NationId) -> MonotonicNs:
    """When what is known of a nation was stated; before it was ever heard, when we began."""
    fresh = [heard.fresh_at for heard in state.heard.values() if heard.nation == nation]
    return max(fresh) if fresh else state.opened_at
