"""Times in warnings that cannot have been meant: a prediction is not an observation.

Rule Q18: "passed" or "fell" is sent only after an observation, and a passage time earlier than
the warning is flagged. In November 2022 an alert at 07:50 told of a passage at 07:48.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from bongsu.exercise.lateness import PlaceOutcome
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.track import TrackStatus
from bongsu.vocabulary.units import NationId, UtcNs, seconds_between


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFlag:
    """A statement to look at, with the time that it was made and the time that it names."""

    nation: NationId
    what: str
    stated_at: UtcNs
    event_at: UtcNs
    warning_id: str | None = None
    version: int | None = None


def time_flags(
    warnings: Sequence[LaunchWarning], outcomes: Iterable[PlaceOutcome]
) -> tuple[TimeFlag, ...]:
    """Every flag on a nation's own warnings and on the first warnings of places, by time."""
    flags = chain(
        *(_flags_of(warning) for warning in warnings),
        *(_flags_of_place(outcome) for outcome in outcomes),
    )
    return tuple(sorted(flags, key=lambda flag: flag.stated_at))


def _flags_of(warning: LaunchWarning) -> Iterable[TimeFlag]:
    impact = warning.impact
    ended = warning.action is WarningAction.ENDED
    if impact is not None and not ended and impact.at < warning.stated_at:
        late_s = seconds_between(warning.stated_at, impact.at)
        yield _flag(warning, f"predicted impact {late_s:.1f} s before the statement", impact.at)
    if warning.end_reason is EndReason.OBSERVED and warning.track_status is TrackStatus.PREDICTED:
        yield _flag(
            warning, "said to be observed while the track was only predicted", warning.data_at
        )


def _flag(warning: LaunchWarning, what: str, event_at: UtcNs) -> TimeFlag:
    return TimeFlag(
        nation=warning.nation,
        what=what,
        stated_at=warning.stated_at,
        event_at=event_at,
        warning_id=warning.warning_id,
        version=warning.version,
    )


def _flags_of_place(outcome: PlaceOutcome) -> Iterable[TimeFlag]:
    if outcome.verdict == "late" and outcome.first_warning_at is not None:
        passage = outcome.passage
        yield TimeFlag(
            nation=passage.place.nation,
            what=f"{passage.kind.value} at {passage.place.name} is earlier than its first warning",
            stated_at=outcome.first_warning_at,
            event_at=passage.at,
        )
