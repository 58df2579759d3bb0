"""A picture brings the plots behind its confirmed tracks, and no clutter."""

import numpy as np
from tests.tracking.made_up_arcs import SITE, World, arcs, at, follow, new_tracker, seen_from
from tests.tracking.made_up_boosts import (
    EYE,
    LONG_SHOT,
    RADAR,
    BoostWorld,
    flown,
    measured,
    since_launch_s,
    watched,
)

from bongsu.tracking.intake.tracked_scans import MAXIMUM_SCANS
from bongsu.vocabulary.sensor import SensorKind


def test_each_scan_brings_the_plots_of_confirmed_tracks_and_no_false_one() -> None:
    tracker, world = new_tracker(), World(arcs(10), clutter=20.0)
    follow(tracker, world, 25)
    tracker.picture(now=at(world.seconds))
    truth = seen_from(SITE, world.states)
    follow(tracker, world, 1)
    picture = tracker.picture(now=at(world.seconds))
    [scan] = picture.scans
    assert scan.sensor_id == SITE.sensor_id
    assert scan.sensor_kind is SensorKind.RADAR
    assert scan.observed_at == at(25.0)
    assert (scan.latitude_rad, scan.height_m) == (SITE.latitude_rad, SITE.height_m)
    plots = np.array([plot.measurement for plot in scan.plots])
    off = np.abs((plots[:, None] - truth[None]) / SITE.sigmas).max(axis=-1)
    assert off.min(axis=1).max() < 5.0  # sigma: each is the plot of an object, none is clutter
    assert 7 <= len(plots) <= 10  # of ten objects, each seen nine times in ten
    tracks = [plot.track_id for plot in scan.plots]
    assert len(set(tracks)) == len(tracks)
    assert set(tracks) <= {track.track_id for track in picture.tracks}


def test_a_scan_is_told_once() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=0.0)
    follow(tracker, world, 10)
    assert tracker.picture(now=at(10.0)).scans
    assert tracker.picture(now=at(10.0)).scans == ()


def test_before_a_track_is_confirmed_there_are_no_plots_behind_it() -> None:
    tracker, world = new_tracker(), World(arcs(0), clutter=20.0)
    follow(tracker, world, 10)
    assert tracker.picture(now=at(10.0)).scans == ()


def test_without_pictures_the_oldest_scans_are_let_go() -> None:
    tracker, world = new_tracker(), World(arcs(1), clutter=0.0)
    follow(tracker, world, MAXIMUM_SCANS + 20)
    scans = tracker.picture(now=at(world.seconds)).scans
    assert len(scans) == MAXIMUM_SCANS
    assert scans[-1].observed_at > at(world.seconds - 5.0)


def test_infrared_plots_stand_behind_a_boosted_track_too() -> None:
    flight = flown(LONG_SHOT)
    world = BoostWorld(flights=((flight, 0.0),), sites=(EYE, RADAR), clutter_per_scan=0.0)
    [_, picture] = watched(world, (100.0, 110.0))
    infrared = [scan for scan in picture.scans if scan.sensor_kind is SensorKind.INFRARED]
    assert len(infrared) >= 8
    for scan in infrared:
        [plot] = scan.plots
        position = flight.state_at(since_launch_s(scan.observed_at))[:3]
        off = (np.array(plot.measurement) - measured(EYE, position)) / EYE.sigmas
        assert np.abs(off).max() < 6.0
    [track] = picture.tracks
    assert {plot.track_id for scan in picture.scans for plot in scan.plots} == {track.track_id}
