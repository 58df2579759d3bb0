"""The end of `bongsu simulate`: sums over its seeds, printed and written."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from bongsu.adapters.simulated.seed_results import SeedLine
from bongsu.console.simulation_report import Failure, SimulationReport, print_report, summed
from bongsu.main.simulation.federation_keys import REALM
from bongsu.main.simulation.seeds import replay_command
from bongsu.vocabulary.errors import LocalMisuse


def finish(lines: Sequence[SeedLine], json_file: Path | None) -> bool:
    """Say what was found; True when every seed held."""
    report = _report(lines)
    print_report(report, console=Console())
    if json_file is not None:
        try:
            json_file.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2))
        except OSError as error:
            raise LocalMisuse(
                f"{json_file} can't be written: {error}", remedy="Name a file in a writable folder"
            ) from error
    return not report.failed


def _report(lines: Sequence[SeedLine]) -> SimulationReport:
    cpu_s = sum(line.cpu_s for line in lines)
    events = sum(line.events for line in lines)
    return SimulationReport(
        realm=REALM.value,
        cryptography=lines[0].asked.cryptography,
        seeds=len(lines),
        failed=tuple(
            Failure(
                seed=line.seed,
                invariant=line.broken.invariant,
                what=line.broken.what,
                at_s=line.broken.at_s,
                replay=replay_command(line),
            )
            for line in lines
            if line.broken is not None
        ),
        simulated_s=sum(line.simulated_s for line in lines),
        cpu_s=cpu_s,
        records=sum(line.records for line in lines),
        messages=sum(line.messages for line in lines),
        disk_groups=sum(line.disk_groups for line in lines),
        timers=sum(line.timers for line in lines),
        events=events,
        events_per_cpu_s=events / cpu_s if cpu_s > 0.0 else 0.0,
        faults=summed(line.faults for line in lines),
        mischief=summed(line.mischief for line in lines),
        checked=summed(line.checked for line in lines),
        digests={str(line.seed): line.digest for line in lines},
    )
