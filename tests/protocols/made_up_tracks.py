"""Tracks, estimates and a desk to play with; every time is seconds after T0."""

from dataclasses import dataclass, replace

from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.protocols import warning_desk
from bongsu.protocols.warning_desk import Effect, Event, StateWarning, WarningDesk
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    Fan,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
    ObjectClass,
)
from bongsu.vocabulary.launch_warning import (
    Confirmation,
    EndReason,
    LaunchWarning,
    WarningAction,
)
from bongsu.vocabulary.seen_warning import SeenWarning, whole
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import (
    MonotonicNs,
    NationId,
    NodeId,
    RecordId,
    SensorId,
    TrackId,
    UtcNs,
    after_seconds,
)

T0 = UtcNs(1_800_000_000_000_000_000)
SITE = GeoPoint(latitude_rad=0.70, longitude_rad=2.20)
ELSEWHERE = GeoPoint(latitude_rad=0.75, longitude_rad=2.20)
SEA = GeoPoint(latitude_rad=0.66, longitude_rad=2.60)
OTHER_SEA = GeoPoint(latitude_rad=0.60, longitude_rad=2.60)
KR_RADAR, KR_RADAR_2 = SensorId("KR-RADAR-1"), SensorId("KR-RADAR-2")
US_INFRARED, JP_RADAR = SensorId("US-IR-1"), SensorId("JP-RADAR-1")
FALLS_AT_S = 1_300.0


def at(seconds: float) -> UtcNs:
    return after_seconds(T0, seconds)


def ellipse(sigma_m: float) -> Ellipse:
    """A circle of 95 % whose standard deviation is `sigma_m`."""
    return Ellipse(semi_major_m=sigma_m * 2.4477, semi_minor_m=sigma_m * 2.4477, azimuth_rad=0.0)


def launch(
    point: GeoPoint = SITE, *, at_s: float = 0.0, sigma_m: float = 3_000.0, sigma_s: float = 1.0
) -> LaunchEstimate:
    return LaunchEstimate(
        point=point,
        ellipse=ellipse(sigma_m),
        at=at(at_s),
        sigma_time_s=sigma_s,
        azimuth_rad=1.2,
        sigma_azimuth_rad=0.01,
    )


def impact(
    point: GeoPoint = SEA,
    *,
    at_s: float = FALLS_AT_S,
    sigma_m: float = 5_000.0,
    sigma_s: float = 2.0,
) -> ImpactEstimate:
    return ImpactEstimate(point=point, ellipse=ellipse(sigma_m), at=at(at_s), sigma_time_s=sigma_s)


def fan(*, azimuth_rad: float = 1.2, half_width_rad: float = 0.2) -> Fan:
    return Fan(
        origin=SITE,
        azimuth_rad=azimuth_rad,
        half_width_rad=half_width_rad,
        minimum_range_m=3e5,
        maximum_range_m=6e6,
    )


def track(
    name: str = "T1",
    *,
    seen_s: float,
    status: TrackStatus = TrackStatus.OBSERVED,
    height_m: float = 500_000.0,
    sensors: tuple[SensorId, ...] = (KR_RADAR,),
    kinds: tuple[SensorKind, ...] = (SensorKind.RADAR,),
    launched: LaunchEstimate | None = None,
    falls: ImpactEstimate | None = None,
    caveats: tuple[str, ...] = (),
) -> Track:
    """A track whose newest plot is of `seen_s`."""
    x, y, z = geodetic_to_ecef(SITE.latitude_rad, SITE.longitude_rad, height_m).tolist()
    return Track(
        track_id=TrackId(f"KR-1/{name}"),
        at=at(seen_s),
        first_observed_at=at(min(seen_s, 20.0)),
        last_observed_at=at(seen_s),
        last_plot_emitted_at=MonotonicNs(0),
        status=status,
        phase=Phase.FREE_FLIGHT,
        position_ecef_m=(x, y, z),
        velocity_ecef_mps=(0.0, 0.0, 0.0),
        covariance=(1.0,) * 21,
        sensors=sensors,
        sensor_kinds=kinds,
        classification=(ClassProbability(object_class=ObjectClass.IRBM, probability=0.9),),
        launch=launched,
        impact=falls,
        caveats=caveats,
    )


def whole_track(name: str = "T1", *, seen_s: float, **changes: object) -> Track:
    """A track with launch and fall."""
    known = track(name, seen_s=seen_s, launched=launch(), falls=impact())
    return replace(known, **changes)  # type: ignore[arg-type]


def warning_of(
    node: str,
    *,
    number: int = 1,
    version: int = 1,
    kinds: tuple[SensorKind, ...] = (SensorKind.RADAR,),
    sensors: tuple[SensorId, ...] = (JP_RADAR,),
    launched: LaunchEstimate | None = None,
    falls: ImpactEstimate | None = None,
    end_reason: EndReason | None = None,
) -> LaunchWarning:
    return LaunchWarning(
        warning_id=f"{node}/W{number:04d}",
        version=version,
        action=WarningAction.ENDED if end_reason else WarningAction.ISSUED,
        node=NodeId(node),
        nation=NationId(node.partition("-")[0]),
        track_id=TrackId(f"{node}/T1"),
        stated_at=at(60.0 + version),
        first_observed_at=at(40.0),
        data_at=at(60.0),
        track_status=TrackStatus.OBSERVED,
        phase=Phase.BOOST,
        confirmation=Confirmation.SINGLE_SOURCE,
        sensors=sensors,
        sensor_kinds=kinds,
        launch=launched,
        impact=falls,
        end_reason=end_reason,
    )


def infrared_warning(
    *,
    number: int = 1,
    version: int = 1,
    launched: LaunchEstimate | None = None,
    falls: ImpactEstimate | None = None,
    end_reason: EndReason | None = None,
) -> LaunchWarning:
    """Another nation's, by another kind of sensor."""
    return warning_of(
        "US-1",
        number=number,
        version=version,
        kinds=(SensorKind.INFRARED,),
        sensors=(US_INFRARED,),
        launched=launch(sigma_m=6_000.0) if launched is None else launched,
        falls=falls,
        end_reason=end_reason,
    )


@dataclass
class Desk:
    """A desk on a stage: tell it what happens and when, hear what it states."""

    state: WarningDesk
    said: int = 0

    def take(self, event: Event, at_s: float) -> list[LaunchWarning]:
        return [e.warning for e in self.effects(event, at_s) if isinstance(e, StateWarning)]

    def effects(self, event: Event, at_s: float) -> tuple[Effect, ...]:
        self.state, effects = warning_desk.step(self.state, event, now=at(at_s))
        return effects

    def sees(self, *tracks: Track, at_s: float) -> list[LaunchWarning]:
        picture = TrackPicture(at=at(at_s), tracks=tracks, refused_plots=0, quarantined_plots=0)
        return self.take(warning_desk.PictureArrived(picture), at_s)

    def hears(self, warning: LaunchWarning | SeenWarning, *, at_s: float) -> list[LaunchWarning]:
        seen = whole(warning) if isinstance(warning, LaunchWarning) else warning
        self.said += 1
        record_id = RecordId(self.said.to_bytes(32, "big"))
        return self.take(warning_desk.PartnerWarningArrived(record_id, seen), at_s)

    def waits(self, *, until_s: float) -> list[LaunchWarning]:
        return self.take(warning_desk.TimePassed(), until_s)

    def restarts(self, *own: LaunchWarning) -> "Desk":
        """A new desk that read back its own log."""
        again = a_desk()
        for warning in own:
            assert again.take(warning_desk.OwnWarningRestored(warning), 0.0) == []
        return again


def a_desk() -> Desk:
    return Desk(WarningDesk(node=NodeId("KR-1"), nation=NationId("KR")))
