"""A made-up report and made-up events of the made-up flight."""

from collections.abc import Iterable
from dataclasses import fields
from math import degrees, hypot

from tests.console.made_up_flight import (
    BEARING_DEG,
    BURNOUT_S,
    FIRST_WARNING_S,
    IMPACT_S,
    JP,
    KR,
    LAUNCH_DEG,
    LAUNCHED_AT,
    MOMENTS,
    NATIONS,
    SENSORS,
    US,
    along,
    made_up_versions,
    truth_at,
)

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
)
from bongsu.console.demo_report import (
    ComparisonRow,
    Delay,
    DemoReport,
    EllipseKm,
    Estimate,
    EstimatedSample,
    EstimatedTrack,
    FeedCount,
    Interval,
    LatencyMs,
    LinkDelay,
    NationWarnings,
    NodeVerification,
    Place,
    PlaceOutcome,
    PublishedFigures,
    PublishedRole,
    Quantity,
    RefusedInput,
    ReportedSensor,
    ScenarioFacts,
    WithheldFields,
)
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import FIELD_NAMES, SeenWarning, disclosed, whole
from bongsu.vocabulary.units import (
    NationId,
    NodeId,
    RecordId,
    SensorId,
    UtcNs,
    after_seconds,
    seconds_between,
)

FEEDS = ((KR, US), (US, KR), (US, JP), (JP, US))
LINKS = ((KR, US), (US, JP))
WITHHELD = ("launch", "sensors")


def setting() -> DemoSetting:
    return DemoSetting(
        realm=Realm.EXERCISE,
        flight_id="NK-2022-10-03-01",
        site="Mupyong-ni Arms Plant",
        launched_at=LAUNCHED_AT,
        speed=15.0,
        nations=NATIONS,
        links=LINKS,
        relay=US,
    )


def as_partner_sees(warning: LaunchWarning, *, reader: NationId) -> SeenWarning:
    """Japan may not see where Korea says it came from."""
    if warning.nation != KR or reader != JP:
        return whole(warning)
    seen = whole(warning)
    open_names = FIELD_NAMES - set(WITHHELD)
    known = {f.name: getattr(seen, f.name) for f in fields(seen) if f.name in open_names}
    return disclosed(known, withheld=WITHHELD)


def events() -> list[DemoEvent]:
    """What the nodes report, in scenario order."""
    start = after_seconds(LAUNCHED_AT, -20.0)
    found: list[DemoEvent] = []
    for nation in NATIONS:
        own = tuple(SensorId(row[0]) for row in SENSORS if row[1] == nation)
        partners = tuple(other for other in NATIONS if other != nation)
        node = NodeId(f"{nation}-1")
        found.append(
            NodeStarted(at=start, nation=nation, node=node, sensors=own, partners=partners)
        )
        found.extend(
            LinkRestored(at=after_seconds(start, 2), nation=nation, partner=p, caught_up=0)
            for p in partners
        )
        found.extend(_warning_events(nation))
        end = after_seconds(LAUNCHED_AT, IMPACT_S + 90.0)
        found.append(NodeStopped(at=end, nation=nation, node=node))
    for name, nation, kind, *_, first_s, _last_s in SENSORS:
        at = after_seconds(LAUNCHED_AT, first_s)
        found.append(
            FirstPlotSeen(at=at, nation=nation, sensor_id=SensorId(name), sensor_kind=kind)
        )
    found.extend(_faults())
    return sorted(found, key=lambda event: event.at)


def _faults() -> Iterable[DemoEvent]:
    cut, mended = after_seconds(LAUNCHED_AT, 300), after_seconds(LAUNCHED_AT, 330)
    yield LinkFault(at=cut, nation=US, partner=JP, reason="silent for 3.0 s")
    yield LinkRestored(at=mended, nation=US, partner=JP, caught_up=12)
    yield InputRefused(at=cut, nation=KR, count=1, reason="plot is not a number")


def _warning_events(nation: NationId) -> Iterable[DemoEvent]:
    for warning in made_up_versions(nation):
        record_id = RecordId(bytes([warning.version % 256]) * 32)
        at = warning.stated_at
        yield OwnWarningStated(at=at, nation=nation, warning=warning, record_id=record_id)
        for reader in NATIONS:
            if reader == nation:
                continue
            direct = (nation, reader) in FEEDS
            yield PartnerWarningVerified(
                at=UtcNs(at + 90_000_000),
                nation=reader,
                origin=nation,
                warning=as_partner_sees(warning, reader=reader),
                record_id=record_id,
                delay_ms=4.6 if direct else 9.8,
                relayed_by=None if direct else US,
            )


def _place(point: GeoPoint) -> Place:
    return Place(
        latitude_deg=degrees(point.latitude_rad), longitude_deg=degrees(point.longitude_rad)
    )


def _ellipse(ellipse: Ellipse) -> EllipseKm:
    return EllipseKm(
        semi_major_km=ellipse.semi_major_m / 1e3,
        semi_minor_km=ellipse.semi_minor_m / 1e3,
        azimuth_deg=degrees(ellipse.azimuth_rad),
        probability=ellipse.probability,
    )


def _apart_km(place: Place, latitude_deg: float, longitude_deg: float) -> float:
    east = (place.longitude_deg - longitude_deg + 180) % 360 - 180
    return 111.2 * hypot(place.latitude_deg - latitude_deg, east * 0.78)


def _last_before(nation: NationId, time_s: float) -> LaunchWarning | None:
    limit = after_seconds(LAUNCHED_AT, time_s)
    said = [w for w in made_up_versions(nation) if w.stated_at <= limit]
    return said[-1] if said else None


def _scalar_row(
    quantity: Quantity, unit: str, truth: float, published: float | None, role: PublishedRole | None
) -> ComparisonRow:
    field, scale = {
        "apogee": ("apogee_m", 1e-3),
        "range": ("range_m", 1e-3),
        "flight time": ("flight_time_s", 1 / 60),
    }[quantity]
    estimates = []
    for nation in NATIONS:
        for moment, time_s in MOMENTS:
            warning = _last_before(nation, time_s)
            if warning is None or warning.flight is None:
                continue
            value = scale * getattr(warning.flight, field)
            sigma = scale * getattr(warning.flight, f"sigma_{field}")
            error = value - truth
            estimates.append(
                Estimate(nation=nation, at=moment, value=value, stated_sigma=sigma, error=error)
            )
    return ComparisonRow(
        quantity=quantity,
        unit=unit,
        truth=truth,
        published=published,
        published_role=role,
        estimates=tuple(estimates),
    )


def _point_row(quantity: Quantity, latitude_deg: float, longitude_deg: float) -> ComparisonRow:
    estimates = []
    for nation in NATIONS:
        for moment, time_s in MOMENTS:
            warning = _last_before(nation, time_s)
            stated = None if warning is None else getattr(warning, quantity.split()[0])
            if stated is None:
                continue
            place = _place(stated.point)
            estimates.append(
                Estimate(
                    nation=nation,
                    at=moment,
                    place=place,
                    ellipse=_ellipse(stated.ellipse),
                    error=_apart_km(place, latitude_deg, longitude_deg),
                )
            )
    truth = Place(latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    return ComparisonRow(
        quantity=quantity, unit="km", truth_place=truth, estimates=tuple(estimates)
    )


def _estimated_track(nation: NationId) -> EstimatedTrack:
    samples = []
    for step in range(int(FIRST_WARNING_S[nation]), int(IMPACT_S), 5):
        truth = truth_at(float(step))
        samples.append(
            EstimatedSample(
                time_s=truth.time_s,
                latitude_deg=truth.latitude_deg + 0.01,
                longitude_deg=truth.longitude_deg,
                altitude_km=truth.altitude_km + 1.5,
                observed=step < 1010,
            )
        )
    return EstimatedTrack(nation=nation, samples=tuple(samples))


def _sensors() -> tuple[ReportedSensor, ...]:
    return tuple(
        ReportedSensor(
            sensor_id=SensorId(name),
            nation=nation,
            kind=kind,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            maximum_range_km=None if latitude_deg == 0 else 1800.0,
            scan_interval_s=2.0,
            in_sight=(Interval(from_s=first_s, to_s=last_s),),
            first_plot_s=first_s + 1.0,
        )
        for name, nation, kind, latitude_deg, longitude_deg, first_s, last_s in SENSORS
    )


def report() -> DemoReport:
    impact = along(4500.0)
    return DemoReport(
        realm=Realm.EXERCISE,
        flight=PublishedFigures(
            id="NK-2022-10-03-01",
            date_utc="2022-10-03T22:22Z",
            site="Mupyong-ni Arms Plant",
            latitude_deg=LAUNCH_DEG[0],
            longitude_deg=LAUNCH_DEG[1],
            object_class="IRBM",
            apogee_km=970.0,
            range_km=4500.0,
            flight_time_min=22.0,
            bearing_deg=BEARING_DEG,
            source="a public list of flights",
        ),
        scenario=ScenarioFacts(
            seed=20221003,
            speed=15.0,
            launched_at_utc_ns=LAUNCHED_AT,
            ends_of_burning_s=(BURNOUT_S,),
            impact_s=IMPACT_S,
        ),
        comparison=(
            _scalar_row("apogee", "km", 970.4, 970.0, "input"),
            _scalar_row("range", "km", 4500.0, 4500.0, "input"),
            _scalar_row("flight time", "min", IMPACT_S / 60, 22.0, "compared"),
            _point_row("launch point", *LAUNCH_DEG),
            _point_row("impact point", *impact),
        ),
        latency_ms=LatencyMs(
            plot_to_own_warning=Delay(p50=11.4, p99=28.9, count=131),
            own_record_to_partner=tuple(
                LinkDelay(sender=sender, reader=reader, p50=4.6, p99=12.1, count=55)
                for sender, reader in (*FEEDS, (KR, JP), (JP, KR))
            ),
        ),
        feeds=tuple(
            FeedCount(sender=sender, reader=reader, sent=812, received=812, lost=0)
            for sender, reader in FEEDS
        ),
        verified=True,
        verification=tuple(
            NodeVerification(
                nation=nation,
                node=NodeId(f"{nation}-1"),
                verified=True,
                records=1624,
                entries=3248,
                heads=1310,
                receipts=640,
                signatures=4112,
            )
            for nation in NATIONS
        ),
        sensors=_sensors(),
        places=_places(),
        warnings=tuple(
            NationWarnings(nation=nation, versions=made_up_versions(nation)) for nation in NATIONS
        ),
        truth_track=tuple(truth_at(float(step)) for step in range(0, int(IMPACT_S) + 1, 2)),
        estimated_tracks=tuple(_estimated_track(nation) for nation in NATIONS),
        withheld=(WithheldFields(sender=KR, reader=JP, fields=WITHHELD),),
        refused=(RefusedInput(nation=KR, reason="plot is not a number", count=1),),
    )


def _places() -> tuple[PlaceOutcome, ...]:
    first_s = seconds_between(made_up_versions(JP)[0].stated_at, LAUNCHED_AT)
    return (
        PlaceOutcome(
            place="Aomori",
            nation=JP,
            latitude_deg=40.82,
            longitude_deg=140.74,
            first_warning_s=first_s,
            passage_s=442.0,
            verdict="in time",
        ),
        PlaceOutcome(
            place="Okushiri",
            nation=JP,
            latitude_deg=42.17,
            longitude_deg=139.5,
            first_warning_s=first_s + 300.0,
            passage_s=418.0,
            verdict="late",
            cause="the first fan did not reach it",
        ),
    )
