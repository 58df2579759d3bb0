"""Recorded plots as Parquet: the columns of docs/plots.md, read by DuckDB (bongsu[parquet]).

The sensors' tables are JSON in the file's key-value metadata, under `bongsu.sensors`. DuckDB
runs in memory, on one thread, within a stated memory, and loads no extension.
"""

from collections.abc import Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from bongsu.adapters.plots.columns import (
    COLUMNS,
    COMPONENT_NAMES,
    NOT_STATED,
    REQUIRED,
    PlotColumns,
    recording_of,
    refused,
)
from bongsu.adapters.plots.recording import MAXIMUM_PLOTS, Instants, Numbers, Recording
from bongsu.adapters.plots.sensor_tables_file import SensorTables, sites_of
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorSite

SENSORS_KEY: Final = b"bongsu.sensors"
SETTINGS: Final[Mapping[str, str | bool]] = {
    "threads": "1",
    "memory_limit": "2GB",
    "temp_directory": "",  # what does not fit is refused, not written somewhere
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def read_plots_parquet(path: Path, *, sensors: Sequence[SensorSite] = ()) -> Recording:
    """Read and check a recording; raises LocalMisuse that names the column and what is wrong.

    sensors: used where the file itself describes none.
    """
    try:
        import duckdb
    except ImportError:
        raise LocalMisuse(
            f"{path} is Parquet, and DuckDB is not installed",
            remedy="Install it: pip install 'bongsu[parquet]'",
        ) from None
    name = escape(str(path))
    try:
        with duckdb.connect(":memory:", config=dict(SETTINGS)) as connection:
            told = connection.execute(
                "SELECT value FROM parquet_kv_metadata(?) WHERE key = ?", [name, SENSORS_KEY]
            ).fetchall()
            _refuse_large(connection, name, path)
            found = connection.execute("SELECT * FROM read_parquet(?)", [name]).fetchnumpy()
    except duckdb.Error as error:
        raise refused(path, f"cannot be read ({str(error).splitlines()[0]})") from None
    _check_columns(found, path)
    return recording_of(
        PlotColumns(
            sensor_id=_names(found["sensor_id"], path),
            observed_utc_ns=_instants(found, "observed_utc_ns", path, missing=None),
            received_utc_ns=_instants(found, "received_utc_ns", path, missing=NOT_STATED),
            components={
                name: _numbers(found[name], name, path) for name in COMPONENT_NAMES if name in found
            },
        ),
        _sensors(told, path) or tuple(sensors),
        path,
    )


def _refuse_large(connection: Any, name: str, path: Path) -> None:
    rows = connection.execute(
        "SELECT sum(num_rows) FROM parquet_file_metadata(?)", [name]
    ).fetchone()
    if rows is not None and (rows[0] or 0) > MAXIMUM_PLOTS:
        raise refused(path, f"holds more than {MAXIMUM_PLOTS:,} plots", "Cut it into several files")


def _check_columns(found: Mapping[str, Any], path: Path) -> None:
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise refused(path, f"has no column {', '.join(missing)}")
    unknown = [name for name in found if name not in COLUMNS]
    if unknown:
        raise refused(
            path,
            f"has a column {unknown[0][:60]!r} that the schema does not know",
            f"Rename or leave it out; known are {', '.join(COLUMNS)}",
        )


def _sensors(told: list[tuple[bytes]], path: Path) -> tuple[SensorSite, ...]:
    if not told:
        return ()
    try:
        return sites_of(msgspec.json.decode(told[0][0], type=SensorTables))
    except (ValueError, RecursionError) as error:
        raise refused(path, f"metadata {SENSORS_KEY.decode()}: {error}") from None


def _names(column: Any, path: Path) -> Sequence[str]:
    names: list[Any] = column.tolist()
    if not all(isinstance(name, str) for name in names):
        raise refused(path, "has a sensor_id that is no text")
    return names


def _instants(found: Mapping[str, Any], name: str, path: Path, *, missing: int | None) -> Instants:
    column = found.get(name)
    if column is None:
        return np.full(len(found["sensor_id"]), missing, dtype=np.int64)
    if column.dtype.kind not in "iu":
        raise refused(path, f"has {name} of {column.dtype}, not of whole nanoseconds")
    absent = np.ma.getmaskarray(column)
    values = np.ma.getdata(column)
    if missing is None and absent.any():
        raise refused(path, f"has a row without {name}")
    if (values[~absent] < 0).any() or (values[~absent] > np.iinfo(np.int64).max).any():
        raise refused(path, f"has {name} before 1970 or after 2262")
    return np.where(absent, NOT_STATED if missing is None else missing, values).astype(np.int64)


def _numbers(column: Any, name: str, path: Path) -> Numbers:
    if column.dtype.kind not in "iuf":
        raise refused(path, f"has {name} of {column.dtype}, not of numbers")
    numbers = np.ma.getdata(column).astype(np.float64)
    numbers[np.ma.getmaskarray(column)] = np.nan
    return numbers
