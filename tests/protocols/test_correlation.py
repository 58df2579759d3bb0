"""Statements of one object agree within what they state; vague ones show nothing."""

import math
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocols.made_up_tracks import ELSEWHERE, OTHER_SEA, SEA, SITE, ellipse, impact, launch

from bongsu.physics.geodesy import geodesic_inverse
from bongsu.protocols.correlation import (
    distance_m,
    misfit_sigma,
    one_launch,
    same_object,
    sigma_m,
)
from bongsu.vocabulary.estimates import GeoPoint, ImpactEstimate, LaunchEstimate

latitudes = st.floats(-1.5, 1.5)
longitudes = st.floats(-math.pi, math.pi)
points = st.builds(GeoPoint, latitude_rad=latitudes, longitude_rad=longitudes)


@dataclass(frozen=True)
class Said:
    launch: LaunchEstimate | None = None
    impact: ImpactEstimate | None = None


@given(one=points, other=points)
def test_distances_are_within_one_percent_of_the_geodesic(one: GeoPoint, other: GeoPoint) -> None:
    geodesic_m, _, _ = geodesic_inverse(
        one.latitude_rad, one.longitude_rad, other.latitude_rad, other.longitude_rad
    )
    assert distance_m(one, other) == pytest.approx(float(geodesic_m), rel=0.01, abs=1.0)


def test_one_sigma_comes_from_the_ellipse_and_its_stated_probability() -> None:
    assert sigma_m(ellipse(4_000.0)) == pytest.approx(4_000.0, rel=1e-4)
    assert sigma_m(replace(ellipse(1.0), probability=0.0)) == math.inf
    assert sigma_m(replace(ellipse(1.0), probability=1.0)) == 0.0


@given(one=points, other=points, sigma=st.floats(0.0, 1e18), probability=st.floats(0.0, 1.0))
def test_no_statement_of_a_partner_breaks_the_comparison(
    one: GeoPoint, other: GeoPoint, sigma: float, probability: float
) -> None:
    area = replace(ellipse(sigma), probability=probability)
    ours = Said(launch=launch(one), impact=impact(other))
    theirs = Said(launch=replace(launch(other), ellipse=area), impact=impact(one, sigma_s=sigma))
    there, back = misfit_sigma(ours, theirs), misfit_sigma(theirs, ours)
    assert there == back
    assert there is None or there >= 0.0


def test_same_launch_and_same_fall_are_one_object() -> None:
    assert same_object(Said(launch(), impact()), Said(launch(at_s=1.0), impact(at_s=1_302.0)))


def test_same_launch_but_another_fall_are_two_objects_of_one_launch() -> None:
    ours, theirs = Said(launch(), impact()), Said(launch(), impact(OTHER_SEA))
    assert one_launch(ours, theirs)
    assert not same_object(ours, theirs)


def test_another_launch_is_another_object_wherever_it_falls() -> None:
    assert not same_object(Said(launch(), impact()), Said(launch(ELSEWHERE), impact()))
    assert not same_object(Said(launch(), impact()), Said(launch(at_s=60.0), impact()))


def test_falls_alone_can_be_compared() -> None:
    assert same_object(Said(impact=impact(SEA)), Said(launch(), impact(SEA)))
    assert not same_object(Said(impact=impact(SEA)), Said(launch(), impact(OTHER_SEA)))


def test_where_nothing_can_be_compared_the_answer_is_no() -> None:
    assert misfit_sigma(Said(launch()), Said(impact=impact())) is None
    assert not same_object(Said(launch()), Said(impact=impact()))
    assert not same_object(Said(), Said())


@pytest.mark.parametrize(
    "vague", [launch(sigma_m=150_000.0), launch(sigma_s=90.0), launch(sigma_m=1e17)]
)
def test_a_vague_estimate_is_not_compared(vague: LaunchEstimate) -> None:
    assert misfit_sigma(Said(launch()), Said(vague)) is None
    assert same_object(Said(launch(), impact()), Said(vague, impact()))


def test_a_claim_of_perfect_certainty_is_held_to_a_metre_and_a_tenth_of_a_second() -> None:
    sure = launch(sigma_m=0.0, sigma_s=0.0)
    assert misfit_sigma(Said(sure), Said(sure)) == 0.0
    assert not same_object(Said(sure), Said(launch(ELSEWHERE, sigma_m=0.0, sigma_s=0.0)))
    assert not same_object(Said(sure), Said(launch(SITE, at_s=3.0, sigma_m=0.0, sigma_s=0.0)))
