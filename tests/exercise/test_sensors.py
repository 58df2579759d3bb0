import subprocess
import sys
from dataclasses import replace
from math import pi

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exercise.made_up import LAUNCHED_AT, PUBLISHED, SCENARIO, START, truth

from bongsu.exercise.chance import generator
from bongsu.exercise.scenario import ScenarioSensor
from bongsu.exercise.scenario_reader import parse_scenario
from bongsu.exercise.sensor_geometry import measured_exactly, range_rates_exactly
from bongsu.exercise.sensors import CLUTTER, plots_of_scan, scan_of, search_volume
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import MonotonicNs

TRUTH = truth()
RADAR, INFRARED, SHIP = parse_scenario(SCENARIO, published=PUBLISHED).sensors
SCANS_IN_SIGHT = range(90, 200)  # of RADAR: T+151 s to T+369 s, payload and stage both in sight


def encoded(sensor: ScenarioSensor, scan_number: int, seed: int = 7) -> bytes:
    return msgspec.msgpack.encode(plots_of_scan(sensor, TRUTH, scan_number, seed=seed))


def with_site(sensor: ScenarioSensor, **changed: float) -> ScenarioSensor:
    return replace(sensor, site=replace(sensor.site, **changed))  # type: ignore[arg-type]


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(85, 100)), st.integers(0, 2**63 - 1))
def test_the_same_seed_gives_the_same_bytes_in_whatever_order_scans_are_asked_for(
    order: list[int], seed: int
) -> None:
    forward = {number: encoded(RADAR, number, seed) for number in range(85, 100)}
    assert {number: encoded(RADAR, number, seed) for number in order} == forward


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import sys; from tests.exercise.test_sensors import *; "
        "sys.stdout.write(b''.join(encoded(RADAR, n) for n in range(85, 120)).hex())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == b"".join(encoded(RADAR, n) for n in range(85, 120)).hex()


def test_another_seed_sensor_or_scan_gives_other_plots() -> None:
    twin = with_site(RADAR, sensor_id="KR-RADAR-2")  # type: ignore[arg-type]
    batches = [
        plots_of_scan(RADAR, TRUTH, 100, seed=7),
        plots_of_scan(RADAR, TRUTH, 100, seed=8),
        plots_of_scan(RADAR, TRUTH, 101, seed=7),
        plots_of_scan(twin, TRUTH, 100, seed=7),
    ]
    assert len({batch.measurements for batch in batches}) == 4


def test_one_more_object_does_not_change_the_noise_of_the_others() -> None:
    two = truth(launches=2)
    for number in SCANS_IN_SIGHT[:30]:
        alone = scan_of(with_site(RADAR, clutter_per_scan=0.0), TRUTH, number, seed=7)
        beside = scan_of(with_site(RADAR, clutter_per_scan=0.0), two, number, seed=7)
        for row, origin in zip(alone.measurements, alone.origin, strict=True):
            assert row in beside.measurements[beside.origin == origin]


def test_a_batch_tells_its_scan_its_instant_and_that_it_is_an_exercise() -> None:
    batch = plots_of_scan(RADAR, TRUTH, 4, seed=7, emitted_at=MonotonicNs(9))
    assert (batch.sensor_id, batch.sequence, batch.emitted_at) == ("KR-RADAR-1", 5, 9)
    assert batch.observed_at == START + 8_500_000_000
    assert batch.realm is Realm.EXERCISE


def test_a_scan_before_the_launch_holds_false_plots_alone_and_may_be_empty() -> None:
    scans = [scan_of(RADAR, TRUTH, number, seed=7) for number in range(15)]
    assert all((scan.origin == CLUTTER).all() for scan in scans)
    quiet = with_site(RADAR, clutter_per_scan=0.0)
    assert plots_of_scan(quiet, TRUTH, 0, seed=7).measurements == ()


def test_a_negative_scan_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="Scans count from 0"):
        plots_of_scan(RADAR, TRUTH, -1, seed=7)


@pytest.mark.parametrize("sensor", [RADAR, INFRARED], ids=["radar", "infrared"])
def test_noise_has_the_stated_sigma_no_bias_and_no_correlation(sensor: ScenarioSensor) -> None:
    """6,000 looks: a mean beyond 5 standard errors comes once in a million seeds."""
    sure = with_site(sensor, detection_probability=1.0, clutter_per_scan=0.0)
    number = 90 if sensor is RADAR else 120
    exact = measured_exactly(
        sure.site, TRUTH.states_at(sure.observed_at(number, start=START))[0][:1, :3]
    )
    residuals = []
    for seed in range(6_000):
        scan = scan_of(sure, TRUTH, number, seed=seed)
        residuals.append((scan.measurements[scan.origin == 0] - exact)[0] / sure.site.sigmas)
    sample = np.array(residuals)
    assert np.abs(sample.mean(axis=0)).max() < 5 / np.sqrt(len(sample))
    assert np.abs(sample.std(axis=0) - 1.0).max() < 5 / np.sqrt(2 * len(sample))
    assert np.abs(np.corrcoef(sample.T) - np.eye(sample.shape[1])).max() < 5 / np.sqrt(len(sample))
    tails = (np.abs(sample) > 1.959964).mean(axis=0)
    assert np.abs(tails - 0.05).max() < 5 * np.sqrt(0.05 * 0.95 / len(sample))


def test_a_radar_that_measures_range_rates_has_them_and_everything_else_is_as_without() -> None:
    """2,000 looks at two objects: mean and spread of the errors, in stated sigmas."""
    number, bare = 120, with_site(RADAR, detection_probability=1.0)
    doppler = with_site(bare, sigma_range_rate_mps=3.0)
    states, _ = TRUTH.states_at(doppler.observed_at(number, start=START))
    exact = range_rates_exactly(doppler.site, states)
    errors = []
    for seed in range(2_000):
        scan = scan_of(doppler, TRUTH, number, seed=seed)
        plain = scan_of(bare, TRUTH, number, seed=seed)
        np.testing.assert_array_equal(scan.measurements[:, :3], plain.measurements)
        real = scan.origin >= 0
        errors.extend(((scan.measurements[real, 3] - exact[scan.origin[real]]) / 3.0).tolist())
        assert np.abs(scan.measurements[~real, 3]).max(initial=0.0) <= 8_000.0
    assert abs(np.mean(errors)) < 5 / np.sqrt(len(errors))
    assert abs(np.std(errors) - 1.0) < 5 / np.sqrt(2 * len(errors))


def test_objects_are_detected_and_false_plots_counted_as_the_site_states() -> None:
    """1,100 scans with two objects: within 5 standard errors of the stated figures."""
    scans = [
        scan_of(RADAR, TRUTH, number, seed=seed) for seed in range(10) for number in SCANS_IN_SIGHT
    ]
    for body in (0, 1):
        detected = np.mean([np.count_nonzero(scan.origin == body) for scan in scans])
        assert detected == pytest.approx(0.9, abs=5 * np.sqrt(0.9 * 0.1 / len(scans)))
    false = np.array([np.count_nonzero(scan.origin == CLUTTER) for scan in scans])
    assert false.mean() == pytest.approx(5.0, abs=5 * np.sqrt(5.0 / len(scans)))
    assert false.var() == pytest.approx(5.0, rel=0.25)  # as of a Poisson number


@pytest.mark.parametrize("sensor", [RADAR, INFRARED], ids=["radar", "infrared"])
def test_false_plots_fill_the_search_volume_evenly(sensor: ScenarioSensor) -> None:
    busy = with_site(sensor, clutter_per_scan=1_000.0)
    plots = np.concatenate([scan_of(busy, TRUTH, n, seed=7).measurements for n in range(10)])
    lower, upper = search_volume(busy.site)
    assert (plots >= lower - 1e-6).all()
    assert (plots <= upper + 1e-6).all()
    for component in ((plots - lower) / (upper - lower)).T:
        counts, _ = np.histogram(component, bins=20, range=(0.0, 1.0))
        expected = len(plots) / 20
        assert ((counts - expected) ** 2 / expected).sum() < 60.0  # chi-squared, 19: p = 4e-6


def test_azimuth_stays_in_half_turns_and_elevation_below_the_zenith() -> None:
    wild = with_site(RADAR, clutter_per_scan=1_000.0)
    wild = replace(wild, site=replace(wild.site, sigmas=(30.0, 3.0, 3.0)))
    plots = np.concatenate([scan_of(wild, TRUTH, n, seed=7).measurements for n in SCANS_IN_SIGHT])
    assert (plots[:, 0] > 0.0).all()
    assert (np.abs(plots[:, 1]) < pi).all()
    assert (plots[:, 2] <= pi / 2 + 1e-7).all()


def test_plots_come_in_no_telling_order() -> None:
    first = [scan_of(RADAR, TRUTH, number, seed=7).origin[0] for number in SCANS_IN_SIGHT]
    assert {0, 1, CLUTTER} <= set(first)


def test_a_radar_goes_on_seeing_the_spent_stage_and_infrared_stops_at_burnout() -> None:
    seen = {
        int(body)
        for number in SCANS_IN_SIGHT
        for body in scan_of(RADAR, TRUTH, number, seed=7).origin
    }
    assert seen == {0, 1, CLUTTER}
    burnout = 30 + 145
    before = [scan_of(INFRARED, TRUTH, burnout - n, seed=7).origin for n in range(1, 30)]
    after = [scan_of(INFRARED, TRUTH, burnout + n, seed=7).origin for n in range(30)]
    assert any((origin == 0).any() for origin in before)
    assert all((origin == CLUTTER).all() for origin in after)


def test_infrared_first_sees_the_launch_above_the_clouds() -> None:
    first = next(
        number
        for number in range(300)
        if (scan_of(INFRARED, TRUTH, number, seed=7).origin == 0).any()
    )
    time_s = (INFRARED.observed_at(first, start=START) - LAUNCHED_AT) / 1e9
    cloud_s = np.sqrt(2 * 10e3 / 16.0)  # the made-up ascent climbs with 16 m/s^2
    assert cloud_s <= time_s < cloud_s + 5.0


def test_generators_of_different_purposes_are_different() -> None:
    draws = {
        generator(1, *purpose).random()
        for purpose in [(), ("a",), ("b",), ("a", 1), ("a", 2), ("b", 1)]
    }
    assert len(draws) == 6
