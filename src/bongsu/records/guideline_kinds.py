"""Kinds of record by which a guideline is agreed.

Drafts and signatures cross before any guideline is in force. That a guideline is agreed is noted
by each node for itself: what every party has signed stays agreed, also when a key that signed it
ends later.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES, MAXIMUM_PARTIES
from bongsu.records.kind_forms import KindForm, RecordKind, one
from bongsu.records.names import Source

MAXIMUM_SIGNATURE_BYTES = 4_096

_TEXT = one(Annotated[bytes, Meta(max_length=MAXIMUM_GUIDELINE_BYTES)])
_TEXT_SHA256 = one(Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")])

GUIDELINE_DRAFT = KindForm(
    RecordKind.GUIDELINE_DRAFT,
    {
        "text_sha256": _TEXT_SHA256,
        "text": _TEXT,
    },
    authority=True,
    subject="text_sha256",
    starting=True,
)

GUIDELINE_SIGNATURE = KindForm(
    RecordKind.GUIDELINE_SIGNATURE,
    {
        "text_sha256": _TEXT_SHA256,
        "signature": one(Annotated[bytes, Meta(max_length=MAXIMUM_SIGNATURE_BYTES)]),
    },
    authority=True,
    subject="text_sha256",
    starting=True,
)

GUIDELINE_AGREED = KindForm(
    RecordKind.GUIDELINE_AGREED,
    {
        "text_sha256": _TEXT_SHA256,
        "text": _TEXT,
        "officers": one(Annotated[tuple[Source, ...], Meta(max_length=MAXIMUM_PARTIES)]),
    },
    authority=True,
    subject="text_sha256",
    internal=True,
)
