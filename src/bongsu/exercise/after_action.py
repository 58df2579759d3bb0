"""After the exercise: what was said, held against what was true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bongsu.exercise.comparison import ComparisonRow, comparison
from bongsu.exercise.coverage import Sight, sights
from bongsu.exercise.flight_figures import FlightFigures, flight_figures
from bongsu.exercise.lateness import KnownWarning, PlaceOutcome, place_outcome
from bongsu.exercise.passages import passages
from bongsu.exercise.scenario import Scenario
from bongsu.exercise.stated_times import TimeFlag, time_flags
from bongsu.exercise.truth import Truth
from bongsu.exercise.warning_matching import by_flight, unmatched
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.seen_warning import whole
from bongsu.vocabulary.units import NationId


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterAction:
    """Everything that an exercise's review shows."""

    figures: tuple[FlightFigures, ...]
    comparison: tuple[ComparisonRow, ...]
    places: tuple[PlaceOutcome, ...]
    flags: tuple[TimeFlag, ...]
    sights: tuple[Sight, ...]
    unmatched_warnings: tuple[str, ...]  # ids of warnings that fit no true object


def after_action(
    scenario: Scenario,
    truth: Truth,
    own: Mapping[NationId, Sequence[LaunchWarning]],
    *,
    received: Iterable[KnownWarning] = (),
) -> AfterAction:
    """Compare every nation's own warnings with the truth.

    `own` holds every version that each nation's node stated; `received` the partners' copies
    that were verified there, which count when a place's first warning is looked for.
    """
    stated = [warning for versions in own.values() for warning in versions]
    figures = tuple(flight_figures(truth.payload(f.flight_id)) for f in scenario.flights)
    matched = {nation: by_flight(versions, truth) for nation, versions in own.items()}
    seen = sights(scenario, truth)
    known = (*_known_by_own(own), *received)
    outcomes = tuple(
        place_outcome(passage, known, seen) for passage in passages(scenario.places, truth)
    )
    return AfterAction(
        figures=figures,
        comparison=tuple(
            row
            for flight, figure in zip(scenario.flights, figures, strict=True)
            for row in comparison(
                flight,
                figure,
                {nation: versions[flight.flight_id] for nation, versions in matched.items()},
            )
        ),
        places=outcomes,
        flags=time_flags(stated, outcomes),
        sights=seen,
        unmatched_warnings=unmatched(stated, truth),
    )


def _known_by_own(
    own: Mapping[NationId, Sequence[LaunchWarning]],
) -> Iterable[KnownWarning]:
    """A nation knows its own warning when it states it."""
    for nation, versions in own.items():
        for warning in versions:
            yield KnownWarning(known_by=nation, known_at=warning.stated_at, warning=whole(warning))
