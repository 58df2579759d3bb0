"""What the log takes, and until when there is room."""

import pytest
from tests.node.made_up_world import World, pass_time, play

from bongsu.node.disk_room import DAY_NS, LOW_BYTES, Measure, forecast
from bongsu.node.ports import StoreSize
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs

GB = 1024**3


def _measure(at_s: float, used: int, free: int | None = 100 * GB) -> Measure:
    size = StoreSize(bytes_used=used, bytes_free=free)
    return Measure(at=MonotonicNs(round(at_s * NS_PER_S)), size=size)


def test_growth_over_a_day_tells_how_many_days_are_left() -> None:
    found = forecast(_measure(0, 0), _measure(DAY_NS / NS_PER_S, 10 * GB))
    assert found.bytes_a_day == pytest.approx(10 * GB)
    assert found.days_left == pytest.approx(10.0)
    assert not found.low


def test_less_than_a_week_is_low() -> None:
    assert forecast(_measure(0, 0), _measure(86_400, 20 * GB)).low


def test_before_an_hour_was_measured_nothing_is_forecast() -> None:
    found = forecast(_measure(0, 0), _measure(3_599, 50 * GB))
    assert (found.bytes_a_day, found.days_left, found.low) == (None, None, False)


def test_a_log_that_does_not_grow_has_no_end() -> None:
    found = forecast(_measure(0, GB), _measure(86_400, GB))
    assert (found.bytes_a_day, found.days_left) == (0.0, None)


def test_little_room_is_low_whatever_the_growth() -> None:
    assert forecast(_measure(0, 0, LOW_BYTES - 1), _measure(1, 0, LOW_BYTES - 1)).low


def test_where_the_room_is_not_known_nothing_is_claimed() -> None:
    found = forecast(_measure(0, 0, None), _measure(86_400, GB, None))
    assert (found.days_left, found.low) == (None, False)


def test_people_are_told_once_that_the_disk_runs_full(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        korea, _, _ = world.three()
        small = StoreSize(bytes_used=5, bytes_free=7)
        monkeypatch.setattr(korea.store, "size", lambda: small)
        await pass_time(200.0)
        assert len(korea.journal.of("disk_low")) == 1
        seen = await korea.node.control.call("disk", {})
        assert isinstance(seen, dict)
        assert (seen["bytes_used"], seen["bytes_free"], seen["low"]) == (5, 7, True)
        roomy = StoreSize(bytes_used=5, bytes_free=2 * LOW_BYTES)
        monkeypatch.setattr(korea.store, "size", lambda: roomy)
        await pass_time(61.0)
        assert len(korea.journal.of("disk_has_room")) == 1

    play(story)
