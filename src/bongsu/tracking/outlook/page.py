"""What is remembered of one track's launch and fall, and what of it may be stated."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from bongsu.physics.geodesy import climb_mps, height_above_ellipsoid_m
from bongsu.tracking.arrays import Floats
from bongsu.tracking.flight.manoeuvre import is_not_ballistic
from bongsu.tracking.flight.track_table import Rows
from bongsu.tracking.outlook.classification import Shares, combined, stated
from bongsu.tracking.outlook.launcher_share import NO_STAGING, Staging
from bongsu.tracking.outlook.statement import Apogee, Fall, Outlook, fan_around, flight_of
from bongsu.vocabulary.estimates import Fan, LaunchEstimate
from bongsu.vocabulary.launch_kind import MISSILE_BELOW
from bongsu.vocabulary.units import UtcNs, after_seconds, seconds_between

NEVER: Final = UtcNs(0)
AIR_M: Final = 90e3  # below it an unseen object's own motion says less than the last forecast
MAY_GO_ON: Final = "no impact there if another stage is lit, as a satellite launcher's may be"
OVERDUE_S: Final = 10.0
OVERDUE_SIGMAS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How a track stands at the moment."""

    at: UtcNs
    observed_ns: int
    height_m: float
    climb_mps: float
    is_ballistic: bool


def situations_of(rows: Rows, at: UtcNs) -> Sequence[Situation]:
    """How each row (n) stands; the rows are at the instant `at`."""
    position, velocity = rows["state"][:, :3], rows["state"][:, 3:]
    columns = zip(
        rows["last_observed_ns"].tolist(),
        height_above_ellipsoid_m(position).tolist(),
        climb_mps(position, velocity).tolist(),
        is_not_ballistic(rows).tolist(),
        strict=True,
    )
    return tuple(
        Situation(at=at, observed_ns=seen, height_m=height, climb_mps=climb, is_ballistic=not odd)
        for seen, height, climb, odd in columns
    )


@dataclass(slots=True, kw_only=True)
class Page:
    """One track's page in the book."""

    launch: LaunchEstimate | None = None
    backtracked_at: UtcNs = NEVER  # above NEVER: the launch is not from a boost that was seen
    engine_may_burn: bool = False
    burned_at: UtcNs = NEVER  # when the engine was last believed to burn, perhaps
    staging: Staging = NO_STAGING  # if the engine went out then
    boost_shares: Shares = field(default_factory=dict)
    fan: Fan | None = None
    fan_at: UtcNs = NEVER
    footprint: Fan | None = None  # while its path is not ballistic
    surveyed_at: UtcNs = NEVER
    correction: Floats = field(default_factory=lambda: np.zeros(3))
    air: Floats = field(default_factory=lambda: np.zeros((3, 3)))
    reached: bool = False
    apogee: Apogee | None = None
    fall: Fall | None = None
    fall_observed_ns: int = 0
    sun: tuple[str, ...] = ()
    sun_at: UtcNs = NEVER
    outlook: Outlook = field(default_factory=Outlook)
    outlook_at: UtcNs = NEVER
    outlook_observed_ns: int = 0

    def take(self, fall: Fall | None, situation: Situation) -> None:
        """Remember a new forecast; unseen, it never gets surer than the last one was.

        What falls unseen through the air keeps its last forecast, and what falls its apogee.
        What does not fall freely has none.
        """
        if not situation.is_ballistic:
            self.fall = None
            return
        rising = situation.climb_mps > 0.0
        if self.fall is not None:
            unseen = situation.observed_ns == self.fall_observed_ns
            in_air = not rising and situation.height_m < AIR_M
            passed = situation.at >= self.fall.impact.at
            if (unseen and (fall is None or in_air)) or (in_air and (fall is None or passed)):
                return
            if fall is not None and unseen:
                fall = _no_surer(fall, self.fall)
        self.fall, self.fall_observed_ns = fall, situation.observed_ns
        if fall is not None and (rising or self.apogee is None):
            self.apogee = fall.apogee

    def state(self, free_flight_shares: Shares, situation: Situation) -> None:
        """Write down what may be stated now: see the rules in `outlook`."""
        self.outlook_at, self.outlook_observed_ns = situation.at, situation.observed_ns
        coasting = self.staging.share_after(seconds_between(situation.at, self.burned_at))
        outlook = self._outlook(free_flight_shares, situation, coasting)
        goes_on = outlook.impact is not None and coasting > MISSILE_BELOW
        caveats = (*self.sun, MAY_GO_ON) if goes_on else self.sun
        self.outlook = replace(outlook, launch=self.launch, caveats=caveats)

    def is_overdue(self, at: UtcNs) -> bool:
        """Whether the predicted impact has passed for so long that nothing can be in the air."""
        if self.engine_may_burn or self.fall is None:
            return False
        impact = self.fall.impact
        return at > after_seconds(impact.at, OVERDUE_S + OVERDUE_SIGMAS * impact.sigma_time_s)

    def _outlook(
        self, free_flight_shares: Shares, situation: Situation, coasting: float
    ) -> Outlook:
        if self.engine_may_burn:
            return Outlook(fan=self.fan, classification=stated(self.boost_shares))
        if not situation.is_ballistic:
            return Outlook(fan=self.footprint or self.fan)
        kinds = stated(combined(free_flight_shares, self.boost_shares, coasting))
        if self.fall is None:
            return Outlook(classification=kinds)
        if not self.fall.is_useful:
            return Outlook(fan=fan_around(self.fall, self.fan), classification=kinds)
        launch, apogee = self.launch, self.apogee or self.fall.apogee
        return Outlook(
            impact=self.fall.impact,
            flight=flight_of(self.fall, launch, apogee) if launch else None,
            classification=kinds,
        )


def _no_surer(new: Fall, old: Fall) -> Fall:
    """The new fall with an uncertainty not below that of the old one."""
    first, second = new.impact.ellipse, old.impact.ellipse
    ellipse = replace(
        first,
        semi_major_m=max(first.semi_major_m, second.semi_major_m),
        semi_minor_m=max(first.semi_minor_m, second.semi_minor_m),
    )
    sigma_time_s = max(new.impact.sigma_time_s, old.impact.sigma_time_s)
    return replace(
        new,
        impact=replace(new.impact, ellipse=ellipse, sigma_time_s=sigma_time_s),
        sigma_along_m=max(new.sigma_along_m, old.sigma_along_m),
        sigma_across_m=max(new.sigma_across_m, old.sigma_across_m),
    )
