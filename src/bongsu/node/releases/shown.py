"""What this node showed each partner of each thing, so that a correction finds all who had it.

The log is the memory. This is a small part of it at hand, bounded, read back from the log when
it is asked for and not here; after a restart that is everything. It never says less than the
log: what is being released counts at once, and is forgotten again where the disk refused it.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bongsu.node.ports import Store
from bongsu.records.kinds import RecordKind
from bongsu.records.projection import shown_fields
from bongsu.records.record import RECORD, STATEMENT, Record
from bongsu.vocabulary.units import NodeId, RecordId

MAXIMUM_THINGS = 2_000

Fields = frozenset[str]
Thing = tuple[RecordKind, str]


@dataclass(frozen=True, slots=True)
class WasShown:
    """What one reader had of one thing: fields over all versions, and the newest version."""

    fields: Fields
    newest: RecordId


NOBODY: Mapping[NodeId, WasShown] = MappingProxyType({})


class Shown:
    """By kind, subject and reader. Lives on the node's loop."""

    def __init__(self, store: Store, me: NodeId) -> None:
        self._store = store
        self._me = me
        self._by_thing: OrderedDict[Thing, dict[NodeId, WasShown]] = OrderedDict()

    def of(self, kind: RecordKind, subject: str | None) -> Mapping[NodeId, WasShown]:
        """Every reader who was ever sent a version; nobody where it is about nothing."""
        return NOBODY if subject is None else MappingProxyType(self._readers((kind, subject)))

    def add(
        self, kind: RecordKind, subject: str | None, reader: NodeId, projection: Record
    ) -> None:
        """A further version is being released to `reader`."""
        if subject is not None:
            _note(self._readers((kind, subject)), reader, projection)

    def forget(self, kind: RecordKind, subject: str | None) -> None:
        """What was added is not in the log after all."""
        if subject is not None:
            self._by_thing.pop((kind, subject), None)

    def _readers(self, thing: Thing) -> dict[NodeId, WasShown]:
        known = self._by_thing.get(thing)
        if known is None:
            known = self._by_thing[thing] = self._from_log(*thing)
            while len(self._by_thing) > MAXIMUM_THINGS:
                self._by_thing.popitem(last=False)
        self._by_thing.move_to_end(thing)
        return known

    def _from_log(self, kind: RecordKind, subject: str) -> dict[NodeId, WasShown]:
        """Records of another kind may bear the same name; they are another thing."""
        readers: dict[NodeId, WasShown] = {}
        for row in self._store.entries_about(subject, sender=self._me):
            record = RECORD.decode(row.encoded)
            if STATEMENT.decode(record.statement).kind is kind:
                _note(readers, row.feed.reader, record)
        return readers


def _note(readers: dict[NodeId, WasShown], reader: NodeId, projection: Record) -> None:
    before = readers.get(reader)
    fields = shown_fields(projection)
    readers[reader] = WasShown(
        fields if before is None else before.fields | fields, projection.record_id
    )
