"""Estimates of several instants moved to one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from bongsu.tracking.flight.prediction import predict_rows
from bongsu.tracking.flight.track_table import FREE_FLIGHT, Rows, no_rows
from bongsu.tracking.fusion.estimate import Estimate
from bongsu.tracking.settings import TrackerSettings
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import UtcNs, seconds_between

BALLISTIC_NOISE_M2PS3: Final = TrackerSettings().acceleration_noise_m2ps3
POWERED_NOISE_M2PS3: Final = 1_500.0  # an engine's 4 g, that nobody models here, over a second


def aligned(estimates: Sequence[Estimate], at: UtcNs) -> list[Estimate]:
    """The estimates at a later instant, in their order. Raises LocalMisuse for an earlier one."""
    moved: list[Estimate] = list(estimates)
    for instant in {estimate.at for estimate in estimates}:
        duration_s = seconds_between(at, instant)
        if duration_s < 0.0:
            raise LocalMisuse(
                "An estimate is newer than the instant to which it should be moved",
                remedy="Move all to the newest one's instant, or a later one.",
            )
        places = [row for row, estimate in enumerate(estimates) if estimate.at == instant]
        rows = _rows([estimates[row] for row in places])
        predict_rows(rows, duration_s)
        for place, row in zip(places, rows, strict=True):
            moved[place] = replace(
                estimates[place],
                at=at,
                mean=row["state"].copy(),
                covariance=row["covariance"].copy(),
                is_ballistic=estimates[place].is_ballistic and row["phase"] == FREE_FLIGHT,
            )
    return moved


def _rows(estimates: Sequence[Estimate]) -> Rows:
    rows = no_rows(len(estimates))
    rows["number"] = 1  # tracks, for which the air counts
    rows["state"] = [estimate.mean for estimate in estimates]
    rows["covariance"] = [estimate.covariance for estimate in estimates]
    ballistic = np.array([estimate.is_ballistic for estimate in estimates])
    rows["acceleration_noise"] = np.where(ballistic, BALLISTIC_NOISE_M2PS3, POWERED_NOISE_M2PS3)
    return rows
