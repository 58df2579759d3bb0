"""The outlook of every track, kept up to date at a bounded cost.

Falls through air and J2 gravity are few per picture, the newest tracks first; everything else
follows each estimate at once. What was learnt of the launch stays when the engine is out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from bongsu.physics.geodesy import climb_mps, height_above_ellipsoid_m
from bongsu.tracking.area import points_under
from bongsu.tracking.arrays import Floats
from bongsu.tracking.boost_bank import BoostBank
from bongsu.tracking.boost_ensemble import BoostEnsemble
from bongsu.tracking.boost_state import LAUNCH_TIME, MOTION
from bongsu.tracking.classification import Classification, in_boost, in_free_flight
from bongsu.tracking.fan_prediction import boost_fan
from bongsu.tracking.impact_prediction import Forecasts, Surveys, forecast, survey
from bongsu.tracking.infrared import InfraredView
from bongsu.tracking.launch_estimation import launch_estimate
from bongsu.tracking.manoeuvre import is_not_ballistic
from bongsu.tracking.outlook import Apogee, Fall, Outlook, falls, fan_around, flight_of
from bongsu.tracking.sun_geometry import SunLimits, sun_caveat
from bongsu.tracking.track_table import Rows
from bongsu.vocabulary.estimates import Fan, LaunchEstimate
from bongsu.vocabulary.units import UtcNs, seconds_between

MOST_SURVEYS: Final = 10  # in one picture
SURVEY_HOLDS_S: Final = 15.0
SURVEY_HOLDS_IN_AIR_S: Final = 2.0
NEAR_AIR_M: Final = 150e3
NEARLY_DOWN_M: Final = 15e3  # below it a closed fall has no meaning
FAN_HOLDS_S: Final = 2.0
SURELY_BURNING: Final = 0.9
PROBABLY_BURNING: Final = 0.5
ENGINE_OUT_SHARE: Final = 0.002
CAVEAT_HOLDS_S: Final = 10.0
NEVER: Final = UtcNs(0)


@dataclass(slots=True, kw_only=True)
class _Page:
    """What the book remembers of one track."""

    launch: LaunchEstimate | None = None
    engine_may_burn: bool = False
    boost_classification: Classification = ()
    fan: Fan | None = None
    fan_at: UtcNs = NEVER
    surveyed_at: UtcNs = NEVER
    correction: Floats = field(default_factory=lambda: np.zeros(3))
    air: Floats = field(default_factory=lambda: np.zeros(3))
    reached: bool = False
    apogee: Apogee | None = None
    fall: Fall | None = None
    sun: tuple[str, ...] = ()
    sun_at: UtcNs = NEVER


class OutlookBook:
    """Remembers what was learnt of each track's launch and fall."""

    def __init__(
        self, ensemble: BoostEnsemble, views: Mapping[int, InfraredView], limits: SunLimits
    ) -> None:
        """`views`: the infrared sensors by their index among the tracker's sensors."""
        self._ensemble = ensemble
        self._views = views
        self._infrared_bits = sum(1 << index for index in views)
        self._limits = limits
        self._pages: dict[int, _Page] = {}

    def outlooks(self, rows: Rows, bank: BoostBank, at: UtcNs) -> Sequence[Outlook]:
        """The outlook of each confirmed row (n); rows and bank are at the instant `at`."""
        numbers = rows["number"].tolist()
        self._pages = {number: self._pages.get(number, _Page()) for number in numbers}
        if not numbers:
            return ()
        pages = list(self._pages.values())
        self._read_bank(bank, at)
        height = height_above_ellipsoid_m(rows["state"][:, :3]).tolist()
        forecasts = _forecasts(rows, pages, height, at)
        under = points_under(rows["state"][:, :3])
        origins = [
            page.launch.point if page.launch else place
            for page, place in zip(pages, under, strict=True)
        ]
        self._remember(pages, falls(forecasts, origins, at), rows, height)
        columns = zip(
            pages,
            in_free_flight(rows["state"], rows["covariance"]),
            is_not_ballistic(rows).tolist(),
            strict=True,
        )
        plain = [_outlook(page, kind, odd) for page, kind, odd in columns]
        return tuple(
            replace(outlook, caveats=outlook.caveats + self._sun_caveats(rows, row, page, at))
            for row, (outlook, page) in enumerate(zip(plain, pages, strict=True))
        )

    @staticmethod
    def _remember(
        pages: Sequence[_Page], fallen: Sequence[Fall | None], rows: Rows, height: Sequence[float]
    ) -> None:
        """Keep the last fall of what is nearly down, and the apogee of what has passed it."""
        climb = climb_mps(rows["state"][:, :3], rows["state"][:, 3:]).tolist()
        for page, fall, level, rising in zip(pages, fallen, height, climb, strict=True):
            if fall is not None or rising > 0.0 or level > NEARLY_DOWN_M:
                page.fall = fall
            if fall is not None and (rising > 0.0 or page.apogee is None):
                page.apogee = fall.apogee

    def _read_bank(self, bank: BoostBank, at: UtcNs) -> None:
        """Launch, class and fan of the boosted tracks."""
        for page in self._pages.values():
            page.engine_may_burn = False
            page.boost_classification = ()
        if not bank.tracks:
            return
        share, weights = bank.burning_share().tolist(), bank.profile_weights()
        moments = bank.burning_moments()
        for row, track in enumerate(bank.tracks):
            if track.number not in self._pages or share[row] <= ENGINE_OUT_SHARE:
                continue
            page = self._pages[track.number]
            page.engine_may_burn = True
            state, covariance = moments.state[row], moments.covariance[row]
            sure = PROBABLY_BURNING if page.launch else SURELY_BURNING
            reference_at = UtcNs(track.reference_ns)
            if share[row] > sure:
                page.launch = launch_estimate(state, covariance, track.reference, reference_at)
            since_launch_s = seconds_between(at, reference_at) - float(state[LAUNCH_TIME])
            page.boost_classification = in_boost(weights[row], state[MOTION], since_launch_s)
            self._draw_fan(page, state[MOTION], covariance[MOTION, MOTION], weights[row], at)

    def _draw_fan(
        self, page: _Page, state: Floats, covariance: Floats, weights: Floats, at: UtcNs
    ) -> None:
        if page.launch is None or seconds_between(at, page.fan_at) < FAN_HOLDS_S:
            return
        page.fan_at = at
        page.fan = boost_fan(
            self._ensemble,
            state,
            covariance,
            weights,
            page.launch.point,
            page.launch.sigma_azimuth_rad,
        )

    def _sun_caveats(self, rows: Rows, row: int, page: _Page, at: UtcNs) -> tuple[str, ...]:
        """How the sun stands, for a track that rests on infrared alone."""
        bits = int(rows["sensors"][row])
        if not bits or bits & ~self._infrared_bits:
            return ()
        if seconds_between(at, page.sun_at) >= CAVEAT_HOLDS_S:
            found = [
                sun_caveat(view, rows["state"][row, :3], at, self._limits)
                for index, view in self._views.items()
                if bits >> index & 1
            ]
            page.sun = tuple(caveat for caveat in found if caveat is not None)
            page.sun_at = at
        return page.sun


def _outlook(page: _Page, free_flight_class: Classification, not_ballistic: bool) -> Outlook:
    """What may be stated of one track: see the rules in `outlook`."""
    if page.engine_may_burn:
        return Outlook(launch=page.launch, fan=page.fan, classification=page.boost_classification)
    if not_ballistic:
        return Outlook(launch=page.launch, fan=page.fan)
    fall, launch = page.fall, page.launch
    if fall is None:
        return Outlook(launch=page.launch, classification=free_flight_class)
    if not fall.is_useful:
        return Outlook(launch=page.launch, fan=fan_around(fall), classification=free_flight_class)
    return Outlook(
        launch=launch,
        impact=fall.impact,
        flight=flight_of(fall, launch, page.apogee or fall.apogee) if launch else None,
        classification=free_flight_class,
    )


def _forecasts(rows: Rows, pages: Sequence[_Page], height: Sequence[float], at: UtcNs) -> Forecasts:
    """Forecasts of all rows, after new surveys of those that need one most."""
    age = np.array([seconds_between(at, page.surveyed_at) for page in pages])
    holds = np.where(np.array(height) > NEAR_AIR_M, SURVEY_HOLDS_S, SURVEY_HOLDS_IN_AIR_S)
    burning = np.array([page.engine_may_burn for page in pages])
    due = np.flatnonzero((age > holds) & ~burning)
    due = due[np.argsort(-(age / holds)[due], kind="stable")][:MOST_SURVEYS]
    if len(due):
        found = survey(rows["state"][due])
        for number, row in enumerate(due.tolist()):
            page = pages[row]
            page.surveyed_at, page.reached = at, bool(found.reached[number])
            page.correction, page.air = found.correction[number], found.air[number]
    surveys = Surveys(
        correction=np.array([page.correction for page in pages]),
        air=np.array([page.air for page in pages]),
        reached=np.array([page.reached for page in pages]),
    )
    return forecast(rows["state"], rows["covariance"], surveys)
