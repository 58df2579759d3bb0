from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.tracking.made_up_arcs import (
    CLUTTER_HIGH,
    CLUTTER_LOW,
    SITE,
    START,
    World,
    arcs,
    at,
    batch_of,
    follow,
    new_tracker,
    seen_from,
)

from bongsu.tracking.intake.door import Refusal
from bongsu.tracking.settings import TrackerSettings
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.track import Phase, Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import MonotonicNs, SensorId, UtcNs

SECOND_SITE = replace(
    SITE,
    sensor_id=SensorId("XB-RADAR-1"),
    latitude_rad=np.radians(47.0),
    longitude_rad=np.radians(22.0),
)


def errors_m(picture: TrackPicture, states: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each object is from the nearest track, (n,)."""
    places = np.array([track.position_ecef_m for track in picture.tracks]).reshape(-1, 3)
    if len(places) == 0:
        return np.full(len(states), np.inf)
    apart = np.linalg.norm(states[:, None, :3] - places[None], axis=-1)
    return np.asarray(apart.min(axis=1))


def variance_m2(track: Track) -> float:
    return track.covariance[0] + track.covariance[6] + track.covariance[11]


def test_every_object_is_tracked_and_nothing_else() -> None:
    tracker, world = new_tracker(), World(arcs(20))
    follow(tracker, world, 25)
    picture = tracker.picture(now=at(world.seconds))
    assert len(picture.tracks) == 20
    assert errors_m(picture, world.states).max() < 1_500.0
    assert {track.status for track in picture.tracks} == {TrackStatus.OBSERVED}
    assert {track.phase for track in picture.tracks} == {Phase.FREE_FLIGHT}
    assert {track.sensors for track in picture.tracks} == {(SITE.sensor_id,)}
    assert all(not track.caveats for track in picture.tracks)


def test_two_plots_are_not_a_track_and_a_few_more_are() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=0.0)
    certain = replace(SITE, detection_probability=1.0)
    world.sites = (certain,)
    for scans, tracks in ((2, 0), (1, 1)):
        follow(tracker, world, scans)
        assert len(tracker.picture(now=at(world.seconds)).tracks) == tracks


def test_the_first_observation_of_a_track_is_its_first_plot_not_its_confirmation() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=0.0)
    follow(tracker, world, 6)
    assert tracker.picture(now=at(6.0)).tracks[0].first_observed_at == START


def test_clutter_alone_makes_no_track() -> None:
    tracker, world = new_tracker(), World(arcs(0), clutter=20.0)
    follow(tracker, world, 200)
    assert tracker.picture(now=at(200.0)).tracks == ()


def test_a_picture_is_of_the_moment_it_is_asked_for() -> None:
    tracker, world = new_tracker(), World(arcs(3), clutter=0.0)
    follow(tracker, world, 20)
    world.move(4.0)
    picture = tracker.picture(now=at(world.seconds))
    assert picture.at == at(world.seconds)
    assert errors_m(picture, world.states).max() < 1_500.0


def test_a_batch_that_comes_twice_counts_once() -> None:
    once, twice = new_tracker(), new_tracker()
    world = World(arcs(3))
    for _ in range(10):
        batch = world.look()
        for tracker in (once, twice, twice):
            tracker.process(batch, now=batch.observed_at)
        world.move(1.0)
    assert once.picture(now=at(10.0)).tracks == twice.picture(now=at(10.0)).tracks
    assert twice.refused[Refusal.SEEN_BEFORE] == sum(
        len(batch.measurements) for batch in looks(World(arcs(3)), 10)
    )


def looks(world: World, count: int) -> list[PlotBatch]:
    batches = []
    for _ in range(count):
        batches.append(world.look())
        world.move(1.0)
    return batches


def test_two_radars_make_one_track_of_each_object_and_a_better_one() -> None:
    world = World(arcs(5), sites=(SITE, SECOND_SITE))
    both, alone = new_tracker(SITE, SECOND_SITE), new_tracker()
    for _ in range(20):
        for site in (SITE, SECOND_SITE):
            batch = world.look(site)
            both.process(batch, now=batch.observed_at)
            alone.process(batch, now=batch.observed_at)
            world.move(0.5)
    fused, single = both.picture(now=at(20.0)), alone.picture(now=at(20.0))
    assert len(fused.tracks) == 5
    assert {len(track.sensors) for track in fused.tracks} == {2}
    assert np.mean([variance_m2(track) for track in fused.tracks]) < 0.6 * np.mean(
        [variance_m2(track) for track in single.tracks]
    )
    assert errors_m(fused, world.states).max() < 1_000.0


def test_plots_that_come_late_and_out_of_order_are_used_as_if_they_had_not() -> None:
    batches = looks(World(arcs(4)), 24)
    shuffled = [batches[k + shift] for k in range(0, 24, 4) for shift in (3, 0, 2, 1)]
    straight, disordered = new_tracker(), new_tracker()
    for batch in batches:
        straight.process(batch, now=at(24.0))
    for batch in shuffled:
        disordered.process(batch, now=at(24.0))
    expected, got = straight.picture(now=at(24.0)), disordered.picture(now=at(24.0))
    assert not disordered.refused
    assert len(got.tracks) == len(expected.tracks) == 4
    for one, other in zip(
        sorted(expected.tracks, key=lambda track: track.position_ecef_m),
        sorted(got.tracks, key=lambda track: track.position_ecef_m),
        strict=True,
    ):
        apart = np.subtract(one.position_ecef_m, other.position_ecef_m)
        assert np.linalg.norm(apart) < 0.3 * np.sqrt(variance_m2(one))
        assert variance_m2(other) == pytest.approx(variance_m2(one), rel=0.1)


def test_a_batch_late_by_more_than_is_kept_is_refused() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=0.0)
    early = world.look()
    world.move(30.0)
    follow(tracker, world, 1)
    tracker.process(early, now=at(31.0))
    assert tracker.refused == {Refusal.TOO_LATE: len(early.measurements)}


def test_plots_from_the_future_are_quarantined_and_counted() -> None:
    tracker = new_tracker()
    tracker.process(World(arcs(2), clutter=3.0).look(), now=at(-60.0))
    picture = tracker.picture(now=START)
    assert picture.tracks == ()
    assert picture.quarantined_plots == len(tracker.quarantine[0].measurements)
    assert tracker.clock_suspicion(now=START) is None


def test_plots_of_the_other_realm_change_nothing() -> None:
    tracker, world = new_tracker(), World(arcs(2))
    for _ in range(6):
        tracker.process(replace(world.look(), realm=Realm.LIVE), now=at(world.seconds))
        world.move(1.0)
    assert tracker.picture(now=at(6.0)).tracks == ()
    assert set(tracker.refused) == {Refusal.WRONG_REALM}


def test_impossible_plots_are_counted_and_the_others_used() -> None:
    tracker, world = new_tracker(), World(arcs(3))
    nonsense = ((float("nan"),) * 3, (float("inf"), 1.0, 0.2), (-1.0, 1.0, 0.2))
    for _ in range(12):
        batch = world.look()
        batch = replace(batch, measurements=batch.measurements + nonsense)
        tracker.process(batch, now=batch.observed_at)
        world.move(1.0)
    assert tracker.refused == {Refusal.IMPOSSIBLE: 36}
    picture = tracker.picture(now=at(12.0))
    assert picture.refused_plots == 36
    assert errors_m(picture, world.states).max() < 2_500.0


def test_what_moves_faster_than_any_missile_is_no_track() -> None:
    tracker = new_tracker()
    states = arcs(1)
    for scan in range(12):
        states[:, :3] += 40e3 * states[:, 3:] / np.linalg.norm(states[:, 3:])
        plots = seen_from(SITE, states)
        batch = batch_of(SITE, plots, sequence=scan + 1, seconds=float(scan))
        tracker.process(batch, now=batch.observed_at)
    assert tracker.picture(now=at(12.0)).tracks == ()


def test_a_jammer_costs_the_tracks_nothing_and_makes_none() -> None:
    settings_ = TrackerSettings(maximum_lone_plots_per_sensor=3_000)
    jammed, quiet = new_tracker(settings=settings_), new_tracker(settings=settings_)
    world = World(arcs(10))
    rng = np.random.default_rng(3)
    for scan in range(24):
        batch = world.look()
        quiet.process(batch, now=batch.observed_at)
        if scan >= 12:
            noise = rng.uniform(CLUTTER_LOW, CLUTTER_HIGH, (20_000, 3))
            plots = np.concatenate([np.array(batch.measurements), noise])
            batch = replace(batch, measurements=tuple(map(tuple, plots.tolist())))
        jammed.process(batch, now=batch.observed_at)
        world.move(1.0)
    with_noise, without = jammed.picture(now=at(24.0)), quiet.picture(now=at(24.0))
    assert len(with_noise.tracks) == len(without.tracks) == 10
    worst = errors_m(without, world.states).max()
    assert errors_m(with_noise, world.states).max() < 1.1 * worst + 50.0
    assert jammed.refused[Refusal.CROWDED_OUT] > 200_000


def test_a_jammer_in_one_beam_makes_no_tracks_there() -> None:
    tracker, world = new_tracker(), World(arcs(3))
    rng = np.random.default_rng(4)
    for scan in range(20):
        batch = world.look()
        if scan >= 8:
            low = seen_from(SITE, world.states[:1])[0] - np.array([20e3, 0.02, 0.02])
            noise = low + rng.uniform(0.0, 1.0, (1_000, 3)) * np.array([40e3, 0.04, 0.04])
            plots = np.concatenate([np.array(batch.measurements), noise])
            batch = replace(batch, measurements=tuple(map(tuple, plots.tolist())))
        tracker.process(batch, now=batch.observed_at)
        world.move(1.0)
    picture = tracker.picture(now=at(20.0))
    assert len(picture.tracks) == 3
    assert errors_m(picture, world.states).max() < 2_000.0


def test_a_tracker_that_starts_again_goes_on_counting() -> None:
    tracker = new_tracker(settings=TrackerSettings(first_track_number=42))
    follow(tracker, World(arcs(2)), 8)
    names = {track.track_id for track in tracker.picture(now=at(8.0)).tracks}
    assert names == {"XA-1/T0042", "XA-1/T0043"}


def test_there_are_never_more_tracks_than_allowed() -> None:
    tracker = new_tracker(settings=TrackerSettings(maximum_tracks=4))
    follow(tracker, World(arcs(9)), 10)
    assert len(tracker.picture(now=at(10.0)).tracks) == 4


def test_a_sensor_that_stops_sending_is_named() -> None:
    tracker = new_tracker()
    follow(tracker, World(arcs(1)), 3)
    assert tracker.picture(now=at(3.0)).silent_sensors == ()
    assert tracker.picture(now=at(10.0)).silent_sensors == (SITE.sensor_id,)


def test_confirmed_tracks_are_also_there_as_arrays() -> None:
    tracker, world = new_tracker(), World(arcs(4), clutter=0.0)
    assert len(tracker.confirmed().number) == 0
    follow(tracker, world, 8)
    tracks, picture = tracker.confirmed(), tracker.picture(now=at(7.0))
    assert [tracker.track_id(number) for number in tracks.number.tolist()] == [
        track.track_id for track in picture.tracks
    ]
    assert tracks.state[:, :3] == pytest.approx(
        np.array([track.position_ecef_m for track in picture.tracks])
    )
    assert tracks.observed.all()


def test_a_tracker_of_sensors_with_one_name_or_too_many_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="same name"):
        new_tracker(SITE, SITE)
    many = [replace(SITE, sensor_id=SensorId(f"XA-RADAR-{n}")) for n in range(64)]
    with pytest.raises(LocalMisuse, match="too many"):
        new_tracker(*many)


@pytest.mark.parametrize(
    "wrong",
    [{"maximum_tracks": 0}, {"maximum_coast_s": float("nan")}, {"confirmation_probability": 1.0}],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(LocalMisuse):
        TrackerSettings(**wrong)  # type: ignore[arg-type]


wild = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([9e5, 1.5, 0.3])
hostile = st.builds(
    PlotBatch,
    sensor_id=st.sampled_from([SITE.sensor_id, SensorId("?")]),
    realm=st.sampled_from(Realm),
    sequence=st.integers(-2, 2**63),
    observed_at=st.integers(-(2**70), 2**70).map(UtcNs)
    | st.integers(-20, 20).map(lambda seconds: at(float(seconds))),
    emitted_at=st.integers(-(2**62), 2**62).map(MonotonicNs),
    measurements=st.lists(st.lists(wild, max_size=4).map(tuple), max_size=5).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(hostile, max_size=8))
def test_nothing_that_a_sensor_sends_stops_the_tracker(batches: list[PlotBatch]) -> None:
    tracker: Tracker = new_tracker()
    for batch in batches:
        tracker.process(batch, now=START)
    total = sum(len(batch.measurements) for batch in batches)
    picture = tracker.picture(now=START)
    assert picture.refused_plots + picture.quarantined_plots <= total
