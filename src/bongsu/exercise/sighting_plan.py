"""What the trackers of a made-up federation report: flights, and who sees each of them when.

Nothing is simulated of a flight but what a warning desk acts on: it is seen, its estimates move,
it is lost or comes down. What a nation may wish to keep closed carries a mark that can be found
again anywhere, as bytes: see `bongsu.exercise.telltales`.
"""

import math
from dataclasses import dataclass

from bongsu.exercise.draws import Draws
from bongsu.exercise.federation_plan import FederationPlan, nation_of_node
from bongsu.exercise.telltales import Telltale, as_text, in_number
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Ellipse,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
    ObjectClass,
)
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, Track, TrackStatus
from bongsu.vocabulary.units import MonotonicNs, NodeId, SensorId, TrackId, UtcNs, after_seconds

MEAN_GAP_S = 60.0  # between launches
PREDICTED_AFTER_S = 6.0  # without a plot a tracker calls its track predicted
LOW_WITHIN_S = 20.0  # of the fall, a flight that is seen to come down is seen low
HIGH_M, LOW_M = 400_000.0, 12_000.0
SIGMA_M = 2_000.0
KINDS = (SensorKind.RADAR, SensorKind.INFRARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One nation's tracker follows one flight, from and until seconds of the run."""

    node: NodeId
    number: int  # of the flight
    from_s: float
    until_s: float
    kind: SensorKind
    launched_s: float
    falls_s: float
    point: GeoPoint
    moves_every_s: float  # its estimates, each time by more than a standard deviation


def plan_sightings(seed: int, federation: FederationPlan, *, duration_s: float) -> tuple[Look, ...]:
    """Every look of a run, by the time at which it begins."""
    draws = Draws(seed, "sightings")
    looks: list[Look] = []
    at_s, number = draws.between(2.0, 10.0), 0
    while at_s < duration_s - 10.0:
        salvo = draws.whole(4, 10) if draws.whether(0.08) else 1
        for _ in range(salvo):
            number += 1
            looks += _looks(draws, federation, number, at_s, duration_s)
        at_s += draws.between(0.3, 1.7) * MEAN_GAP_S
    return tuple(sorted(looks, key=lambda look: look.from_s))


def track_at(look: Look, *, start: UtcNs, at_s: float, emitted_at: MonotonicNs) -> Track:
    """What its tracker says `at_s` into a run that began at `start` by this machine's clock."""
    nation = nation_of_node(look.node)
    seen_s = min(at_s, look.until_s)
    step = int((seen_s - look.from_s) / look.moves_every_s)
    comes_down = look.falls_s - seen_s < LOW_WITHIN_S
    x_m, y_m, z_m = geodetic_to_ecef(
        look.point.latitude_rad, look.point.longitude_rad, LOW_M if comes_down else HIGH_M
    ).tolist()
    predicted = at_s - seen_s > PREDICTED_AFTER_S
    return Track(
        track_id=TrackId(f"{look.node}/{as_text(Telltale('track_id', nation, look.number))}"),
        at=after_seconds(start, at_s),
        first_observed_at=after_seconds(start, look.from_s),
        last_observed_at=after_seconds(start, seen_s),
        last_plot_emitted_at=emitted_at,
        status=TrackStatus.PREDICTED if predicted else TrackStatus.OBSERVED,
        phase=Phase.REENTRY if comes_down else Phase.FREE_FLIGHT,
        position_ecef_m=(x_m, y_m, z_m),
        velocity_ecef_mps=(0.0, 0.0, 0.0),
        covariance=(1.0,) * 21,
        sensors=(SensorId(f"{nation}-X-{as_text(Telltale('sensors', nation, look.number))}"),),
        sensor_kinds=(look.kind,),
        classification=(ClassProbability(object_class=ObjectClass.MRBM, probability=0.9),),
        launch=_launch(look, step, start),
        impact=_impact(look, step, start),
        caveats=(as_text(Telltale("caveats", nation, look.number)),),
    )


def _looks(
    draws: Draws, federation: FederationPlan, number: int, at_s: float, duration_s: float
) -> list[Look]:
    falls_s = at_s + draws.between(40.0, 200.0)
    point = GeoPoint(latitude_rad=draws.between(0.60, 0.75), longitude_rad=draws.between(2.1, 2.4))
    watchers = draws.some_of(federation.nodes, draws.one_of((1, 1, 2, 3)))
    looks: list[Look] = []
    for node in watchers:
        from_s = at_s + draws.between(0.0, 8.0)
        to_the_fall = draws.whether(0.5)
        lost_s = (
            falls_s - draws.between(0.0, 5.0) if to_the_fall else draws.between(from_s, falls_s)
        )
        looks.append(
            Look(
                node=node,
                number=number,
                from_s=from_s,
                until_s=min(max(lost_s, from_s + 1.0), duration_s),
                kind=draws.one_of(KINDS),
                launched_s=at_s,
                falls_s=falls_s,
                point=point,
                moves_every_s=draws.between(4.0, 30.0),
            )
        )
    return looks


def _launch(look: Look, step: int, start: UtcNs) -> LaunchEstimate:
    moved = look.point.latitude_rad + step * 4.0 * SIGMA_M / 6_371_000.0
    telltale = Telltale("launch", nation_of_node(look.node), look.number)
    return LaunchEstimate(
        point=GeoPoint(
            latitude_rad=in_number(telltale, moved),
            longitude_rad=in_number(telltale, look.point.longitude_rad),
        ),
        ellipse=_circle(),
        at=after_seconds(start, look.launched_s),
        sigma_time_s=1.0,
        azimuth_rad=1.2,
        sigma_azimuth_rad=0.01,
    )


def _impact(look: Look, step: int, start: UtcNs) -> ImpactEstimate:
    point = GeoPoint(
        latitude_rad=look.point.latitude_rad - 0.05 + step * 4.0 * SIGMA_M / 6_371_000.0,
        longitude_rad=look.point.longitude_rad + 0.3,
    )
    return ImpactEstimate(
        point=point, ellipse=_circle(), at=after_seconds(start, look.falls_s), sigma_time_s=2.0
    )


def _circle() -> Ellipse:
    radius_m = SIGMA_M * math.sqrt(-2.0 * math.log(0.05))
    return Ellipse(semi_major_m=radius_m, semi_minor_m=radius_m, azimuth_rad=0.0)
