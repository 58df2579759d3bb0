"""`bongsu simulate`: whole federations under faults, each from one seed."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bongsu.adapters.simulated.seed_results import Federation, SeedLine

EXIT_FAILED = 1
TEN_MINUTES_H = 1 / 6
MOST_SEEDS = 100_000
MOST_SEED = 2**63 - 1
SEED_RANGE = re.compile(r"(\d{1,19})-(\d{1,19})", re.ASCII)


class SeedRange(click.ParamType[range]):
    """From the first to the last, both included."""

    name = "FIRST-LAST"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> range:
        if isinstance(value, range):
            return value
        match = SEED_RANGE.fullmatch(str(value))
        if match is None:
            self.fail(f"{value!r} is no range of seeds: write it as 1-1000", param, ctx)
        first, last = int(match[1]), int(match[2])
        if not first <= last <= MOST_SEED or last - first >= MOST_SEEDS:
            self.fail(f"{value!r} holds no seed, or more than {MOST_SEEDS:,}", param, ctx)
        return range(first, last + 1)


@click.command(
    epilog="""\b
Examples:
  bongsu simulate --seed 7
  bongsu simulate --seed 7 --hours 1 --nations 5 --json seed-7.json
  bongsu simulate --seeds 1-1000 --results results.jsonl --jobs 2

Ends with 0 when everything held, 1 when a seed failed, 2 when it could not run.
"""
)
@click.option("--seed", type=click.IntRange(0, MOST_SEED), help="One seed.  [default: 1]")
@click.option("--seeds", type=SeedRange(), help="All seeds from the first to the last: 1-1000.")
@click.option(
    "--hours",
    type=click.FloatRange(0.01, 1_000.0),
    default=TEN_MINUTES_H,
    show_default="ten minutes",
    help="Simulated hours of each seed.",
)
@click.option("--nations", type=click.IntRange(3, 7), help="How many, instead of the seed's own.")
@click.option(
    "--cryptography",
    type=click.Choice(("marked", "real")),
    default="marked",
    show_default=True,
    help="Real signatures and seals, or the marked fake that is much quicker.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of one line a seed; seeds that are in it already are not run again.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Seeds at one time, each on a core of its own.",
)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Also as JSON."
)
def simulate(
    seed: int | None,
    seeds: range | None,
    hours: float,
    nations: int | None,
    cryptography: str,
    results: Path | None,
    jobs: int,
    json_file: Path | None,
) -> None:
    """EXERCISE: a whole federation under faults, in one process, on virtual time.

    Each seed stands for a federation of three to seven nations, its wires and relays, what its
    trackers see, and some thirty faults in ten minutes: cuts, crashes within writes, full
    disks, wrong clocks, lying relays and more. The nodes are the real ones. What must never
    happen is looked for at every step; the first thing found ends the seed, and the same seed
    shows it again.
    """
    from bongsu.adapters.simulated.seed_results import Federation
    from bongsu.main.simulation.seeds_report import finish

    if seed is not None and seeds is not None:
        raise click.UsageError("give --seed or --seeds, not both")
    one = 1 if seed is None else seed
    wanted = seeds or range(one, one + 1)
    asked = Federation(hours=hours, nations=nations, cryptography=cryptography)
    lines = _run(wanted, asked, results, jobs)
    if not finish(lines, json_file):
        raise SystemExit(EXIT_FAILED)


def _run(wanted: range, asked: "Federation", results: Path | None, jobs: int) -> "list[SeedLine]":
    """Run what is not in the file yet; all lines of the wanted seeds, in order."""
    from bongsu.adapters.simulated.seed_results import SeedResults
    from bongsu.main.simulation.seeds import run_seeds

    known = SeedResults(results, asked) if results is not None else None
    lines = {} if known is None else {n: known.lines[n] for n in wanted if n in known.lines}
    missing = [number for number in wanted if number not in lines]
    with click.progressbar(
        length=len(wanted), label="seeds", file=sys.stderr, show_pos=True
    ) as progress:
        progress.update(len(wanted) - len(missing))
        for line in run_seeds(missing, asked, jobs=min(jobs, max(1, len(missing)))):
            lines[line.seed] = line
            if known is not None:
                known.add(line)
            progress.update(1)
    return [lines[number] for number in sorted(lines)]
