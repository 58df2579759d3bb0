"""`make bench`: every measured figure beside its floor or peer, in one run.

python -m bench [--json FILE] [--only NAME ...] [--full]
"""

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.row import BenchRow
from rich.console import Console
from rich.table import Table

PARTS = (
    "footprint",
    "delivery",
    "flood",
    "warning_path",
    "record_costs",
    "bulk",
    "catch_up",
    "fan_out",
    "store",
    "console",
    "console_watch",
    "simulator",
    "tracker",
    "perfect_association",
    "many_targets",
    "jamming",
    "salvo",
    "free_flight",
    "estimation",
    "classes",
    "phases",
)
# A million records, a watch of eight hours, 200 flights.
LONGER = ("bulk", "catch_up", "console_watch", "estimation", "classes", "phases")


def main() -> int:
    """Run the parts one after the other; exit code 1 when a target was missed."""
    options = _options()
    console = Console(highlight=False)
    rows: list[BenchRow] = []
    for part in options.only or PARTS:
        longer = {"full": True} if options.full and part in LONGER else {}
        for row in importlib.import_module(f"bench.{part}").rows(**longer):
            console.print(_line(row))
            rows.append(row)
    console.print(_table(rows))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return int(any(row.met is False for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="run these parts only")
    parser.add_argument(
        "--full",
        action="store_true",
        help="a million records, a watch of 8 h, 200 flights in estimation: many minutes more",
    )
    return parser.parse_args()


def _line(row: BenchRow) -> str:
    return f"{row.name}: {_number(row.value)} {row.unit} {row.target} {_verdict(row)} {row.note}"


def _table(rows: list[BenchRow]) -> Table:
    table = Table(title="Measured in one run on this machine: trust the ratios")
    for heading in ("what", "value", "unit", "floor or peer", "ratio", "must reach", "met", "note"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(
            row.name,
            _number(row.value),
            row.unit,
            _number(row.floor_or_peer),
            _number(row.ratio),
            row.target,
            _verdict(row),
            row.note,
        )
    return table


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.3g}" if abs(value) < 1e3 else f"{value:,.0f}"


def _verdict(row: BenchRow) -> str:
    return "" if row.met is None else "yes" if row.met else "NO"


if __name__ == "__main__":
    sys.exit(main())
