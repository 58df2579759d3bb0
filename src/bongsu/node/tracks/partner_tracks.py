"""Partners' track updates, read from our log when somebody asks for them.

Updates come by the thousand, and mostly nobody looks: the path of a record to the disk pays
nothing for those who might.
"""

from collections.abc import Mapping
from typing import Final

from bongsu.node.ports import Store
from bongsu.node.services import Services
from bongsu.records.feed import FeedId
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId

NEWEST_ENTRIES: Final = 20_000  # of one feed; what came before is not looked at
PAGE_ENTRIES: Final = 1_000


class PartnerTracks:
    """What was read already of each partner's bulk feed. Lives on the node's loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._through: dict[FeedId, int] = {}

    async def news(self) -> list[OpenedRecord]:
        """Updates that came since the last call, each feed's in its order."""
        services = self._services
        news, self._through = await services.beside(
            _updates, services.store, services.me.node, services.me.realm, dict(self._through)
        )
        return news


def _updates(
    store: Store, me: NodeId, realm: Realm, through: Mapping[FeedId, int]
) -> tuple[list[OpenedRecord], dict[FeedId, int]]:
    """Every update of a track after `through`, and how far each feed was read."""
    found: list[OpenedRecord] = []
    reached: dict[FeedId, int] = {}
    for position in store.positions():
        feed, end = position.feed, position.sequence
        if feed.reader != me or feed.lane is not Lane.BULK:
            continue
        reached[feed] = end
        after = max(through.get(feed, 0), end - NEWEST_ENTRIES)
        for start in range(after, end, PAGE_ENTRIES):
            rows = store.entries(feed, after=start, limit=min(PAGE_ENTRIES, end - start))
            opened = (_opened(row.encoded, realm) for row in rows if row.encoded)
            found += [one for one in opened if one.kind is RecordKind.TRACK_UPDATE]
    return found, reached


def _opened(encoded: bytes, realm: Realm) -> OpenedRecord:
    """A record as it lies on our own disk: it was verified before it came there."""
    return open_unverified_record(RECORD.decode(encoded), realm=realm)
