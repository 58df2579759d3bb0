"""Numbers in the wrong unit: told by where a whole sensor's plots lie, never by one plot."""

from typing import Final, NamedTuple

import numpy as np

from bongsu.adapters.plots.recording import Instants, Numbers
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NS_PER_S

FEWEST_PLOTS: Final = 5  # fewer say nothing about a unit
NEAR_SHARE: Final = 0.01  # of the stated range: all plots nearer than that are no watch of a sky
EDGE_OF_EARTH_RAD: Final = 0.3  # from geostationary height it stands 0.15 rad from the nadir
KILO: Final = 1_000.0


class UnitFault(NamedTuple):
    what: str
    remedy: str


def unit_fault(site: SensorSite, observed_ns: Instants, plots: Numbers) -> UnitFault | None:
    """What looks like a wrong unit in one sensor's plots (m, components), or None."""
    fault = _time_fault(site, observed_ns)
    if fault is not None:
        return fault
    sound = plots[np.isfinite(plots).all(axis=1)]
    if len(sound) < FEWEST_PLOTS:
        return None
    if site.kind is SensorKind.INFRARED:
        return _sight_fault(site, np.abs(sound))
    return _range_fault(site, sound[:, 0]) or _angle_fault(site, np.abs(sound[:, 1:]))


def _time_fault(site: SensorSite, observed_ns: Instants) -> UnitFault | None:
    """Scans a millionth of the stated interval apart: seconds to microseconds for nanoseconds."""
    instants = np.unique(observed_ns)
    if len(instants) < FEWEST_PLOTS:
        return None
    step_ns = float(np.median(np.diff(instants)))
    if step_ns * KILO / 2.0 > site.scan_interval_s * NS_PER_S:
        return None
    return UnitFault(
        f"scans of {site.sensor_id} {step_ns:,.0f} ns apart where it scans each "
        f"{site.scan_interval_s:g} s: observed_utc_ns looks like another unit",
        "Give nanoseconds since 1970-01-01T00:00:00Z",
    )


def _range_fault(site: SensorSite, range_m: Numbers) -> UnitFault | None:
    near, far = float(range_m.min()), float(range_m.max())
    if not (near > 0.0 and far < NEAR_SHARE * site.maximum_range_m):
        return None
    return UnitFault(
        f"range_m of {site.sensor_id} from {near:,.4g} to {far:,.4g} where it reaches "
        f"{site.maximum_range_m:,.0f} m: these look like kilometres",
        "Give metres",
    )


def _angle_fault(site: SensorSite, angles: Numbers) -> UnitFault | None:
    """Azimuth and elevation (m, 2) of which most are no radians at all."""
    limits = np.array([2.0 * np.pi, np.pi / 2.0])
    for column, name in enumerate(("azimuth_rad", "elevation_rad")):
        if np.median(angles[:, column] > limits[column]) > 0.5:
            return UnitFault(
                f"{name} of {site.sensor_id} up to {angles[:, column].max():,.4g}: "
                "these look like degrees",
                "Give radians",
            )
    return None


def _sight_fault(site: SensorSite, angles: Numbers) -> UnitFault | None:
    if np.median(angles.max(axis=1)) <= EDGE_OF_EARTH_RAD:
        return None
    return UnitFault(
        f"angles of {site.sensor_id} up to {angles.max():,.4g} from the nadir, beyond the Earth's "
        "edge: these look like degrees or milliradians",
        "Give radians",
    )
