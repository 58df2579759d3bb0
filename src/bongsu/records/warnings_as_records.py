"""Launch warnings as records, and back as their reader sees them."""

from collections.abc import Mapping
from dataclasses import fields

import msgspec

from bongsu.records.cells import cell_20km
from bongsu.records.kinds import RecordKind
from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.seen_warning import FIELD_NAMES, SeenWarning, disclosed
from bongsu.vocabulary.units import RecordId


def warning_to_fields(
    warning: LaunchWarning, *, derived_from: tuple[RecordId, ...] = ()
) -> dict[str, object]:
    """The fields of a launch-warning record; `derived_from` are the records it leans on."""
    stated = {field.name: getattr(warning, field.name) for field in fields(warning)}
    launch = warning.launch
    stated["launch_cell_20km"] = None if launch is None else cell_20km(launch.point)
    stated["derived_from"] = derived_from
    return stated


def seen_warning(opened: OpenedRecord) -> SeenWarning:
    """The warning with its withheld fields named.

    Raises PeerViolation for a record of another kind, or one whose open fields contradict
    who signed it.
    """
    if opened.kind is not RecordKind.LAUNCH_WARNING:
        raise PeerViolation(
            f"a {opened.kind.value} was taken for a launch warning",
            remedy="Read each record by its kind",
        )
    require_own_name(opened)
    withheld = tuple(name for name in opened.withheld if name in FIELD_NAMES)
    known = {
        name: value
        for name, value in opened.fields.items()
        if name in FIELD_NAMES and name not in withheld
    }
    return disclosed(_as_vocabulary(known), withheld=withheld)


def require_own_name(opened: OpenedRecord) -> None:
    """A node speaks in its own name only: node, nation and the warning's id say the same.

    Raises PeerViolation otherwise; what is withheld contradicts nothing.
    """
    node = opened.originator
    stated = {
        "node": opened.fields.get("node", node) == node,
        "nation": opened.fields.get("nation", nation_of(node)) == nation_of(node),
        "warning_id": str(opened.fields.get("warning_id", f"{node}/")).startswith(f"{node}/"),
    }
    for name, own in stated.items():
        if not own:
            raise PeerViolation(
                f"a warning in the name of {opened.fields[name]} was signed by {node}",
                remedy="Keep it as evidence: a node speaks in its own name only",
            )


def _as_vocabulary(known: Mapping[str, object]) -> dict[str, object]:
    """Wire forms into the vocabulary's own classes."""
    seen = msgspec.convert(known, SeenWarning, from_attributes=True)
    return {name: getattr(seen, name) for name in known}
