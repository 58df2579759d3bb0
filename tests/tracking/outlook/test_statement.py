import numpy as np
import pytest
from tests.tracking.made_up_boosts import (
    LAUNCH_AT,
    LAUNCH_PLACE,
    LONG_SHOT,
    at,
    burnout_s,
    flown,
    ground_point,
)

from bongsu.physics.geodesy import geodesic_inverse
from bongsu.tracking.fall.impact_prediction import forecast, survey
from bongsu.tracking.outlook.launcher_share import Staging
from bongsu.tracking.outlook.page import MAY_GO_ON, Page, Situation
from bongsu.tracking.outlook.statement import Fall, falls, fan_around, flight_of
from bongsu.vocabulary.estimates import Ellipse, Fan, LaunchEstimate, ObjectClass
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind
from bongsu.vocabulary.units import seconds_between

FLIGHT = flown(LONG_SHOT)
AFTER_S = burnout_s(FLIGHT) + 60.0
LAUNCH = LaunchEstimate(
    point=LAUNCH_PLACE,
    ellipse=Ellipse(semi_major_m=2_447.7, semi_minor_m=2_447.7, azimuth_rad=0.0),
    at=LAUNCH_AT,
    sigma_time_s=3.0,
    azimuth_rad=np.radians(77.0),
    sigma_azimuth_rad=np.radians(0.2),
)
SHARES = {kind: (1.0 if kind is ObjectClass.IRBM else 0.0) for kind in ObjectClass}


def fall_with(sigma_mps: float) -> Fall:
    state = FLIGHT.state_at(AFTER_S)[None]
    spread = np.diag([100.0**2] * 3 + [sigma_mps**2] * 3)[None]
    (fall,) = falls(forecast(state, spread, survey(state)), [LAUNCH_PLACE], at(AFTER_S))
    assert fall is not None
    return fall


def situation(seconds: float = AFTER_S, *, seen_ns: int = 1, height_m: float = 4e5) -> Situation:
    return Situation(
        at=at(seconds),
        observed_ns=seen_ns,
        height_m=height_m,
        climb_mps=100.0 if height_m > 1e5 else -1_000.0,
        is_ballistic=True,
    )


def page_with(fall: Fall) -> Page:
    page = Page(launch=LAUNCH)
    page.take(fall, situation())
    page.state(SHARES, situation())
    return page


def test_a_fall_is_where_and_when_the_flight_comes_down() -> None:
    fall, truth = fall_with(1.0), ground_point(FLIGHT.state_ecef[-1, :3])
    distance, _, _ = geodesic_inverse(
        fall.impact.point.latitude_rad,
        fall.impact.point.longitude_rad,
        truth.latitude_rad,
        truth.longitude_rad,
    )
    assert float(distance) < fall.impact.ellipse.semi_minor_m
    late_s = seconds_between(fall.impact.at, at(FLIGHT.duration_s))
    assert abs(late_s) < 2.0 * fall.impact.sigma_time_s


def test_the_flight_is_counted_from_the_launch() -> None:
    fall = fall_with(1.0)
    flight = flight_of(fall, LAUNCH, fall.apogee)
    assert flight.flight_time_s == pytest.approx(FLIGHT.duration_s, abs=5.0)
    assert flight.range_m == pytest.approx(4_500e3, rel=0.15)
    assert flight.sigma_flight_time_s > 3.0
    assert flight.sigma_range_m > np.hypot(1_000.0, 0.9 * fall.sigma_along_m)
    assert flight.apogee_m == pytest.approx(FLIGHT.apogee_m(), abs=3 * flight.sigma_apogee_m)


def test_a_point_is_stated_where_the_area_is_of_use_and_a_fan_otherwise() -> None:
    sharp, vague = page_with(fall_with(1.0)).outlook, page_with(fall_with(400.0)).outlook
    assert sharp.impact is not None
    assert sharp.flight is not None
    assert sharp.fan is None
    assert vague.impact is None
    assert vague.flight is None
    assert vague.fan is not None
    assert vague.fan.minimum_range_m < 4_500e3 < vague.fan.maximum_range_m


def test_an_impact_says_for_how_long_another_stage_could_change_it() -> None:
    page = page_with(fall_with(1.0))
    assert list(page.outlook.caveats) == []
    page.burned_at, page.staging = at(AFTER_S - 10.0), Staging(share=0.6, coast_s=25.0)
    page.state(SHARES, situation())
    assert page.outlook.impact is not None
    assert list(page.outlook.caveats) == [MAY_GO_ON]
    assert launch_kind(page.outlook.classification) is LaunchKind.UNDETERMINED
    page.state(SHARES, situation(AFTER_S + 120.0))
    assert list(page.outlook.caveats) == []
    assert launch_kind(page.outlook.classification) is LaunchKind.MISSILE


def test_while_the_engine_may_burn_there_is_no_point() -> None:
    page = page_with(fall_with(1.0))
    page.engine_may_burn = True
    page.state(SHARES, situation())
    assert page.outlook.impact is None
    assert page.outlook.launch is LAUNCH


def test_a_path_that_is_not_ballistic_gets_no_impact() -> None:
    page = page_with(fall_with(1.0))
    odd = Situation(at=at(AFTER_S), observed_ns=1, height_m=4e5, climb_mps=1.0, is_ballistic=False)
    page.state(SHARES, odd)
    assert page.outlook.impact is None
    assert page.outlook.flight is None


def test_a_fan_after_burnout_is_no_narrower_than_before() -> None:
    fall = fall_with(400.0)
    wide = Fan(
        origin=LAUNCH_PLACE,
        azimuth_rad=1.0,
        half_width_rad=0.8,
        minimum_range_m=0.0,
        maximum_range_m=9e6,
    )
    assert fan_around(fall, wide).half_width_rad == 0.8
    assert fan_around(fall, None).half_width_rad < 0.8


def test_unseen_a_forecast_never_gets_surer() -> None:
    page = page_with(fall_with(5.0))
    assert page.fall is not None
    before = page.fall.impact.ellipse.semi_major_m
    page.take(fall_with(1.0), situation(AFTER_S + 10.0))
    assert page.fall.impact.ellipse.semi_major_m == before
    page.take(fall_with(1.0), situation(AFTER_S + 11.0, seen_ns=2))
    assert page.fall.impact.ellipse.semi_major_m < before


def test_unseen_in_the_air_the_last_forecast_holds() -> None:
    page = page_with(fall_with(1.0))
    last = page.fall
    page.take(fall_with(50.0), situation(AFTER_S + 900.0, height_m=40e3))
    assert page.fall is last


def test_an_apogee_that_has_passed_stays() -> None:
    page = page_with(fall_with(1.0))
    passed = page.apogee
    page.take(fall_with(100.0), situation(AFTER_S + 900.0, seen_ns=2, height_m=95e3))
    assert page.apogee is passed


def test_what_should_have_come_down_long_ago_is_overdue() -> None:
    page = page_with(fall_with(1.0))
    assert not page.is_overdue(at(FLIGHT.duration_s))
    assert page.is_overdue(at(FLIGHT.duration_s + 60.0))
    page.engine_may_burn = True
    assert not page.is_overdue(at(FLIGHT.duration_s + 60.0))
    assert not Page().is_overdue(at(1e6))
