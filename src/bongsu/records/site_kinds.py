"""A kind of record that says which site speaks for its nation, and since when.

It needs no guideline: it says nothing of what anybody sees, and partners have to know whom to
listen to when a site is lost.
"""

from bongsu.records import names
from bongsu.records.kind_forms import KindForm, RecordKind, one
from bongsu.vocabulary.site import SiteState

SITE_STATUS = KindForm(
    RecordKind.SITE_STATUS,
    {
        "nation": one(names.Nation),
        "node": one(names.Node),
        "state": one(SiteState),
        "since": one(names.Instant),  # by the machine's own time
        "in_place_of": one(names.Node | None),
        "reason": one(names.Text),
    },
    authority=True,
    starting=True,
)
