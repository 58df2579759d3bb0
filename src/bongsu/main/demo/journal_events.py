"""From a node's journal lines to what the demo's faces show and its report counts."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bongsu.console import demo_events as events
from bongsu.console.demo_report import Delay
from bongsu.main.demo.processes import JournalLine
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import (
    NationId,
    NodeId,
    RecordId,
    SensorId,
    TrackId,
    UtcNs,
)

NS_PER_MS = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedWarning:
    """A partner's warning as it stood on the reader's disk."""

    reader: NationId
    origin: NationId
    stored_at: UtcNs  # scenario time
    warning: SeenWarning
    delay_ms: float | None


@dataclass(slots=True)
class JournalReader:
    """Takes every node's lines as they come, yields events, and keeps what the report needs."""

    nation_of: Mapping[NodeId, NationId]
    sensor_kinds: Mapping[SensorId, SensorKind]
    relayed_by: Mapping[tuple[NationId, NationId], NationId]  # (origin, reader)
    own: dict[NationId, list[LaunchWarning]] = field(default_factory=lambda: defaultdict(list))
    received: list[ReceivedWarning] = field(default_factory=list)
    plot_to_warning_ms: list[float] = field(default_factory=list)
    refused: dict[tuple[NationId, str], int] = field(default_factory=dict)
    first_plots: dict[SensorId, UtcNs] = field(default_factory=dict)
    health: dict[NationId, JournalLine] = field(default_factory=dict)
    _stored_ns: dict[str, int] = field(default_factory=dict)  # by record id, at the origin
    _early: list[tuple[NationId, JournalLine]] = field(default_factory=list)

    def take(self, line: JournalLine) -> Iterator[events.DemoEvent]:
        """The events of one line; lines that no face shows yield none."""
        nation = self.nation_of[NodeId(str(line["node"]))]
        handler = getattr(self, f"_{line['event']}", None)
        if handler is not None:
            yield from handler(nation, UtcNs(_int(line, "scenario_utc_ns")), line)

    def link_delays_ms(self) -> dict[tuple[NationId, NationId], list[float]]:
        """From a record on the origin's disk to the verified copy on the partner's."""
        delays: dict[tuple[NationId, NationId], list[float]] = defaultdict(list)
        for one in self.received:
            if one.delay_ms is not None:
                delays[one.origin, one.reader].append(one.delay_ms)
        return delays

    def _node_started(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.NodeStarted(
            at=at,
            nation=nation,
            node=NodeId(str(line["node"])),
            sensors=tuple(s for s in self.sensor_kinds if s.startswith(f"{nation}-")),
            partners=tuple(self.nation_of[NodeId(p)] for p in _texts(line, "partners")),
        )

    def _node_stopped(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.NodeStopped(at=at, nation=nation, node=NodeId(str(line["node"])))

    def _first_plot(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        sensor = SensorId(str(line["sensor"]))
        observed_at = UtcNs(_int(line, "observed_at"))
        self.first_plots.setdefault(sensor, observed_at)
        yield events.FirstPlotSeen(
            at=observed_at, nation=nation, sensor_id=sensor, sensor_kind=self.sensor_kinds[sensor]
        )

    def _own_warning(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        warning = msgspec.convert(line["warning"], LaunchWarning)
        self.own[nation].append(warning)
        stored_ns = _int(line, "stored_monotonic_ns")
        if line["plot_emitted_monotonic_ns"] is not None:
            emitted_ns = _int(line, "plot_emitted_monotonic_ns")
            self.plot_to_warning_ms.append((stored_ns - emitted_ns) / NS_PER_MS)
        record_id = str(line["record_id"])
        self._stored_ns[record_id] = stored_ns
        yield events.OwnWarningStated(
            at=at, nation=nation, warning=warning, record_id=RecordId(bytes.fromhex(record_id))
        )
        early, self._early = self._early, []
        for reader, waiting in early:
            yield from self._partner_warning(
                reader, UtcNs(_int(waiting, "scenario_utc_ns")), waiting
            )

    def _partner_warning(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        """The copy's line may be read before the origin's own: then it waits for that."""
        record_id = str(line["record_id"])
        stored_ns = self._stored_ns.get(record_id)
        if stored_ns is None:
            self._early.append((nation, line))
            return
        origin = self.nation_of[NodeId(str(line["origin"]))]
        delay_ms = (_int(line, "stored_monotonic_ns") - stored_ns) / NS_PER_MS
        warning = msgspec.convert(line["warning"], SeenWarning)
        self.received.append(
            ReceivedWarning(
                reader=nation, origin=origin, stored_at=at, warning=warning, delay_ms=delay_ms
            )
        )
        yield events.PartnerWarningVerified(
            at=at,
            nation=nation,
            origin=origin,
            warning=warning,
            record_id=RecordId(bytes.fromhex(record_id)),
            delay_ms=delay_ms,
            relayed_by=self.relayed_by.get((origin, nation)),
        )

    def _link_fault(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.LinkFault(
            at=at, nation=nation, partner=self._partner(line), reason=str(line["reason"])
        )

    def _link_heard(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.LinkRestored(at=at, nation=nation, partner=self._partner(line), caught_up=0)

    def _link_restored(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.LinkRestored(
            at=at, nation=nation, partner=self._partner(line), caught_up=_int(line, "caught_up")
        )

    def _feed_forked(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.LinkFault(
            at=at,
            nation=nation,
            partner=self._partner(line),
            reason="it countersigned another history than ours",
        )

    def _displays_disagree(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.LinkFault(
            at=at,
            nation=nation,
            partner=self._partner(line),
            reason=f"displays disagree about {line['originator']}",
        )

    def _displays_agree(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.LinkRestored(at=at, nation=nation, partner=self._partner(line), caught_up=0)

    def _sensor_silent(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.SensorSilent(at=at, nation=nation, sensor_id=SensorId(str(line["sensor"])))

    def _sensor_heard_again(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.SensorHeardAgain(at=at, nation=nation, sensor_id=SensorId(str(line["sensor"])))

    def _refused(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        reason = str(line["reason"])
        self.refused[nation, reason] = _int(line, "count")
        yield events.InputRefused(at=at, nation=nation, count=_int(line, "count"), reason=reason)

    def _track_status(
        self, nation: NationId, at: UtcNs, line: JournalLine
    ) -> Iterator[events.DemoEvent]:
        yield events.TrackStatusChanged(
            at=at,
            nation=nation,
            track_id=TrackId(str(line["track"])),
            status=TrackStatus(line["status"]),
        )

    def _health(self, nation: NationId, at: UtcNs, line: JournalLine) -> Iterator[events.DemoEvent]:
        self.health[nation] = line
        yield from ()

    def _partner(self, line: JournalLine) -> NationId:
        return self.nation_of[NodeId(str(line["partner"]))]


def delay_of(samples_ms: Sequence[float]) -> Delay:
    """Median and 99th percentile (nearest rank) of what was counted."""
    if not samples_ms:
        return Delay(p50=None, p99=None, count=0)
    ordered = sorted(samples_ms)
    return Delay(p50=_rank(ordered, 0.50), p99=_rank(ordered, 0.99), count=len(ordered))


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _int(line: Mapping[str, Any], name: str) -> int:
    return int(line[name])


def _texts(line: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(text) for text in line[name])
