"""Three nations as real node processes on loopback, and what the tests do to them.

Nothing here waits for a fixed time: every wait is for a line of a journal, within a bound.
"""

import asyncio
import contextlib
import json
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from bench.lab import Lab, PlayedTracker
from bench.made_tracks import made_track, turned
from click.testing import CliRunner

from bongsu.adapters.stores.sqlite_reader import SqliteReader
from bongsu.adapters.system_clock import SystemClock
from bongsu.main.commands.verify import verify
from bongsu.main.demo.processes import RunningProcess
from bongsu.node.ports import FeedPosition, StoredRecord
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.track import Track
from bongsu.vocabulary.units import NationId

THREE = ("KR", "US", "JP")
READERS = ("US", "JP")
WITHIN_S = 40.0
NEXT_PICTURE_WITHIN_S = 0.25
MAXIMUM_TRACKS = 40  # each launched at a place of its own


def node_of(lab: Lab, nation: str) -> RunningProcess:
    """The newest process of that nation's node."""
    return [child for child in lab.group.children if child.name == f"{nation}-1"][-1]


async def kill(lab: Lab, nation: str) -> None:
    """End a node as a loss of power does to a process: it is asked nothing."""
    child = node_of(lab, nation)
    lab.group.children.remove(child)  # its end is no failure of the lab
    child.process.kill()
    await child.process.wait()
    await child.reading
    assert child.process.returncode == -signal.SIGKILL


async def start(lab: Lab, nation: str) -> None:
    """Start the node again from what is on its disk."""
    started = len(lab.of_event("node_started", nation))
    file = lab.nations[NationId(nation)].node_file
    await lab.group.start("node", file, name=f"{nation}-1", on_line=lab.take)
    await lab.until(
        lambda _: len(lab.of_event("node_started", nation)) > started, within_s=WITHIN_S
    )


async def end(lab: Lab, nation: str) -> int | None:
    """Ctrl-C, and the exit code."""
    child = node_of(lab, nation)
    await child.stop()
    return child.process.returncode


async def shown(lab: Lab, nation: str, number: int) -> None:
    """Wait until a node showed at least that many warnings of partners."""
    await lab.until(
        lambda _: len(lab.of_event("partner_warning", nation)) >= number, within_s=WITHIN_S
    )


async def stated(lab: Lab, nation: str, number: int) -> None:
    """Wait until a node stated at least that many warnings of its own."""
    await lab.until(lambda _: len(lab.of_event("own_warning", nation)) >= number, within_s=WITHIN_S)


@dataclass(slots=True)
class Flow:
    """Warnings without end: a new track with every picture, older ones worth an amendment."""

    lab: Lab
    tracker: PlayedTracker
    tracks: list[Track] = field(default_factory=list)
    pictures: int = 0

    async def run(self) -> None:
        """Send the next picture when the last one had its warning, or soon after."""
        while True:
            self._next_picture()
            before = len(self.lab.of_event("own_warning", "KR"))
            with contextlib.suppress(TimeoutError):
                await self.lab.until(
                    lambda _, before=before: len(self.lab.of_event("own_warning", "KR")) > before,
                    within_s=NEXT_PICTURE_WITHIN_S,
                )

    def _next_picture(self) -> None:
        clock = SystemClock()
        now, emitted_at = clock.utc(), clock.monotonic()
        self.pictures += 1
        if len(self.tracks) < MAXIMUM_TRACKS:
            self.tracks.append(made_track(len(self.tracks), at=now, emitted_at=emitted_at))
        oldest = self.pictures % len(self.tracks)
        self.tracks[oldest] = turned(self.tracks[oldest])
        self.tracker.send(self.tracks, at=now)


@asynccontextmanager
async def flowing(lab: Lab, tracker: PlayedTracker) -> AsyncIterator[Flow]:
    """Warnings of KR are stated all the while."""
    flow = Flow(lab, tracker)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(flow.run())
        yield flow
        task.cancel()


async def settled(lab: Lab) -> set[str]:
    """Wait until every reader has what stands in KR's log now, and some of both feeds.

    Returns its record ids.
    """
    said = stored_warnings(lab, "KR")
    await lab.until(
        lambda _: all(
            said <= stored_warnings(lab, reader) and len(_ends(lab, reader)) == len(Lane)
            for reader in READERS
        ),
        within_s=WITHIN_S,
    )
    return said


def _ends(lab: Lab, reader: str) -> list[FeedPosition]:
    """How far a reader's copy of KR's feeds goes."""
    with opened_log(lab, reader) as copy:
        return [one for one in copy.positions() if one.feed.sender == "KR-1"]


def warning_ids(lab: Lab, nation: str, event: str) -> set[str]:
    return {str(line["record_id"]) for line in lab.of_event(event, nation)}


def stored_warnings(lab: Lab, nation: str) -> set[str]:
    """Record ids of KR's warnings in a nation's log; its node may be running."""
    return {row.record_id.hex() for row in warnings_of_kr(lab, nation)}


def warnings_of_kr(lab: Lab, nation: str) -> list[StoredRecord]:
    own = nation == "KR"
    with opened_log(lab, nation) as log:
        rows = log.records(kind=RecordKind.LAUNCH_WARNING.value, own=own)
        return [row for row in rows if nation_of(row.originator) == "KR"]


def opened_warnings_of_kr(lab: Lab, nation: str) -> list[OpenedRecord]:
    return [
        open_unverified_record(RECORD.decode(row.encoded), realm=Realm.EXERCISE)
        for row in warnings_of_kr(lab, nation)
    ]


@contextmanager
def opened_log(lab: Lab, nation: str) -> Iterator[SqliteReader]:
    one = lab.nations[NationId(nation)]
    log = SqliteReader(one.log_file, node=one.node, realm=Realm.EXERCISE)
    try:
        yield log
    finally:
        log.close()


def require_nothing_lost_nor_twice(lab: Lab, said: set[str]) -> None:
    """All nodes ended: what KR had stated stands once in every log, and every log verifies.

    What KR stated in its last moment may still be on its way: it is in KR's log and goes out
    when KR starts again.
    """
    all_said = stored_warnings(lab, "KR")
    assert said | warning_ids(lab, "KR", "own_warning") <= all_said
    for reader in READERS:
        assert said <= stored_warnings(lab, reader) <= all_said
        lines = lab.of_event("partner_warning", reader)
        counted = Counter(str(line["record_id"]) for line in lines)
        assert set(counted.values()) == {1}
        assert set(counted) <= all_said
        _require_one_history(lab, reader)
    issued = Counter(
        str(opened.fields["track_id"])
        for opened in opened_warnings_of_kr(lab, "KR")
        if opened.fields["version"] == 1
    )
    assert set(issued.values()) == {1}
    for nation in THREE:
        answer = verified(lab, nation)
        assert answer["verified"] is True, answer


def _require_one_history(lab: Lab, reader: str) -> None:
    """Where the reader's copy of a feed of KR's ends, KR's own has the same hash."""
    ends = _ends(lab, reader)
    assert {one.feed.lane for one in ends} == set(Lane)
    with opened_log(lab, "KR") as original:
        for one in ends:
            assert original.entry_hash(one.feed, one.sequence) == one.entry_hash
            assert original.acknowledged(one.feed) <= one.sequence


def verified(lab: Lab, nation: str) -> dict[str, object]:
    """What `bongsu verify --json` says of a node's folder."""
    folder = lab.nations[NationId(nation)].node_file.parent
    result = CliRunner().invoke(verify, [str(folder), "--json"])
    answer: dict[str, object] = json.loads(result.output)
    return answer
