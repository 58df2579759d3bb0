"""The demo on a terminal, at several sizes."""

import io
from dataclasses import replace

import pytest
from rich.console import Console
from tests.console.made_up_flight import JP, KR, LAUNCHED_AT, US

from bongsu.console.demo_events import (
    DemoEvent,
    DemoSetting,
    LinkFault,
    NodeStarted,
    OwnWarningStated,
    SensorSilent,
)
from bongsu.console.live_state import LiveState, after, at_start, at_time
from bongsu.console.live_view import LiveView, picture
from bongsu.console.marks import ASCII_MARKS, UNICODE_MARKS, marks_for
from bongsu.vocabulary.units import NodeId, SensorId, after_seconds


def seen_at(setting: DemoSetting, events: list[DemoEvent], seconds: float) -> LiveState:
    limit = after_seconds(LAUNCHED_AT, seconds)
    state = at_start(setting)
    for event in events:
        if event.at <= limit:
            state = after(state, event)
    return at_time(state, limit)


def drawn(state: LiveState, *, width: int, height: int, encoding: str = "utf-8") -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, height=height, color_system=None)
    with console.capture() as capture:
        console.print(picture(state, console=console))
    return capture.get().rstrip("\n").split("\n")


SIZES = [(80, 24), (120, 40), (200, 50), (40, 12), (20, 5)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("seconds", [-30.0, 20.0, 110.0, 204.0, 1400.0])
def test_the_picture_never_overflows_the_terminal(
    setting: DemoSetting, events: list[DemoEvent], width: int, height: int, seconds: float
) -> None:
    lines = drawn(seen_at(setting, events, seconds), width=width, height=height)
    assert max(len(line) for line in lines) <= width
    if height >= 12:
        assert len(lines) <= height
    assert lines[0].startswith(" EXERCISE ")


def test_a_small_terminal_shows_every_nations_warning_impact_and_time_left(
    setting: DemoSetting, events: list[DemoEvent]
) -> None:
    text = "\n".join(drawn(seen_at(setting, events, 204.0), width=80, height=24))
    assert " T+03:24  2022-10-03 22:25:24Z  x15 " in text
    for nation in (KR, US, JP):
        assert f"{nation}-1/W0001 amended" in text
    assert text.count("time left 18 min") >= 3
    assert text.count("predicted impact 35.") == 3
    assert text.count("single-source, unconfirmed (radar)") == 2
    assert "confirmed (infrared, radar)" in text
    assert "from KR v29 in 9.8 ms, withheld: launch, sensors" in text
    assert "● JP by way of US works" in text


def test_a_wide_terminal_puts_the_nations_side_by_side(
    setting: DemoSetting, events: list[DemoEvent]
) -> None:
    lines = drawn(seen_at(setting, events, 204.0), width=200, height=50)
    titles = next(line for line in lines if "KR-1 running" in line)
    assert "US-1 running" in titles
    assert "JP-1 running" in titles
    assert any("caveat: sun within 20 deg" in line for line in lines)


def test_a_lost_track_reads_predicted_not_observed(
    setting: DemoSetting, events: list[DemoEvent]
) -> None:
    text = "\n".join(drawn(seen_at(setting, events, 1300.0), width=100, height=40))
    assert text.count("predicted, not observed") >= 3
    assert "UNDER ONE MINUTE LEFT: 1" in text


def test_before_any_warning_each_panel_says_so(
    setting: DemoSetting, events: list[DemoEvent]
) -> None:
    text = "\n".join(drawn(seen_at(setting, events, 44.0), width=80, height=24))
    assert text.count("no launch warning of its own") == 3
    assert "first plots: US-INFRARED-1 (infrared) T+00:43" in text
    assert text.count("no plot yet") == 2


def test_faults_are_shown_in_words_and_shape(setting: DemoSetting) -> None:
    state = at_start(setting)
    started = NodeStarted(
        at=LAUNCHED_AT, nation=US, node=NodeId("US-1"), sensors=(), partners=(KR, JP)
    )
    state = after(state, started)
    state = after(state, LinkFault(at=LAUNCHED_AT, nation=US, partner=JP, reason="silent for 3 s"))
    silent = SensorSilent(at=LAUNCHED_AT, nation=US, sensor_id=SensorId("US-RADAR-1"))
    text = "\n".join(drawn(after(state, silent), width=100, height=30))
    assert "✖ JP LINK FAULT: silent for 3 s" in text
    assert "◌ KR not heard yet" in text
    assert "✖ SENSOR SILENT: US-RADAR-1" in text


def test_several_warnings_of_one_nation_are_counted(
    setting: DemoSetting, events: list[DemoEvent]
) -> None:
    state = seen_at(setting, events, 204.0)
    own = next(e for e in events if isinstance(e, OwnWarningStated) and e.nation == KR)
    another = replace(own.warning, warning_id="KR-1/W0002")
    text = "\n".join(drawn(after(state, replace(own, warning=another)), width=90, height=40))
    assert "KR-1/W0002 issued v1" in text
    assert "1 other warnings: KR-1/W0001" in text


def test_a_terminal_without_unicode_gets_ascii_shapes(
    setting: DemoSetting, events: list[DemoEvent]
) -> None:
    lines = drawn(seen_at(setting, events, 204.0), width=80, height=24, encoding="ascii")
    assert "".join(lines).isascii()
    assert any(line.startswith("! KR-1/W0001") for line in lines)
    assert marks_for("ascii") is ASCII_MARKS
    assert marks_for("UTF-8") is UNICODE_MARKS


def test_no_color_leaves_every_word(
    setting: DemoSetting, events: list[DemoEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=io.StringIO(), force_terminal=True, width=80, height=24)
    with console.capture() as capture:
        console.print(picture(seen_at(setting, events, 1330.0), console=console))
    text = capture.get()
    assert "\x1b[31" not in text
    assert "\x1b[41" not in text
    assert "NO TIME LEFT" in text


def test_the_live_view_leaves_its_last_picture_behind(
    setting: DemoSetting, events: list[DemoEvent]
) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=80, height=24, color_system=None)
    with LiveView(setting, console=console) as view:
        for event in events[:40]:
            view.show(event)
        view.tick(after_seconds(LAUNCHED_AT, 204.0))
    left_behind = file.getvalue().rsplit("\x1b[?1049l", 1)[1]
    assert "EXERCISE" in left_behind
    assert "T+03:24" in left_behind


def test_a_burst_of_events_costs_one_drawing(setting: DemoSetting, events: list[DemoEvent]) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=80, height=24, color_system=None)
    with LiveView(setting, console=console) as view:
        started = len(file.getvalue())
        for event in events:
            view.show(event)
        assert len(file.getvalue()) == started
        view.tick(events[-1].at)
        assert len(file.getvalue()) > started
