"""Plots behind confirmed tracks as records."""

from collections.abc import Iterator

from bongsu.records.plot_kinds import MAXIMUM_PLOTS
from bongsu.vocabulary.plot import TrackedScan


def scan_to_fields(scan: TrackedScan) -> Iterator[dict[str, object]]:
    """The fields of the records that a scan makes: one, unless it has very many plots."""
    for first in range(0, len(scan.plots), MAXIMUM_PLOTS):
        plots = scan.plots[first : first + MAXIMUM_PLOTS]
        yield {
            "observed_at": scan.observed_at,
            "sensor": scan.sensor_id,
            "sensor_kind": scan.sensor_kind,
            "sensor_place": scan,  # its latitude, longitude and height
            "sigmas": scan.sigmas,
            "track_ids": tuple(plot.track_id for plot in plots),
            "measurements": tuple(plot.measurement for plot in plots),
        }
