"""Every question that the HTTP interface answers: its path, the node's command, the answer's form.

The routes and the OpenAPI description are both made of this one list.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from bongsu.console.answers.alarms import AlarmsSeen, HandoverSeen
from bongsu.console.answers.disk import DiskSeen
from bongsu.console.answers.health import HealthSeen
from bongsu.console.answers.links import LinksSeen
from bongsu.console.answers.past import MomentsSeen, PastSeen
from bongsu.console.answers.paths import PathsSeen, SitesSeen
from bongsu.console.answers.records import RecordsSeen
from bongsu.console.answers.release import PreviewSeen, RecordSeen
from bongsu.console.answers.tracks import TracksSeen
from bongsu.console.answers.warnings import OpenThreats
from bongsu.console.web.news_hub import NewsSeen
from bongsu.console.web.parameters import (
    After,
    InWords,
    MomentAsked,
    MomentsAsked,
    Parameters,
    PathsAsked,
    RecordsAsked,
    Since,
)

ROOT: Final = "/api/v1"


class Threats(OpenThreats, frozen=True, kw_only=True):
    """With `sentence`: what a watch officer reads first, the same words as everywhere."""

    sentence: str


class Past(PastSeen, frozen=True, kw_only=True):
    """With `sentence`: it says that it is a replay, and of when."""

    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`named`: the path names a record, by its id or its beginning; `takes`: what may be given."""

    path: str
    command: str
    form: type[msgspec.Struct]
    summary: str
    named: bool = False
    takes: type[Parameters] = Parameters


QUERIES: Final = (
    Query(
        path="/warnings",
        command="warnings",
        form=Threats,
        summary="What is open now: ours, and what partners say of the same objects",
        takes=InWords,
    ),
    Query(
        path="/tracks",
        command="tracks",
        form=TracksSeen,
        summary="Each nation's tracks side by side, and what they say together",
    ),
    Query(
        path="/paths",
        command="paths",
        form=PathsSeen,
        summary="Where tracks were, and where those that fall freely go: predicted, to be drawn",
        takes=PathsAsked,
    ),
    Query(
        path="/sites",
        command="sensor_sites",
        form=SitesSeen,
        summary="Where our own sensors stand, and how far they reach",
    ),
    Query(path="/links", command="links", form=LinksSeen, summary="How each link is"),
    Query(
        path="/health",
        command="health",
        form=HealthSeen,
        summary="How the node, its sensors and its clock are",
    ),
    Query(
        path="/alarms",
        command="alarms",
        form=AlarmsSeen,
        summary="What the watch has to have seen, the most urgent first",
    ),
    Query(
        path="/handover",
        command="handover",
        form=HandoverSeen,
        summary="What is open, what changed since, who acknowledged and silenced what",
        takes=Since,
    ),
    Query(
        path="/disk",
        command="disk",
        form=DiskSeen,
        summary="What the log takes, and how long there is room",
    ),
    Query(
        path="/records",
        command="records",
        form=RecordsSeen,
        summary="Records of the log, the newest first: by kind, originator, subject, time, words",
        takes=RecordsAsked,
    ),
    Query(
        path="/records/{record}",
        command="record_show",
        form=RecordSeen,
        summary="One record: its signature, its fields, who has it, every version of its subject",
        named=True,
    ),
    Query(
        path="/records/{record}/release",
        command="release_preview",
        form=PreviewSeen,
        summary="Who gets what of a record, by which hop and which rule",
        named=True,
    ),
    Query(
        path="/at",
        command="at",
        form=Past,
        summary="What the node knew at a moment that is over, from its log alone",
        takes=MomentAsked,
    ),
    Query(
        path="/moments",
        command="moments",
        form=MomentsSeen,
        summary="Moments worth jumping to: issued, amended, ended, recalled; the oldest first",
        takes=MomentsAsked,
    ),
    Query(
        path="/news",
        command="news",
        form=NewsSeen,
        summary="Lines of the node's journal after a number; for those who can't keep a stream",
        takes=After,
    ),
)
