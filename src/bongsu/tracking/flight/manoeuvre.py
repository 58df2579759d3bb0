"""Tracks whose plots do not fit free flight: held loosely, and said to be so.

The squared innovations of a track that flies freely have mean 3. A cumulative sum test weighs
them against those of a spread twice as wide, starting anew whenever free flight is likelier;
a thrust, a glide or a pull-up drives it up within a few plots. Such a track gets acceleration
noise that lets it follow, and loses it by and by once its plots fit again. While it has the
noise its path is not ballistic, and nothing that rests on a ballistic path may be stated of it.
Source: E. S. Page, Biometrika 41 (1954).
"""

from math import log
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Mask
from bongsu.tracking.flight.track_table import Rows
from bongsu.tracking.settings import TrackerSettings

SPREAD: Final = 2.0  # how many times as wide the innovations of a manoeuvre are
SLOPE: Final = 0.5 * (1.0 - 1.0 / SPREAD**2)
OFFSET: Final = 3.0 * log(SPREAD)
UNFIT: Final = 12.0  # log-likelihood ratio: in free flight once in about 100,000 plots
SUSPICIOUS: Final = 6.0
SIGMA_ACCELERATION_MPS2: Final = 30.0
MANOEUVRE_NOISE_M2PS3: Final = 900.0  # 30 m/s^2 that stay for about a second
RELAXATION: Final = 0.8  # per plot that fits
NOT_BALLISTIC_M2PS3: Final = 1.0
PLOTS_TO_JUDGE: Final = 4  # before that the first velocity is still being found


def judge(rows: Rows, squared: Floats, settings: TrackerSettings) -> None:
    """Take each row's squared innovation (n,) of three components, and set its noise by it."""
    misfit = np.maximum(rows["misfit"] + (SLOPE * squared - OFFSET), 0.0)
    misfit *= rows["hits"] >= PLOTS_TO_JUDGE
    noise = rows["acceleration_noise"]
    np.maximum(noise * RELAXATION, settings.acceleration_noise_m2ps3, out=noise)
    unfit = misfit > UNFIT
    noise[unfit] = MANOEUVRE_NOISE_M2PS3
    misfit[unfit] = SUSPICIOUS
    rows["misfit"] = misfit


def set_free(rows: Rows, unwatched_s: Floats) -> None:
    """Allow rows (n,) any steady acceleration over the seconds (n,) in which it went unnoticed."""
    covariance = rows["covariance"]
    variance = SIGMA_ACCELERATION_MPS2**2
    for axis in range(3):
        moved, turned = unwatched_s**2 / 2.0, unwatched_s
        covariance[:, axis, axis] += variance * moved**2
        covariance[:, axis + 3, axis + 3] += variance * turned**2
        covariance[:, axis, axis + 3] += variance * moved * turned
        covariance[:, axis + 3, axis] += variance * moved * turned
    rows["acceleration_noise"] = MANOEUVRE_NOISE_M2PS3


def is_not_ballistic(rows: Rows) -> Mask:
    """Which rows (n,) fly in a way that gravity and air alone do not explain."""
    manoeuvring: Mask = rows["acceleration_noise"] > NOT_BALLISTIC_M2PS3
    return manoeuvring
