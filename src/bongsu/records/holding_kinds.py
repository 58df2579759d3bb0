"""A kind of record that says what a node holds of another one's warnings, so that ids compare.

It needs no guideline of its own: it goes only to readers to whom a guideline lets the originator
show those very warnings, at once and with their names, and says nothing of what stands in them.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records import names
from bongsu.records.encoding import Wire
from bongsu.records.kind_forms import KindForm, RecordKind, one

MAXIMUM_HELD = 64
MAXIMUM_PROOF_BYTES = 16_384


class HeldForm(Wire, frozen=True, kw_only=True):
    """One version of a warning, and the record that its holder has under it."""

    warning_id: Annotated[str, Meta(min_length=1, max_length=96)]
    version: Annotated[int, Meta(ge=1, le=2**31)]
    record_id: names.RecordName


HELD_WARNINGS = KindForm(
    RecordKind.HELD_WARNINGS,
    {
        "originator": one(names.Node),
        "held": one(Annotated[tuple[HeldForm, ...], Meta(max_length=MAXIMUM_HELD)]),
        # Where two holders differ: the record itself, signed, with its name and version open.
        "proof": one(Annotated[bytes, Meta(max_length=MAXIMUM_PROOF_BYTES)] | None),
    },
    authority=False,
    starting=True,
)
