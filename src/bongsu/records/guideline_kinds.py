"""Kinds of record by which a guideline is agreed; they cross before any guideline is in force."""

from typing import Annotated

from msgspec import Meta

from bongsu.records.guideline_limits import MAXIMUM_GUIDELINE_BYTES
from bongsu.records.kind_forms import KindForm, RecordKind, one

MAXIMUM_SIGNATURE_BYTES = 4_096

_TEXT_SHA256 = one(Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")])

GUIDELINE_DRAFT = KindForm(
    RecordKind.GUIDELINE_DRAFT,
    {
        "text_sha256": _TEXT_SHA256,
        "text": one(Annotated[bytes, Meta(max_length=MAXIMUM_GUIDELINE_BYTES)]),
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
