"""Recorded plots as a NumPy archive of the columns of docs/plots.md, an array each.

`sensors` is the JSON of the sensors' tables, as one text. The other form of archive, one radar
at equal intervals, is `plots_npz`.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from bongsu.adapters.plots.columns import (
    COLUMNS,
    COMPONENT_NAMES,
    NOT_STATED,
    REQUIRED,
    PlotColumns,
    recording_of,
    refused,
)
from bongsu.adapters.plots.npz import refuse_large
from bongsu.adapters.plots.recording import Instants, Numbers, Recording
from bongsu.adapters.plots.sensor_tables_file import SensorTables, sites_of
from bongsu.vocabulary.sensor import SensorSite

SENSORS: Final = "sensors"

Arrays = Mapping[str, NDArray[np.generic]]


def read_plots_npz_columns(path: Path, *, sensors: Sequence[SensorSite] = ()) -> Recording:
    """Read and check a recording; raises LocalMisuse that names the array and what is wrong.

    sensors: used where the file itself describes none.
    """
    arrays = _arrays(path)
    rows = len(arrays["sensor_id"]) if arrays["sensor_id"].ndim == 1 else -1
    for name, array in arrays.items():
        if name != SENSORS and array.shape != (rows,):
            raise refused(path, f"has {name} of shape {array.shape}, not as long as sensor_id")
    if arrays["sensor_id"].dtype.kind != "U":
        raise refused(path, "has a sensor_id that is no text")
    return recording_of(
        PlotColumns(
            sensor_id=arrays["sensor_id"].tolist(),
            observed_utc_ns=_instants(arrays, "observed_utc_ns", rows, path),
            received_utc_ns=_instants(arrays, "received_utc_ns", rows, path),
            components={
                name: _numbers(arrays[name], name, path)
                for name in COMPONENT_NAMES
                if name in arrays
            },
        ),
        _sensors(arrays, path) or tuple(sensors),
        path,
    )


def _arrays(path: Path) -> Arrays:
    try:
        refuse_large(path)
        with np.load(path, allow_pickle=False) as archive:
            missing = [name for name in REQUIRED if name not in archive.files]
            unknown = [name for name in archive.files if name not in (*COLUMNS, SENSORS)]
            if missing or unknown:
                fault = f"has no array {missing[0]}" if missing else f"has an array {unknown[0]!r}"
                raise refused(path, fault, f"Known are {', '.join((*COLUMNS, SENSORS))}")
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, KeyError) as error:
        raise refused(path, f"cannot be read ({error})") from None


def _sensors(arrays: Arrays, path: Path) -> tuple[SensorSite, ...]:
    if SENSORS not in arrays:
        return ()
    text = arrays[SENSORS]
    if text.dtype.kind != "U" or text.ndim:
        raise refused(path, f"has {SENSORS} that is not one text of JSON")
    try:
        return sites_of(msgspec.json.decode(str(text), type=SensorTables))
    except (ValueError, RecursionError) as error:
        raise refused(path, f"{SENSORS}: {error}") from None


def _instants(arrays: Arrays, name: str, rows: int, path: Path) -> Instants:
    if name not in arrays:
        return np.full(rows, NOT_STATED, dtype=np.int64)
    array = arrays[name]
    if array.dtype.kind not in "iu":
        raise refused(path, f"has {name} of {array.dtype}, not of whole nanoseconds")
    instants = array.astype(np.int64)
    if (instants < 0).any():
        raise refused(path, f"has {name} before 1970 or after 2262")
    return instants


def _numbers(array: NDArray[np.generic], name: str, path: Path) -> Numbers:
    if array.dtype.kind not in "fiu":
        raise refused(path, f"has {name} of {array.dtype}, not of numbers")
    return array.astype(np.float64)
