"""The words for a launch warning: the same on terminal, plain line and page.

Four rules stand here. What is predicted is called predicted, whatever happened to the
track; "observed" is said only of an end that a sensor saw. Every sentence carries the age
of its data and the time left, and says plainly when less than a minute is left or none.
What may be a missile or a launcher of satellites is called undetermined, with both chances.
What a reader may not see is called withheld; what nobody knows yet is called not known.
"""

from dataclasses import dataclass
from math import degrees, isfinite

from bongsu.console.measures import (
    clock_text,
    duration_text,
    ellipse_text,
    length_km_text,
    percent_text,
    place_text,
)
from bongsu.console.safe_text import safe_text
from bongsu.vocabulary.estimates import Fan, ImpactEstimate, LaunchEstimate
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind, launcher_probability
from bongsu.vocabulary.launch_warning import EndReason, WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import UtcNs, seconds_between

SHORT_S = 60.0
MAXIMUM_CAVEATS = 4
NOT_BALLISTIC_PHASES = (Phase.GLIDE, Phase.MANOEUVRE)

END_WORDS = {
    EndReason.OBSERVED: "observed: a sensor saw it come down",
    EndReason.EXPIRED: "expired: the predicted time passed, no sensor saw it come down",
    EndReason.WITHDRAWN: "withdrawn: no longer needed",
    EndReason.FALSE: "false: it never was",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningWords:
    """The parts of the sentence; screens with little room show some of them."""

    title: str
    end: str  # empty while the warning stands
    object_class: str
    launch: str
    impact: str
    time_left: str  # empty where there is no time to count
    short: bool  # under a minute is left, or none
    confirmation: str
    status: str  # "predicted, not observed", or empty
    data_age: str
    caveats: tuple[str, ...]


def warning_sentence(warning: SeenWarning, *, realm: Realm, now: UtcNs) -> str:
    """One sentence that says everything its reader may know, at the instant `now`."""
    words = warning_words(warning, now=now)
    title = f"{words.title} ({words.end})" if words.end else words.title
    facts = (words.object_class, words.launch, words.impact, words.time_left)
    state = (words.confirmation, words.status, words.data_age, *words.caveats)
    return (
        f"{realm.banner}  {title}: {', '.join(filter(None, facts))}; "
        f"{'; '.join(filter(None, state))}"
    )


def warning_words(warning: SeenWarning, *, now: UtcNs) -> WarningWords:
    """The same in parts."""
    remaining_s = time_left_s(warning, now=now)
    return WarningWords(
        title=_title(warning),
        end=_end(warning),
        object_class=_class(warning),
        launch=_launch(warning),
        impact=_impact(warning),
        time_left="" if remaining_s is None else time_left_text(remaining_s),
        short=remaining_s is not None and remaining_s < SHORT_S,
        confirmation=_confirmation(warning),
        status=_status(warning),
        data_age=_data_age(warning, now=now),
        caveats=_caveats(warning),
    )


def time_left_s(warning: SeenWarning, *, now: UtcNs) -> float | None:
    """Seconds to the predicted impact; None where there is none to count to."""
    if warning.impact is None or warning.action is WarningAction.ENDED:
        return None
    return seconds_between(warning.impact.at, now)


def time_left_text(remaining_s: float) -> str:
    """Time left; under a minute and none are said in words."""
    if remaining_s < 0:
        return f"NO TIME LEFT: predicted time passed {duration_text(-remaining_s)} ago"
    if remaining_s < SHORT_S:
        return f"UNDER ONE MINUTE LEFT: {duration_text(remaining_s)}"
    return f"time left {duration_text(remaining_s)}"


def _title(warning: SeenWarning) -> str:
    identity = "warning" if warning.warning_id is None else safe_text(warning.warning_id)
    action = "action withheld" if warning.action is None else warning.action.value
    version = "" if warning.version is None else f" v{warning.version}"
    return f"{identity} {action}{version}"


def _end(warning: SeenWarning) -> str:
    if warning.action is not WarningAction.ENDED:
        return ""
    if warning.end_reason is None:
        return "reason withheld" if warning.is_withheld("end_reason") else "reason not stated"
    return END_WORDS[warning.end_reason]


def _class(warning: SeenWarning) -> str:
    if warning.is_withheld("classification"):
        return "class withheld"
    if not warning.classification:
        return "class not known yet"
    kind = launch_kind(warning.classification)
    launcher = launcher_probability(warning.classification)
    if kind is LaunchKind.UNDETERMINED:
        return (
            f"{kind.value}: missile ({percent_text(1.0 - launcher)}) or "
            f"satellite launcher ({percent_text(launcher)})"
        )
    if kind is LaunchKind.SATELLITE_LAUNCHER:
        return f"{kind.value} ({percent_text(launcher)})"
    likeliest = max(warning.classification, key=lambda entry: entry.probability)
    return f"{likeliest.object_class.value} ({percent_text(likeliest.probability)})"


def _launch(warning: SeenWarning) -> str:
    if warning.launch is not None:
        return _launch_point(warning.launch)
    if warning.launch_cell_20km is not None:
        cell = place_text(warning.launch_cell_20km, within_m=20_000)
        return f"launched in the 20 km cell around {cell}"
    if warning.is_withheld("launch"):
        return "launch withheld"
    return "launch point not known yet"


def _launch_point(launch: LaunchEstimate) -> str:
    place = place_text(launch.point, within_m=launch.ellipse.semi_major_m)
    at = clock_text(launch.at) + _sigma_text(launch.sigma_time_s)
    return f"launched {at} near {place} {ellipse_text(launch.ellipse)}"


def _impact(warning: SeenWarning) -> str:
    last = "last " if warning.action is WarningAction.ENDED else ""
    if warning.impact is not None:
        return f"{last}predicted impact {_impact_point(warning.impact)}"
    if warning.fan is not None:
        if warning.phase in NOT_BALLISTIC_PHASES:
            return f"ballistic estimate not valid, {last}footprint {_fan(warning.fan)}"
        return f"no ground yet for an impact point, {_fan(warning.fan)}"
    if warning.is_withheld("impact"):
        return "predicted impact withheld"
    return "predicted impact not known yet"


def _impact_point(impact: ImpactEstimate) -> str:
    place = place_text(impact.point, within_m=impact.ellipse.semi_major_m)
    at = clock_text(impact.at) + _sigma_text(impact.sigma_time_s)
    return f"{place} {ellipse_text(impact.ellipse)} at {at}"


def _fan(fan: Fan) -> str:
    nearest, farthest = length_km_text(fan.minimum_range_m), length_km_text(fan.maximum_range_m)
    bearing = degrees(fan.azimuth_rad) % 360
    spread = degrees(fan.half_width_rad)
    if not (isfinite(bearing) and isfinite(spread)):
        return "bearing not known"
    return (
        f"predicted {nearest} to {farthest} km from {place_text(fan.origin)} "
        f"on bearing {bearing:03.0f} +-{spread:.0f} deg"
    )


def _sigma_text(sigma_s: float) -> str:
    """One standard deviation of a time; left out where the seconds shown cover it."""
    return f" +-{sigma_s:,.0f} s" if isfinite(sigma_s) and sigma_s >= 0.5 else ""


def _confirmation(warning: SeenWarning) -> str:
    if warning.confirmation is None:
        return "confirmation withheld"
    kinds = ", ".join(sorted(kind.value for kind in warning.sensor_kinds or ()))
    return f"{warning.confirmation.value} ({kinds})" if kinds else warning.confirmation.value


def _status(warning: SeenWarning) -> str:
    if warning.track_status is TrackStatus.PREDICTED and warning.action is not WarningAction.ENDED:
        return TrackStatus.PREDICTED.value
    return "track status withheld" if warning.is_withheld("track_status") else ""


def _data_age(warning: SeenWarning, *, now: UtcNs) -> str:
    if warning.data_at is None:
        return "age of data withheld"
    age_s = seconds_between(now, warning.data_at)
    if age_s < 0:
        return f"data stamped {-age_s:.1f} s ahead of this clock"
    return f"data {age_s:.1f} s old" if age_s < SHORT_S else f"data {duration_text(age_s)} old"


def _caveats(warning: SeenWarning) -> tuple[str, ...]:
    stated = warning.caveats or ()
    shown = tuple(f"caveat: {safe_text(text)}" for text in stated[:MAXIMUM_CAVEATS])
    more = len(stated) - len(shown)
    return (*shown, f"{more} more caveats") if more else shown
