"""The demo's report: what the logs hold, what the nodes said, held against the made-up truth."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import degrees

import msgspec
import numpy as np

from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.console import demo_report as report
from bongsu.exercise.after_action import AfterAction, after_action
from bongsu.exercise.coverage import Sight
from bongsu.exercise.flight_figures import FlightFigures
from bongsu.exercise.lateness import KnownWarning, PlaceOutcome
from bongsu.exercise.scenario import Scenario
from bongsu.exercise.truth import Truth
from bongsu.main.demo.federation_files import NationProcesses
from bongsu.main.demo.journal_events import JournalReader, delay_of
from bongsu.main.demo.report_rows import comparison_rows, published_figures
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.verification import VerificationReport
from bongsu.records.warning_kinds import StateForm
from bongsu.vocabulary.published_flight import PublishedFlight
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import NationId, SensorId, UtcNs, seconds_between

TRUTH_SAMPLE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRun:
    """Everything that the report is made of."""

    scenario: Scenario
    truth: Truth
    published: PublishedFlight
    speed: float
    nations: tuple[NationProcesses, ...]
    journal: JournalReader
    stores: Mapping[NationId, SqliteReader]
    verification: Mapping[NationId, VerificationReport]


class _Update(msgspec.Struct, frozen=True):
    """What the report needs of an own track update."""

    at: UtcNs
    status: TrackStatus
    state: StateForm


def demo_report(run: DemoRun) -> report.DemoReport:
    """Everything that the demo shows at its end."""
    review = after_action(
        run.scenario,
        run.truth,
        run.journal.own,
        received=[
            KnownWarning(known_by=one.reader, known_at=one.stored_at, warning=one.warning)
            for one in run.journal.received
        ],
    )
    figures = review.figures[0]
    return report.DemoReport(
        realm=Realm.EXERCISE,
        flight=published_figures(run.published),
        scenario=report.ScenarioFacts(
            seed=run.scenario.seed,
            speed=run.speed,
            launched_at_utc_ns=figures.launched_at,
            ends_of_burning_s=figures.ends_of_burning_s,
            impact_s=figures.flight_time_s,
        ),
        comparison=comparison_rows(review.comparison),
        latency_ms=_latency(run.journal),
        feeds=tuple(_feeds(run)),
        verified=all(found.ok for found in run.verification.values()),
        verification=tuple(_verified(one, run.verification[one.nation]) for one in run.nations),
        sensors=tuple(_sensors(run, review, figures.launched_at)),
        places=tuple(_place_outcome(place, figures.launched_at) for place in review.places),
        warnings=tuple(
            report.NationWarnings(nation=nation, versions=tuple(versions))
            for nation, versions in run.journal.own.items()
        ),
        truth_track=tuple(_truth_track(run.truth, figures)),
        estimated_tracks=tuple(_estimated_tracks(run, figures.launched_at)),
        withheld=tuple(_withheld(run.journal)),
        refused=tuple(
            report.RefusedInput(nation=nation, reason=reason, count=count)
            for (nation, reason), count in run.journal.refused.items()
        ),
    )


def _latency(journal: JournalReader) -> report.LatencyMs:
    links = sorted(journal.link_delays_ms().items())
    return report.LatencyMs(
        plot_to_own_warning=delay_of(journal.plot_to_warning_ms),
        own_record_to_partner=tuple(
            report.LinkDelay(
                sender=origin,
                reader=reader,
                p50=(delay := delay_of(samples)).p50,
                p99=delay.p99,
                count=delay.count,
            )
            for (origin, reader), samples in links
        ),
    )


def _feeds(run: DemoRun) -> Iterator[report.FeedCount]:
    """What each sender released, in both lanes, against what stands in each reader's log."""
    nation_of = {processes.node: processes.nation for processes in run.nations}
    sent: Counter[tuple[NationId, NationId]] = Counter()
    received: Counter[tuple[NationId, NationId]] = Counter()
    for nation, store in run.stores.items():
        for position in store.positions():
            pair = nation_of[position.feed.sender], nation_of[position.feed.reader]
            if nation == pair[0]:
                sent[pair] += position.sequence
            else:
                received[pair] += position.sequence
    for (sender, reader), count in sent.items():
        yield report.FeedCount(
            sender=sender,
            reader=reader,
            sent=count,
            received=received[sender, reader],
            lost=count - received[sender, reader],
        )


def _verified(processes: NationProcesses, found: VerificationReport) -> report.NodeVerification:
    return report.NodeVerification(
        nation=processes.nation,
        node=processes.node,
        verified=found.ok,
        records=found.counts["records"],
        entries=found.counts["entries"],
        heads=found.counts["heads"],
        receipts=found.counts["receipts"],
        signatures=found.counts["heads"] + found.counts["receipts"],
        first_bad=None if found.first_bad is None else str(found.first_bad),
    )


def _sensors(
    run: DemoRun, review: AfterAction, launched_at: UtcNs
) -> Iterator[report.ReportedSensor]:
    by_sensor: dict[SensorId, list[Sight]] = {}
    for sight in review.sights:
        by_sensor.setdefault(sight.sensor.site.sensor_id, []).append(sight)
    for sensor in run.scenario.sensors:
        site = sensor.site
        first = run.journal.first_plots.get(site.sensor_id)
        radar = site.kind is SensorKind.RADAR
        yield report.ReportedSensor(
            sensor_id=site.sensor_id,
            nation=site.nation,
            kind=site.kind,
            latitude_deg=degrees(site.latitude_rad),
            longitude_deg=degrees(site.longitude_rad),
            maximum_range_km=site.maximum_range_m / 1e3 if radar else None,
            scan_interval_s=site.scan_interval_s,
            in_sight=tuple(_intervals(by_sensor.get(site.sensor_id, ()), launched_at)),
            first_plot_s=None if first is None else seconds_between(first, launched_at),
        )


def _intervals(sights: Iterable[Sight], launched_at: UtcNs) -> Iterator[report.Interval]:
    for sight in sights:
        if sight.object_name != "payload":
            continue
        for begin, end in sight.intervals:
            yield report.Interval(
                from_s=seconds_between(begin, launched_at), to_s=seconds_between(end, launched_at)
            )


def _place_outcome(outcome: PlaceOutcome, launched_at: UtcNs) -> report.PlaceOutcome:
    first, place = outcome.first_warning_at, outcome.place
    return report.PlaceOutcome(
        place=place.name,
        nation=place.nation,
        latitude_deg=degrees(place.point.latitude_rad),
        longitude_deg=degrees(place.point.longitude_rad),
        first_warning_s=None if first is None else seconds_between(first, launched_at),
        passage_s=None
        if outcome.verdict == "not reached"
        else seconds_between(outcome.passage.at, launched_at),
        verdict=outcome.verdict,
        cause=outcome.cause,
    )


def _truth_track(truth: Truth, figures: FlightFigures) -> Iterator[report.TruthSample]:
    body = truth.payload(figures.flight_id)
    times = np.append(np.arange(0.0, figures.flight_time_s, TRUTH_SAMPLE_S), figures.flight_time_s)
    latitude, longitude, height = ecef_to_geodetic(body.path.state_at(times)[:, :3])
    for time_s, lat, lon, up in zip(times, latitude, longitude, height, strict=True):
        yield report.TruthSample(
            time_s=float(time_s),
            latitude_deg=degrees(lat),
            longitude_deg=degrees(lon),
            altitude_km=float(up) / 1e3,
            burning=body.burns(float(time_s)),
        )


def _estimated_tracks(run: DemoRun, launched_at: UtcNs) -> Iterator[report.EstimatedTrack]:
    """Each nation's own track of its first warning, as its updates stand in its log."""
    for nation, store in run.stores.items():
        tracks = {warning.track_id for warning in run.journal.own.get(nation, [])[:1]}
        samples = [
            _estimated_sample(opened, launched_at)
            for opened in _own_updates(store)
            if opened.fields["track_id"] in tracks
        ]
        yield report.EstimatedTrack(nation=nation, samples=tuple(samples))


def _own_updates(store: SqliteReader) -> Iterator[OpenedRecord]:
    for row in store.records(kind=RecordKind.TRACK_UPDATE.value, own=True):
        yield open_unverified_record(RECORD.decode(row.encoded), realm=Realm.EXERCISE)


def _estimated_sample(opened: OpenedRecord, launched_at: UtcNs) -> report.EstimatedSample:
    update = msgspec.convert(opened.fields, _Update)
    latitude, longitude, height = ecef_to_geodetic(np.array(update.state.position_ecef_m))
    return report.EstimatedSample(
        time_s=seconds_between(update.at, launched_at),
        latitude_deg=degrees(float(latitude)),
        longitude_deg=degrees(float(longitude)),
        altitude_km=float(height) / 1e3,
        observed=update.status is TrackStatus.OBSERVED,
    )


def _withheld(journal: JournalReader) -> Iterator[report.WithheldFields]:
    fields: dict[tuple[NationId, NationId], set[str]] = {}
    for one in journal.received:
        fields.setdefault((one.origin, one.reader), set()).update(one.warning.withheld)
    for (origin, reader), names in sorted(fields.items()):
        yield report.WithheldFields(sender=origin, reader=reader, fields=tuple(sorted(names)))
