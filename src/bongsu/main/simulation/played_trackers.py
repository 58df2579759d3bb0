"""The trackers of a simulated federation, played from the plan: signed pictures, as real ones."""

import asyncio

from bongsu.exercise.federation_plan import nation_of_node
from bongsu.exercise.sighting_plan import Look, track_at
from bongsu.main.simulation.federation_keys import REALM
from bongsu.main.simulation.machine import Machine
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import picture_body
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import NS_PER_S, UtcNs

PICTURE_EVERY_S = 2.0
KEPT_UNSEEN_S = 10.0  # a track stays in the picture for so long after its last plot


class PlayedTracker:
    """One nation's tracker. It numbers its batches on, whatever becomes of its node."""

    def __init__(self, machine: Machine, looks: tuple[Look, ...]) -> None:
        self._machine = machine
        self._looks = [look for look in looks if look.node == machine.node_id]
        self._batches = 0

    async def run(self) -> None:
        """A picture every two seconds while something is in it, and one empty one after that."""
        time = self._machine.clock.time
        was_empty = True
        while True:
            await asyncio.sleep(PICTURE_EVERY_S)
            at_s = time.elapsed_ns / NS_PER_S
            seen = [
                look for look in self._looks if look.from_s <= at_s <= look.until_s + KEPT_UNSEEN_S
            ]
            if self._machine.is_up and (seen or not was_empty):
                await self._machine.node.take_tracker_batch(self._picture(seen, at_s))
            was_empty = not seen

    def _picture(self, seen: list[Look], at_s: float) -> bytes:
        clock = self._machine.clock
        nation = nation_of_node(self._machine.node_id)
        start = UtcNs(clock.utc() - round(at_s * NS_PER_S))
        tracks = tuple(
            track_at(look, start=start, at_s=at_s, emitted_at=clock.monotonic()) for look in seen
        )
        picture = TrackPicture(at=clock.utc(), tracks=tracks, refused_plots=0, quarantined_plots=0)
        self._batches += 1
        return sign_batch(
            BatchKind.PICTURE,
            picture_body(picture),
            self._machine.keys.nations[nation].tracker,
            realm=REALM,
            source=f"{nation}-TRACKER-1",
            sequence=self._batches,
        )
