"""A launch warning as one reader sees it: known, stated as absent, or withheld.

A partner's copy may have fields closed. Such a field is named in `withheld` and its value
here is None; a field that is None and not named was stated as absent by its originator.
Nothing may treat the one as the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import (
    ClassProbability,
    Fan,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
)
from bongsu.vocabulary.launch_warning import Confirmation, EndReason, LaunchWarning, WarningAction
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.track import Phase, TrackStatus
from bongsu.vocabulary.units import NationId, NodeId, RecordId, SensorId, TrackId, UtcNs


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWarning:
    """The fields of `LaunchWarning`, each of which may be withheld from this reader."""

    warning_id: str | None = None
    version: int | None = None
    action: WarningAction | None = None
    node: NodeId | None = None
    nation: NationId | None = None
    track_id: TrackId | None = None
    stated_at: UtcNs | None = None
    first_observed_at: UtcNs | None = None
    data_at: UtcNs | None = None
    track_status: TrackStatus | None = None
    phase: Phase | None = None
    confirmation: Confirmation | None = None
    sensors: tuple[SensorId, ...] | None = None
    sensor_kinds: tuple[SensorKind, ...] | None = None
    corroborated_by: tuple[RecordId, ...] | None = None
    classification: tuple[ClassProbability, ...] | None = None
    launch: LaunchEstimate | None = None
    impact: ImpactEstimate | None = None
    fan: Fan | None = None
    flight: Flight | None = None
    caveats: tuple[str, ...] | None = None
    end_reason: EndReason | None = None
    launch_cell_20km: GeoPoint | None = None
    withheld: tuple[str, ...] = ()

    def is_withheld(self, field_name: str) -> bool:
        """Whether the originator closed this field to the reader."""
        return field_name in self.withheld


FIELD_NAMES = frozenset(field.name for field in fields(SeenWarning)) - {"withheld"}


def whole(warning: LaunchWarning) -> SeenWarning:
    """The warning as its own nation sees it: nothing withheld."""
    known = {field.name: getattr(warning, field.name) for field in fields(LaunchWarning)}
    return SeenWarning(**known)


def disclosed(known: Mapping[str, Any], *, withheld: tuple[str, ...]) -> SeenWarning:
    """The warning as a partner sees it: decoded values by field name, and the closed names.

    Raises LocalMisuse for a name that is no field of a warning, or both known and closed.
    """
    unknown = sorted(set(known) - FIELD_NAMES)
    if unknown:
        raise LocalMisuse(
            f"A warning has no field {unknown[0]!r}",
            remedy="Give only the fields of vocabulary.launch_warning and launch_cell_20km.",
        )
    both = sorted(set(known) & set(withheld))
    if both:
        raise LocalMisuse(
            f"The field {both[0]!r} is given and named as withheld",
            remedy="Leave a withheld field out of the known values.",
        )
    return SeenWarning(**known, withheld=tuple(sorted(withheld)))


def as_stated(seen: SeenWarning) -> LaunchWarning:
    """The warning as its own nation stated it, from a copy that nothing is withheld from.

    Raises LocalMisuse where a field is withheld or missing.
    """
    if seen.withheld or seen.warning_id is None:
        raise LocalMisuse(
            "A warning with withheld fields is not whole",
            remedy="Use SeenWarning for what a partner disclosed",
        )
    return LaunchWarning(
        **{field.name: getattr(seen, field.name) for field in fields(LaunchWarning)}
    )
