"""A file of recorded plots, whatever its format: told by its first bytes, not by its name."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bongsu.adapters.plots.asterix import read_plots_asterix
from bongsu.adapters.plots.asterix_records import CATEGORIES
from bongsu.adapters.plots.columns import refused
from bongsu.adapters.plots.jsonl import read_plots_jsonl
from bongsu.adapters.plots.npz import read_plots_npz
from bongsu.adapters.plots.npz_columns import read_plots_npz_columns
from bongsu.adapters.plots.parquet import read_plots_parquet
from bongsu.adapters.plots.recording import Recording
from bongsu.vocabulary.sensor import SensorSite

ZIP: Final = b"PK"
PARQUET: Final = b"PAR1"
JSON_OBJECT: Final = b"{"
ONE_RADAR: Final = "det.npy"
HEAD_BYTES: Final = 64
FORMATS: Final = "Give NPZ, Parquet, JSON lines or ASTERIX CAT 048/062: docs/plots.md"


def read_plots(
    path: Path, *, detection_probability: float = 0.9, sensors: Sequence[SensorSite] = ()
) -> Recording:
    """Read a recording in any format; raises LocalMisuse in one line that says what to mend.

    detection_probability: of the radar of an archive of one radar, which does not state it.
    sensors: used where the file itself describes none.
    """
    head = _head(path)
    if head.startswith(ZIP):
        if _is_of_one_radar(path):
            return read_plots_npz(path, detection_probability=detection_probability)
        return read_plots_npz_columns(path, sensors=sensors)
    if head.startswith(PARQUET):
        return read_plots_parquet(path, sensors=sensors)
    if head.lstrip().startswith(JSON_OBJECT):
        return read_plots_jsonl(path, sensors=sensors)
    if head[:1] and head[0] in CATEGORIES:
        return read_plots_asterix(path, sensors=sensors)
    raise refused(path, "is empty" if not head else "is no format of plots", FORMATS)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror}", FORMATS) from None


def _is_of_one_radar(path: Path) -> bool:
    """True also for what is no archive at all: that reader says what is wrong with it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return True
    return ONE_RADAR in names or "observed_utc_ns.npy" not in names
