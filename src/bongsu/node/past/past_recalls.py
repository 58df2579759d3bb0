"""Which recalls held at a moment: those that hold now and had been stored by then."""

import contextlib
from collections.abc import Iterator

from bongsu.node.past.log_places import Moment
from bongsu.node.ports import StoredRecord
from bongsu.node.recalls.recall_book import RecallBook
from bongsu.node.services import Services
from bongsu.records.kinds import RecordKind
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.recalls_as_records import recall_of
from bongsu.records.record import RECORD
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.recall import Recall
from bongsu.vocabulary.units import UtcNs


class PastRecalls:
    """Reads the log for recalls that concern a record that is asked about. On any thread."""

    def __init__(self, services: Services, recalls: RecallBook) -> None:
        self._services = services
        self._recalls = recalls
        self._stored_at: dict[Recall, UtcNs] = {}  # bounded as the book is

    def of(self, row: StoredRecord, moment: Moment) -> Recall | None:
        """The recall that withdrew it by then, None while it stood."""
        for recall in self._holding(row):
            stored_at = self._when_stored(recall)
            if stored_at is not None and stored_at <= moment.at:
                return recall
        return None

    def _holding(self, row: StoredRecord) -> Iterator[Recall]:
        state = self._recalls.state
        of_thing = None if row.subject is None else state.of_things.get(row.subject)
        for recall in (state.of_records.get(row.record_id), of_thing):
            if recall is not None and recall.node == row.originator:
                yield recall

    def _when_stored(self, recall: Recall) -> UtcNs | None:
        known = self._stored_at.get(recall)
        if known is None:
            known = min(self._times(recall), default=None)
            if known is not None:
                self._stored_at[recall] = known
        return known

    def _times(self, recall: Recall) -> Iterator[UtcNs]:
        for row in self._services.store.records_about(recall.recall_id):
            if row.kind != RecordKind.RECALL.value or not row.encoded:
                continue
            with contextlib.suppress(BongsuError):  # refused when it came
                record = RECORD.decode(row.encoded)
                opened = open_unverified_record(record, realm=self._services.me.realm)
                if recall_of(opened) == recall:
                    yield row.stored_at
