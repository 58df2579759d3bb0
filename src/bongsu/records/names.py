"""Bounded forms of the words that cross as bytes.

Names take part in file paths and in the keys of the message engine, so their letters are
few and their length is bounded. A name begins with the nation: "KR", "KR-1", "KR-RADAR-1".
"""

from typing import Annotated

from msgspec import Meta

from bongsu.vocabulary.units import NationId, NodeId, RecordId, SensorId, TrackId, UtcNs

VERSION = 1

_SUBJECT = r"^[A-Z][A-Z0-9]{1,15}(-[A-Z0-9]{1,16}){1,4}\Z"

Version = Annotated[int, Meta(ge=VERSION, le=VERSION)]
Nation = Annotated[NationId, Meta(pattern=r"^[A-Z][A-Z0-9]{1,15}\Z")]
Subject = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,15}(-[A-Z0-9]{1,16}){0,4}\Z")]
Node = Annotated[NodeId, Meta(pattern=_SUBJECT)]
Sensor = Annotated[SensorId, Meta(pattern=_SUBJECT)]
Source = Annotated[str, Meta(pattern=_SUBJECT)]
TrackName = Annotated[TrackId, Meta(min_length=1, max_length=96)]
Text = Annotated[str, Meta(max_length=1024)]

Instant = Annotated[UtcNs, Meta(ge=0, le=2**63 - 1)]
Sequence = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Sha256 = Annotated[bytes, Meta(min_length=32, max_length=32)]
RecordName = Annotated[RecordId, Meta(min_length=32, max_length=32)]
Finite = Annotated[float, Meta(ge=-1e18, le=1e18)]  # no NaN, no infinity
NotNegative = Annotated[float, Meta(ge=0.0, le=1e18)]
Probability = Annotated[float, Meta(ge=0.0, le=1.0)]


def nation_of(subject: str) -> NationId:
    """The nation that a node, sensor, tracker or officer belongs to by its name."""
    return NationId(subject.partition("-")[0])
