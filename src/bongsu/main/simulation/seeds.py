"""Many seeds, one after the other or on several cores.

A seed that fails ends nothing: the others are run, and every failure is told with its replay.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

from bongsu.adapters.simulated.seed_results import Broken, Federation, SeedLine
from bongsu.adapters.system_clock import cpu_time_s
from bongsu.main.simulation.federation_keys import Cryptography
from bongsu.main.simulation.seed_run import SeedResult, SeedRun, SeedSettings

SECONDS_AN_HOUR = 3_600.0


def run_seed(seed: int, asked: Federation) -> SeedLine:
    """One seed, in this process."""
    before_s = cpu_time_s()
    result = SeedRun(
        SeedSettings(
            seed=seed,
            duration_s=asked.hours * SECONDS_AN_HOUR,
            nations=asked.nations,
            cryptography=Cryptography(asked.cryptography),
        )
    ).result()
    return _line(result, asked, cpu_s=cpu_time_s() - before_s)


def run_seeds(seeds: Iterable[int], asked: Federation, *, jobs: int) -> Iterator[SeedLine]:
    """All of them, on `jobs` processes, in the order in which they are done."""
    if jobs == 1:
        yield from (run_seed(seed, asked) for seed in seeds)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running: list[Future[SeedLine]] = [pool.submit(run_seed, seed, asked) for seed in seeds]
        try:
            for done in as_completed(running):
                yield done.result()
        finally:
            for future in running:
                future.cancel()


def replay_command(line: SeedLine) -> str:
    """What to type to see exactly this run again."""
    asked = line.asked
    parts = [f"bongsu simulate --seed {line.seed} --hours {asked.hours!r}"]
    if asked.nations is not None:
        parts.append(f"--nations {asked.nations}")
    if asked.cryptography != Cryptography.MARKED.value:
        parts.append(f"--cryptography {asked.cryptography}")
    return " ".join(parts)


def _line(result: SeedResult, asked: Federation, *, cpu_s: float) -> SeedLine:
    violation = result.violation
    return SeedLine(
        seed=result.settings.seed,
        asked=asked,
        shape=result.plan.shape.value,
        nations=len(result.plan.nodes),
        simulated_s=result.simulated_s,
        cpu_s=cpu_s,
        records=result.records,
        messages=result.events.messages,
        disk_groups=result.events.disk_groups,
        timers=result.events.timers,
        faults={kind.value: count for kind, count in sorted(result.faults.items(), key=_word)},
        mischief=dict(sorted(result.mischief.items())),
        checked={what.value: count for what, count in sorted(result.checked.items(), key=_word)},
        digest=result.digest,
        broken=None
        if violation is None
        else Broken(invariant=violation.invariant.value, what=violation.what, at_s=violation.at_s),
    )


def _word(counted: tuple[Any, int]) -> str:
    word: str = counted[0].value
    return word
