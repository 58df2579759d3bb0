"""Q23: sensors' times that disagree with ours; whose clock is wrong is said, never guessed."""

from dataclasses import replace

import pytest
from tests.tracking.made_up_arcs import SITE, World, arcs, at, follow, new_tracker
from tests.tracking.test_tracker import SECOND_SITE, errors_m

from bongsu.tracking.picture import TIME_UNSURE
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import SensorId, after_seconds

THIRD_SITE = replace(SITE, sensor_id=SensorId("XA-RADAR-3"), latitude_rad=0.79)
SITES = (SITE, SECOND_SITE, THIRD_SITE)


def watched(
    slow_s: float, *, scans: int = 10, lying: tuple[SensorSite, ...] = (), lie_s: float = 0.0
) -> tuple[Tracker, World]:
    """Two radars, a third that follows them, by a clock of ours that is slow by so much."""
    tracker, world = new_tracker(*SITES), World(arcs(3), sites=SITES, clutter=0.0)
    for _ in range(scans):
        for site in SITES:
            batch = world.look(site)
            told = after_seconds(batch.observed_at, lie_s if site in lying else 0.0)
            now = after_seconds(batch.observed_at, -slow_s)
            tracker.process(replace(batch, observed_at=told), now=now)
        world.move(1.0)
    return tracker, world


def test_q23_sensors_that_agree_against_us_put_our_own_clock_under_suspicion() -> None:
    tracker, world = watched(slow_s=300.0)
    picture = tracker.picture(now=at(10.0 - 300.0))
    assert picture.clock is not None
    assert picture.clock.sensors == tuple(sorted(site.sensor_id for site in SITES))
    assert picture.clock.slow_s == pytest.approx(300.0)
    assert picture.clock.followed
    assert "300.0 s slow" in picture.clock.in_words
    assert picture.off_time_sensors == ()
    assert len(picture.tracks) == 3  # a slow clock keeps no warning back
    assert all(TIME_UNSURE in track.caveats for track in picture.tracks)
    assert errors_m(picture, world.states).max() < 500.0
    assert picture.silent_sensors == ()
    # What came before the second sensor agreed was kept out, counted and kept.
    assert picture.quarantined_plots == sum(len(one.measurements) for one in tracker.quarantine)
    assert 0 < picture.quarantined_plots <= 3


def test_q23_one_sensor_that_is_alone_with_its_time_is_suspect_itself() -> None:
    tracker, _ = watched(slow_s=0.0, lying=(SECOND_SITE,), lie_s=30.0)
    picture = tracker.picture(now=at(10.0))
    assert picture.clock is None
    assert picture.off_time_sensors == (SECOND_SITE.sensor_id,)
    assert picture.quarantined_plots > 0
    assert len(picture.tracks) == 3
    assert not any(TIME_UNSURE in track.caveats for track in picture.tracks)


def test_q23_two_that_agree_on_a_far_time_do_not_push_out_one_that_is_on_time() -> None:
    tracker, world = watched(slow_s=0.0, lying=(SECOND_SITE, THIRD_SITE), lie_s=600.0)
    picture = tracker.picture(now=at(10.0))
    assert picture.clock is not None
    assert not picture.clock.followed
    assert "quarantined" in picture.clock.in_words
    assert len(picture.tracks) == 3
    assert all(TIME_UNSURE in track.caveats for track in picture.tracks)
    alone, quiet = new_tracker(*SITES), World(arcs(3), sites=SITES, clutter=0.0)
    follow(alone, quiet, 10)
    without = alone.picture(now=at(10.0))
    assert errors_m(picture, world.states) == pytest.approx(errors_m(without, quiet.states))


def test_q23_a_clock_that_is_mended_is_no_longer_suspected() -> None:
    tracker, world = watched(slow_s=300.0)
    for _ in range(3):
        for site in SITES:
            batch = world.look(site)
            tracker.process(batch, now=batch.observed_at)
        world.move(1.0)
    picture = tracker.picture(now=at(13.0))
    assert picture.clock is None
    assert len(picture.tracks) == 3
    assert not any(TIME_UNSURE in track.caveats for track in picture.tracks)
