"""From the library's import to a second scan used; prints seconds on the wall and of processor."""

import time

from bench.lab_radar import TABLE

WALL_S, CPU_S = time.perf_counter(), time.process_time()

from bongsu.tracking import Tracker, UtcNs, plot_batch, sensor_site  # noqa: E402 (it is timed)

radar = sensor_site(TABLE)
tracker = Tracker([radar], name="LAB")
for second in (0, 1):
    at = UtcNs(second * 1_000_000_000)
    plots = [[512_340.0 - 2_000.0 * second, 0.31, 0.22]]
    tracker.process(plot_batch(radar, plots, sequence=second + 1, observed_at=at), now=at)
print(time.perf_counter() - WALL_S, time.process_time() - CPU_S)
