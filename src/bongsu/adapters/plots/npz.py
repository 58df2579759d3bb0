"""Recorded radar plots as NumPy archives (NPZ): what one radar saw, scan by scan.

Arrays: `det` (M, 3) slant range in m, azimuth and elevation in rad; `det_scan` (M,) the scan of
each, from 0, which is at the epoch: a recording has no date; `sigma` (3,) one standard deviation
of each component; `radar_llh` (3,) geodetic latitude and longitude in rad and height in m; `dt`
the seconds between scans. `truth_enu` (scans, objects, 3), in m in the radar's frame, NaN where
there is none, is for scoring only.
Nothing in the file is ever executed: pickled objects are refused, sizes are checked first.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.adapters.plots.recording import Numbers, Recording
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NS_PER_S, NationId, SensorId

MAXIMUM_ARRAY_BYTES: Final = 1 << 30
MAXIMUM_SCANS: Final = 100_000
RECORDED: Final = SensorId("RECORDED-RADAR")
FORM: Final = "a NumPy archive with det, det_scan, sigma, radar_llh and dt"


def read_plots_npz(path: Path, *, detection_probability: float) -> Recording:
    """Read and check a recording; raises LocalMisuse saying which part is wrong and why.

    detection_probability: of the radar, which the file does not state.
    """
    arrays = _arrays(path)
    plots = _shaped(arrays, "det", (None, 3), path)
    scan = _scan_numbers(arrays, len(plots), path)
    order = np.argsort(scan, kind="stable")
    scans = np.arange(int(scan.max()) + 1 if len(scan) else 0)
    truth = _shaped(arrays, "truth_enu", (None, None, 3), path) if "truth_enu" in arrays else None
    site = _site(arrays, path, detection_probability)
    observed_ns = np.round(scans * site.scan_interval_s * NS_PER_S).astype(np.int64)
    return Recording(
        sensors=(site,),
        sensor=np.zeros(len(scans), dtype=np.intp),
        sequence=scans + 1,
        observed_ns=observed_ns,
        received_ns=observed_ns,
        plots=plots[order],
        first=np.searchsorted(scan[order], np.append(scans, len(scans))),
        truth_enu_m=truth,
    )


def _arrays(path: Path) -> dict[str, Numbers]:
    wanted = ("det", "det_scan", "sigma", "radar_llh", "dt")
    try:
        refuse_large(path)
        with np.load(path, allow_pickle=False) as archive:
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise _misuse(path, "is a single array, not an archive")
            missing = [name for name in wanted if name not in archive.files]
            if missing:
                raise _misuse(path, f"has no array {', '.join(missing)}")
            optional = [name for name in ("truth_enu",) if name in archive.files]
            return {name: _numbers(archive, name, path) for name in (*wanted, *optional)}
    except FileNotFoundError:
        raise LocalMisuse(f"There is no file {path}", remedy=f"Give {FORM}.") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, KeyError) as error:
        raise _misuse(path, f"cannot be read ({error})") from None


def refuse_large(path: Path) -> None:
    """Refuse an archive, unread, of which an array would be larger than is ever of use."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size > MAXIMUM_ARRAY_BYTES:
                raise _misuse(path, f"holds {member.filename} of {member.file_size:,} bytes")


def _numbers(archive: Mapping[str, NDArray[np.generic]], name: str, path: Path) -> Numbers:
    array = archive[name]
    if array.dtype.kind not in "fiu":
        raise _misuse(path, f"has an array {name} of {array.dtype}, not of numbers")
    return array.astype(np.float64)


def _shaped(
    arrays: Mapping[str, Numbers], name: str, shape: tuple[int | None, ...], path: Path
) -> Numbers:
    array = arrays[name]
    fits = array.ndim == len(shape) and all(
        wanted in (None, got) for wanted, got in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted_text = ", ".join("any" if size is None else str(size) for size in shape)
        raise _misuse(path, f"has {name} of shape {array.shape}, wanted ({wanted_text})")
    return array


def _scan_numbers(arrays: Mapping[str, Numbers], plots: int, path: Path) -> NDArray[np.int64]:
    scan = _shaped(arrays, "det_scan", (plots,), path)
    sound = np.isfinite(scan) & (scan >= 0) & (scan < MAXIMUM_SCANS) & (scan == np.floor(scan))
    if not sound.all():
        raise _misuse(
            path, f"has a det_scan that is no whole number from 0 to {MAXIMUM_SCANS - 1:,}"
        )
    return scan.astype(np.int64)


def _site(arrays: Mapping[str, Numbers], path: Path, detection_probability: float) -> SensorSite:
    sigma = _shaped(arrays, "sigma", (3,), path)
    if not (np.isfinite(sigma).all() and (sigma > 0.0).all()):
        raise _misuse(path, f"has sigma {sigma.tolist()}, wanted three numbers above 0")
    latitude, longitude, height = _shaped(arrays, "radar_llh", (3,), path).tolist()
    if not (abs(latitude) <= np.pi / 2 and abs(longitude) <= 2 * np.pi and abs(height) <= 1e5):
        raise _misuse(
            path,
            f"has radar_llh ({latitude:g}, {longitude:g}, {height:g}), "
            "which is not latitude and longitude in rad and height in m",
        )
    interval = _shaped(arrays, "dt", (), path).item()
    if not 0.0 < interval <= 3_600.0:
        raise _misuse(path, f"has dt {interval:g}, wanted seconds above 0 and up to an hour")
    return SensorSite(
        sensor_id=RECORDED,
        nation=NationId("XX"),
        kind=SensorKind.RADAR,
        latitude_rad=latitude,
        longitude_rad=longitude,
        height_m=height,
        sigmas=tuple(sigma.tolist()),
        scan_interval_s=interval,
        detection_probability=detection_probability,
    )


def _misuse(path: Path, fault: str) -> LocalMisuse:
    return LocalMisuse(f"{path} {fault}", remedy=f"Give {FORM}: see bongsu track --help.")
