"""The words for a launch warning: the same on terminal, plain line and page.

Every language is made from the one coded event: numbers, places, times and names are written
once, and put into the catalogue's words.

Four rules stand here. What is predicted is called predicted, whatever happened to the
track; "observed" is said only of an end that a sensor saw. Every sentence carries the age
of its data and the time left, and says plainly when less than a minute is left or none.
What may be a missile or a launcher of satellites is called undetermined, with both chances.
What a reader may not see is called withheld; what nobody knows yet is called not known.
"""

from dataclasses import dataclass
from math import degrees, isfinite

from bongsu.console.languages import Language, say, translated
from bongsu.console.measures import (
    clock_text,
    duration_text,
    ellipse_text,
    length_km_text,
    percent_text,
    place_text,
)
from bongsu.console.safe_text import safe_text
from bongsu.vocabulary.estimates import ClassProbability, Fan, ImpactEstimate, LaunchEstimate
from bongsu.vocabulary.launch_kind import LaunchKind, launch_kind, launcher_probability
from bongsu.vocabulary.launch_warning import WarningAction
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import UtcNs, seconds_between

SHORT_S = 60.0
MAXIMUM_CAVEATS = 4
NOT_BALLISTIC_PHASES = (Phase.GLIDE, Phase.MANOEUVRE)


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


def warning_sentence(
    warning: SeenWarning, *, realm: Realm, now: UtcNs, language: Language = Language.ENGLISH
) -> str:
    """One sentence that says everything its reader may know, at the instant `now`."""
    words = warning_words(warning, now=now, language=language)
    title = words.title
    if words.end:
        title = say(language, "title.ended", title=title, end=words.end)
    facts = (words.object_class, words.launch, words.impact, words.time_left)
    state = (words.confirmation, words.status, words.data_age, *words.caveats)
    return say(
        language,
        "sentence.whole",
        banner=banner_text(realm, language),
        title=title,
        facts=", ".join(filter(None, facts)),
        state="; ".join(filter(None, state)),
    )


def warning_words(
    warning: SeenWarning, *, now: UtcNs, language: Language = Language.ENGLISH
) -> WarningWords:
    """The same in parts."""
    remaining_s = time_left_s(warning, now=now)
    return WarningWords(
        title=_title(warning, language),
        end=_end(warning, language),
        object_class=_class(warning, language),
        launch=_launch(warning, language),
        impact=_impact(warning, language),
        time_left="" if remaining_s is None else time_left_text(remaining_s, language),
        short=remaining_s is not None and remaining_s < SHORT_S,
        confirmation=_confirmation(warning, language),
        status=_status(warning, language),
        data_age=_data_age(warning, language, now=now),
        caveats=_caveats(warning, language),
    )


def banner_text(realm: Realm, language: Language) -> str:
    """EXERCISE or LIVE, as its readers say it."""
    return say(language, f"banner.{realm.value}")


def time_left_s(warning: SeenWarning, *, now: UtcNs) -> float | None:
    """Seconds to the predicted impact; None where there is none to count to."""
    if warning.impact is None or warning.action is WarningAction.ENDED:
        return None
    return seconds_between(warning.impact.at, now)


def time_left_text(remaining_s: float, language: Language = Language.ENGLISH) -> str:
    """Time left; under a minute and none are said in words."""
    duration = duration_text(abs(remaining_s), language)
    if remaining_s < 0:
        return say(language, "time_left.none", duration=duration)
    key = "time_left.short" if remaining_s < SHORT_S else "time_left.some"
    return say(language, key, duration=duration)


def _title(warning: SeenWarning, language: Language) -> str:
    identity = warning.warning_id
    named = say(language, "title.unnamed") if identity is None else safe_text(identity)
    action = "withheld" if warning.action is None else warning.action.value
    said = say(language, f"action.{action}")
    if warning.version is None:
        return say(language, "title.named", identity=named, action=said)
    return say(language, "title.version", identity=named, action=said, version=warning.version)


def _end(warning: SeenWarning, language: Language) -> str:
    if warning.action is not WarningAction.ENDED:
        return ""
    if warning.end_reason is None:
        withheld = warning.is_withheld("end_reason")
        return say(language, "end.withheld" if withheld else "end.not_stated")
    return say(language, f"end.{warning.end_reason.value}")


def _class(warning: SeenWarning, language: Language) -> str:
    if warning.is_withheld("classification"):
        return say(language, "class.withheld")
    if not warning.classification:
        return say(language, "class.not_known")
    return class_text(warning.classification, language)


def class_text(classification: tuple[ClassProbability, ...], language: Language) -> str:
    """What it is, as the probabilities of its classes (one at least) tell."""
    kind = launch_kind(classification)
    launcher = launcher_probability(classification)
    share = percent_text(launcher, language)
    if kind is LaunchKind.UNDETERMINED:
        missile = percent_text(1.0 - launcher, language)
        return say(language, "class.undetermined", missile=missile, launcher=share)
    if kind is LaunchKind.SATELLITE_LAUNCHER:
        return say(language, "class.satellite_launcher", share=share)
    likeliest = max(classification, key=lambda entry: entry.probability)
    key = f"class.{likeliest.object_class.name.lower()}"
    return say(language, key, share=percent_text(likeliest.probability, language))


def _launch(warning: SeenWarning, language: Language) -> str:
    if warning.launch is not None:
        return _launch_point(warning.launch, language)
    if warning.launch_cell_20km is not None:
        cell = place_text(warning.launch_cell_20km, within_m=20_000, language=language)
        return say(language, "launch.cell", place=cell)
    return say(language, "launch.withheld" if warning.is_withheld("launch") else "launch.not_known")


def _launch_point(launch: LaunchEstimate, language: Language) -> str:
    return say(
        language,
        "launch.point",
        time=clock_text(launch.at) + _sigma_text(launch.sigma_time_s, language),
        place=place_text(launch.point, within_m=launch.ellipse.semi_major_m, language=language),
        ellipse=ellipse_text(launch.ellipse, language),
    )


def _impact(warning: SeenWarning, language: Language) -> str:
    has_ended = warning.action is WarningAction.ENDED
    if warning.impact is not None:
        key = "impact.last" if has_ended else "impact.predicted"
        return _impact_point(key, warning.impact, language)
    if warning.fan is not None:
        fan = _fan(warning.fan, language)
        if warning.phase in NOT_BALLISTIC_PHASES:
            key = "impact.last_footprint" if has_ended else "impact.footprint"
            return say(language, key, fan=fan)
        return say(language, "impact.fan", fan=fan)
    return say(language, "impact.withheld" if warning.is_withheld("impact") else "impact.not_known")


def _impact_point(key: str, impact: ImpactEstimate, language: Language) -> str:
    return say(
        language,
        key,
        place=place_text(impact.point, within_m=impact.ellipse.semi_major_m, language=language),
        ellipse=ellipse_text(impact.ellipse, language),
        time=clock_text(impact.at) + _sigma_text(impact.sigma_time_s, language),
    )


def _fan(fan: Fan, language: Language) -> str:
    bearing = degrees(fan.azimuth_rad) % 360
    spread = degrees(fan.half_width_rad)
    if not (isfinite(bearing) and isfinite(spread)):
        return say(language, "fan.not_known")
    return say(
        language,
        "fan.towards",
        nearest=length_km_text(fan.minimum_range_m, language),
        farthest=length_km_text(fan.maximum_range_m, language),
        place=place_text(fan.origin, language=language),
        bearing=f"{bearing:03.0f}",
        spread=f"{spread:.0f}",
    )


def _sigma_text(sigma_s: float, language: Language) -> str:
    """One standard deviation of a time; left out where the seconds shown cover it."""
    if not (isfinite(sigma_s) and sigma_s >= 0.5):
        return ""
    return f" +-{say(language, 'measure.seconds', seconds=f'{sigma_s:,.0f}')}"


def _confirmation(warning: SeenWarning, language: Language) -> str:
    if warning.confirmation is None:
        return say(language, "confirmation.withheld")
    said = say(language, f"confirmation.{warning.confirmation.name.lower()}")
    kinds = sorted(kind.value for kind in warning.sensor_kinds or ())
    if not kinds:
        return said
    named = ", ".join(say(language, f"sensor.{kind}") for kind in kinds)
    return say(language, "confirmation.by", confirmation=said, kinds=named)


def _status(warning: SeenWarning, language: Language) -> str:
    if warning.track_status is TrackStatus.PREDICTED and warning.action is not WarningAction.ENDED:
        return say(language, "status.predicted")
    return say(language, "status.withheld") if warning.is_withheld("track_status") else ""


def _data_age(warning: SeenWarning, language: Language, *, now: UtcNs) -> str:
    if warning.data_at is None:
        return say(language, "data.withheld")
    age_s = seconds_between(now, warning.data_at)
    if age_s < 0:
        return say(language, "data.ahead", seconds=f"{-age_s:.1f}")
    if age_s < SHORT_S:
        age = say(language, "measure.seconds", seconds=f"{age_s:.1f}")
    else:
        age = duration_text(age_s, language)
    return say(language, "data.old", age=age)


def _caveats(warning: SeenWarning, language: Language) -> tuple[str, ...]:
    """What Bongsu itself states is said in the reader's language; people's words stay theirs."""
    stated = warning.caveats or ()
    shown = tuple(
        say(language, "caveat.text", text=translated(language, "caveats", safe_text(text)))
        for text in stated[:MAXIMUM_CAVEATS]
    )
    more = len(stated) - len(shown)
    return (*shown, say(language, "caveat.more", count=more)) if more else shown
