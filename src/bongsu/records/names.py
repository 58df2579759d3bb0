"""Bounded forms of the words that cross as bytes.

Names take part in file paths and in the keys of the message engine, so their letters are
few and their length is bounded. A name begins with the nation: "KR", "KR-1", "KR-RADAR-1".
"""

import re
from typing import Annotated

from msgspec import Meta

from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NationId, NodeId, RecordId, SensorId, TrackId, UtcNs

VERSION = 1

_NATION = r"^[A-Z][A-Z0-9]{1,15}\Z"
_SUBJECT = r"^[A-Z][A-Z0-9]{1,15}(-[A-Z0-9]{1,16}){1,4}\Z"
_NATION_FORM = re.compile(_NATION)
_SUBJECT_FORM = re.compile(_SUBJECT)

Version = Annotated[int, Meta(ge=VERSION, le=VERSION)]
Nation = Annotated[NationId, Meta(pattern=_NATION)]
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


def require_nation(name: str) -> NationId:
    """The name of a nation, as typed by a person; LocalMisuse for any other text."""
    if _NATION_FORM.match(name) is None:
        raise LocalMisuse(
            f"{name!r} is no nation's name",
            remedy="Give 2 to 16 capital letters or digits, a letter first: KR",
        )
    return NationId(name)


def require_subject_of(nation: NationId, name: str) -> str:
    """The name of a node, tracker, sensor or officer of `nation`; LocalMisuse for another."""
    if _SUBJECT_FORM.match(name) is None or nation_of(name) != nation:
        raise LocalMisuse(
            f"{name!r} is no name within {nation}",
            remedy=f"Begin it with the nation, then capital parts: {nation}-RADAR-1",
        )
    return name
