"""How the node is: sensors, clocks, links and their contracts, feeds, what was refused, disk."""

from collections.abc import Iterator
from dataclasses import dataclass

from bongsu.console.answers.disk import DiskSeen
from bongsu.console.answers.health import HealthSeen
from bongsu.console.answers.links import FeedSeen, LaneSeen, LinkSeen, LinksSeen
from bongsu.console.html_text import Html, element, joined
from bongsu.console.languages import Language, say, translated
from bongsu.console.web.health_troubles import sensor_states, troubles
from bongsu.console.web.page_parts import marked, table

SHOWN_REASONS = 200
SHORT_ID = 16
BROKEN = "broken"
UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPicture:
    """At about one moment."""

    health: HealthSeen
    links: LinksSeen
    disk: DiskSeen


def health_part(language: Language, seen: HealthPicture) -> Html:
    """One sentence, then every part of it in a table."""
    return joined(
        (
            _line(language, seen),
            _sensors(language, seen.health),
            *_clocks(language, seen),
            *_contracts(language, seen.links),
            _feeds(language, seen.links),
            _refused(language, seen.health),
            *_disk(language, seen.disk),
            *_versions(language, seen),
        )
    )


def _line(language: Language, seen: HealthPicture) -> Html:
    found = troubles(language, seen.health, seen.links, seen.disk)
    said = {"banner": seen.health.realm.banner, "node": seen.health.node}
    words = (
        say(language, "health.troubles", **said, count=len(found), first=found[0])
        if found
        else say(language, "health.well", **said)
    )
    return element("p", words, id="line", role="status")


def _sensors(language: Language, health: HealthSeen) -> Html:
    rows = [
        (name, marked(words, is_well=is_well))
        for name, words, is_well in sensor_states(language, health)
    ]
    if not rows:
        return element("p", say(language, "health.no_sensors"), id="sensors")
    headings = (say(language, "health.sensor"), say(language, "health.state"))
    return table(say(language, "health.sensors"), headings, rows, id_="sensors")


def _clocks(language: Language, seen: HealthPicture) -> Iterator[Html]:
    clock = seen.health.sensors.clock
    if clock is None:
        ours = marked(say(language, "health.clock_well"), is_well=True)
    else:
        words = translated(language, "clocks", clock.words)
        ours = marked(say(language, "health.clock_bad", words=words), is_well=False)
    partners = (
        element(
            "li",
            say(
                language,
                "health.ahead" if link.clock_ahead_s >= 0 else "health.behind",
                partner=link.partner,
                seconds=f"{abs(link.clock_ahead_s):.3f}",
            ),
        )
        for link in seen.links.links
        if link.heard_s_ago is not None
    )
    yield element("h2", say(language, "health.clocks"))
    yield element("ul", element("li", ours), *partners, id="clocks")


def _contracts(language: Language, seen: LinksSeen) -> Iterator[Html]:
    keys = ("partner", "state", "contract", "lane", "latency", "complete", "overdue")
    headings = [say(language, f"health.{key}") for key in keys]
    rows = (
        _contract(language, link, name, lane)
        for link in seen.links
        for name, lane in link.lanes.items()
    )
    yield table(say(language, "health.links"), headings, rows, id_="contracts")
    for link in seen.links:
        if link.not_acknowledged:
            ids = (
                element("a", one[:SHORT_ID], href=f"/records/{one}")
                for one in link.not_acknowledged
            )
            said = say(language, "health.not_acknowledged", partner=link.partner)
            yield element(
                "p", marked(said, is_well=False), " ", joined(ids, ", "), class_="unacknowledged"
            )


def _contract(
    language: Language, link: LinkSeen, lane: str, seen: LaneSeen
) -> tuple[Html | str, ...]:
    agreed = link.contract.agreed
    unknown = "-"
    p99 = unknown if seen.p99_ms is None else _ms(seen.p99_ms)
    wanted = unknown if agreed is None else _ms(agreed.latency_ms)
    complete = unknown if seen.completeness is None else f"{seen.completeness:.2%}"
    wanted_complete = unknown if agreed is None else f"{agreed.completeness:.2%}"
    return (
        link.partner,
        _state(language, link),
        _verdict(language, link),
        lane,
        say(language, "health.beside", measured=p99, agreed=wanted),
        say(language, "health.beside", measured=complete, agreed=wanted_complete),
        f"{seen.overdue:,}",
    )


def _state(language: Language, link: LinkSeen) -> Html:
    if link.heard_s_ago is None:
        words = say(language, "link.never_heard")
    else:
        words = say(language, "link.heard", seconds=f"{link.heard_s_ago:.1f}")
    faults = (translated(language, "faults", fault) for fault in link.faults)
    said = "; ".join((*faults, words))
    return marked(said, is_well=not link.faults and link.heard_s_ago is not None)


def _verdict(language: Language, link: LinkSeen) -> Html:
    contract = link.contract
    if contract.broken_s is not None:
        words = say(language, "health.broken", seconds=f"{contract.broken_s:,.0f}")
        return marked(words, is_well=False)
    key = f"health.verdict.{contract.verdict.replace(' ', '_')}"
    return marked(say(language, key), is_well=contract.verdict != BROKEN)


def _feeds(language: Language, seen: LinksSeen) -> Html:
    keys = ("way", "lane", "epoch", "last", "missing", "delay")
    headings = [say(language, f"health.{key}") for key in keys]
    rows = (_feed(language, link.partner, feed) for link in seen.links for feed in link.feeds)
    return table(say(language, "health.feeds"), headings, rows, id_="feeds")


def _feed(language: Language, partner: str, feed: FeedSeen) -> tuple[Html | str, ...]:
    missing: Html | str = f"{feed.missing:,}"
    if feed.missing_s is not None:
        words = say(
            language, "health.missing_since", count=missing, seconds=f"{feed.missing_s:.1f}"
        )
        missing = marked(words, is_well=False)
    return (
        say(language, "health.to" if feed.direction == "to" else "health.from", partner=partner),
        feed.lane,
        str(feed.epoch),
        f"{feed.last:,}",
        missing,
        "-" if feed.delay_ms is None else _ms(feed.delay_ms),
    )


def _refused(language: Language, health: HealthSeen) -> Html:
    sensors = health.sensors
    rows = [
        (say(language, "health.plots_refused"), f"{sensors.refused_plots:,}"),
        (say(language, "health.plots_quarantined"), f"{sensors.quarantined_plots:,}"),
    ]
    most = sorted(health.refused.items(), key=lambda one: (-one[1], one[0]))[:SHOWN_REASONS]
    rows += [(reason, f"{count:,}") for reason, count in most]
    headings = (say(language, "health.reason"), say(language, "health.count"))
    return table(say(language, "health.refused"), headings, rows, id_="refused")


def _disk(language: Language, disk: DiskSeen) -> Iterator[Html]:
    free = (
        say(language, "health.free_not_known")
        if disk.bytes_free is None
        else say(language, "health.free", free=_size(disk.bytes_free))
    )
    lines: list[Html | str] = [say(language, "health.used", used=_size(disk.bytes_used)), free]
    if disk.bytes_a_day is None:
        lines.append(say(language, "health.no_forecast"))
    else:
        lines.append(say(language, "health.grows", growth=_size(disk.bytes_a_day)))
    if disk.days_left is not None:
        lines.append(say(language, "health.days", days=f"{disk.days_left:,.0f}"))
    if disk.low:
        lines.insert(0, marked(say(language, "health.low"), is_well=False))
    yield element("h2", say(language, "health.disk"))
    yield element("ul", *(element("li", line) for line in lines), id="disk")


def _versions(language: Language, seen: HealthPicture) -> Iterator[Html]:
    health = seen.health
    spoken = ", ".join(map(str, health.speaks))
    lines = [
        say(language, "health.version", version=health.version, speaks=spoken,
            accepts=health.accepts),
        say(language, "health.lag", ms=f"{1e3 * health.loop_lag_worst_s:,.1f}"),
    ]  # fmt: skip
    for link in seen.links.links:
        if link.speaks is None:
            lines.append(say(language, "health.not_heard", partner=link.partner))
        else:
            theirs = ", ".join(map(str, link.speaks))
            lines.append(say(language, "health.speaks", partner=link.partner, speaks=theirs))
    yield element("h2", say(language, "health.versions"))
    yield element("ul", *(element("li", line) for line in lines), id="versions")


def _ms(value: float) -> str:
    return f"{value:,.1f} ms"


def _size(count: float) -> str:
    """With its unit: 1.2 GB."""
    size = float(count)
    for unit in UNITS[:-1]:
        if abs(size) < 1_000.0:
            return f"{size:,.0f} {unit}" if unit == UNITS[0] else f"{size:,.1f} {unit}"
        size /= 1_000.0
    return f"{size:,.1f} {UNITS[-1]}"
