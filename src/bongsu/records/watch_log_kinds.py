"""A kind of record for what people on watch did: who saw which alarm, and when.

It is signed and chained as every record is, and never leaves its nation: who slept is nobody
else's to read.
"""

from typing import Annotated

from msgspec import Meta

from bongsu.records import names
from bongsu.records.estimates import GeoPointForm
from bongsu.records.kind_forms import KindForm, RecordKind, one
from bongsu.vocabulary.alarm import AlarmKind, Severity, WatchAction
from bongsu.vocabulary.estimates import ObjectClass

Who = Annotated[str, Meta(min_length=1, max_length=64)]
AlarmName = Annotated[str, Meta(min_length=1, max_length=160)]
ShortTime = Annotated[float, Meta(gt=0.0, le=86_400.0)]

WATCH_LOG = KindForm(
    RecordKind.WATCH_LOG,
    {
        "action": one(WatchAction),
        "who": one(Who),
        "at": one(names.Instant),
        "alarm": one(AlarmName | None),
        "alarm_kind": one(AlarmKind | None),
        "severity": one(Severity | None),
        "version": one(Annotated[int, Meta(ge=1, le=2**31)] | None),
        "object_class": one(ObjectClass | None),
        "impact": one(GeoPointForm | None),
        "within_m": one(names.NotNegative | None),
        "impact_at": one(names.Instant | None),
        "for_s": one(ShortTime | None),
        "note": one(names.Text),
    },
    authority=True,
    internal=True,
)
