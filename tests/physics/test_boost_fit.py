import numpy as np
import pytest

from bongsu.physics.boost_fit import FittedFlight, fit_flight, profile_for
from bongsu.physics.frames import ecef_to_enu
from bongsu.physics.generic_figures import (
    MEDIUM_LIQUID,
    ONE_STAGE_LIQUID,
    PROFILE_BY_TYPE,
    SHORT_SOLID,
    TWO_STAGE_LIQUID,
)
from bongsu.physics.trajectory import fly
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass


def fit(
    apogee_km: float,
    range_km: float,
    *,
    object_class: ObjectClass | None = None,
    bearing_deg: float = 80.0,
    latitude_deg: float = 40.6,
) -> FittedFlight:
    return fit_flight(
        object_class=object_class,
        apogee_m=apogee_km * 1e3,
        range_m=range_km * 1e3,
        latitude_rad=np.radians(latitude_deg),
        longitude_rad=np.radians(126.4),
        bearing_rad=np.radians(bearing_deg),
    )


@pytest.mark.parametrize(
    ("object_class", "apogee_km", "range_km", "bearing_deg"),
    [
        (ObjectClass.SRBM, 97.0, 380.0, 62.0),
        (ObjectClass.SRBM, 50.0, 350.0, 270.0),
        (ObjectClass.MRBM, 260.0, 1_000.0, 181.0),
        (ObjectClass.IRBM, 970.0, 4_500.0, 80.0),
        (ObjectClass.ICBM, 6_000.0, 1_000.0, 65.0),
        (ObjectClass.ICBM, 1_200.0, 10_000.0, 20.0),
    ],
)
def test_apogee_range_and_bearing_are_met_to_a_thousandth(
    object_class: ObjectClass, apogee_km: float, range_km: float, bearing_deg: float
) -> None:
    fitted = fit(apogee_km, range_km, object_class=object_class, bearing_deg=bearing_deg)
    flown = fly(fitted.profile, fitted.controls, fitted.place)
    assert fitted.apogee_m == pytest.approx(apogee_km * 1e3, rel=1e-4)
    assert fitted.range_m == pytest.approx(range_km * 1e3, rel=1e-4)
    assert np.sin(fitted.bearing_rad - np.radians(bearing_deg)) == pytest.approx(0.0, abs=1e-4)
    # The table is flown with smaller steps than the fit.
    assert flown.apogee_m() == pytest.approx(apogee_km * 1e3, rel=1e-3)
    assert flown.duration_s == pytest.approx(fitted.flight_time_s, rel=1e-3)


def test_a_flight_too_weak_to_lift_off_is_cut_off_early_instead() -> None:
    fitted = fit(189.0, 60.0, object_class=ObjectClass.IRBM)
    assert fitted.controls.burn_scale[0] < 1.0
    assert fitted.burnout_s == pytest.approx(145.0 * fitted.controls.burn_scale[0])
    flown = fly(fitted.profile, fitted.controls, fitted.place)
    position = flown.state_at(np.linspace(0.0, 20.0, 21))[:, :3]
    up = ecef_to_enu(position, fitted.place.latitude_rad, fitted.place.longitude_rad, 0.0)[:, 2]
    assert np.all(np.diff(up) > 0.0)


def test_without_a_class_the_energy_of_the_flight_chooses_the_figures() -> None:
    # A lofted flight with the speed of a long one is taken for what it could reach.
    assert profile_for(None, 100e3, 350e3) is SHORT_SOLID
    assert profile_for(None, 620e3, 300e3) is MEDIUM_LIQUID
    assert profile_for(None, 970e3, 4_500e3) is ONE_STAGE_LIQUID
    assert profile_for(None, 6_000e3, 1_000e3) is TWO_STAGE_LIQUID
    assert profile_for(None, 20_000e3, 1_000e3) is TWO_STAGE_LIQUID


def test_every_generic_vehicle_lifts_off() -> None:
    for profile in set(PROFILE_BY_TYPE.values()) | {SHORT_SOLID}:
        first = profile.stages[0]
        assert first.ignition_acceleration_mps2 * (1.0 - first.sea_level_loss) > 9.81


def test_a_satellite_launcher_is_refused_with_a_remedy() -> None:
    with pytest.raises(LocalMisuse, match="no ballistic impact") as refusal:
        fit(500.0, 2_700.0, object_class=ObjectClass.SLV)
    assert "another class" in refusal.value.remedy


def test_a_path_that_no_boost_flies_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="No boost of"):
        fit(20.0, 190.0, object_class=ObjectClass.SRBM)


@pytest.mark.parametrize(
    ("apogee_km", "range_km", "latitude_deg"),
    [(0.0, 100.0, 40.0), (np.nan, 100.0, 40.0), (100.0, 2e4, 40.0), (100.0, 300.0, 91.0)],
)
def test_figures_off_the_earth_are_refused(
    apogee_km: float, range_km: float, latitude_deg: float
) -> None:
    with pytest.raises(LocalMisuse, match="Cannot fit"):
        fit(apogee_km, range_km, latitude_deg=latitude_deg)
