"""Where in the log a moment lies, and the records of a kind before it, newest first, in turns."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from bongsu.node.ports import PlacedRecord, Sought, Store
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import UtcNs, after_seconds

READ_AT_ONCE: Final = 32  # records a turn beside the loop, as when records are sought

# Records are stored in the order of their times but for so much: a time is given before the
# commit. A clock that was set back by more leaves a log whose moments overlap.
OUT_OF_ORDER_S: Final = 1.0

EVERYTHING: Final = Sought()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Nothing that was stored by `at` lies at the place `end` or after it."""

    at: UtcNs
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """From the log's first record to its last one."""

    begins: UtcNs
    ends: UtcNs


def moment_at(store: Store, at: UtcNs) -> Moment:
    """Found by halving: a log of a million records is asked twenty times."""
    latest = after_seconds(at, OUT_OF_ORDER_S)
    newest = _newest(store, None)
    below, end = 0, 1 if newest is None else newest.position + 1
    while end - below > 1:
        middle = (below + end) // 2
        placed = _newest(store, middle + 1)
        if placed is None or placed.row.stored_at <= latest:
            below = middle
        else:
            end = placed.position
    return Moment(at=at, end=end)


def recorded(store: Store) -> Recorded | None:
    """None where nothing is."""
    newest = _newest(store, None)
    if newest is None:
        return None
    # The first places alone: a log's beginning is never thrown away.
    first = store.newest_records(EVERYTHING, before=2, limit=1).placed
    oldest = first[0] if first else newest
    return Recorded(begins=oldest.row.stored_at, ends=newest.row.stored_at)


def newest_by(store: Store, moment: Moment) -> UtcNs | None:
    """When the last record was stored that lay there at the moment."""
    placed = store.newest_records(EVERYTHING, before=moment.end, limit=READ_AT_ONCE).placed
    return next((one.row.stored_at for one in placed if one.row.stored_at <= moment.at), None)


async def records_by(
    services: Services, kind: RecordKind, moment: Moment, *, own: bool, at_most: int
) -> AsyncIterator[tuple[PlacedRecord, ...]]:
    """Pages of what lies before the moment's end, newest first; looks at `at_most` records."""
    before, left = moment.end, at_most
    while left > 0:
        page = await services.beside(
            services.store.placed_records,
            kind=kind.value,
            own=own,
            before=before,
            newest_first=True,
            limit=min(left, READ_AT_ONCE),
        )
        if not page:
            return
        yield page
        before, left = page[-1].position, left - len(page)


def _newest(store: Store, before: int | None) -> PlacedRecord | None:
    placed = store.newest_records(EVERYTHING, before=before, limit=1).placed
    return placed[0] if placed else None
