"""A played tracker states one at a time: what the delay of a single record is taken on."""

import asyncio
from dataclasses import dataclass, field

from bench.lab import PlayedTracker
from bench.made_tracks import made_track, turned

from bongsu.adapters.system_clock import SystemClock
from bongsu.vocabulary.track import Track

PACE_S = 0.05  # 20 a second
TRACKS = 60  # each has its turn every three seconds, from its first statement on: a desk that may
# amend it every two seconds holds none back, to let go of many at once


@dataclass(slots=True, kw_only=True)
class PacedAmendments:
    """Every track in its turn; the same turn at every round."""

    tracker: PlayedTracker
    tracks: list[Track] = field(default_factory=list)
    amended: int = 0

    async def issue(self) -> None:
        """The first statement of every warning."""
        clock = SystemClock()
        for number in range(TRACKS):
            await asyncio.sleep(PACE_S)
            now = clock.utc()
            self.tracks.append(made_track(number, at=now, emitted_at=clock.monotonic()))
            self.tracker.send([self.tracks[number]], at=now)

    async def amend(self, statements: int) -> None:
        """So many amendments more."""
        for _ in range(statements):
            await asyncio.sleep(PACE_S)
            at = self.amended % TRACKS
            self.amended += 1
            self.tracks[at] = turned(self.tracks[at])
            self.tracker.send([self.tracks[at]], at=SystemClock().utc())
