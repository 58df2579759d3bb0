from dataclasses import replace
from math import radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exercise.made_up import PUBLISHED, SCENARIO, START, published_flight

from bongsu.exercise.scenario import Scenario
from bongsu.exercise.scenario_reader import MAXIMUM_TEXT_CHARACTERS, parse_scenario
from bongsu.physics.lift import LiftFigures
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import NationId, SensorId

EXPLICIT_FLIGHT = """
id = "MADE-UP-1"
class = "MRBM"
apogee_km = 300.0
range_km = 1000
latitude_deg = 39.0
longitude_deg = 126.0
bearing_deg = 90.0
launch_delay_s = 10.0
"""
BY_ID = 'published_id = "NK-2022-10-03-01"'


def parse(text: str = SCENARIO) -> Scenario:
    return parse_scenario(text, published=PUBLISHED)


def changed(old: str, new: str, *, count: int = 1) -> str:
    assert old in SCENARIO
    return SCENARIO.replace(old, new, count)


def test_a_scenario_is_read_into_si_radians_and_utc() -> None:
    scenario = parse()
    radar, infrared, ship = scenario.sensors
    assert scenario.realm is Realm.EXERCISE
    assert scenario.start == START
    assert radar.site.kind is SensorKind.RADAR
    assert radar.site.sigmas == (30.0, 1e-3, 2e-3)
    assert radar.site.maximum_range_m == 2e6
    assert radar.site.minimum_elevation_rad == radians(3.0)
    assert (radar.scan_offset_s, radar.delay_s) == (0.5, 0.3)
    assert infrared.site.sigmas == pytest.approx((30e-6, 30e-6))
    assert (infrared.site.height_m, infrared.site.cloud_height_m) == (35_786e3, 10e3)
    assert (radar.near_fall_point, ship.near_fall_point) == (False, True)
    assert scenario.places[0].radius_m == 60e3
    assert scenario.flights[0].range_m == 4_500e3
    assert scenario.flights[0].published_flight_time_s == 1_320.0


def test_a_scenario_knows_its_sensors_partners_and_launch_times() -> None:
    scenario = parse()
    assert scenario.sensor(SensorId("US-IR-1")).site.nation == "US"
    assert [s.site.sensor_id for s in scenario.sensors_of(NationId("US"))] == [
        "US-IR-1",
        "US-SHIP-1",
    ]
    assert scenario.partners_of(NationId("US")) == ("KR",)
    assert scenario.launch_at(scenario.flights[0]) == START + 30_000_000_000
    with pytest.raises(LocalMisuse, match="no sensor 'JP-RADAR-1'.*KR-RADAR-1"):
        scenario.sensor(SensorId("JP-RADAR-1"))


def test_a_negative_seed_is_refused_however_it_comes() -> None:
    with pytest.raises(LocalMisuse, match="Give a seed of 0 or more"):
        replace(parse(), seed=-1)


def test_a_flight_may_be_given_figure_by_figure() -> None:
    flight = parse(changed(BY_ID, EXPLICIT_FLIGHT)).flights[0]
    assert flight.flight_id == "MADE-UP-1"
    assert flight.published_id is None
    assert flight.object_class is ObjectClass.MRBM
    assert (flight.apogee_m, flight.range_m) == (300e3, 1_000e3)
    assert flight.bearing_rad == radians(90.0)
    assert flight.launch_delay_s == 10.0


def test_a_flight_given_figure_by_figure_may_have_lift() -> None:
    lift = "\n[flights.lift]\nlift_to_drag = 2.6\nbank_deg = 30.0\nskips = true\n"
    flight = parse(changed(BY_ID, EXPLICIT_FLIGHT + lift)).flights[0]
    assert flight.lift == LiftFigures(lift_to_drag=2.6, bank_rad=radians(30.0), skips=True)
    with pytest.raises(LocalMisuse, match=r"flights\[0\]\.lift stands beside published_id"):
        parse(changed(BY_ID, BY_ID + lift))


def test_one_published_flight_may_be_flown_twice_under_two_ids() -> None:
    twice = f'{BY_ID}\nid = "FIRST"\n[[flights]]\n{BY_ID}\nid = "SECOND"'
    assert [f.flight_id for f in parse(changed(BY_ID, twice)).flights] == ["FIRST", "SECOND"]


@pytest.mark.parametrize("start", ["2022-10-03T22:21:30Z", '"2022-10-03 22:21:30.000+00:00"'])
def test_the_start_may_be_a_text_or_an_instant_of_toml(start: str) -> None:
    assert parse(changed('"2022-10-03T22:21:30Z"', start)).start == START


REFUSED = {
    "a radar that moves": (
        "sigma_range_m = 30.0",
        "sigma_range_m = 30.0\ngreatest_speed_mps = 15.0",
        r"sensors\[0\].greatest_speed_mps is above 0, and made-up radars stand still",
    ),
    "no detection probability": (
        "detection_probability = 0.9\n",
        "",
        r"sensors\[0\].detection_probability is missing",
    ),
    "detection probability above one": (
        "detection_probability = 0.9",
        "detection_probability = 1.1",
        r"sensors\[0\].detection_probability must be a number <= 1.0",
    ),
    "NaN": (
        "sigma_range_m = 30.0",
        "sigma_range_m = nan",
        r"sensors\[0\].sigma_range_m must be a number >= 0.1",
    ),
    "infinite": (
        "height_m = 500.0",
        "height_m = inf",
        r"sensors\[0\].height_m must be a number <= 30000.0",
    ),
    "text for a number": (
        "latitude_deg = 36.5",
        'latitude_deg = "36.5"',
        r"sensors\[0\].latitude_deg must be a number, got `str`",
    ),
    "yes for a number": (
        "seed = 7",
        "seed = true",
        "seed must be a whole number, got `bool`",
    ),
    "negative seed": ("seed = 7", "seed = -1", "seed must be a whole number >= 0"),
    "seed of a thousand digits": (
        "seed = 7",
        f"seed = 1{'0' * 900}",
        "seed must be a whole number <=",
    ),
    "unknown field": (
        "sigma_range_m = 30.0",
        "sigma_range_m = 30.0\nsigma_doppler_mps = 1.0",
        r"sensors\[0\].sigma_doppler_mps is no field of this table",
    ),
    "unknown kind": (
        'kind = "radar"',
        'kind = "lidar"',
        r"sensors\[0\].kind Invalid value 'lidar'",
    ),
    "field of another kind": (
        "cloud_height_km = 10.0",
        "cloud_height_km = 10.0\nmaximum_range_km = 9.0",
        r"sensors\[1\].maximum_range_km is no field",
    ),
    "unknown published flight": (
        BY_ID,
        'published_id = "NK-1999-01-01-01"',
        r"flights\[0\].published_id is 'NK-1999-01-01-01'.*bongsu flight list",
    ),
    "published flight with a figure": (
        BY_ID,
        f"{BY_ID}\nrange_km = 5000",
        r"flights\[0\].range_km stands beside published_id",
    ),
    "flight without apogee": (
        BY_ID,
        EXPLICIT_FLIGHT.replace("apogee_km = 300.0", ""),
        r"flights\[0\].apogee_km is missing",
    ),
    "flight with nothing": (BY_ID, "", r"flights\[0\].id is missing"),
    "same flight twice": (
        BY_ID,
        f"{BY_ID}\n[[flights]]\n{BY_ID}",
        r"flights\[1\].id repeats flights\[0\].id",
    ),
    "same sensor twice": (
        'id = "US-IR-1"',
        'id = "KR-RADAR-1"',
        r"sensors\[1\].id repeats sensors\[0\].id",
    ),
    "same nation twice": (
        '[[nations]]\nid = "US"',
        '[[nations]]\nid = "KR"',
        r"nations\[1\].id repeats nations\[0\].id",
    ),
    "same node twice": (
        'node = "US-1"',
        'node = "KR-1"',
        r"nations\[1\].node repeats nations\[0\].node",
    ),
    "sensor of no nation": (
        'id = "KR-RADAR-1"\nnation = "KR"',
        'id = "KR-RADAR-1"\nnation = "JP"',
        r"sensors\[0\].nation is 'JP', which is no nation here",
    ),
    "place of no nation": (
        'name = "Seoul"\nnation = "KR"',
        'name = "Seoul"\nnation = "JP"',
        r"places\[0\].nation is 'JP'",
    ),
    "link to no nation": (
        'between = ["KR", "US"]',
        'between = ["KR", "JP"]',
        r"links\[0\].between is 'JP'",
    ),
    "link with itself": (
        'between = ["KR", "US"]',
        'between = ["KR", "KR"]',
        r"links\[0\].between links a nation with itself",
    ),
    "same link twice": (
        'between = ["KR", "US"]',
        'between = ["KR", "US"]\n[[links]]\nbetween = ["US", "KR"]',
        r"links\[1\].between repeats links\[0\].between",
    ),
    "link of three": (
        'between = ["KR", "US"]',
        'between = ["KR", "US", "JP"]',
        r"links\[0\].between must be a list of length",
    ),
    "nation without a link": (
        '[[links]]\nbetween = ["KR", "US"]',
        "",
        r"nations\[1\] \(US\) has no link to KR",
    ),
    "scan offset beyond the scan": (
        "scan_offset_s = 0.5",
        "scan_offset_s = 2.0",
        r"sensors\[0\].scan_offset_s is not below scan_interval_s",
    ),
    "start without a zone": (
        '"2022-10-03T22:21:30Z"',
        '"2022-10-03T22:21:30"',
        'start is .*Write UTC, as "2022-10-03T22:21:30Z"',
    ),
    "start in another zone": (
        '"2022-10-03T22:21:30Z"',
        "2022-10-04T07:21:30+09:00",
        "start is .*Write UTC",
    ),
    "start on no day": ("2022-10-03", "2022-02-30", "start is .*which is no date"),
    "start in another age": ("2022-10-03", "2222-10-03", "outside the years 1970 to 2199"),
    "start as a number": ('"2022-10-03T22:21:30Z"', "12", "start must be a text, got `int`"),
    "not made up": ("made_up = true", "made_up = false", "made_up is false.*made_up = true"),
    "identifier with a line break": (
        'id = "US-IR-1"',
        'id = "US-IR-1\\n"',
        r"sensors\[1\].id must be a text matching",
    ),
    "control characters in a name": (
        'name = "Seoul"',
        'name = "Seo\\u001b[31mul"',
        r"places\[0\].name holds characters that cannot be shown",
    ),
    "no TOML": ("[[links]]", "[[links", "text is no valid TOML"),
    "key twice": ("seed = 7", "seed = 7\nseed = 8", "text is no valid TOML"),
    "depth": ("seed = 7", f"seed = {'[' * 900}", "TOML|too deep"),
    "a line without end": ("seed = 7", f"seed = 7 # {'x' * 2_000}", "line 5 is longer"),
    "a key of ten thousand parts": ("seed = 7", f"{'a.' * 10_000}b = 1", "line 5 is longer"),
    "a word without end": (
        'realm = "exercise"',
        f'realm = "{"x" * 900}"',
        r"realm is 'x{157}\.\.\.'",
    ),
    "flights as a number": ("[[flights]]", "flights = 3\n[other]", "flights must be a list"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_scenario_with_this_fault_is_refused_by_its_path(name: str) -> None:
    old, new, message = REFUSED[name]
    with pytest.raises(LocalMisuse, match=message) as refusal:
        parse(changed(old, new))
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 600
    assert refusal.value.remedy


def test_a_million_flights_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(LocalMisuse, match="text is longer than 262,144 characters"):
        parse(SCENARIO + "[[flights]]\n" * 1_000_000)


def test_more_flights_than_a_scenario_may_have_are_refused() -> None:
    many = "[[flights]]\n" + 'id = "X"\n[[flights]]\n' * 5_000
    assert len(many) < MAXIMUM_TEXT_CHARACTERS
    with pytest.raises(LocalMisuse, match="flights must be a list of length <= 200"):
        parse(changed("[[flights]]\n", many))


def test_nested_lists_over_many_lines_are_refused() -> None:
    with pytest.raises(LocalMisuse, match="nests lists or tables too deep"):
        parse(changed("seed = 7", "seed = " + "[\n" * 50_000))


@pytest.mark.parametrize("missing", ["apogee_m", "range_m", "bearing_rad"])
def test_a_published_flight_without_a_needed_figure_cannot_be_flown(missing: str) -> None:
    flight = published_flight(**{missing: None})
    with pytest.raises(LocalMisuse, match=r"has no published \w+\. .*bongsu flight list"):
        parse_scenario(SCENARIO, published={flight.id: flight})


def test_a_published_flight_without_a_class_gets_that_of_its_energy() -> None:
    flight = published_flight(object_class=None, class_published="Unknown")
    scenario = parse_scenario(SCENARIO, published={flight.id: flight})
    assert scenario.flights[0].object_class is ObjectClass.IRBM


@pytest.mark.parametrize(
    ("changed_to", "reason"),
    [
        ({"object_class": None, "class_published": "HGV"}, "glide vehicle"),
        ({"object_class": ObjectClass.SLV}, "satellite launcher"),
        ({"apogee_m": 100e3}, "too low for a ballistic path"),
    ],
)
def test_a_published_flight_that_is_not_ballistic_cannot_be_flown(
    changed_to: dict[str, object], reason: str
) -> None:
    flight = published_flight(**changed_to)
    with pytest.raises(LocalMisuse, match=f"is not ballistic: .*{reason}.*bongsu flight list"):
        parse_scenario(SCENARIO, published={flight.id: flight})


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_scenario_or_one_clear_refusal(text: str) -> None:
    with pytest.raises(LocalMisuse) as refusal:
        parse(text)
    assert "\n" not in str(refusal.value)


HOSTILE = st.sampled_from(
    ["nan", "-inf", "1e308", "-1", "0", "true", '""', "[]", "{}", "'x'", "9" * 400, "1979-05-27"]
)


def outcome(text: str) -> Scenario | LocalMisuse:
    """A scenario or a refusal; anything else that is raised is a fault of ours."""
    try:
        return parse(text)
    except LocalMisuse as refusal:
        return refusal


def check_outcome(result: Scenario | LocalMisuse) -> None:
    if isinstance(result, Scenario):
        assert result.realm is Realm.EXERCISE
    else:
        assert "\n" not in str(result)
        assert result.remedy


@settings(max_examples=300, deadline=None)
@given(st.integers(0, SCENARIO.count(" = ") - 1), HOSTILE)
def test_any_hostile_value_anywhere_is_taken_or_refused_in_one_line(field: int, value: str) -> None:
    lines = SCENARIO.split("\n")
    assignments = [number for number, line in enumerate(lines) if " = " in line]
    key = lines[assignments[field]].split(" = ")[0]
    lines[assignments[field]] = f"{key} = {value}"
    check_outcome(outcome("\n".join(lines)))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SCENARIO)), st.integers(0, 40), st.text(max_size=10))
def test_any_cut_or_insertion_is_a_scenario_or_one_clear_refusal(
    at: int, length: int, text: str
) -> None:
    check_outcome(outcome(SCENARIO[:at] + text + SCENARIO[at + length :]))
