"""Kinds of record that say whose keys count.

What a root signed speaks for itself, whoever passes it on: each node restates it to its own
partners, so that it reaches every node that any path leads to, before any guideline is in force.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records import names
from bongsu.records.encoding import Wire
from bongsu.records.kind_forms import KindForm, RecordKind, one

MAXIMUM_PLACES = 128

_SIGNED = one(Annotated[bytes, Meta(max_length=8192)])

KEY_CERTIFICATE = KindForm(
    RecordKind.KEY_CERTIFICATE,
    {"certificate": _SIGNED},  # a SIGNED_CERTIFICATE
    authority=True,
    starting=True,
)

KEY_REVOCATION = KindForm(
    RecordKind.KEY_REVOCATION,
    {"revocation": _SIGNED},  # a SIGNED_REVOCATION
    authority=True,
    starting=True,
)


class PlaceForm(Wire, frozen=True, kw_only=True):
    """How far a feed was countersigned: what lies at or before it was there in time."""

    feed: Annotated[bytes, Meta(max_length=512)]  # a FEED_ID
    sequence: names.Sequence
    hash: names.Sha256


KEY_CUT = KindForm(
    RecordKind.KEY_CUT,
    {
        "key": one(names.Sha256),  # of the key that ended; see `revocation.key_hash`
        "learnt_at": one(names.Instant),  # by this machine's own clock
        "places": one(Annotated[tuple[PlaceForm, ...], Meta(max_length=MAXIMUM_PLACES)]),
    },
    authority=True,
    internal=True,
)
