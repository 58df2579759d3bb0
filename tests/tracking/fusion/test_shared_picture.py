"""Three nations, one picture: each one's own, and together, and no sensor twice."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.tracking.fusion.made_up_nations import (
    JAPAN,
    KOREA,
    SEEN_BY_TWO,
    STATES,
    Nations,
    squared_error,
)

from bongsu.tracking.fusion.contribution import Parts, followed
from bongsu.tracking.fusion.estimate import Estimate, estimate_of
from bongsu.tracking.fusion.shared_picture import shared_picture
from bongsu.vocabulary.seen_track import SeenTrack, SharedObject
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import NodeId, SensorId, TrackId

OWN_RADARS = {"XK": (KOREA,), "XU": (STATES,), "XJ": (JAPAN,)}
SHARED_RADAR = {"XK": (KOREA, SEEN_BY_TWO), "XU": (STATES, SEEN_BY_TWO)}
RUNS = 40
SCANS = 12
EXPECTED = 6.0
# 99.8 % of the means of 40 chi-squares with six degrees of freedom: 6 -+ 3.09 * sqrt(12 / 40)
LOW, HIGH = EXPECTED - 1.69, EXPECTED + 1.69


def watched(
    radars: Mapping[str, tuple[SensorSite, ...]], *, seed: int, scans: int = SCANS, objects: int = 1
) -> Nations:
    nations = Nations(radars, seed=seed, objects=objects)
    for _ in range(scans):
        nations.look()
    return nations


def only(objects: tuple[SharedObject, ...]) -> SharedObject:
    [one] = objects
    assert one.fused is not None
    return one


def nees(one: SharedObject, truth: np.ndarray) -> float:
    assert one.fused is not None
    mean = np.array([*one.fused.position_ecef_m, *one.fused.velocity_ecef_mps])
    return squared_error(one.fused.covariance, mean, truth)


def volume(covariance: tuple[float, ...], track: SeenTrack) -> float:
    estimate = estimate_of(replace(track, covariance=covariance))
    assert isinstance(estimate, Estimate)
    return estimate.log_volume


def test_three_nations_radars_add_up_and_the_fused_estimate_is_as_sure_as_it_says() -> None:
    errors = []
    for seed in range(RUNS):
        nations = watched(OWN_RADARS, seed=seed)
        tracks = nations.published()
        one = only(shared_picture(tracks))
        errors.append(nees(one, nations.world.states[0]))
        assert one.fused is not None
        assert one.fused.sensors == tuple(sorted(site.sensor_id for site in (KOREA, STATES, JAPAN)))
        assert len(one.tracks) == 3  # each nation's own stays beside it
        assert set(one.tracks) == set(tracks)
        assert one.notes == ()
        assert all(
            volume(one.fused.covariance, track) < volume(track.covariance or (), track)
            for track in tracks
        )
    assert LOW < np.mean(errors) < HIGH


def test_nations_that_share_a_radar_are_never_surer_together_than_they_may_be() -> None:
    errors, unfair = [], []
    for seed in range(RUNS):
        nations = watched(SHARED_RADAR, seed=seed)
        tracks = nations.published()
        one = only(shared_picture(tracks))
        truth = nations.world.states[0]
        errors.append(nees(one, truth))
        # Without their sensors' names they would look independent: that counts a radar twice.
        named = [replace(track, sensors=(SensorId(f"{track.nation}-X"),)) for track in tracks]
        unfair.append(nees(only(shared_picture(named)), truth))
        [note] = one.notes
        assert "share XS-RADAR-1: counted once" in note
    assert np.mean(errors) < HIGH
    assert np.mean(unfair) > np.mean(errors)


def test_a_sensor_that_comes_through_two_nations_never_counts_twice() -> None:
    nations = watched({"XK": (KOREA,), "XU": (KOREA,), "XJ": (KOREA,)}, seed=4)
    tracks = nations.published()
    one = only(shared_picture(tracks))
    assert one.fused is not None
    assert one.fused.covariance == pytest.approx(tracks[0].covariance, rel=1e-6)
    assert one.fused.position_ecef_m == pytest.approx(tracks[0].position_ecef_m, abs=1e-3)
    assert one.fused.sensors == (KOREA.sensor_id,)
    assert all("share XK-RADAR-1: counted once" in note for note in one.notes)


def test_estimates_of_differing_times_are_moved_to_the_newest_before_they_are_put_together() -> (
    None
):
    errors = []
    for seed in range(RUNS):
        nations = watched(OWN_RADARS, seed=seed)
        late = nations.published()
        for _ in range(3):
            nations.look(only=(KOREA,))
        newest = nations.published()
        tracks = [track for track in newest if track.nation == "XK"]
        tracks += [track for track in late if track.nation != "XK"]
        assert len({track.at for track in tracks}) == 2
        one = only(shared_picture(tracks))
        assert one.fused is not None
        assert one.fused.at == nations.now()
        errors.append(nees(one, nations.world.states[0]))
    assert LOW < np.mean(errors) < HIGH


@pytest.mark.parametrize("withheld", ["covariance", "position_ecef_m"])
def test_where_what_fusion_takes_is_withheld_nothing_is_fused_and_it_is_said(
    withheld: str,
) -> None:
    nations = watched({"XK": (KOREA,), "XU": (STATES,)}, seed=2)
    own, partner = nations.published()
    nothing: dict[str, Any] = {withheld: None}
    closed = replace(partner, withheld=(withheld,), **nothing)
    objects = shared_picture([own, closed])
    assert [one.fused for one in objects] == [None, None]
    [note] = objects[1].notes
    what = "covariance" if withheld == "covariance" else "state"
    assert f"no fusion with {partner.track_id} of XU: its {what} is withheld" in note


def test_where_sensors_are_withheld_they_count_as_if_shared() -> None:
    nations = watched({"XK": (KOREA,), "XU": (STATES,)}, seed=2)
    own, partner = nations.published()
    open_one = only(shared_picture([own, partner]))
    closed = only(shared_picture([own, replace(partner, sensors=None)]))
    assert closed.fused is not None
    assert open_one.fused is not None
    assert closed.fused.unnamed
    assert volume(closed.fused.covariance, own) > volume(open_one.fused.covariance, own) + 1.0
    assert closed.notes == ("sensors withheld by XU: counted as if shared",)


def test_what_a_partner_knew_before_a_shared_radar_joined_is_added_up() -> None:
    nations = Nations(SHARED_RADAR, seed=6)
    parts: dict[tuple[NodeId, TrackId], Parts] = {}
    for scan in range(24):
        nations.look(only=(KOREA, STATES) if scan < 18 else (KOREA, SEEN_BY_TWO))
        for track in nations.published():
            estimate = estimate_of(track)
            assert isinstance(estimate, Estimate)
            key = (track.node, track.track_id)
            parts[key] = followed(parts.get(key, ()), estimate)
    tracks = nations.published()
    without, with_parts = only(shared_picture(tracks)), only(shared_picture(tracks, parts=parts))
    assert with_parts.fused is not None
    assert without.fused is not None
    assert volume(with_parts.fused.covariance, tracks[0]) < volume(
        without.fused.covariance, tracks[0]
    )
    assert nees(with_parts, nations.world.states[0]) < 22.5  # 99.9 % of a chi-square


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"covariance": (1.0,) * 21}, "its covariance is not one"),
        ({"covariance": (0.0,) * 21}, "its covariance is not one"),
        ({"covariance": (1e300,) * 21}, "its covariance is not one"),
        ({"position_ecef_m": (0.0, 0.0, 0.0)}, "its place or speed is impossible"),
        ({"velocity_ecef_mps": (1e300, 0.0, 0.0)}, "its place or speed is impossible"),
    ],
)
def test_an_impossible_estimate_of_a_partner_stands_alone_with_the_reason(
    change: dict[str, Any], reason: str
) -> None:
    nations = watched({"XK": (KOREA,), "XU": (STATES,)}, seed=2)
    own, partner = nations.published()
    objects = shared_picture([own, replace(partner, **change)])
    assert len(objects) == 2
    assert reason in objects[1].notes[0]


def test_many_objects_are_told_apart_and_each_is_fused_with_itself() -> None:
    nations = watched(OWN_RADARS, seed=9, objects=12)
    objects = shared_picture(nations.published())
    truth = nations.world.states[:, :3]
    assert len(objects) == 12
    for one in objects:
        assert one.fused is not None
        places = np.array([track.position_ecef_m for track in one.tracks])
        nearest = {int(np.linalg.norm(truth - place, axis=1).argmin()) for place in places}
        assert len(nearest) == 1
        assert len(one.fused.members) == 3


def test_two_objects_that_a_vague_partner_cannot_tell_apart_are_not_guessed_at() -> None:
    nations = watched({"XK": (KOREA,), "XU": (STATES,)}, seed=2)
    own, partner = nations.published()
    x, y, z = own.position_ecef_m or (0.0, 0.0, 0.0)
    beside = replace(own, track_id=TrackId("XK-1/T0099"), position_ecef_m=(x + 40.0, y, z))
    objects = shared_picture([own, beside, partner])
    assert all(one.fused is None for one in objects)
    assert "it may be of XK-1/T0001 or XK-1/T0099" in objects[-1].notes[0]


def test_what_a_nation_dropped_or_left_unsaid_for_long_is_not_fused() -> None:
    nations = watched({"XK": (KOREA,), "XU": (STATES,)}, seed=2)
    _, partner = nations.published()
    for _ in range(15):
        nations.look(only=(KOREA,))
    [own] = [track for track in nations.published() if track.nation == "XK"]
    silent = shared_picture([own, partner])
    assert "XU said nothing of it for 15 s" in silent[1].notes[0]
    dropped = replace(partner, status=TrackStatus.DROPPED)
    assert len(shared_picture([own, dropped])) == 1


def test_the_fused_estimate_says_where_it_comes_down_and_is_surer_of_it() -> None:
    nations = watched(OWN_RADARS, seed=5, scans=20)
    tracks = nations.published()
    one = only(shared_picture(tracks))
    assert one.fused is not None
    assert one.fused.impact is not None
    pictures = [tracker.picture(now=nations.now()) for tracker in nations.trackers.values()]
    owns = [track.impact for picture in pictures for track in picture.tracks]
    assert all(
        own is None or own.ellipse.semi_major_m > one.fused.impact.ellipse.semi_major_m
        for own in owns
    )


def test_nothing_in_gives_nothing_out() -> None:
    assert shared_picture([]) == ()
