"""Whose full fall is worked out anew, and when: those who have waited longest, a few at a time.

A survey is the dearest part of an outlook and holds for seconds. A new track gets one with its
first outlook. Later ones are made ahead, between two pictures, where there is time for it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from bongsu.physics.geodesy import height_above_ellipsoid_m
from bongsu.tracking.arrays import Floats
from bongsu.tracking.fall.impact_prediction import Surveys, survey
from bongsu.tracking.outlook.page import Page
from bongsu.vocabulary.units import UtcNs, seconds_between

MOST_SURVEYS: Final = 10  # at a time
SURVEY_HOLDS_S: Final = 8.0
SURVEY_HOLDS_IN_AIR_S: Final = 2.0
NEAR_AIR_M: Final = 150e3
SURVEYED_AHEAD: Final = 0.7  # of the time that a survey holds


def survey_oldest(state: Floats, pages: Sequence[Page], at: UtcNs, *, ripe: float = 1.0) -> None:
    """New surveys of states (n, 6) at `at` whose last ones are older than `ripe` of their time.

    The oldest first, and bounded. What may burn falls nowhere yet.
    """
    age = np.array([seconds_between(at, page.surveyed_at) for page in pages])
    high = height_above_ellipsoid_m(state[:, :3]) > NEAR_AIR_M
    holds = np.where(high, SURVEY_HOLDS_S, SURVEY_HOLDS_IN_AIR_S)
    burning = np.array([page.engine_may_burn for page in pages])
    due = np.flatnonzero((age > ripe * holds) & ~burning)
    due = due[np.argsort(-(age / holds)[due], kind="stable")][:MOST_SURVEYS]
    if not due.size:
        return
    found = survey(state[due])
    for number, row in enumerate(due.tolist()):
        page = pages[row]
        page.surveyed_at, page.reached = at, bool(found.reached[number])
        page.correction, page.air = found.correction[number], found.air[number]


def surveys_of(pages: Sequence[Page]) -> Surveys:
    """The last survey of each page (n)."""
    return Surveys(
        correction=np.array([page.correction for page in pages]),
        air=np.array([page.air for page in pages]),
        reached=np.array([page.reached for page in pages]),
    )
