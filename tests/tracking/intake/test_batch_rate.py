from bongsu.tracking.intake.batch_rate import rate_guard
from bongsu.vocabulary.units import UtcNs, after_seconds

START = UtcNs(1_900_000_000_000_000_000)


def passed(times_s: list[float]) -> int:
    guard = rate_guard(scan_interval_s=2.0, per_scan=8, late_s=10.0)
    return sum(guard.lets_through(after_seconds(START, second)) for second in times_s)


def test_a_sensor_at_its_own_pace_is_never_refused() -> None:
    assert passed([0.25 * number for number in range(4_000)]) == 4_000


def test_a_backlog_after_a_cut_comes_through_at_once() -> None:
    assert passed([0.0, *[10.0] * 39]) == 40


def test_a_flood_comes_through_at_the_stated_pace_and_no_faster() -> None:
    flood = [number * 1e-3 for number in range(20_000)]  # 20 s
    assert passed(flood) in range(40 + 79, 40 + 81)


def test_a_clock_that_goes_back_lets_nothing_more_through() -> None:
    assert passed([100.0] * 40 + [0.0, 50.0, 100.0] * 10) == 40
