"""From the demo's options to its report: what stands round the conductor."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from bongsu.adapters.packaged_map import read_coastlines
from bongsu.adapters.plots.published_flights import published_flights
from bongsu.console.coastlines import parse_coastlines
from bongsu.console.demo_face import demo_face
from bongsu.console.demo_report import DemoReport
from bongsu.console.report_html import report_html
from bongsu.console.report_json import report_json
from bongsu.console.tables import print_tables
from bongsu.exercise.scenario import Scenario
from bongsu.main.demo.conductor import Conductor, DemoPlan
from bongsu.main.demo.federation_files import LOOPBACK, ScenarioSource
from bongsu.main.scenario_files import (
    MAXIMUM_SCENARIO_BYTES,
    packaged_scenario,
    read_scenario,
)
from bongsu.main.settings import read_bounded
from bongsu.vocabulary.errors import LocalMisuse, Unavailable
from bongsu.vocabulary.published_flight import PublishedFlight

REPORT_FILE = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """The demo as it was asked for."""

    flight_id: str | None
    scenario_file: Path | None
    speed: float | None
    seed: int | None
    report_folder: Path
    json_file: Path | None
    keep: Path | None
    console: bool

    def give(self) -> None:
        """Run the demo, print its tables, write its report; raises for what fails."""
        self._prepare_outputs()
        with _folder(self.keep) as folder:
            plan = self._plan(folder)
            conductor = Conductor(plan)
            console = Console(highlight=False)
            for nation, port in conductor.ports.items():
                click.echo(f"EXERCISE: what {nation} sees: http://{LOOPBACK}:{port}/")
            with demo_face(conductor.setting, console=console, write=click.echo) as face:
                report = asyncio.run(conductor.run(face))
            print_tables(report, console=console)
            self._write(report)
            if self.console:
                click.echo("EXERCISE: the flight is over, the pages stay; Ctrl-C ends them")
                asyncio.run(conductor.serve())
        if not report.verified or any(feed.lost for feed in report.feeds):
            raise Unavailable(
                "EXERCISE: a feed lost records or did not verify",
                remedy="Run again with --keep DIR, then: bongsu verify DIR/NATION",
            )

    def _plan(self, folder: Path) -> DemoPlan:
        source = ScenarioSource(
            file=folder / "scenario.toml", flight=self.flight_id, seed=self.seed
        )
        if self.scenario_file is None:
            text = packaged_scenario()
        else:
            read_scenario(self.scenario_file)  # what is wrong with it is said in its own name
            text = read_bounded(self.scenario_file, MAXIMUM_SCENARIO_BYTES)
        source.file.write_bytes(text)
        scenario = read_scenario(source.file, flight=source.flight, seed=source.seed)
        return DemoPlan(
            scenario=scenario,
            source=source,
            published=_published(scenario),
            speed=self.speed,
            folder=folder,
            console=self.console,
        )

    def _prepare_outputs(self) -> None:
        """Find out now, not after the run, that its results cannot be written."""
        try:
            self.report_folder.mkdir(parents=True, exist_ok=True)
            for path in (self.report_folder / REPORT_FILE, self.json_file):
                if path is not None:
                    path.open("ab").close()
        except OSError as error:
            raise LocalMisuse(
                f"cannot write {error.filename}: {error.strerror}",
                remedy="Name a folder for --report and a file for --json that can be written",
            ) from error

    def _write(self, report: DemoReport) -> None:
        page = self.report_folder / REPORT_FILE
        coastlines = parse_coastlines(read_coastlines())
        page.write_text(report_html(report, coastlines), encoding="utf-8")
        click.echo(f"{report.banner}: report page {page}")
        if self.json_file is not None:
            self.json_file.write_bytes(report_json(report))
            click.echo(f"{report.banner}: JSON {self.json_file}")


def _published(scenario: Scenario) -> PublishedFlight:
    """The published flight that the report compares with: the scenario's first one."""
    published_id = scenario.flights[0].published_id
    for flight in published_flights():
        if flight.id == published_id:
            return flight
    raise LocalMisuse(
        "the scenario's first flight is not a published one",
        remedy="Give it a published_id; see: bongsu flight list",
    )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A fresh folder for keys, sockets and logs: a temporary one, or the one to keep.

    Its path is short, because the name of a Unix socket is bounded to about a hundred bytes.
    """
    if keep is not None:
        try:
            keep.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise LocalMisuse(
                f"cannot make the folder {keep}: {error.strerror}", remedy="Name a new folder"
            ) from error
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="bongsu-") as name:
        yield Path(name)
