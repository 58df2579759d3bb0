"""A made-up flight that a tracker works through before it listens.

The first track of a process pays for everything that is loaded when it is first used: tens of
milliseconds that the first real warning should not wait for. The rehearsal has a tracker of its
own, which is thrown away: no plot, track or figure of it reaches the real one.
"""

from typing import Final

from bongsu.tracking.outlook.generics import work_out_generics
from bongsu.tracking.settings import TrackerSettings
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.plot import PlotBatch
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NationId, SensorId, UtcNs

SCANS: Final = 6
START: Final = UtcNs(1_600_000_000 * NS_PER_S)
RADAR: Final = SensorSite(
    sensor_id=SensorId("XX-RADAR-1"),
    nation=NationId("XX"),
    kind=SensorKind.RADAR,
    latitude_rad=0.6,
    longitude_rad=2.2,
    height_m=0.0,
    sigmas=(30.0, 1e-3, 1e-3),
    scan_interval_s=1.0,
    detection_probability=0.9,
    clutter_per_scan=1.0,
    maximum_range_m=2e6,
    minimum_elevation_rad=0.05,
)


def warm_up(realm: Realm) -> int:
    """Track one made-up object for a few scans; how many tracks the last picture had."""
    work_out_generics()
    tracker = Tracker([RADAR], name="REHEARSAL", settings=TrackerSettings(realm=realm))
    tracks = 0
    for scan in range(SCANS):
        at = UtcNs(START + scan * NS_PER_S)
        tracker.process(
            PlotBatch(
                sensor_id=RADAR.sensor_id,
                realm=realm,
                sequence=scan + 1,
                observed_at=at,
                emitted_at=MonotonicNs(0),
                measurements=((900e3 - 2_000.0 * scan, 0.2, 0.5 + 1e-4 * scan),),
            ),
            now=at,
        )
        tracks = len(tracker.picture(now=at).tracks)
    return tracks
