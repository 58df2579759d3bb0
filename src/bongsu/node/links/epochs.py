"""Epochs of a feed on our disk: which one is going on, and filling the next one.

A node that finds that it lost its place opens a new epoch of a feed. What its reader had not
countersigned in the old one is written again, in order, as entries of the new one; meanwhile the
old one still takes what is stated, and nothing is sent. Once the new one holds all of it, it is the
one that goes on. The log alone says how far that is, so a kill in between costs nothing: the new
epoch is whole when it has as many entries as the old one was short of.
"""

from dataclasses import dataclass

import msgspec

from bongsu.node.ports import FeedPosition, Store, StoredEntry
from bongsu.records.feed import Entry, FeedId, entry_hash, genesis_hash
from bongsu.records.record import RECORD

ENTRIES_AT_ONCE = 64  # written again on the loop in about a millisecond


def in_epoch(feed: FeedId, epoch: int) -> FeedId:
    """The same feed in another epoch."""
    return msgspec.structs.replace(feed, epoch=epoch)


def positions_of(store: Store, feed: FeedId) -> list[FeedPosition]:
    """Where every epoch of a feed stands on our disk, the newest last."""
    epochs = [one for one in store.positions() if in_epoch(one.feed, feed.epoch) == feed]
    return sorted(epochs, key=lambda one: one.feed.epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEpochs:
    """Of a feed of ours: the position that goes on, and an epoch that is not filled yet."""

    present: FeedPosition
    opening: int | None


def own_epochs(store: Store, feed: FeedId) -> OwnEpochs:
    """What the log says of our feed; `feed` names its first epoch."""
    known = positions_of(store, feed)
    if not known:
        return OwnEpochs(present=beginning(feed), opening=None)
    newest = known[-1]
    if len(known) > 1:
        before = known[-2]
        short = before.sequence - store.acknowledged(before.feed)
        if newest.sequence < short:
            return OwnEpochs(present=before, opening=newest.feed.epoch)
    return OwnEpochs(present=newest, opening=None)


def beginning(feed: FeedId) -> FeedPosition:
    """Before the first entry."""
    return FeedPosition(feed=feed, sequence=0, entry_hash=genesis_hash(feed))


class Filling:
    """Writes entries of one epoch again in the next one, a few at a time."""

    def __init__(self, store: Store, *, old: FeedId, after: int, epoch: int) -> None:
        """Go on where the log says that it was left; `after` was countersigned in the old one."""
        self._store = store
        self._old = old
        feed = in_epoch(old, epoch)
        known = [one for one in positions_of(store, feed) if one.feed == feed]
        self.reached = known[0] if known else beginning(feed)
        self._after = after

    @property
    def taken_through(self) -> int:
        """The last entry of the old epoch that stands in the new one."""
        return self._after + self.reached.sequence

    def next_rows(self) -> tuple[StoredEntry, ...]:
        """The next entries in their new places; none where there are none on disk."""
        found = self._store.entries(self._old, after=self.taken_through, limit=ENTRIES_AT_ONCE)
        rows: list[StoredEntry] = []
        sequence, hash_ = self.reached.sequence, self.reached.entry_hash
        for row in found:
            sequence += 1
            hash_ = entry_hash(hash_, Entry(sequence=sequence, record=RECORD.decode(row.encoded)))
            rows.append(
                StoredEntry(
                    feed=self.reached.feed,
                    sequence=sequence,
                    record_id=row.record_id,
                    encoded=row.encoded,
                    entry_hash=hash_,
                    subject=row.subject,
                )
            )
        return tuple(rows)

    def written(self, rows: tuple[StoredEntry, ...]) -> None:
        """These are on our disk."""
        last = rows[-1]
        self.reached = FeedPosition(
            feed=last.feed, sequence=last.sequence, entry_hash=last.entry_hash
        )
