from collections.abc import Sequence

import numpy as np
import pytest
from tests.tracking.made_up_arcs import World, arcs, at, follow, new_tracker

from bongsu.physics.fall import propagate_to_impact
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.tracking.fall.impact_prediction import BALLISTIC_COEFFICIENT_KGPM2
from bongsu.tracking.fall.survey_round import (
    MOST_SURVEYS,
    SURVEY_HOLDS_IN_AIR_S,
    SURVEY_HOLDS_S,
    SURVEYED_AHEAD,
    survey_oldest,
)
from bongsu.tracking.outlook.page import Page
from bongsu.vocabulary.track import TrackPicture


def pages_surveyed(*ages_s: float) -> Sequence[Page]:
    return [Page(surveyed_at=at(-age)) for age in ages_s]


def surveyed_now(pages: Sequence[Page], *, ripe: float = 1.0) -> list[int]:
    survey_oldest(arcs(len(pages)), pages, at(0.0), ripe=ripe)
    return [number for number, page in enumerate(pages) if page.surveyed_at == at(0.0)]


def test_who_has_waited_longest_is_surveyed_first_and_few_at_a_time() -> None:
    ages = np.linspace(30.0, 10.0, MOST_SURVEYS + 3)
    pages = pages_surveyed(*ages[::-1].tolist())
    assert surveyed_now(pages) == list(range(3, MOST_SURVEYS + 3))
    assert surveyed_now(pages_surveyed(SURVEY_HOLDS_S - 1.0)) == []


def test_what_may_burn_is_not_surveyed() -> None:
    pages = pages_surveyed(30.0, 30.0)
    pages[0].engine_may_burn = True
    assert surveyed_now(pages) == [1]


def test_a_survey_holds_for_less_time_near_the_air() -> None:
    pages, states = pages_surveyed(3.0, 3.0), arcs(2)
    states[1, :3] *= 6_450e3 / np.linalg.norm(states[1, :3])
    survey_oldest(states, pages, at(0.0))
    assert [page.surveyed_at == at(0.0) for page in pages] == [False, True]
    assert SURVEY_HOLDS_IN_AIR_S < 3.0 < SURVEY_HOLDS_S


def test_ahead_of_time_what_is_nearly_due_is_surveyed_and_then_not_due_any_more() -> None:
    nearly = (SURVEYED_AHEAD + 0.1) * SURVEY_HOLDS_S
    pages = pages_surveyed(nearly, SURVEYED_AHEAD * SURVEY_HOLDS_S - 1.0)
    assert surveyed_now(pages) == []
    assert surveyed_now(pages, ripe=SURVEYED_AHEAD) == [0]


def off_m(picture: TrackPicture) -> list[float]:
    """How far each stated impact is from a full fall of the track's own state."""
    off = []
    for track in picture.tracks:
        if track.impact is None:
            continue
        fall = propagate_to_impact(
            np.array([*track.position_ecef_m, *track.velocity_ecef_mps])[None],
            ballistic_coefficient_kgpm2=BALLISTIC_COEFFICIENT_KGPM2,
        )
        point = track.impact.point
        stated = geodetic_to_ecef(point.latitude_rad, point.longitude_rad, 0.0)
        off.append(float(np.linalg.norm(stated - fall.position_ecef_m[0])))
    return off


def test_impacts_are_no_further_off_where_the_tracker_works_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting, ahead = new_tracker(), new_tracker()
    worlds = World(arcs(3), clutter=0.0), World(arcs(3), clutter=0.0)
    off: tuple[list[float], list[float]] = ([], [])
    for _ in range(25):
        for tracker, world, found in zip((waiting, ahead), worlds, off, strict=True):
            follow(tracker, world, 1)
            found += off_m(tracker.picture(now=at(world.seconds)))
        ahead.look_ahead()
    assert len(off[0]) == len(off[1]) > 50
    assert np.sqrt(np.mean(np.square(off[1]))) < np.sqrt(np.mean(np.square(off[0])))
    # What was looked ahead to needs no survey any more when the picture is asked for.
    monkeypatch.setattr("bongsu.tracking.fall.survey_round.survey", None)
    assert len(off_m(ahead.picture(now=at(worlds[1].seconds + 2.0)))) == 3


def test_there_is_nothing_to_look_ahead_to_before_the_first_picture() -> None:
    new_tracker().look_ahead()
