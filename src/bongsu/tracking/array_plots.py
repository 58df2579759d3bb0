"""Plots and sensors of one's own, for those who use the tracker without a node."""

from collections.abc import Mapping, Sequence
from math import isnan

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.plot import Platform, PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.sensor_tables import InfraredTable, RadarTable, site_of
from bongsu.vocabulary.units import MonotonicNs, UtcNs


def sensor_site(table: Mapping[str, object]) -> SensorSite:
    """A sensor in SI and radians, from a table as people write it: degrees, km, mrad.

    table: the fields of `RadarTable` or `InfraredTable`, and `kind`, "radar" or "infrared".
    Raises LocalMisuse that names the field that is missing, unknown or out of its bounds.
    """
    try:
        return site_of(msgspec.convert(dict(table), RadarTable | InfraredTable))
    except msgspec.ValidationError as error:
        raise LocalMisuse(
            f"This table of a sensor is wrong: {error}",
            remedy="Mend that field; docs/plots.md shows a whole table",
        ) from None


def plot_batch(
    site: SensorSite,
    plots: ArrayLike,
    *,
    sequence: int,
    observed_at: UtcNs,
    realm: Realm = Realm.EXERCISE,
    platform: Platform | None = None,
) -> PlotBatch:
    """What a sensor saw in one scan, from an array.

    plots: (m, components). Of a radar slant range in m, azimuth clockwise from true north and
    elevation in rad, in the local frame of its place (WGS 84). Of an infrared sensor the angles
    from the nadir, east and north, in rad. m may be 0, and then says that nothing was seen.
    A radar that states a sigma of its range rate may have that in a fourth column, m/s, above
    zero for what goes away; NaN there is none.
    sequence: from 1, one more with each scan of this sensor. observed_at: the instant of all
    plots, nanoseconds since 1970-01-01T00:00:00Z. platform: where a sensor that moves was then;
    the radar's local frame is the one of that place.
    Raises LocalMisuse where the array has another shape. What cannot be (NaN, infinite, below
    the horizon) raises nothing: the tracker refuses and counts it.
    """
    array = np.asarray(plots, dtype=np.float64)
    components = len(site.sigmas)
    if array.size == 0:
        array = array.reshape(0, components)
    if array.ndim != 2 or array.shape[1] not in (components, site.components):
        raise LocalMisuse(
            f"Plots of {site.sensor_id} have the shape {array.shape}",
            remedy=f"Give (plots, {components}) for a sensor of the kind {site.kind.value}",
        )
    return PlotBatch(
        sensor_id=site.sensor_id,
        realm=realm,
        sequence=sequence,
        observed_at=observed_at,
        emitted_at=MonotonicNs(0),
        platform=platform,
        measurements=tuple(stated(plot, components) for plot in array.tolist()),
    )


def stated(plot: Sequence[float], components: int) -> tuple[float, ...]:
    """A plot without the number beyond the components, where that is none."""
    return tuple(plot if not isnan(plot[-1]) else plot[:components])
