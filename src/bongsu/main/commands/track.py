"""`bongsu track`: the tracker on recorded plots, without a node."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.table import Table

from bongsu.adapters.system_clock import cpu_time_s

if TYPE_CHECKING:
    from bongsu.main.plot_replay import Replay

# NumPy's linear algebra starts a thread per core when it is loaded. The tracker's matrices are
# 6 x 6: threads only cost time there, and CPU time would count all of them.
THREAD_LIMITS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@click.command()
@click.argument("file", metavar="PLOTS", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print every scan's tracks as JSON.")
@click.option(
    "--detection-probability",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    default=0.9,
    show_default=True,
    help="How often the radar sees an object that is there; for the archive of one radar only.",
)
@click.option(
    "--sensors",
    "sensors_file",
    type=click.Path(path_type=Path),
    help="The tables of the sensors (TOML, as for bongsu tracker), where PLOTS has none.",
)
@click.option(
    "--out",
    "out",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Write tracks: .jsonl, .geojson, .czml; or warning areas only: .cot. May be repeated.",
)
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(0.0, 3_600.0),
    default=1.0,
    show_default=True,
    help="Seconds between the pictures that --out writes.",
)
def track(
    file: Path,
    as_json: bool,
    detection_probability: float,
    sensors_file: Path | None,
    out: tuple[Path, ...],
    every_s: float,
) -> None:
    """Run the tracker on recorded plots.

    PLOTS is NPZ, Parquet, JSON lines or ASTERIX CAT 048/062, told by its content. All but ASTERIX
    share one schema of columns, docs/plots.md:

    \b
      sensor_id        the sensor's name
      observed_utc_ns  nanoseconds since 1970
      received_utc_ns  optional: when it came in
      range_m, azimuth_rad, elevation_rad    of a radar
      east_angle_rad, north_angle_rad        of an infrared sensor, from the nadir

    The sensors are described in the file or by --sensors. NPZ of one radar at equal intervals
    may have these arrays instead:

    \b
      det        (M, 3)  slant range in m, azimuth and elevation in rad
      det_scan   (M,)    the scan of each plot, from 0
      sigma      (3,)    one standard deviation of each component
      radar_llh  (3,)    latitude and longitude in rad, height in m
      dt                 seconds between scans
      truth_enu  (scans, objects, 3)  optional, in m in the radar's frame, for scoring only

    Places are told as seen from the first radar. The GOSPA (cut-off 5 km, order 2, alpha 2) is the
    mean from scan 10 on. Times are CPU times of the tracker alone, on one thread.

    \b
    Examples:
      bongsu track plots.npz
      bongsu track plots.jsonl
      bongsu track plots.npz --json > tracks.json
      bongsu track plots.ast --sensors radars.toml
      bongsu track plots.parquet --out tracks.czml --out areas.cot
    """
    for name in THREAD_LIMITS:
        os.environ.setdefault(name, "1")
    from bongsu.adapters.freed_memory import keep_freed_memory
    from bongsu.adapters.plots.files import read_plots
    from bongsu.adapters.plots.sensor_tables_file import read_sensor_tables
    from bongsu.main.plot_replay import replay
    from bongsu.main.track_files import TrackFiles

    keep_freed_memory()
    files = TrackFiles(out, every_s=every_s)
    recorded = read_plots(
        file,
        detection_probability=detection_probability,
        sensors=read_sensor_tables(sensors_file) if sensors_file else (),
    )
    result = replay(recorded, cpu_time_s=cpu_time_s, files=files if out else None)
    files.write()
    if as_json:
        click.echo(json.dumps(_as_json(result)))
    else:
        _print(result)


def _as_json(result: "Replay") -> dict[str, Any]:
    return {
        "scans": [
            {
                "scan": scan.scan,
                "sensor_id": scan.sensor_id,
                "observed_utc_ns": scan.observed_at,
                "tracks": [
                    {
                        "id": one.track_id,
                        "position_enu_m": list(one.position_enu_m),
                        "status": one.status.value,
                    }
                    for one in scan.tracks
                ],
            }
            for scan in result.scans
        ],
        "summary": {
            "detections_per_cpu_s": result.detections_per_cpu_s,
            "worst_scan_ms": result.worst_scan_s * 1e3,
            "gospa_m": result.gospa_m,
            "missed": result.missed,
            "false": result.false,
            "refused_plots": result.refused_plots,
            "refused": dict(result.refused),
            "quarantined_plots": result.quarantined_plots,
            "notes": list(result.notes),
        },
    }


def _print(result: "Replay") -> None:
    console = Console()
    if result.scans:
        last = result.scans[-1]
        table = Table(title=f"Tracks after scan {last.scan}")
        table.add_column("track")
        for heading in ("east km", "north km", "up km"):
            table.add_column(heading, justify="right")
        table.add_column("status")
        for one in last.tracks:
            figures = (f"{metres / 1e3:,.1f}" for metres in one.position_enu_m)
            table.add_row(one.track_id, *figures, one.status.value)
        console.print(table)
    for line in _summary_lines(result):
        console.print(line, highlight=False)


def _summary_lines(result: "Replay") -> list[str]:
    lines = [
        f"{result.detections:,} plots in {len(result.scans):,} scans, "
        f"{result.refused_plots:,} refused",
        f"{result.detections_per_cpu_s:,.0f} plots per CPU second, "
        f"worst scan {result.worst_scan_s * 1e3:.1f} ms",
    ]
    lines += [f"refused: {count:,} {reason}" for reason, count in result.refused.items()]
    if result.quarantined_plots:
        lines.append(f"quarantined: {result.quarantined_plots:,} from the future")
    lines += result.notes
    if result.gospa_m is not None:
        lines.append(
            f"GOSPA {result.gospa_m:,.0f} m from scan 10 on; "
            f"on average {result.missed:.2f} missed, {result.false:.2f} false"
        )
    return lines
