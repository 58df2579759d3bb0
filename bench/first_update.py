"""From the library's import to a second scan used; prints seconds on the wall and of processor."""

import time

WALL_S, CPU_S = time.perf_counter(), time.process_time()

from bongsu.tracking import Tracker, UtcNs, plot_batch, sensor_site  # noqa: E402 (it is timed)

TABLE = {
    "kind": "radar",
    "id": "LAB-RADAR-1",
    "nation": "XA",
    "latitude_deg": 45.0,
    "longitude_deg": 20.0,
    "height_m": 100.0,
    "sigma_range_m": 30.0,
    "sigma_azimuth_mrad": 1.0,
    "sigma_elevation_mrad": 1.0,
    "scan_interval_s": 1.0,
    "detection_probability": 0.9,
    "clutter_per_scan": 2.0,
    "maximum_range_km": 2_000.0,
    "minimum_elevation_deg": 1.0,
}

radar = sensor_site(TABLE)
tracker = Tracker([radar], name="LAB")
for second in (0, 1):
    at = UtcNs(second * 1_000_000_000)
    plots = [[512_340.0 - 2_000.0 * second, 0.31, 0.22]]
    tracker.process(plot_batch(radar, plots, sequence=second + 1, observed_at=at), now=at)
print(time.perf_counter() - WALL_S, time.process_time() - CPU_S)
