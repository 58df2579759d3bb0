"""From a node's journal to the demo's faces: every line is known, every figure counted once."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.node.made_up_world import Machine, World, pass_time, play
from tests.node.played_partner import PlayedKorea
from tests.protocols.made_up_tracks import impact
from tests.records.made_up_nations import JP_1, KR_1, US_1

import bongsu.node
from bongsu.adapters.json_journal import JsonJournal
from bongsu.console import demo_events as events
from bongsu.main.demo.journal_events import JournalReader, delay_of
from bongsu.main.demo.processes import JournalLine
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.units import NationId, SensorId, after_seconds

KR, US, JP = NationId("KR"), NationId("US"), NationId("JP")
# What a node writes for its operator; the demo's faces show none of it.
FOR_OPERATORS = {
    "alarm_over",
    "alarm_raised",
    "carry_exported",
    "carry_imported",
    "carry_keys_failed",
    "clock_no_longer_suspected",
    "clock_suspected",
    "content_let_go",
    "contract_broken",
    "contract_kept_again",
    "disk_low",
    "displays_not_compared",
    "epochs_spent",
    "feed_restored",
    "guideline_agreed",
    "guideline_contradicted",
    "guideline_in_force",
    "guideline_proposed",
    "guideline_signed",
    "health",
    "key_certified",
    "key_ended",
    "key_statement_left",
    "key_status_fresh",
    "key_status_stale",
    "leans_on_missing",
    "missing_came",
    "missing_given_up",
    "own_epoch_opened",
    "own_feed_restored",
    "own_key_changed",
    "own_key_ended",
    "partner_warning_opened",
    "publishing_waits",
    "recall_answered",
    "recall_refused",
    "recall_waiting",
    "record_recalled",
    "sensor_bias_left_in",
    "sensor_bias_taken_out",
    "sensor_no_longer_off_time",
    "sensor_no_longer_suspected",
    "sensor_off_time",
    "sensor_suspected",
    "site_status",
    "statement_dropped",
    "statement_refused",
    "statements_lost",
    "store_failed",
    "track_refused",
    "trust_folder_not_kept",
    "two_sites_speak",
    "two_stories",
    "watch_log",
    "work_failed",
}


def a_reader() -> JournalReader:
    return JournalReader(
        nation_of={KR_1: KR, US_1: US, JP_1: JP},
        sensor_kinds={SensorId("KR-RADAR-1"): SensorKind.RADAR},
        relayed_by={(KR, JP): US},
    )


def lines_of(machine: Machine) -> list[JournalLine]:
    """The machine's journal as it comes out of a real node process."""
    stream = io.StringIO()
    journal = JsonJournal(stream, node=machine.node_id, realm=machine.realm)
    for line in machine.journal.lines:
        journal.write(line.event, **line.fields)
    return [
        msgspec.json.decode(text, type=dict[str, object]) for text in stream.getvalue().splitlines()
    ]


def a_flight_over_three_nations() -> dict[str, list[JournalLine]]:
    """A warning is issued, amended and ended; a link is cut and mended; somebody is refused."""
    lines: dict[str, list[JournalLine]] = {}

    async def story(world: World) -> None:
        korea, states, japan = world.three()
        await pass_time(3.0)
        falls = replace(impact(), at=after_seconds(korea.clock.utc(), 8.0))
        await korea.sees(korea.observed(impact=falls))
        await pass_time(2.5)
        await korea.sees(korea.observed(impact=replace(falls, sigma_time_s=1.0)))
        world.network.cut(KR_1, JP_1)
        await pass_time(4.0)
        world.network.mend(KR_1, JP_1)
        states.brings(KR_1, "gossip", b"?")
        states.brings(KR_1, "receipt", PlayedKorea(states).receipt(9, bytes(32)))
        await korea.sees()
        await pass_time(120.0)
        for machine in (korea, states, japan):
            await machine.stop()
            lines[machine.node_id] = lines_of(machine)

    play(story)
    return lines


@pytest.fixture(scope="module")
def lines() -> dict[str, list[JournalLine]]:
    return a_flight_over_three_nations()


def test_every_event_that_a_node_writes_is_shown_or_meant_for_its_operator() -> None:
    source = "".join(
        file.read_text(encoding="utf-8") for file in Path(bongsu.node.__path__[0]).rglob("*.py")
    )
    written = set(re.findall(r'(?:journal\.write|_journal)\(\s*"(\w+)"', source))
    written |= set(re.findall(r'_report_failure, "(\w+)"', source))
    assert len(written) >= 18
    handled = {name[1:] for name in dir(JournalReader) if name.startswith("_")}
    assert written - handled == FOR_OPERATORS - {"health"}


def test_the_lines_of_a_whole_flight_become_what_the_faces_show(
    lines: dict[str, list[JournalLine]],
) -> None:
    reader = a_reader()
    shown = [event for of_one in lines.values() for line in of_one for event in reader.take(line)]
    kinds = {type(event) for event in shown}
    assert kinds >= {
        events.NodeStarted,
        events.NodeStopped,
        events.FirstPlotSeen,
        events.OwnWarningStated,
        events.PartnerWarningVerified,
        events.LinkFault,
        events.LinkRestored,
        events.InputRefused,
        events.TrackStatusChanged,
    }
    [plot] = [event for event in shown if isinstance(event, events.FirstPlotSeen)]
    assert (plot.nation, plot.sensor_kind) == (KR, SensorKind.RADAR)
    assert reader.first_plots == {SensorId("KR-RADAR-1"): plot.at}
    assert len(reader.own[KR]) >= 3
    assert len(reader.received) == 2 * len(reader.own[KR])
    assert reader.refused[US, "a message of KR-1 on an unknown channel 'gossip'"] == 1
    assert reader.health[US]["event"] == "health"
    reasons = [event.reason for event in shown if isinstance(event, events.LinkFault)]
    assert "nothing heard" in reasons
    assert "it countersigned another history than ours" in reasons


def test_a_copy_by_way_of_the_relay_names_it_and_its_delay_counts(
    lines: dict[str, list[JournalLine]],
) -> None:
    reader = a_reader()
    verified = [
        event
        for of_one in lines.values()
        for line in of_one
        for event in reader.take(line)
        if isinstance(event, events.PartnerWarningVerified)
    ]
    assert {(event.nation, event.relayed_by) for event in verified} == {(US, None), (JP, US)}
    delays = reader.link_delays_ms()
    assert set(delays) == {(KR, US), (KR, JP)}
    assert all(0.0 < delay < 1_000.0 for delay in delays[KR, US])
    assert delay_of(delays[KR, US]).count == len(reader.own[KR])
    assert max(delays[KR, JP]) > 1_000.0  # what was stated while the link was cut


def test_a_partners_line_that_is_read_first_waits_for_its_origins(
    lines: dict[str, list[JournalLine]],
) -> None:
    reader = a_reader()
    early = [event for line in lines[JP_1] for event in reader.take(line)]
    assert not any(isinstance(event, events.PartnerWarningVerified) for event in early)
    assert reader.received == []
    late = [event for line in lines[KR_1] for event in reader.take(line)]
    order = [
        (type(event).__name__, event.record_id)
        for event in late
        if isinstance(event, events.OwnWarningStated | events.PartnerWarningVerified)
    ]
    assert len(order) == 2 * len(reader.own[KR])
    for own, copy in zip(order[::2], order[1::2], strict=True):
        assert (own[0], copy[0]) == ("OwnWarningStated", "PartnerWarningVerified")
        assert own[1] == copy[1]


def test_a_warning_without_a_fresh_plot_counts_no_delay(
    lines: dict[str, list[JournalLine]],
) -> None:
    reader = a_reader()
    own: list[dict[str, Any]] = [line for line in lines[KR_1] if line["event"] == "own_warning"]
    for line in own:
        list(reader.take(line))
    fresh = [line for line in own if line["plot_emitted_monotonic_ns"] is not None]
    assert 0 < len(fresh) < len(own)
    assert len(reader.plot_to_warning_ms) == len(fresh)


def test_the_delay_is_the_median_and_the_99th_percentile_by_nearest_rank() -> None:
    delay = delay_of([float(number) for number in range(1, 101)])
    assert (delay.p50, delay.p99, delay.count) == (50.0, 99.0, 100)
    assert (delay_of([3.0]).p50, delay_of([3.0]).p99) == (3.0, 3.0)
    assert (delay_of([]).p50, delay_of([]).count) == (None, 0)
