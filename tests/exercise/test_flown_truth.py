from dataclasses import replace

import numpy as np
import pytest
from tests.exercise.made_up import FLIGHT_ID, PUBLISHED, SCENARIO

from bongsu.exercise import flown_truth
from bongsu.exercise.flight_figures import FlightFigures, flight_figures
from bongsu.exercise.flown_truth import generic_profile, scattered, truth_of, wind_of
from bongsu.exercise.scenario import Scenario
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.truth import Truth
from bongsu.physics.generic_figures import ONE_STAGE_LIQUID, THREE_STAGE_SOLID
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.physics.lift import LiftFigures
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.units import after_seconds

SMALL = parse_scenario(SCENARIO, published=PUBLISHED)
[FLOWN] = SMALL.flights


@pytest.fixture(scope="module")
def truth() -> Truth:
    return truth_of(SMALL)


@pytest.fixture(scope="module")
def figures(truth: Truth) -> FlightFigures:
    return flight_figures(truth.payload(FLIGHT_ID))


def with_flight(**changed: object) -> Scenario:
    return replace(SMALL, flights=(replace(FLOWN, **changed),))  # type: ignore[arg-type]


def test_the_published_apogee_range_and_bearing_are_met_within_half_a_percent(
    figures: FlightFigures,
) -> None:
    assert figures.apogee_m == pytest.approx(970e3, rel=5e-3)
    assert figures.range_m == pytest.approx(4_500e3, rel=5e-3)
    assert np.degrees(figures.bearing_rad) == pytest.approx(80.0, abs=0.1)


def test_the_earth_turns_under_a_flight_so_its_launch_azimuth_is_not_its_bearing(
    figures: FlightFigures,
) -> None:
    """22 minutes of an eastward flight at 40 degrees: the way there is some degrees off."""
    assert 2.0 < abs(np.degrees(figures.launch_azimuth_rad - figures.bearing_rad)) < 5.0


def test_the_time_of_flight_is_not_an_input_and_still_near_the_published_22_minutes(
    figures: FlightFigures,
) -> None:
    assert figures.flight_time_s == pytest.approx(1_320.0, rel=0.04)
    late = truth_of(with_flight(published_flight_time_s=2_000.0))
    assert flight_figures(late.payload(FLIGHT_ID)) == figures


def test_the_flight_begins_at_rest_at_its_site_and_time(truth: Truth) -> None:
    payload = truth.payload(FLIGHT_ID)
    latitude, longitude, height = ecef_to_geodetic(payload.position_at(0.0))
    assert (float(latitude), float(longitude)) == pytest.approx(
        (FLOWN.latitude_rad, FLOWN.longitude_rad), abs=1e-9
    )
    assert float(height) == pytest.approx(0.0, abs=1.0)
    assert payload.launched_at == after_seconds(SMALL.start, 30.0)


def test_a_spent_stage_parts_at_burnout_and_falls_elsewhere(
    truth: Truth, figures: FlightFigures
) -> None:
    payload, stage = truth.objects
    assert stage.name == "stage 1"
    assert stage.begins_s == figures.burnout_s
    apart = payload.position_at(stage.begins_s) - stage.position_at(stage.begins_s)
    assert np.linalg.norm(apart) == pytest.approx(0.0, abs=1e-6)
    assert stage.ends_at != payload.ends_at
    assert stage.falls_at != payload.falls_at
    assert not stage.path.burning.any()


def test_the_same_seed_gives_the_same_truth(truth: Truth) -> None:
    for body, again in zip(truth.objects, truth_of(SMALL).objects, strict=True):
        assert np.array_equal(body.path.state_ecef, again.path.state_ecef)
        assert np.array_equal(body.path.time_s, again.path.time_s)


def test_another_seed_flies_the_same_figures_another_way(figures: FlightFigures) -> None:
    other = flight_figures(truth_of(replace(SMALL, seed=8)).payload(FLIGHT_ID))
    assert other.apogee_m == pytest.approx(figures.apogee_m, rel=5e-3)
    assert abs(other.burnout_s - figures.burnout_s) > 0.1
    assert abs(other.flight_time_s - figures.flight_time_s) > 0.1


def test_what_a_tracker_does_not_know_lies_within_two_sigma_of_the_class() -> None:
    ratios = []
    for seed in range(200):
        own = scattered(ONE_STAGE_LIQUID, np.random.default_rng(seed))
        [stage], [generic] = own.stages, ONE_STAGE_LIQUID.stages
        ratios.append(
            [
                stage.ignition_acceleration_mps2 / generic.ignition_acceleration_mps2,
                stage.burn_time_s / generic.burn_time_s,
                own.reentry_ballistic_coefficient_kgpm2
                / ONE_STAGE_LIQUID.reentry_ballistic_coefficient_kgpm2,
            ]
        )
    spread = np.log(ratios)
    assert (np.abs(spread) <= np.array([0.06, 0.06, 0.4]) + 1e-12).all()
    # Clipped at two sigma, a normal deviate keeps 0.96 of its spread.
    assert spread.std(axis=0) == pytest.approx([0.029, 0.029, 0.19], rel=0.2)


def test_stages_scatter_one_by_one() -> None:
    own = scattered(THREE_STAGE_SOLID, np.random.default_rng(1))
    pairs = zip(own.stages, THREE_STAGE_SOLID.stages, strict=True)
    assert len({stage.burn_time_s / generic.burn_time_s for stage, generic in pairs}) == 3


def test_the_wind_blows_strongest_in_the_jet_and_not_at_all_high_up() -> None:
    wind = wind_of(7)
    speed = np.hypot(wind.east_mps, wind.north_mps)
    assert wind.height_m[int(np.argmax(speed))] == 11_000.0
    assert speed[-1] == 0.0
    assert speed.max() < 150.0
    assert not np.array_equal(wind.east_mps, wind_of(8).east_mps)


def test_a_wind_in_which_the_figures_cannot_be_met_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storm = replace(wind_of(7), east_mps=2_000.0 * np.sin(np.arange(31.0)))
    monkeypatch.setattr(flown_truth, "wind_of", lambda seed: storm)
    with pytest.raises(LocalMisuse, match="cannot both be met in the scenario's wind"):
        truth_of(with_flight(apogee_m=150e3, range_m=500e3, published_type="Scud-C"))


def test_figures_of_the_type_come_before_those_of_the_class() -> None:
    assert generic_profile(FLOWN) is ONE_STAGE_LIQUID
    solid = replace(FLOWN, published_type="Hwasong-18", object_class=ObjectClass.ICBM)
    assert generic_profile(solid) is THREE_STAGE_SOLID
    assert generic_profile(replace(FLOWN, published_type="")) is ONE_STAGE_LIQUID


def test_a_flight_that_cannot_be_flown_is_refused_by_its_id() -> None:
    with pytest.raises(LocalMisuse, match=f"Flight {FLIGHT_ID}: Cannot fit an apogee"):
        truth_of(with_flight(range_m=20_000e3))


def test_two_flights_keep_their_objects_apart() -> None:
    second = replace(FLOWN, flight_id="SECOND", launch_delay_s=90.0)
    both = truth_of(replace(SMALL, flights=(FLOWN, second)))
    assert [(body.flight_id, body.name) for body in both.objects] == [
        (FLIGHT_ID, "payload"),
        (FLIGHT_ID, "stage 1"),
        ("SECOND", "payload"),
        ("SECOND", "stage 1"),
    ]
    first, other = both.payload(FLIGHT_ID), both.payload("SECOND")
    assert other.launched_at - first.launched_at == 60_000_000_000
    assert first.ends_s != other.ends_s  # two vehicles, not one flown twice


def test_a_flight_with_lift_flies_as_without_it_to_its_burnout_and_comes_down_later(
    truth: Truth,
) -> None:
    lift = LiftFigures(lift_to_drag=2.6)
    gliding = truth_of(with_flight(lift=lift)).payload(FLIGHT_ID)
    ballistic = truth.payload(FLIGHT_ID)
    burnout_s = flight_figures(gliding).burnout_s
    assert burnout_s == flight_figures(ballistic).burnout_s
    np.testing.assert_array_equal(gliding.position_at(burnout_s), ballistic.position_at(burnout_s))
    assert gliding.ends_s > ballistic.ends_s + 120.0
