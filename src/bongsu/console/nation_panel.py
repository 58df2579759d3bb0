"""One nation's panel: what it knows, the most needed lines first when there is little room.

Each line has a rank. Where the panel is too low for all of them the lowest ranks go, and
those that stay keep their order.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from bongsu.console import marks as style
from bongsu.console.demo_events import DemoSetting
from bongsu.console.live_state import NOT_HEARD_YET, HeldWarning, NationState
from bongsu.console.marks import Marks
from bongsu.console.measures import elapsed_text, length_km_text
from bongsu.console.safe_text import safe_text
from bongsu.console.words import WarningWords, warning_words
from bongsu.vocabulary.estimates import Flight
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.units import NationId, UtcNs

ROOMY_LINES = 8  # from here on each partner's warning has a line of its own
INDENT = "  "


class PanelLine(NamedTuple):
    rank: int  # 0 stays longest
    text: Text


def panel_title(state: NationState, setting: DemoSetting, marks: Marks) -> Text:
    """Nation, node and the state of the way to each partner, in shape and word."""
    title = Text.assemble((f" {safe_text(state.nation)} ", style.TITLE_STYLE), no_wrap=True)
    node_style = style.PLAIN_STYLE if state.running else style.QUIET_STYLE
    title.append(f" {safe_text(state.node_text)} ", style=node_style)
    for partner, fault in state.links.items():
        way = _way(state.nation, partner, setting)
        title.append_text(_link(way, fault, marks))
    return title


def panel_lines(
    state: NationState, *, launched_at: UtcNs, now: UtcNs, marks: Marks, height: int
) -> list[PanelLine]:
    """Every line the panel could show, in order."""
    return [
        *_own_lines(state, now=now, marks=marks),
        *_alarm_lines(state, marks=marks),
        *_partner_lines(state, now=now, marks=marks, roomy=height >= ROOMY_LINES),
        *_first_plot_lines(state, launched_at=launched_at, marks=marks),
        *_refused_lines(state),
    ]


def fitted(lines: list[PanelLine], *, console: Console, width: int, height: int) -> list[Text]:
    """At most `height` lines of at most `width` cells: wrapped, then the best ranks."""
    wrapped: list[PanelLine] = []
    for line in lines:
        rows = line.text.wrap(console, max(1, width - len(INDENT)), overflow="fold")
        for number, row in enumerate(rows):
            row.rstrip()
            indent = "" if number == 0 and line.rank == 0 else INDENT
            wrapped.append(PanelLine(line.rank, Text.assemble(indent, row)))
    kept = sorted(range(len(wrapped)), key=lambda n: (wrapped[n].rank, n))[:height]
    return [wrapped[number].text for number in sorted(kept)]


def _way(nation: NationId, partner: NationId, setting: DemoSetting) -> str:
    direct = any({nation, partner} == set(link) for link in setting.links)
    if direct or setting.relay is None:
        return safe_text(partner)
    return f"{safe_text(partner)} by way of {safe_text(setting.relay)}"


def _link(partner: str, fault: str | None, marks: Marks) -> Text:
    if fault is None:
        return Text(f" {marks.works} {partner} works ")
    if fault == NOT_HEARD_YET:
        return Text(f" {marks.waiting} {partner} {fault} ", style=style.QUIET_STYLE)
    reason = safe_text(fault, maximum_characters=40)
    return Text(f" {marks.fault} {partner} LINK FAULT: {reason} ", style=style.ALARM_STYLE)


def _own_lines(state: NationState, *, now: UtcNs, marks: Marks) -> Iterator[PanelLine]:
    if not state.own:
        yield PanelLine(0, Text(f"{marks.none} no launch warning of its own"))
        return
    *others, held = state.own.values()
    words = warning_words(held.warning, now=now)
    yield PanelLine(0, _headline(held.warning, words, marks))
    if others:
        ids = ", ".join(safe_text(other.warning.warning_id or "") for other in others[-4:])
        yield PanelLine(1, Text(f"{len(others)} other warnings: {ids}"))
    yield PanelLine(1, _time_line(words, marks))
    yield PanelLine(2, Text(words.impact))
    yield PanelLine(3, Text(words.launch))
    if held.warning.flight is not None:
        yield PanelLine(6, Text(_flight(held.warning.flight)))
    for caveat in words.caveats:
        yield PanelLine(6, Text(caveat, style="yellow"))


def _headline(warning: SeenWarning, words: WarningWords, marks: Marks) -> Text:
    """`▲ KR-1/W0001 amended v3   IRBM (86 %)   single-source, unconfirmed (infrared)`."""
    mark = style.warning_mark(warning, marks)
    line = Text.assemble((f"{mark} {words.title}", style.TITLE_STYLE))
    if words.end:
        line.append(f" ({words.end})", style=style.TITLE_STYLE)
    line.append(f"{marks.separator}{words.object_class}", style=style.TITLE_STYLE)
    line.append(marks.separator)
    line.append(words.confirmation, style=style.confirmation_style(warning))
    return line


def _time_line(words: WarningWords, marks: Marks) -> Text:
    parts = []
    if words.time_left:
        left = style.ALARM_STYLE if words.short else style.CLOCK_STYLE
        parts.append(Text(words.time_left, style=left))
    if words.status:
        parts.append(Text(words.status, style=style.PREDICTED_STYLE))
    parts.append(Text(words.data_age))
    return Text(marks.separator).join(parts)


def _flight(flight: Flight) -> str:
    apogee, sigma_apogee = length_km_text(flight.apogee_m), length_km_text(flight.sigma_apogee_m)
    reach, sigma_reach = length_km_text(flight.range_m), length_km_text(flight.sigma_range_m)
    return f"apogee {apogee} +-{sigma_apogee} km, range {reach} +-{sigma_reach} km (1 sigma)"


def _alarm_lines(state: NationState, *, marks: Marks) -> Iterator[PanelLine]:
    for sensor in sorted(state.silent_sensors):
        text = f"{marks.fault} SENSOR SILENT: {safe_text(sensor)}"
        yield PanelLine(1, Text(text, style=style.ALARM_STYLE))


def _partner_lines(
    state: NationState, *, now: UtcNs, marks: Marks, roomy: bool
) -> Iterator[PanelLine]:
    if not state.partners:
        return
    lines = [_partner(origin, held, now, marks) for (origin, _), held in state.partners.items()]
    if roomy:
        yield from (PanelLine(4, line) for line in lines)
    else:
        briefs = [_partner_brief(origin, h) for (origin, _), h in state.partners.items()]
        yield PanelLine(4, Text(marks.separator).join(briefs))


def _partner(origin: str, held: HeldWarning, now: UtcNs, marks: Marks) -> Text:
    words = warning_words(held.warning, now=now)
    line = _partner_brief(origin, held)
    line.append(marks.separator)
    facts = (words.end, words.object_class, words.impact)
    line.append(marks.separator.join(filter(None, facts)))
    line.append(marks.separator)
    line.append(words.confirmation, style=style.confirmation_style(held.warning))
    return line


def _partner_brief(origin: str, held: HeldWarning) -> Text:
    """`from US v3 in 4.3 ms, withheld: launch`."""
    version = "" if held.warning.version is None else f" v{held.warning.version}"
    delay = "" if held.delay_ms is None else f" in {held.delay_ms:.1f} ms"
    line = Text(f"from {safe_text(origin)}{version}{delay}")
    if held.warning.withheld:
        names = ", ".join(safe_text(name) for name in held.warning.withheld)
        line.append(f", withheld: {names}", style=style.WITHHELD_STYLE)
    return line


def _first_plot_lines(
    state: NationState, *, launched_at: UtcNs, marks: Marks
) -> Iterator[PanelLine]:
    if not state.first_plots:
        yield PanelLine(5, Text("no plot yet", style=style.QUIET_STYLE))
        return
    plots = [
        f"{safe_text(plot.sensor_id)} ({plot.kind.value}) {elapsed_text(plot.at, launched_at)}"
        for plot in state.first_plots
    ]
    yield PanelLine(5, Text(f"first plots: {marks.separator.join(plots)}"))


def _refused_lines(state: NationState) -> Iterator[PanelLine]:
    for reason, count in state.refused.items():
        yield PanelLine(7, Text(f"refused {count:,}: {safe_text(reason)}"))
