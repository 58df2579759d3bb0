"""What this node showed each partner of each thing, so that a correction finds all who had it.

The log is the memory. This is a small part of it at hand, bounded, read back from the log when
it is asked for and not here; after a restart that is everything. It never says less than the
log: what is being released counts at once, and is forgotten again where the disk refused it.
"""

from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType

from bongsu.node.ports import Store
from bongsu.records.projection import shown_fields
from bongsu.records.record import RECORD, Record
from bongsu.vocabulary.units import NodeId

MAXIMUM_SUBJECTS = 2_000

Fields = frozenset[str]


class Shown:
    """Fields by subject and reader, over all versions. Lives on the node's loop."""

    def __init__(self, store: Store, me: NodeId) -> None:
        self._store = store
        self._me = me
        self._by_subject: OrderedDict[str, dict[NodeId, Fields]] = OrderedDict()

    def of(self, subject: str) -> Mapping[NodeId, Fields]:
        """Every reader who was ever sent a version, with the fields that he was shown."""
        return MappingProxyType(self._readers(subject))

    def add(self, subject: str, reader: NodeId, projection: Record) -> None:
        """A further version is being released to `reader`."""
        readers = self._readers(subject)
        readers[reader] = readers.get(reader, Fields()) | shown_fields(projection)

    def forget(self, subject: str) -> None:
        """What was added is not in the log after all."""
        self._by_subject.pop(subject, None)

    def _readers(self, subject: str) -> dict[NodeId, Fields]:
        known = self._by_subject.get(subject)
        if known is None:
            known = self._by_subject[subject] = self._from_log(subject)
            while len(self._by_subject) > MAXIMUM_SUBJECTS:
                self._by_subject.popitem(last=False)
        self._by_subject.move_to_end(subject)
        return known

    def _from_log(self, subject: str) -> dict[NodeId, Fields]:
        readers: dict[NodeId, Fields] = {}
        for row in self._store.entries_about(subject, sender=self._me):
            fields = shown_fields(RECORD.decode(row.encoded))
            readers[row.feed.reader] = readers.get(row.feed.reader, Fields()) | fields
        return readers
