"""The outlook of every track, kept up to date at a bounded cost.

A track's outlook is worked out anew when it was seen or when a second has passed. Falls through
air and J2 gravity are few in one picture (see `survey_round`); everything else follows each
estimate at once. What was learnt of the launch stays when the engine is out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from bongsu.tracking.arrays import Floats, Mask
from bongsu.tracking.boost.ascents import look_of
from bongsu.tracking.boost.bank import PROBABLY_BURNING, BoostBank
from bongsu.tracking.boost.ensemble import BoostEnsemble
from bongsu.tracking.boost.state import LAUNCH_TIME, MOTION
from bongsu.tracking.fall.fan_prediction import SLACK, boost_fan
from bongsu.tracking.fall.footprint import footprints
from bongsu.tracking.fall.impact_prediction import forecast
from bongsu.tracking.fall.survey_round import SURVEYED_AHEAD, survey_oldest, surveys_of
from bongsu.tracking.flight.track_table import Rows, no_rows
from bongsu.tracking.infrared.measurement import InfraredView
from bongsu.tracking.infrared.sun_geometry import SunLimits, sun_caveat
from bongsu.tracking.launch.backtracking import backtracked_launches, generic_offsets
from bongsu.tracking.launch.estimation import launch_estimates
from bongsu.tracking.outlook.area import points_under
from bongsu.tracking.outlook.classification import boost_shares, free_flight_shares
from bongsu.tracking.outlook.launcher_share import launcher_share, staging_of
from bongsu.tracking.outlook.page import NEVER, Page, Situation, situations_of
from bongsu.tracking.outlook.statement import Outlook, falls
from bongsu.vocabulary.units import UtcNs, seconds_between

OUTLOOK_HOLDS_S: Final = 1.0  # of a track that was not seen meanwhile
MOST_BACKTRACKED: Final = 20  # in one picture
LAUNCH_HOLDS_S: Final = 5.0
MOST_FANS: Final = 5  # in one picture, those drawn longest ago first
FAN_HOLDS_S: Final = 2.0
CAVEAT_HOLDS_S: Final = 10.0
# One line of sight leaves the depth to the boost model, which lofted flights fit less well:
# their squared errors were that many times what the model states.
SINGLE_LOOK_VARIANCE: Final = 2.5
SINGLE_LOOK_SLACK: Final = 0.5  # and their near edge was too far by up to a third
ENGINE_OUT_SHARE: Final = 0.005  # of the probability that it burns: below it a point is stated


class OutlookBook:
    """Remembers what was learnt of each track's launch and fall."""

    def __init__(
        self,
        ensemble: Callable[[], BoostEnsemble],
        views: Mapping[int, InfraredView],
        limits: SunLimits,
    ) -> None:
        """`views`: the infrared sensors by their index among the tracker's sensors.

        ensemble: asked for when a launch is to be told, not before.
        """
        self._ensemble = ensemble
        self._views = views
        self._infrared_bits = sum(1 << index for index in views)
        self._limits = limits
        self._pages: dict[int, Page] = {}
        self._shown: Rows = no_rows()
        self._shown_at: UtcNs = NEVER

    def outlooks(
        self, rows: Rows, bank: BoostBank, kin: Mapping[int, tuple[int, ...]], at: UtcNs
    ) -> Sequence[Outlook]:
        """The outlook of each confirmed row (n); rows and bank are at the instant `at`.

        kin: the tracks from which a track may have parted, by number; they share a launch.
        """
        numbers = rows["number"].tolist()
        self._pages = {number: self._pages.get(number, Page()) for number in numbers}
        self._shown, self._shown_at = rows, at
        pages = list(self._pages.values())
        due = np.array([_is_due(page, row, at) for page, row in zip(pages, rows, strict=True)])
        if due.any():
            chosen = rows[due]
            doubt = np.where(self._is_single_look(chosen), SINGLE_LOOK_VARIANCE, 1.0)
            chosen["covariance"] *= doubt[:, None, None]
            doubts = dict(zip(chosen["number"].tolist(), doubt.tolist(), strict=True))
            self._read_bank(bank, doubts, at)
            self._inherit(kin)
            self._renew([self._pages[number] for number in doubts], chosen, at)
        return tuple(page.outlook for page in pages)

    def look_ahead(self) -> None:
        """Survey the falls of tracks that the next outlooks would have to survey, some at a time.

        Surveys are the dearest part of an outlook. Done ahead, when the last outlooks are out,
        they hold nothing up, and none gets older than it would have become.
        """
        pages = list(self._pages.values())
        if pages:
            survey_oldest(self._shown["state"], pages, self._shown_at, ripe=SURVEYED_AHEAD)

    def overdue(self, rows: Rows, at: UtcNs) -> Mask:
        """Which rows (n) should have come down so long ago that nothing can be in the air."""
        numbers = rows["number"].tolist()
        return np.array(
            [n in self._pages and self._pages[n].is_overdue(at) for n in numbers], dtype=np.bool_
        )

    def _inherit(self, kin: Mapping[int, tuple[int, ...]]) -> None:
        """A track that parted from one whose launch is known was launched with it."""
        for number, others in kin.items():
            pages = [self._pages[other] for other in others if other in self._pages]
            seen = [page.launch for page in pages if page.backtracked_at == NEVER and page.launch]
            own = self._pages.get(number)
            if own and seen and (own.launch is None or own.backtracked_at != NEVER):
                own.launch, own.backtracked_at = seen[0], NEVER

    def _renew(self, pages: Sequence[Page], rows: Rows, at: UtcNs) -> None:
        situations = situations_of(rows, at)
        self._backtrack(pages, rows, situations)
        _draw_footprints(pages, rows, situations)
        survey_oldest(rows["state"], pages, at)
        forecasts = forecast(rows["state"], rows["covariance"], surveys_of(pages))
        origins = [
            page.launch.point if page.launch else place
            for page, place in zip(pages, points_under(rows["state"][:, :3]), strict=True)
        ]
        columns = zip(
            pages,
            situations,
            falls(forecasts, origins, at),
            free_flight_shares(rows["state"], rows["covariance"]),
            rows,
            strict=True,
        )
        for page, situation, fall, shares, row in columns:
            page.take(fall, situation)
            self._look_at_sun(page, row["state"][:3], int(row["sensors"]), at)
            page.state(shares, situation)

    def _backtrack(
        self, pages: Sequence[Page], rows: Rows, situations: Sequence[Situation]
    ) -> None:
        """Launches of tracks whose boost nobody saw, as long as they are seen."""
        pairs = enumerate(zip(pages, situations, strict=True))
        due = [row for row, (page, stands) in pairs if _needs_launch(page, stands)]
        due = due[:MOST_BACKTRACKED]
        if not due:
            return
        at = situations[0].at
        chosen = rows[due]
        launches = backtracked_launches(
            chosen["state"], chosen["covariance"], generic_offsets(), at
        )
        for row, launch in zip(due, launches, strict=True):
            pages[row].launch, pages[row].backtracked_at = launch, at

    def _is_single_look(self, rows: Rows) -> Mask:
        """Which rows (n) rest on one infrared sensor alone."""
        bits = rows["sensors"]
        return np.isin(bits, [1 << index for index in self._views])

    def _read_bank(self, bank: BoostBank, doubts: Mapping[int, float], at: UtcNs) -> None:
        """Launch, class and fan of boosted tracks; what the bank let go burns no more.

        doubts: factor on the variance of each track that is due, by its number.
        """
        held = bank.numbers.tolist()
        for number in doubts.keys() - set(held):
            page = self._pages[number]
            page.engine_may_burn = page.engine_may_burn and number in bank.lost
        wanted = [row for row, number in enumerate(held) if number in doubts]
        if not wanted:
            return
        self._read_launches(bank, wanted)
        share, weights = bank.burning_share(), bank.profile_weights()
        moments = bank.burning_moments()
        oldest_first = sorted(wanted, key=lambda row: self._pages[held[row]].fan_at)
        for number, row in enumerate(oldest_first):
            track, page = bank.tracks[row], self._pages[held[row]]
            page.engine_may_burn = bool(share[row] > ENGINE_OUT_SHARE)
            if not page.engine_may_burn:
                continue
            state, covariance = moments.state[row], moments.covariance[row]
            since_reference_s = seconds_between(at, UtcNs(track.reference_ns))
            since_launch_s = since_reference_s - float(state[LAUNCH_TIME])
            doubt = doubts[held[row]]
            spread = doubt * covariance[MOTION, MOTION]
            look = look_of(state[MOTION], spread, since_launch_s)
            page.boost_shares = boost_shares(weights[row], launcher_share(look))
            page.burned_at, page.staging = at, staging_of(look)
            if share[row] > PROBABLY_BURNING and number < MOST_FANS:
                self._draw_fan(page, state[MOTION], spread, weights[row], at, doubt > 1.0)

    def _read_launches(self, bank: BoostBank, wanted: Sequence[int]) -> None:
        """What the tracks in those rows of the bank tell of their launches."""
        tracks = [bank.tracks[row] for row in wanted]
        known = [(track.number, track.launch) for track in tracks if track.launch is not None]
        launches = launch_estimates([launch for _, launch in known])
        for (number, _), launch in zip(known, launches, strict=True):
            self._pages[number].launch = launch
            self._pages[number].backtracked_at = NEVER

    def _draw_fan(
        self,
        page: Page,
        state: Floats,
        covariance: Floats,
        weights: Floats,
        at: UtcNs,
        single_look: bool,
    ) -> None:
        if page.launch is None or seconds_between(at, page.fan_at) < FAN_HOLDS_S:
            return
        page.fan_at = at
        page.fan = boost_fan(
            self._ensemble(),
            state,
            covariance,
            weights,
            page.launch.point,
            page.launch.sigma_azimuth_rad,
            slack=SINGLE_LOOK_SLACK if single_look else SLACK,
        )

    def _look_at_sun(self, page: Page, position: Floats, sensors: int, at: UtcNs) -> None:
        """Note how the sun stands, for a track that rests on infrared alone."""
        if not sensors or sensors & ~self._infrared_bits:
            page.sun = ()
        elif seconds_between(at, page.sun_at) >= CAVEAT_HOLDS_S:
            seeing = [view for index, view in self._views.items() if sensors >> index & 1]
            found = [sun_caveat(view, position, at, self._limits) for view in seeing]
            page.sun = tuple(caveat for caveat in found if caveat is not None)
            page.sun_at = at


def _draw_footprints(pages: Sequence[Page], rows: Rows, situations: Sequence[Situation]) -> None:
    """Where those may come down whose path is not ballistic; the others have no footprint."""
    odd = [row for row, stands in enumerate(situations) if not stands.is_ballistic]
    for page in pages:
        page.footprint = None
    if odd:
        drawn = footprints(rows["state"][odd], rows["covariance"][odd])
        for row, footprint in zip(odd, drawn, strict=True):
            pages[row].footprint = footprint


def _is_due(page: Page, row: Rows, at: UtcNs) -> bool:
    seen = int(row["last_observed_ns"]) != page.outlook_observed_ns
    return seen or seconds_between(at, page.outlook_at) >= OUTLOOK_HOLDS_S


def _needs_launch(page: Page, situation: Situation) -> bool:
    """Whether its boost was not seen, its arc is sound, and the last launch is getting old."""
    boost_seen = page.launch is not None and page.backtracked_at == NEVER
    held_s = seconds_between(situation.at, page.backtracked_at)
    fresh = situation.observed_ns != page.outlook_observed_ns
    if boost_seen or not fresh or held_s < LAUNCH_HOLDS_S:
        return False
    return situation.is_ballistic and not page.engine_may_burn
