"""The demo without a terminal, and the words of its events."""

import io

from rich.console import Console
from tests.console.made_up_flight import JP, KR, LAUNCHED_AT, US

from bongsu.console.demo_events import (
    DemoEvent,
    DemoSetting,
    LinkFault,
    OwnWarningStated,
    PartnerWarningVerified,
    SensorHeardAgain,
    SensorSilent,
    TrackStatusChanged,
)
from bongsu.console.demo_face import demo_face
from bongsu.console.event_words import log_line, plain_line, short_text
from bongsu.console.live_view import LiveView
from bongsu.console.plain_lines import PlainLines
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import SensorId, TrackId, after_seconds

AT = after_seconds(LAUNCHED_AT, 62.0)


def test_every_line_begins_with_the_marking_the_time_and_the_nation(
    events: list[DemoEvent], setting: DemoSetting
) -> None:
    lines: list[str] = []
    with PlainLines(setting, write=lines.append) as plain:
        for event in events:
            plain.show(event)
        plain.tick(events[-1].at)
    assert len(lines) == len(events)
    for line, event in zip(lines, events, strict=True):
        marking, elapsed, _, nation = line.split()[:4]
        assert marking == "EXERCISE"
        assert elapsed[:2] in ("T+", "T-")
        assert nation == event.nation
        assert "\n" not in line


def test_an_own_warning_is_a_whole_sentence(events: list[DemoEvent], setting: DemoSetting) -> None:
    event = next(e for e in events if isinstance(e, OwnWarningStated) and e.nation == US)
    line = plain_line(event, setting)
    assert "US  own warning: US-1/W0001 issued v1: IRBM (52 %), launched" in line
    assert line.count("EXERCISE") == 1


def test_a_partners_warning_names_the_way_the_delay_and_what_is_withheld(
    events: list[DemoEvent], setting: DemoSetting
) -> None:
    event = next(
        e
        for e in events
        if isinstance(e, PartnerWarningVerified) and e.nation == JP and e.origin == KR
    )
    line = plain_line(event, setting)
    assert "verified from KR by way of US in 9.8 ms; withheld: launch, sensors: KR-1/W" in line
    assert "launch withheld" in line
    assert "from KR by way of US in 9.8 ms: KR-1/W0001 issued v1" in log_line(event, setting)


def test_faults_stand_out_in_words() -> None:
    fault = LinkFault(at=AT, nation=US, partner=JP, reason="silent\x07 for 3.0 s")
    assert short_text(fault) == "LINK FAULT to JP: silent? for 3.0 s"
    silent = SensorSilent(at=AT, nation=KR, sensor_id=SensorId("KR-RADAR-1"))
    assert short_text(silent) == "SENSOR SILENT: KR-RADAR-1"
    heard = SensorHeardAgain(at=AT, nation=KR, sensor_id=SensorId("KR-RADAR-1"))
    assert short_text(heard) == "sensor KR-RADAR-1 heard again"


def test_a_lost_track_is_reported_as_predicted_not_observed() -> None:
    event = TrackStatusChanged(
        at=AT, nation=KR, track_id=TrackId("KR-1/T0001"), status=TrackStatus.PREDICTED
    )
    assert short_text(event) == "track KR-1/T0001 is now predicted, not observed"


def test_an_ended_warning_says_how_it_ended(events: list[DemoEvent]) -> None:
    last = [e for e in events if isinstance(e, OwnWarningStated)][-1]
    assert "ended" in short_text(last)
    assert "(expired: the predicted time passed, no sensor saw it come down)" in short_text(last)


def test_a_pipe_gets_lines_and_a_terminal_gets_the_picture(setting: DemoSetting) -> None:
    pipe = Console(file=io.StringIO())
    terminal = Console(file=io.StringIO(), force_terminal=True)
    assert isinstance(demo_face(setting, console=pipe, write=str), PlainLines)
    assert isinstance(demo_face(setting, console=terminal, write=str), LiveView)
