"""A kind of record that says what a centre's displays show of one originator's warnings.

It needs no guideline of its own: it goes only to readers to whom a guideline lets the originator
show those warnings at once, and says class and time of launch only where it lets the originator
show them those very fields (`node/links/display_comparison.py`). Nothing in it is hashed to hide
it: of five classes a hash hides none.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records import names
from bongsu.records.encoding import Wire
from bongsu.records.holding_kinds import HeldForm
from bongsu.records.kind_forms import KindForm, RecordKind, one
from bongsu.vocabulary.estimates import ObjectClass

MAXIMUM_ROWS = 64

Count = Annotated[int, Meta(ge=0, le=2**31)]


class ThreatForm(Wire, frozen=True, kw_only=True):
    """One open warning as it is shown; what is not said is None."""

    warning_id: Annotated[str, Meta(min_length=1, max_length=96)]
    version: Annotated[int, Meta(ge=1, le=2**31)]
    says_class: bool
    object_class: ObjectClass | None
    says_time: bool
    launched_at: names.Instant | None


SHOWN_PICTURE = KindForm(
    RecordKind.SHOWN_PICTURE,
    {
        "originator": one(names.Node),
        "fed": one(Annotated[tuple[HeldForm, ...], Meta(max_length=MAXIMUM_ROWS)]),
        "fed_count": one(Count),
        "threats": one(Annotated[tuple[ThreatForm, ...], Meta(max_length=MAXIMUM_ROWS)]),
        "shown_count": one(Count),
    },
    authority=False,
    starting=True,
)
