from dataclasses import replace

import numpy as np
import pytest
from tests.exercise.made_up import FLIGHT_ID, LAUNCHED_AT, truth
from tests.exercise.made_up_warnings import JP, point

from bongsu.exercise.flight_figures import flight_figures
from bongsu.exercise.passages import PassageKind, passage_of, passages
from bongsu.exercise.scenario import Place
from bongsu.exercise.truth import Truth, ground_point
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import UtcNs

TRUTH = truth()
PAYLOAD, STAGE = TRUTH.objects
AOMORI = Place(name="Aomori", nation=JP, point=point(40.82, 140.74), radius_m=120e3)


def test_a_passage_is_the_nearest_point_of_the_ground_track() -> None:
    passage = passage_of(AOMORI, PAYLOAD)
    times = np.arange(0.0, PAYLOAD.ends_s, 0.5)
    latitude, longitude, height = ecef_to_geodetic(PAYLOAD.position_at(times))
    apart, _, _ = geodesic_inverse(
        AOMORI.point.latitude_rad, AOMORI.point.longitude_rad, latitude, longitude
    )
    nearest = int(np.argmin(apart))
    assert passage.kind is PassageKind.OVERFLIGHT
    assert passage.distance_m == pytest.approx(apart[nearest], abs=50.0)
    assert (passage.at - LAUNCHED_AT) / 1e9 == pytest.approx(times[nearest], abs=0.5)
    assert passage.height_m == pytest.approx(height[nearest], abs=2e3)


def test_a_place_beyond_its_radius_is_not_reached() -> None:
    near = replace(AOMORI, radius_m=passage_of(AOMORI, PAYLOAD).distance_m - 1.0)
    assert passage_of(near, PAYLOAD).kind is PassageKind.NOT_REACHED


def test_a_place_where_the_flight_comes_down_has_an_impact() -> None:
    there = replace(AOMORI, point=PAYLOAD.falls_at, radius_m=5e3)
    passage = passage_of(there, PAYLOAD)
    assert passage.kind is PassageKind.IMPACT
    assert passage.at == PAYLOAD.ends_at
    aloft = replace(PAYLOAD, path=replace(PAYLOAD.path, landed=False))
    assert passage_of(there, aloft).kind is PassageKind.OVERFLIGHT


def test_a_spent_stage_counts_where_it_falls_and_not_where_it_passes() -> None:
    below = replace(AOMORI, name="below", point=STAGE.falls_at, radius_m=5e3)
    found = passages((AOMORI, below), TRUTH)
    assert [(one.place.name, one.object_name) for one in found] == [
        ("Aomori", "payload"),
        ("below", "payload"),
        ("below", "stage 1"),
    ]
    assert found[-1].kind is PassageKind.IMPACT


def test_the_figures_of_a_flight_are_those_of_its_path() -> None:
    figures = flight_figures(PAYLOAD)
    heights = ecef_to_geodetic(PAYLOAD.path.state_ecef[:, :3])[2]
    assert figures.apogee_m == pytest.approx(heights.max(), abs=5.0)
    assert figures.burnout_s == 145.0
    assert figures.flight_time_s == PAYLOAD.ends_s
    assert figures.impact_at == PAYLOAD.ends_at
    assert figures.launch_point == PAYLOAD.launch_point
    distance, azimuth, _ = geodesic_inverse(
        figures.launch_point.latitude_rad,
        figures.launch_point.longitude_rad,
        figures.impact_point.latitude_rad,
        figures.impact_point.longitude_rad,
    )
    assert figures.range_m == pytest.approx(float(distance))
    assert figures.bearing_rad == pytest.approx(float(azimuth))


def test_a_spent_stage_has_no_flight_figures() -> None:
    with pytest.raises(LocalMisuse, match="stage 1 of .* never burned"):
        flight_figures(STAGE)


def test_the_truth_holds_an_object_from_its_first_to_its_last_instant_only() -> None:
    states, burning = TRUTH.states_at(UtcNs(LAUNCHED_AT - 1))
    assert np.isnan(states).all()
    assert not burning.any()
    states, burning = TRUTH.states_at(LAUNCHED_AT)
    assert np.isfinite(states).all(axis=1).tolist() == [True, False]
    assert burning.tolist() == [True, False]
    states, _ = TRUTH.states_at(STAGE.ends_at)
    assert np.isfinite(states).all(axis=1).tolist() == [True, True]
    states, _ = TRUTH.states_at(UtcNs(STAGE.ends_at + 1))
    assert np.isfinite(states).all(axis=1).tolist() == [True, False]
    assert TRUTH.ended_at == max(PAYLOAD.ends_at, STAGE.ends_at)


def test_a_truth_without_objects_or_without_that_flight_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="without objects"):
        Truth(start=LAUNCHED_AT, objects=())
    with pytest.raises(LocalMisuse, match="no flight 'NK-1'"):
        TRUTH.payload("NK-1")
    assert TRUTH.payload(FLIGHT_ID) is PAYLOAD


def test_the_place_under_a_position_is_on_the_same_vertical() -> None:
    below = ground_point(np.array([7e6, 0.0, 0.0]))
    assert (below.latitude_rad, below.longitude_rad) == (0.0, 0.0)
