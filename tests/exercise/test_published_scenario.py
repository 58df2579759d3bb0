from importlib.resources import files
from math import degrees

import pytest
from tests.exercise.made_up import FLIGHT_ID, LAUNCHED_AT, published_flight

from bongsu.adapters.plots.published_flights import published_flights
from bongsu.exercise.coverage import Sight, sights
from bongsu.exercise.flown_truth import truth_of
from bongsu.exercise.passages import PassageKind, passages
from bongsu.exercise.published_scenario import scenario_for_flight
from bongsu.exercise.scenario import Scenario
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.truth import Truth
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.physics.geodesy import ecef_to_geodetic
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import SensorId, UtcNs, seconds_between

PUBLISHED = {flight.id: flight for flight in published_flights()}
DEMO = parse_scenario(
    (files("bongsu.exercise") / "data" / "demo.toml").read_text(encoding="utf-8"),
    published=PUBLISHED,
)
SHIP = SensorId("US-SHIP-1")


@pytest.fixture(scope="module")
def demo_truth() -> Truth:
    return truth_of(DEMO)


@pytest.fixture(scope="module")
def demo_sights(demo_truth: Truth) -> dict[str, Sight]:
    seen = (one for one in sights(DEMO, demo_truth) if one.object_name == "payload")
    return {one.sensor.site.sensor_id: one for one in seen}


def after_launch_s(at: UtcNs) -> float:
    return seconds_between(at, LAUNCHED_AT)


def place_deg(scenario: Scenario) -> tuple[float, float]:
    site = scenario.sensor(SHIP).site
    return degrees(site.latitude_rad), degrees(site.longitude_rad)


def test_the_demo_flies_the_flight_over_japan_for_three_nations_with_a_relay() -> None:
    assert [flight.flight_id for flight in DEMO.flights] == [FLIGHT_ID]
    assert [nation.node for nation in DEMO.nations] == ["KR-1", "US-1", "JP-1"]
    partners = {n.nation: DEMO.partners_of(n.nation) for n in DEMO.nations}
    assert partners == {"KR": ("US",), "US": ("KR", "JP"), "JP": ("US",)}
    assert DEMO.launch_at(DEMO.flights[0]) == LAUNCHED_AT
    assert "EXERCISE" in DEMO.name


def test_the_demo_shows_the_rise_to_korea_and_the_passage_to_japan(
    demo_sights: dict[str, Sight],
) -> None:
    assert set(demo_sights) == {str(sensor.site.sensor_id) for sensor in DEMO.sensors}
    first = {name: after_launch_s(sight.first_at) for name, sight in demo_sights.items()}
    assert 20.0 < first["US-IR-1"] < 60.0 < first["KR-RADAR-1"] < 120.0
    assert first["KR-RADAR-1"] < first["JP-SHIP-1"] < first["JP-RADAR-1"] < 200.0


def test_the_demo_sees_the_end_from_the_ship(
    demo_truth: Truth, demo_sights: dict[str, Sight]
) -> None:
    payload = demo_truth.payload(FLIGHT_ID)
    last_s = after_launch_s(demo_sights[str(SHIP)].intervals[-1][1])
    assert float(ecef_to_geodetic(payload.position_at(last_s))[2]) < 20e3
    assert 0.0 < payload.ends_s - last_s < 10.0


def test_the_demo_passes_over_the_north_of_japan_and_over_no_other_place(
    demo_truth: Truth,
) -> None:
    found = passages(DEMO.places, demo_truth)
    over = {one.place.name for one in found if one.kind is PassageKind.OVERFLIGHT}
    assert over == {"Hakodate", "Aomori", "Cape Erimo"}
    aomori = next(one for one in found if one.place.name == "Aomori")
    assert 360.0 < after_launch_s(aomori.at) < 420.0  # told as between 07:28 and 07:29
    assert not any(one.kind is PassageKind.IMPACT for one in found)


def test_the_ship_of_the_demo_lies_where_the_same_flight_would_put_it() -> None:
    moved = scenario_for_flight(PUBLISHED[FLIGHT_ID], DEMO)
    assert place_deg(moved) == pytest.approx(place_deg(DEMO), abs=0.01)
    assert moved.start == DEMO.start
    assert moved.flights == DEMO.flights


def test_another_flight_takes_the_ship_along_and_leaves_everything_else_in_place() -> None:
    flight = PUBLISHED["NK-2017-11-28-01"]
    moved = scenario_for_flight(flight, DEMO, seed=5)
    for own, template in zip(moved.sensors, DEMO.sensors, strict=True):
        assert (own == template) == (own.site.sensor_id != SHIP)
    assert flight.launched_at is not None
    assert moved.launch_at(moved.flights[0]) == flight.launched_at
    assert (moved.seed, moved.places, moved.links) == (5, DEMO.places, DEMO.links)
    assert flight.id in moved.name
    assert "EXERCISE" in moved.name


def test_the_ship_lies_100_km_abeam_of_the_fall_point() -> None:
    moved = scenario_for_flight(PUBLISHED["NK-2017-11-28-01"], DEMO)
    fall = truth_of(moved).objects[0].falls_at
    ship = moved.sensor(SHIP).site
    apart, _, _ = geodesic_inverse(
        ship.latitude_rad, ship.longitude_rad, fall.latitude_rad, fall.longitude_rad
    )
    assert float(apart) == pytest.approx(100e3, abs=5e3)  # the truth meets 950 km to 0.1 %


def test_a_flight_of_which_only_the_day_is_known_is_launched_at_midnight_utc() -> None:
    day = published_flight(launched_at=None, date_utc="2016-06-21")
    moved = scenario_for_flight(day, DEMO)
    assert moved.launch_at(moved.flights[0]) == 1_466_467_200_000_000_000  # 2016-06-21T00:00Z
    month = published_flight(launched_at=None, date_utc="2016-06")
    assert scenario_for_flight(month, DEMO).start == DEMO.start


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("NK-1998-08-31-01", "no published apogee"),
        ("NK-2012-12-12-01", "is not ballistic: a satellite launcher"),
        ("NK-2022-01-10-01", "is not ballistic"),
    ],
)
def test_a_published_flight_that_cannot_be_flown_is_refused_with_a_remedy(
    id_: str, reason: str
) -> None:
    with pytest.raises(LocalMisuse, match=f"Flight {id_} .*{reason}.*bongsu flight list"):
        scenario_for_flight(PUBLISHED[id_], DEMO)
