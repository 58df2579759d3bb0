"""The tracker with every plot's owner known: what no association can improve on.

Each object's own plots go to a tracker of their own, without clutter and without any other
object; the rule that confirms a track is the same. What is left is the filter and the wait.
"""

from pathlib import Path

import numpy as np

from bongsu.adapters.plots.npz import read_plots_npz
from bongsu.adapters.plots.recording import Numbers
from bongsu.physics.frames import ecef_to_enu
from bongsu.tracking.gospa import gospa
from bongsu.tracking.tracker import Tracker

DETECTION_PROBABILITY = 0.9
CUTOFF_M = 5_000.0
FROM_SCAN = 10


def perfect_gospa_m(arrays: Path) -> float:
    """Mean GOSPA from scan 10 on, with perfect association."""
    recorded = read_plots_npz(arrays, detection_probability=DETECTION_PROBABILITY)
    with np.load(arrays, allow_pickle=False) as archive:
        plots, scan = archive["det"], archive["det_scan"]
        owner, truth = archive["det_truth"], archive["truth_enu"]
    site = recorded.sensors[0]
    pictures: list[list[Numbers]] = [[] for _ in range(len(recorded))]
    for number in range(truth.shape[1]):
        tracker = Tracker([site], name="OWNED")
        own_plots, own_scan = plots[owner == number], scan[owner == number]
        for at in range(len(recorded)):
            batch = recorded.batch_of(at, own_plots[own_scan == at])
            tracker.process(batch, now=batch.observed_at)
            state = tracker.confirmed().state[:, :3]
            pictures[at].append(
                ecef_to_enu(state, site.latitude_rad, site.longitude_rad, site.height_m)
            )
    scores = [
        gospa(there[np.isfinite(there[:, 0])], np.concatenate(picture), cutoff_m=CUTOFF_M)
        for there, picture in list(zip(truth, pictures, strict=False))[FROM_SCAN:]
    ]
    return float(np.mean([score.value_m for score in scores]))
