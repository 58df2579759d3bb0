"""Whole flights through the air: what falls, what glides, what pulls up and falls on."""

from functools import cache

import numpy as np
import pytest
from tests.tracking.made_up_boosts import ground_point
from tests.tracking.made_up_glides import (
    FALL,
    GLIDE,
    PULL_UP,
    SKIP,
    Moment,
    coming_down,
    holds,
    watched,
)

from bongsu.physics.lift import LiftFigures
from bongsu.tracking.picture import NOT_BALLISTIC
from bongsu.vocabulary.track import Phase, Track

LIFT_SHOWS_BELOW_M = 35e3  # at 3 km/s: from some 10 m/s^2 of lift on


@cache
def moments(name: str) -> tuple[Moment, ...]:
    figures = {"glide": GLIDE, "skip": SKIP, "pull up": PULL_UP}[name]
    return tuple(watched(coming_down(figures), until_s=320.0))


def tracks(name: str) -> list[tuple[Moment, Track]]:
    return [(one, one.track) for one in moments(name) if one.track is not None]


@pytest.mark.parametrize("name", ["glide", "skip", "pull up"])
def test_q14_a_gliding_or_pull_up_track_shows_its_ballistic_estimate_as_not_valid(
    name: str,
) -> None:
    first = next(one.seconds for one, track in tracks(name) if track.phase is Phase.GLIDE)
    shows = next(one.seconds for one in moments(name) if one.height_m < LIFT_SHOWS_BELOW_M)
    assert first - shows < 12.0
    for _, track in tracks(name):
        not_valid = "ballistic estimate not valid: the path is not ballistic" in track.caveats
        assert not_valid == (track.phase is Phase.GLIDE)
        if not_valid:
            assert track.impact is None
            assert track.flight is None


@pytest.mark.parametrize("name", ["glide", "skip", "pull up"])
def test_q14_its_footprint_holds_where_it_comes_down_and_no_continent(name: str) -> None:
    flight = coming_down({"glide": GLIDE, "skip": SKIP, "pull up": PULL_UP}[name])
    place = ground_point(flight.state_ecef[-1, :3])
    gliding = [track for _, track in tracks(name) if track.phase is Phase.GLIDE]
    assert len(gliding) > 20
    for track in gliding:
        assert track.fan is not None
        assert holds(track.fan, place)
        assert track.fan.maximum_range_m < 2_500e3
    assert gliding[-1].fan is not None
    assert gliding[0].fan is not None
    assert gliding[-1].fan.maximum_range_m < 0.6 * gliding[0].fan.maximum_range_m


def test_when_the_lift_ends_the_ballistic_estimate_returns() -> None:
    """Its lift ends at 2.2 km/s, some 30 s after the pull-up; what is left is a steep fall."""
    flight = coming_down(PULL_UP)
    place = ground_point(flight.state_ecef[-1, :3])
    told = tracks("pull up")
    ended = next(one.seconds for one, _ in told if np.linalg.norm(one.truth[3:]) < 2_200.0)
    back = next(
        one.seconds for one, track in told if one.seconds > ended and track.impact is not None
    )
    assert back - ended < 30.0
    for one, track in told:
        if one.seconds > back + 1.0:
            assert track.phase is Phase.REENTRY
            assert NOT_BALLISTIC not in track.caveats
            assert track.fan is None
    assert told[-1][1].impact is not None
    last = told[-1][1].impact.point
    assert np.hypot(
        last.latitude_rad - place.latitude_rad, last.longitude_rad - place.longitude_rad
    ) * 6.4e6 == pytest.approx(0.0, abs=3e3)


def test_a_glider_is_one_track_all_the_way_and_close_to_the_truth() -> None:
    told = tracks("glide")
    assert {track.track_id for _, track in told} == {"XA-1/T0001"}
    errors = [np.array(t.position_ecef_m) - one.truth[:3] for one, t in told if one.seconds > 150]
    assert np.sqrt(np.mean(np.square(errors).sum(axis=1))) < 400.0  # 0.5 km is one plot's error


@pytest.mark.parametrize("coefficient", [600.0, 2_000.0, 5_000.0, 20_000.0])
def test_a_body_of_whatever_drag_that_falls_is_never_said_to_glide(coefficient: float) -> None:
    figures = LiftFigures(lift_to_drag=0.0, ballistic_coefficient_kgpm2=coefficient)
    flight = coming_down(figures, down_deg=15.0)
    told = [one.track for one in watched(flight, seed=5) if one.track is not None]
    assert {track.phase for track in told} <= {Phase.FREE_FLIGHT, Phase.REENTRY}
    assert not any(NOT_BALLISTIC in track.caveats for track in told)


def test_the_drag_of_a_fall_is_learnt_and_its_estimate_is_honest() -> None:
    """Mean NEES of 6 components over falls of every drag; 6 is perfect, a loose filter below."""
    nees = []
    for number, coefficient in enumerate((600.0, 2_000.0, 5_000.0, 9_000.0)):
        figures = LiftFigures(lift_to_drag=0.0, ballistic_coefficient_kgpm2=coefficient)
        for one in watched(coming_down(figures, down_deg=15.0), seed=10 + number):
            if one.track is not None and one.seconds > 30.0:
                nees.append(squared_error(one.track, one))
    assert 2.0 < np.mean(nees) < 8.0
    assert FALL.lift_to_drag == 0.0


def squared_error(track: Track, one: Moment) -> float:
    upper = np.zeros((6, 6))
    upper[np.triu_indices(6)] = track.covariance
    covariance = upper + upper.T - np.diag(np.diag(upper))
    off = np.array(track.position_ecef_m + track.velocity_ecef_mps) - one.truth
    return float(off @ np.linalg.solve(covariance, off))
