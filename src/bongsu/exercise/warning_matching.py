"""Which warnings speak of which true object: known to the after-action review alone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bongsu.exercise.truth import PAYLOAD, Truth, TruthObject
from bongsu.physics.geodesic_lines import geodesic_inverse
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.units import NS_PER_S

LAUNCH_GATE_M: Final = 300_000.0  # or three of the stated semi-axes, where those are longer
EARLY_GATE_S: Final = 5
LATE_GATE_S: Final = 60
PASSING_MPS: Final = 1_000.0  # weighs seconds of launch time against metres of launch point


def by_flight(
    warnings: Iterable[LaunchWarning], truth: Truth
) -> Mapping[str, tuple[LaunchWarning, ...]]:
    """The versions that speak of each flight's payload, oldest first, by flight id.

    A warning's last version decides for all of its versions. Of two warnings that one nation
    had open at the same time only one can be of the payload: the one that fits it better; the
    other is of its spent stage. Warnings of a spent stage, and those that fit no object, are
    left out: `unmatched` names the latter. All warnings are those of one nation.
    """
    found: dict[str, list[Sequence[LaunchWarning]]] = {body.flight_id: [] for body in truth.objects}
    for versions in _by_id(warnings).values():
        body = object_of(versions[-1], truth)
        if body is not None and body.name == PAYLOAD:
            found[body.flight_id].append(versions)
    return {
        flight: _one_at_a_time(claims, truth.payload(flight)) for flight, claims in found.items()
    }


def _one_at_a_time(
    claims: Iterable[Sequence[LaunchWarning]], payload: TruthObject
) -> tuple[LaunchWarning, ...]:
    """The versions of the best fitting warnings whose times don't overlap, oldest first."""
    kept: list[Sequence[LaunchWarning]] = []
    for versions in sorted(claims, key=lambda claim: _misfit_m(claim[-1], payload)):
        if not any(_overlap(versions, other) for other in kept):
            kept.append(versions)
    return tuple(sorted((version for versions in kept for version in versions), key=_in_time))


def _overlap(one: Sequence[LaunchWarning], other: Sequence[LaunchWarning]) -> bool:
    return one[0].stated_at < other[-1].stated_at and other[0].stated_at < one[-1].stated_at


def unmatched(warnings: Iterable[LaunchWarning], truth: Truth) -> tuple[str, ...]:
    """The ids of warnings that fit no true object: false ones, or wide of the mark."""
    grouped = _by_id(warnings).items()
    return tuple(name for name, versions in grouped if object_of(versions[-1], truth) is None)


def object_of(warning: LaunchWarning, truth: Truth) -> TruthObject | None:
    """The true object that fits the warning best, or None where none fits at all."""
    fitting = [body for body in truth.objects if _fits(warning, body)]
    if not fitting:
        return None
    # Equal distances, as without any estimate, leave the payload in front of its stages.
    fitting.sort(key=lambda body: body.name != PAYLOAD)
    return min(fitting, key=lambda body: _misfit_m(warning, body))


def _by_id(warnings: Iterable[LaunchWarning]) -> Mapping[str, Sequence[LaunchWarning]]:
    grouped: dict[str, list[LaunchWarning]] = {}
    for warning in sorted(warnings, key=_in_time):
        grouped.setdefault(warning.warning_id, []).append(warning)
    return grouped


def _in_time(warning: LaunchWarning) -> tuple[int, str, int]:
    return warning.stated_at, warning.warning_id, warning.version


def _fits(warning: LaunchWarning, body: TruthObject) -> bool:
    """Seen while the object flew, and launched from near its launch point."""
    early = warning.first_observed_at < body.launched_at - EARLY_GATE_S * NS_PER_S
    late = warning.first_observed_at > body.ends_at + LATE_GATE_S * NS_PER_S
    if early or late:
        return False
    if warning.launch is None:
        return True
    gate_m = max(LAUNCH_GATE_M, 3.0 * warning.launch.ellipse.semi_major_m)
    return _apart_m(warning.launch.point, body.launch_point) <= gate_m


def _misfit_m(warning: LaunchWarning, body: TruthObject) -> float:
    """Metres between what is stated and what is true: impact first, launch otherwise."""
    if warning.impact is not None:
        return _apart_m(warning.impact.point, body.falls_at)
    if warning.launch is not None:
        apart_s = abs(warning.launch.at - body.launched_at) / NS_PER_S
        return _apart_m(warning.launch.point, body.launch_point) + PASSING_MPS * apart_s
    return 0.0


def _apart_m(first: GeoPoint, second: GeoPoint) -> float:
    distance, _, _ = geodesic_inverse(
        first.latitude_rad, first.longitude_rad, second.latitude_rad, second.longitude_rad
    )
    return float(distance)
