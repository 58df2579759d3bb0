"""How things ended, for versions that are still to be released: at hand, or from the log."""

from collections import OrderedDict
from dataclasses import dataclass

from bongsu.node.ports import Store, StoredRecord
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.version_role import VersionRole, role_of
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NodeId, RecordId

MAXIMUM_SUBJECTS = 2_000

Thing = tuple[RecordKind, NodeId, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """The version that ended a thing."""

    record_id: RecordId
    role: VersionRole


class Ends:
    """By kind, originator and subject. Lives on the node's loop."""

    def __init__(self, store: Store, realm: Realm) -> None:
        self._store = store
        self._realm = realm
        self._known: OrderedDict[Thing, Ended | None] = OrderedDict()

    def of(self, kind: RecordKind, originator: NodeId, subject: str | None) -> Ended | None:
        """How it ended, None while it lasts; reads the log where it is not at hand."""
        if subject is None:
            return None
        key = (kind, originator, subject)
        if key not in self._known:
            self._remember(key, self._from_log(*key))
        self._known.move_to_end(key)
        return self._known[key]

    def add(self, kind: RecordKind, originator: NodeId, subject: str | None, ended: Ended) -> None:
        """It ends with this version."""
        if subject is not None and ended.role.is_end:
            self._remember((kind, originator, subject), ended)

    def forget(self, kind: RecordKind, originator: NodeId, subject: str | None) -> None:
        """What was added is not in the log after all, or the log has news."""
        if subject is not None:
            self._known.pop((kind, originator, subject), None)

    def _remember(self, key: Thing, ended: Ended | None) -> None:
        self._known[key] = ended
        while len(self._known) > MAXIMUM_SUBJECTS:
            self._known.popitem(last=False)

    def _from_log(self, kind: RecordKind, originator: NodeId, subject: str) -> Ended | None:
        for row in reversed(self._store.records_about(subject)):
            if (row.originator, row.kind) == (originator, kind.value):
                role = self._role(row)
                if role.is_end:
                    return Ended(row.record_id, role)
        return None

    def _role(self, row: StoredRecord) -> VersionRole:
        opened = open_unverified_record(RECORD.decode(row.encoded), realm=self._realm)
        return role_of(RecordKind(row.kind), opened.fields)
