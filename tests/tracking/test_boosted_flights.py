"""Whole flights through the tracker; the truth differs from every generic boost.

The figures asserted are those a user is promised, with room for a few seeds; `make bench`
measures them over many.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    EYE,
    LAUNCH_PLACE,
    LONG_SHOT,
    OTHER_EYE,
    RADAR,
    SHORT_SHOT,
    TWO_STAGES,
    BoostWorld,
    at,
    burnout_s,
    flown,
    ground_point,
    since_launch_s,
    watched,
)

from bongsu.physics.boost import BoostControls, LaunchPlace
from bongsu.physics.generic_figures import TWO_STAGE_LIQUID
from bongsu.physics.geodesy import geodesic_inverse
from bongsu.physics.trajectory import fly
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.estimates import Ellipse, GeoPoint, ObjectClass
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import after_seconds, seconds_between

FLIGHT = flown(LONG_SHOT)
BURNOUT_S = burnout_s(FLIGHT)
IMPACT = ground_point(FLIGHT.state_ecef[-1, :3])
MOMENTS_S = (60.0, 120.0, BURNOUT_S, BURNOUT_S + 5.0, BURNOUT_S + 30.0, BURNOUT_S + 60.0)


def apart_m(first: GeoPoint, second: GeoPoint) -> float:
    return float(
        geodesic_inverse(
            first.latitude_rad, first.longitude_rad, second.latitude_rad, second.longitude_rad
        )[0]
    )


def holds(ellipse: Ellipse, center: GeoPoint, place: GeoPoint, *, times: float = 1.0) -> bool:
    distance, azimuth, _ = geodesic_inverse(
        center.latitude_rad, center.longitude_rad, place.latitude_rad, place.longitude_rad
    )
    turn = float(azimuth) - ellipse.azimuth_rad
    along = float(distance) * np.cos(turn) / ellipse.semi_major_m
    across = float(distance) * np.sin(turn) / ellipse.semi_minor_m
    return bool(np.hypot(along, across) < times)


def nearest(picture: TrackPicture, seconds: float) -> Track:
    truth = FLIGHT.state_at(min(seconds, FLIGHT.duration_s))[:3]
    return min(
        picture.tracks, key=lambda track: float(np.linalg.norm(track.position_ecef_m - truth))
    )


@cache
def mixed() -> tuple[Track, ...]:
    """One infrared sensor and a radar at 500 km, at MOMENTS_S."""
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE, RADAR], seed=11)
    pictures = watched(world, MOMENTS_S)
    return tuple(nearest(*pair) for pair in zip(pictures, MOMENTS_S, strict=True))


@cache
def infrared_only() -> tuple[Track, ...]:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE], seed=12)
    pictures = watched(world, MOMENTS_S)
    return tuple(nearest(*pair) for pair in zip(pictures, MOMENTS_S, strict=True))


def test_infrared_and_radar_find_the_launch() -> None:
    early, later = mixed()[0].launch, mixed()[1].launch
    assert early is not None
    assert later is not None
    assert apart_m(early.point, LAUNCH_PLACE) < 10e3
    assert apart_m(later.point, LAUNCH_PLACE) < 2.5e3
    assert holds(later.ellipse, later.point, LAUNCH_PLACE)
    assert abs(since_launch_s(later.at)) < 3.0 * later.sigma_time_s
    under = ground_point(FLIGHT.state_at(120.0)[:3])
    _, bearing, _ = geodesic_inverse(
        LAUNCH_PLACE.latitude_rad,
        LAUNCH_PLACE.longitude_rad,
        under.latitude_rad,
        under.longitude_rad,
    )
    off = abs(later.azimuth_rad - float(bearing))
    assert off < max(3.0 * later.sigma_azimuth_rad, np.radians(0.5))


def test_infrared_and_radar_close_in_on_the_impact() -> None:
    stated = [track.impact for track in mixed()]
    assert stated[0] is None
    assert stated[1] is None
    for impact, within_m in zip(stated[3:], (400e3, 40e3, 12e3), strict=True):
        assert impact is not None
        assert apart_m(impact.point, IMPACT) < within_m
        assert holds(impact.ellipse, impact.point, IMPACT, times=1.5)
    sizes = [impact.ellipse.semi_major_m for impact in stated[3:] if impact is not None]
    assert sizes == sorted(sizes, reverse=True)


def test_the_flight_and_its_class_are_told() -> None:
    last = mixed()[-1]
    assert last.flight is not None
    assert last.flight.range_m == pytest.approx(apart_m(LAUNCH_PLACE, IMPACT), rel=0.01)
    assert last.flight.apogee_m == pytest.approx(FLIGHT.apogee_m(), rel=0.02)
    assert last.flight.flight_time_s == pytest.approx(FLIGHT.duration_s, abs=15.0)
    assert last.classification[0].object_class is ObjectClass.IRBM
    assert sum(one.probability for one in last.classification) == pytest.approx(1.0)


def test_phases_change_when_the_engine_stops() -> None:
    phases = [track.phase for track in mixed()]
    assert phases[:2] == [Phase.BOOST, Phase.BOOST]
    assert phases[3:] == [Phase.FREE_FLIGHT] * 3


def test_infrared_alone_finds_the_launch_and_never_a_point_before_burnout() -> None:
    for track, within_m in zip(infrared_only()[:3], (10e3, 6e3, 4e3), strict=True):
        assert track.launch is not None
        assert apart_m(track.launch.point, LAUNCH_PLACE) < within_m
        assert holds(track.launch.ellipse, track.launch.point, LAUNCH_PLACE)
        assert track.impact is None
        assert track.fan is not None
        assert track.sensor_kinds == (SensorKind.INFRARED,)


def test_two_infrared_sensors_make_one_track() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE, OTHER_EYE], seed=13)
    pictures = watched(world, (60.0, 100.0))
    assert [len(picture.tracks) for picture in pictures] == [1, 1]
    (track,) = pictures[1].tracks
    assert set(track.sensors) == {EYE.sensor_id, OTHER_EYE.sensor_id}
    assert np.linalg.norm(track.position_ecef_m - FLIGHT.state_at(100.0)[:3]) < 5e3


def test_a_radar_alone_follows_a_boost_and_states_no_impact_before_it_ends() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[RADAR], seed=14)
    moments = (95.0, 120.0, BURNOUT_S - 1.0, BURNOUT_S + 60.0)
    tracks = [nearest(*pair) for pair in zip(watched(world, moments), moments, strict=True)]
    assert len({track.track_id for track in tracks}) == 1
    assert [track.phase for track in tracks[:3]] == [Phase.BOOST] * 3
    assert [track.impact for track in tracks[:3]] == [None] * 3
    launch, impact = tracks[3].launch, tracks[3].impact
    assert launch is not None
    assert impact is not None
    assert holds(launch.ellipse, launch.point, LAUNCH_PLACE, times=1.5)
    assert apart_m(impact.point, IMPACT) < 20e3


def test_a_radar_that_saw_no_boost_tells_of_the_launch_and_the_whole_flight() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[RADAR], seed=23)
    tracker = Tracker(world.sites, name="XA-1")
    for batch in world.batches(BURNOUT_S + 150.0):
        if since_launch_s(batch.observed_at) > BURNOUT_S + 60.0:
            tracker.process(batch, now=batch.observed_at)
            tracker.picture(now=batch.observed_at)
    (track,) = tracker.picture(now=at(BURNOUT_S + 150.0)).tracks
    assert track.phase is Phase.FREE_FLIGHT
    assert track.launch is not None
    assert track.launch.ellipse.semi_major_m > 20e3
    assert holds(track.launch.ellipse, track.launch.point, LAUNCH_PLACE)
    assert track.flight is not None
    off_s = abs(track.flight.flight_time_s - FLIGHT.duration_s)
    assert off_s < 3.0 * track.flight.sigma_flight_time_s


def test_an_engine_that_is_lit_again_after_a_minute_belongs_to_the_same_track() -> None:
    first, second = TWO_STAGE_LIQUID.stages
    profile = replace(TWO_STAGE_LIQUID, stages=(first, replace(second, coast_before_s=60.0)))
    flight = fly(
        profile,
        BoostControls(
            thrust_scale=np.array([1.1]),
            burn_scale=np.array([1.0]),
            final_pitch_rad=np.array([np.radians(40.0)]),
            azimuth_rad=np.array([np.radians(80.0)]),
        ),
        LaunchPlace(
            latitude_rad=LAUNCH_PLACE.latitude_rad, longitude_rad=LAUNCH_PLACE.longitude_rad
        ),
    )
    world = BoostWorld(flights=[(flight, 0.0)], sites=[EYE, OTHER_EYE], seed=24)
    burning, coasting, again = watched(world, (120.0, 180.0, 230.0))
    assert [len(picture.tracks) for picture in (burning, coasting, again)] == [1, 1, 1]
    tracks = [picture.tracks[0] for picture in (burning, coasting, again)]
    assert [track.phase for track in tracks] == [Phase.BOOST, Phase.FREE_FLIGHT, Phase.BOOST]
    assert len({track.track_id for track in tracks}) == 1
    assert tracks[2].impact is None
    assert np.linalg.norm(tracks[2].position_ecef_m - flight.state_at(230.0)[:3]) < 20e3


def test_two_launches_at_once_stay_two_tracks() -> None:
    other = flown(SHORT_SHOT)
    world = BoostWorld(flights=[(FLIGHT, 0.0), (other, 20.0)], sites=[EYE, OTHER_EYE], seed=15)
    (picture,) = watched(world, (75.0,))
    assert len(picture.tracks) == 2
    for truth in (FLIGHT.state_at(75.0), other.state_at(55.0)):
        misses = [np.linalg.norm(one.position_ecef_m - truth[:3]) for one in picture.tracks]
        assert min(misses) < 5e3


def test_false_plots_make_no_launches() -> None:
    world = BoostWorld(
        flights=[(FLIGHT, 1e6)], sites=[EYE, OTHER_EYE], seed=16, clutter_per_scan=20.0
    )
    (picture,) = watched(world, (120.0,))
    assert picture.tracks == ()


def test_a_launch_is_found_among_false_plots() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE], seed=17, clutter_per_scan=20.0)
    (picture,) = watched(world, (90.0,))
    (track,) = picture.tracks
    assert track.launch is not None
    assert apart_m(track.launch.point, LAUNCH_PLACE) < 8e3


def test_plots_that_no_infrared_sensor_could_make_are_counted() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE])
    tracker = Tracker([EYE], name="XA-1")
    batch = next(iter(world.batches(0.0)))
    broken = replace(batch, measurements=((float("nan"), 0.0), (1.4, 0.0), (0.01, 0.02)))
    tracker.process(broken, now=batch.observed_at)
    assert tracker.picture(now=batch.observed_at).refused_plots == 2


@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_infrared_and_radar_send_stops_the_tracker(seed: int) -> None:
    """Silences, late scans, wild plots and lies among three true flights."""
    rng = np.random.default_rng([seed, 9])
    flights = [(FLIGHT, 20.0), (flown(SHORT_SHOT), 40.0), (flown(TWO_STAGES), 10.0)]
    sites = [replace(EYE, detection_probability=1.0), OTHER_EYE, RADAR]
    world = BoostWorld(flights=flights, sites=sites, seed=seed, clutter_per_scan=1.0)
    tracker, passed_s = Tracker(sites, name="XA-1"), 0.0
    for batch in world.batches(110.0):
        passed_s += float(rng.choice([0.0, 3.0, 40.0, 100.0], p=[0.95, 0.03, 0.01, 0.01]))
        observed_at = after_seconds(batch.observed_at, passed_s - rng.choice([0.0, 0.0, 5.0]))
        wild = [
            tuple((np.array(plot) * rng.choice([1.0, 1.0, 1.0, 1.01, 0.5])).tolist())
            for plot in batch.measurements
        ]
        now = max(observed_at, after_seconds(batch.observed_at, passed_s))
        changed = replace(batch, measurements=tuple(wild), observed_at=observed_at)
        tracker.process(changed, now=now)
        for track in tracker.picture(now=now).tracks:
            assert np.isfinite(track.position_ecef_m).all()
            assert np.isfinite(track.covariance).all()
            assert track.fan is None or track.fan.minimum_range_m <= track.fan.maximum_range_m


def test_a_flood_of_infrared_plots_is_bounded_and_counted_and_loses_no_track() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE], seed=25)
    tracker = Tracker([EYE], name="XA-1")
    rng = np.random.default_rng(6)
    for batch in world.batches(100.0):
        flooded = since_launch_s(batch.observed_at) > 80.0
        flood = rng.uniform(-0.15, 0.15, (20_000, 2)).tolist() if flooded else []
        plots = (*batch.measurements, *(tuple(plot) for plot in flood))
        tracker.process(replace(batch, measurements=plots), now=batch.observed_at)
    picture = tracker.picture(now=at(100.0))
    assert picture.refused_plots > 300_000
    (track,) = picture.tracks
    assert np.linalg.norm(track.position_ecef_m - FLIGHT.state_at(100.0)[:3]) < 60e3


def test_a_new_launch_is_not_taken_for_a_lost_track_that_may_be_anywhere() -> None:
    """The first flight burnt out long ago and was seen by one infrared sensor only."""
    late_s = 500.0
    other = flown(SHORT_SHOT)
    world = BoostWorld(flights=[(FLIGHT, 0.0), (other, late_s)], sites=[EYE], seed=26)
    (picture,) = watched(world, (late_s + 45.0,))
    assert sorted(track.phase.value for track in picture.tracks) == ["boost", "free flight"]


def test_infrared_batches_that_come_late_and_out_of_order_are_used() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE, OTHER_EYE], seed=18)
    tracker = Tracker(world.sites, name="XA-1")
    batches = list(world.batches(100.0))
    for early, late in zip(batches[::2], batches[1::2], strict=False):
        tracker.process(late, now=late.observed_at)
        tracker.process(early, now=late.observed_at)
    (track,) = tracker.picture(now=batches[-1].observed_at).tracks
    truth = FLIGHT.state_at(since_launch_s(batches[-1].observed_at))[:3]
    assert np.linalg.norm(track.position_ecef_m - truth) < 6e3


def test_after_the_predicted_impact_the_track_is_dropped() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE, RADAR], seed=11)
    tracker = Tracker(world.sites, name="XA-1")
    watched(world, (BURNOUT_S + 60.0,), tracker=tracker)
    before = tracker.picture(now=at(FLIGHT.duration_s - 10.0)).tracks
    assert TrackStatus.PREDICTED in {track.status for track in before}
    after = tracker.picture(now=at(FLIGHT.duration_s + 90.0)).tracks
    assert {track.status for track in after} == {TrackStatus.DROPPED}


def test_the_same_plots_give_the_same_tracks() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE], seed=19)
    assert watched(world, (80.0,)) == watched(world, (80.0,))


@pytest.mark.parametrize(
    ("hours", "sites", "said"),
    [(18.5, [EYE], True), (6.0, [EYE], False), (18.5, [EYE, RADAR], False)],
)
def test_q4_the_sun_in_line_is_a_caveat_of_a_track_that_rests_on_infrared_alone(
    hours: float, sites: list[SensorSite], said: bool
) -> None:
    """At 18.5 hours past the launch's own hour the sun stands 11 degrees beside the target."""
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=sites, seed=22)
    tracker = Tracker(sites, name="XA-1")
    for batch in world.batches(95.0):
        later = after_seconds(batch.observed_at, 3600.0 * hours)
        tracker.process(replace(batch, observed_at=later), now=later)
    (track,) = tracker.picture(now=at(95.0 + 3600.0 * hours)).tracks
    assert any("stray sunlight" in caveat for caveat in track.caveats) is said


def test_q7_a_late_detection_is_stated_at_once_with_the_age_of_its_data() -> None:
    """The sensor wakes up in mid-boost: three plots, and it is said, with times as instants."""
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE, OTHER_EYE], seed=20)
    tracker = Tracker(world.sites, name="XA-1")
    late = [one for one in world.batches(114.0) if since_launch_s(one.observed_at) > 110.0]
    for batch in late:
        tracker.process(batch, now=batch.observed_at)
    now = at(116.5)
    (track,) = tracker.picture(now=now).tracks
    assert track.first_observed_at >= at(110.0)
    assert 2.0 < seconds_between(now, track.last_observed_at) < 4.0
    assert track.launch is not None
    assert track.fan is not None
    assert holds(track.launch.ellipse, track.launch.point, LAUNCH_PLACE, times=2.0)


def test_q18_a_boost_that_is_lost_is_predicted_and_grows_and_never_falls_for_a_fact() -> None:
    """All sensors go blind in boost: no point of impact may come of it."""
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE, OTHER_EYE], seed=21)
    tracker = Tracker(world.sites, name="XA-1")
    for batch in world.batches(100.0):
        tracker.process(batch, now=batch.observed_at)
    sigmas = []
    for seconds in (101.0, 110.0, 130.0, 150.0, 200.0, 400.0, 900.0):
        (track,) = tracker.picture(now=at(seconds)).tracks
        assert track.impact is None
        assert track.fan is not None
        sigmas.append(float(np.sqrt(track.covariance[0] + track.covariance[6])))
    assert track.status is TrackStatus.PREDICTED
    assert sigmas == sorted(sigmas)
    assert sigmas[-1] > 100.0 * sigmas[0]


def test_q18_a_lost_missile_stays_predicted_and_its_area_never_shrinks() -> None:
    world = BoostWorld(flights=[(FLIGHT, 0.0)], sites=[EYE, RADAR], seed=11)
    tracker = Tracker(world.sites, name="XA-1")
    watched(world, (BURNOUT_S + 40.0,), tracker=tracker)
    sizes, sigmas = [], []
    for seconds in np.arange(BURNOUT_S + 50.0, FLIGHT.duration_s - 5.0, 100.0).tolist():
        track = nearest(tracker.picture(now=at(seconds)), seconds)
        assert track.status.value == "predicted, not observed"
        assert track.impact is not None
        sizes.append(track.impact.ellipse.semi_major_m)
        sigmas.append(float(np.sqrt(track.covariance[0] + track.covariance[6])))
    assert sizes == sorted(sizes)
    assert sigmas[:-1] == sorted(sigmas[:-1])
