"""Scenario time runs at its speed from its anchor, whatever the system clock does later."""

import math

import pytest

from bongsu.adapters import system_clock
from bongsu.adapters.system_clock import ScenarioClock, SystemClock, cpu_time_s
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, UtcNs

NOW = 1_800_000_000 * NS_PER_S
SCENARIO_START = UtcNs(1_664_835_720 * NS_PER_S)


class MadeUpTime:
    """The machine's clocks as the test sets them."""

    def __init__(self) -> None:
        self.system, self.since_boot, self.cpu = NOW, 5_000 * NS_PER_S, 1.5

    def time_ns(self) -> int:
        return self.system

    def monotonic_ns(self) -> int:
        return self.since_boot

    def process_time(self) -> float:
        return self.cpu

    def passes(self, seconds: float) -> None:
        self.system += round(seconds * NS_PER_S)
        self.since_boot += round(seconds * NS_PER_S)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> MadeUpTime:
    machine = MadeUpTime()
    monkeypatch.setattr(system_clock, "time", machine)
    return machine


def scenario_clock(*, speed: float = 1.0, anchor_in_s: float = 10.0) -> ScenarioClock:
    return ScenarioClock(
        scenario_start=SCENARIO_START,
        anchor_utc=UtcNs(NOW + round(anchor_in_s * NS_PER_S)),
        speed=speed,
    )


def test_the_live_clock_states_the_machines_own_time(machine: MadeUpTime) -> None:
    clock = SystemClock()
    assert (clock.utc(), clock.system_utc(), clock.monotonic()) == (NOW, NOW, machine.since_boot)


@pytest.mark.parametrize("speed", [0.5, 1.0, 20.0])
def test_scenario_time_starts_at_the_anchor_and_runs_at_its_speed(
    machine: MadeUpTime, speed: float
) -> None:
    clock = scenario_clock(speed=speed)
    assert clock.utc() == SCENARIO_START - 10.0 * speed * NS_PER_S
    machine.passes(10.0)
    assert clock.utc() == SCENARIO_START
    machine.passes(4.0)
    assert clock.utc() == SCENARIO_START + 4.0 * speed * NS_PER_S
    assert clock.system_utc() == NOW + 14 * NS_PER_S


def test_timers_are_not_scaled(machine: MadeUpTime) -> None:
    clock = scenario_clock(speed=20.0)
    before = clock.monotonic()
    machine.passes(3.0)
    assert clock.monotonic() - before == 3 * NS_PER_S


def test_processes_that_start_at_different_moments_agree(machine: MadeUpTime) -> None:
    early = scenario_clock(speed=7.0)
    machine.passes(6.5)
    assert scenario_clock(speed=7.0).utc() == early.utc()


def test_a_step_of_the_system_clock_moves_no_scenario(machine: MadeUpTime) -> None:
    clock = scenario_clock()
    machine.passes(12.0)
    before = clock.utc()
    machine.system -= 3_600 * NS_PER_S
    assert clock.utc() == before
    assert clock.system_utc() == machine.system


def test_waiting_is_counted_in_real_seconds(machine: MadeUpTime) -> None:
    clock = scenario_clock(speed=20.0)
    wanted = UtcNs(SCENARIO_START + 100 * NS_PER_S)
    assert clock.real_seconds_until(wanted) == 15.0
    machine.passes(16.0)
    assert clock.real_seconds_until(wanted) == -1.0


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan, math.inf, 1e6])
def test_a_speed_that_no_scenario_has_is_refused(speed: float) -> None:
    with pytest.raises(LocalMisuse, match="speed"):
        scenario_clock(speed=speed)


def test_the_cpu_time_is_that_of_this_process(machine: MadeUpTime) -> None:
    assert cpu_time_s() == machine.cpu


def test_the_real_clocks_run() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
    assert clock.utc() > NOW // 2
