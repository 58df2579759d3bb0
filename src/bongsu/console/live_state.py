"""What the live view knows: folded from events, bounded, free of any screen.

`after(state, event)` is the whole of it. A warning is kept in its newest version: a copy
that arrives late never takes the place of a newer one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bongsu.console.demo_events import (
    DemoEvent,
    DemoSetting,
    FirstPlotSeen,
    InputRefused,
    LinkFault,
    LinkRestored,
    NodeStarted,
    NodeStopped,
    OwnWarningStated,
    PartnerWarningVerified,
    SensorHeardAgain,
    SensorSilent,
    TrackStatusChanged,
)
from bongsu.console.event_words import log_line
from bongsu.vocabulary.seen_warning import SeenWarning, whole
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import NationId, SensorId, UtcNs

MAXIMUM_LOG_LINES = 200
MAXIMUM_KEPT = 16  # of each kind of thing, per nation; the oldest gives way

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPlot:
    sensor_id: SensorId
    kind: SensorKind
    at: UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWarning:
    """The newest version that this nation holds."""

    warning: SeenWarning
    first_at: UtcNs  # when the first version came
    at: UtcNs
    delay_ms: float | None = None  # None for the nation's own


@dataclass(frozen=True, slots=True, kw_only=True)
class NationState:
    """What one nation's node has told."""

    nation: NationId
    node_text: str = "not started"
    running: bool = False
    first_plots: tuple[FirstPlot, ...] = ()
    own: Mapping[str, HeldWarning] = field(default_factory=dict)
    partners: Mapping[tuple[NationId, str], HeldWarning] = field(default_factory=dict)
    links: Mapping[NationId, str | None] = field(default_factory=dict)  # None: it works
    silent_sensors: frozenset[SensorId] = frozenset()
    refused: Mapping[str, int] = field(default_factory=dict)
    track_status: Mapping[str, TrackStatus] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveState:
    setting: DemoSetting
    now: UtcNs
    nations: Mapping[NationId, NationState]
    log: tuple[str, ...] = ()


NOT_HEARD_YET = "not heard yet"


def at_start(setting: DemoSetting) -> LiveState:
    """Nothing has been reported."""
    nations = {nation: NationState(nation=nation) for nation in setting.nations}
    return LiveState(setting=setting, now=setting.launched_at, nations=nations)


def after(state: LiveState, event: DemoEvent) -> LiveState:
    """The state with one more fact; a nation that the setting lacks is logged alone."""
    log = (*state.log, log_line(event, state.setting))[-MAXIMUM_LOG_LINES:]
    now = max(state.now, event.at)
    nation = state.nations.get(event.nation)
    if nation is None:
        return replace(state, now=now, log=log)
    nations = {**state.nations, event.nation: _nation_after(nation, event)}
    return replace(state, now=now, nations=nations, log=log)


def at_time(state: LiveState, now: UtcNs) -> LiveState:
    """Time passed; it never runs backwards on a screen."""
    return replace(state, now=max(state.now, now))


def _nation_after(state: NationState, event: DemoEvent) -> NationState:
    match event:
        case NodeStarted():
            links = {partner: NOT_HEARD_YET for partner in event.partners[:MAXIMUM_KEPT]}
            return replace(state, running=True, node_text=f"{event.node} running", links=links)
        case NodeStopped():
            return replace(state, running=False, node_text=f"{event.node} {event.reason}")
        case OwnWarningStated():
            return replace(state, own=_with_own(state.own, event))
        case PartnerWarningVerified():
            return replace(state, partners=_with_partner(state.partners, event))
        case LinkFault():
            return replace(state, links=_with(state.links, event.partner, event.reason))
        case LinkRestored():
            return replace(state, links=_with(state.links, event.partner, None))
        case _:
            return _senses_after(state, event)


def _senses_after(
    state: NationState,
    event: FirstPlotSeen | SensorSilent | SensorHeardAgain | InputRefused | TrackStatusChanged,
) -> NationState:
    match event:
        case FirstPlotSeen():
            plot = FirstPlot(sensor_id=event.sensor_id, kind=event.sensor_kind, at=event.at)
            return replace(state, first_plots=(*state.first_plots, plot)[:MAXIMUM_KEPT])
        case SensorSilent():
            return replace(state, silent_sensors=state.silent_sensors | {event.sensor_id})
        case SensorHeardAgain():
            return replace(state, silent_sensors=state.silent_sensors - {event.sensor_id})
        case InputRefused():
            return replace(state, refused=_with(state.refused, event.reason, event.count))
        case TrackStatusChanged():
            status = _with(state.track_status, str(event.track_id), event.status)
            return replace(state, track_status=status)


def _with_own(
    held: Mapping[str, HeldWarning], event: OwnWarningStated
) -> Mapping[str, HeldWarning]:
    key = event.warning.warning_id
    return _with(held, key, _newest(held.get(key), whole(event.warning), event.at, None))


def _with_partner(
    held: Mapping[tuple[NationId, str], HeldWarning], event: PartnerWarningVerified
) -> Mapping[tuple[NationId, str], HeldWarning]:
    key = (event.origin, event.warning.warning_id or "id withheld")
    newest = _newest(held.get(key), event.warning, event.at, event.delay_ms)
    return _with(held, key, newest)


def _newest(
    before: HeldWarning | None, warning: SeenWarning, at: UtcNs, delay_ms: float | None
) -> HeldWarning:
    if before is None:
        return HeldWarning(warning=warning, first_at=at, at=at, delay_ms=delay_ms)
    if (warning.version or 0) < (before.warning.version or 0):
        return before
    return replace(before, warning=warning, at=at, delay_ms=delay_ms)


def _with(entries: Mapping[Key, Value], key: Key, value: Value) -> dict[Key, Value]:
    """The entries with one more, newest last, bounded."""
    kept = {k: v for k, v in entries.items() if k != key}
    return dict([*kept.items(), (key, value)][-MAXIMUM_KEPT:])
