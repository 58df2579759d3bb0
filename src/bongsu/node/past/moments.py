"""Moments worth jumping to: warnings issued, amended and ended, recalls; ours and partners'. Paged.

They stand in the order in which they were stored here: the moment is when this node knew.
"""

from itertools import product
from typing import Annotated, Final

from msgspec import Meta

from bongsu.node.control import Body
from bongsu.node.past.log_places import recorded
from bongsu.node.past.read_once import ReadOnce
from bongsu.node.plain_values import plain
from bongsu.node.ports import PlacedRecord
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import OpenedRecord
from bongsu.records.recalls_as_records import recall_of
from bongsu.records.warnings_as_records import seen_warning

MAXIMUM_MOMENTS: Final = 500
READ_AT_ONCE: Final = 32
KINDS: Final = (RecordKind.LAUNCH_WARNING, RecordKind.RECALL)
RECALLED: Final = "recalled"


class MomentsAsked(Body, frozen=True, kw_only=True):
    """`after`: the place in the log of the last one that is known, 0 for none."""

    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Meta(ge=1, le=MAXIMUM_MOMENTS)] = 200


class Moments:
    """Reads the log; changes nothing. Lives on the node's loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._read: ReadOnce[dict[str, object]] = ReadOnce(_said, services.me.realm)

    async def after(self, asked: MomentsAsked) -> object:
        """The oldest first; `next` is the `after` to go on with, `complete`: none is beyond."""
        services = self._services
        placed = await services.beside(self._placed, asked)
        found: list[dict[str, object]] = []
        for start in range(0, len(placed), READ_AT_ONCE):
            found += await services.beside(self._told, placed[start : start + READ_AT_ONCE])
        whole = await services.beside(recorded, services.store)
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "at": services.clock.utc(),
            "begins": None if whole is None else whole.begins,
            "ends": None if whole is None else whole.ends,
            "moments": found,
            "next": placed[-1].position if placed else asked.after,
            "complete": len(placed) < asked.limit,
        }

    def _placed(self, asked: MomentsAsked) -> list[PlacedRecord]:
        pages = [
            self._services.store.placed_records(
                kind=kind.value, own=own, after=asked.after, limit=asked.limit
            )
            for kind, own in product(KINDS, (True, False))
        ]
        together = sorted((one for page in pages for one in page), key=lambda one: one.position)
        return together[: asked.limit]

    def _told(self, placed: list[PlacedRecord]) -> list[dict[str, object]]:
        told: list[dict[str, object]] = []
        for one in placed:
            said = self._read.of(one.row)
            if said is not None:
                row = one.row
                told.append(
                    {
                        "place": one.position,
                        "at": row.stored_at,
                        "node": row.originator,
                        "own": row.own,
                        "record_id": row.record_id.hex(),
                        **said,
                    }
                )
        return told


def _said(record: OpenedRecord) -> dict[str, object]:
    if record.kind is RecordKind.RECALL:
        recall = recall_of(record)
        return {
            "what": RECALLED,
            "subject": recall.about,
            "version": None,
            "reason": recall.reason,
        }
    warning = seen_warning(record)
    return {
        "what": plain(warning.action),
        "subject": warning.warning_id,
        "version": warning.version,
        "reason": plain(warning.end_reason),
    }
