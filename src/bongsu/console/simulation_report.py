"""What `bongsu simulate` says at its end: what was run, what was done to it, what held."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A seed that failed, and how to see it again."""

    seed: int
    invariant: str
    what: str
    at_s: float
    replay: str


class SimulationReport(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over all seeds. Events are messages delivered, disk groups completed, timers fired."""

    realm: str
    cryptography: str
    seeds: int
    failed: tuple[Failure, ...]
    simulated_s: float
    cpu_s: float
    records: int
    messages: int
    disk_groups: int
    timers: int
    events: int
    events_per_cpu_s: float
    faults: Mapping[str, int]
    mischief: Mapping[str, int]
    checked: Mapping[str, int]
    digests: Mapping[str, str]  # by seed


def summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Counts added up, in the order of their words."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))


def print_report(report: SimulationReport, *, console: Console) -> None:
    """Tables, then the result in words."""
    console.print(
        f"{report.realm.upper()}  {_number(report.seeds, 'seed')}, {report.cryptography} "
        f"cryptography, {report.simulated_s / 3600.0:.2f} simulated hours, "
        f"{report.records:,} records",
        highlight=False,
    )
    console.print(
        f"{report.events:,} events ({report.messages:,} messages delivered, "
        f"{report.disk_groups:,} disk groups completed, {report.timers:,} timers fired), "
        f"{report.events_per_cpu_s:,.0f} a CPU second",
        highlight=False,
    )
    for title, counts in (
        ("faults injected", report.faults),
        ("done to messages", report.mischief),
        ("looked at", report.checked),
    ):
        console.print(_table(title, counts))
    if len(report.digests) == 1:
        console.print(f"digest {next(iter(report.digests.values()))}", highlight=False)
    console.print(*_result(report.failed), sep="\n", highlight=False, soft_wrap=True)


def _table(title: str, counts: Mapping[str, int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(title)
    table.add_column("times", justify="right")
    for word, count in counts.items():
        table.add_row(word, f"{count:,}")
    table.add_section()
    return table


def _result(failed: Sequence[Failure]) -> list[str]:
    if not failed:
        return ["Everything held."]
    lines = [f"FAILED: {_number(len(failed), 'seed')}"]
    for failure in failed:
        lines.append(f"seed {failure.seed} at {failure.at_s:.3f} s: {failure.invariant}:")
        lines += [f"  {failure.what}", f"  again: {failure.replay}"]
    return lines


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
