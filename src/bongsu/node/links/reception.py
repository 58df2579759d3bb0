"""What a partner's record sets going: it is shown once, passed on where that was agreed, applied.

The same record may come over several ways. It is shown when it comes first; a later copy that has
more of it open adds to what is shown, and one that hasn't is nothing new. Passing on is decided
before the record is stored and stored with it, so that a kill in between loses nothing.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bongsu.node.links.incoming import Arrival, ReceivedRecord
from bongsu.node.links.leaning import Leaning
from bongsu.node.ports import PendingRelease
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.version import held_version, version_of
from bongsu.node.recalls.recall_desk import RecallDesk
from bongsu.node.services import Services
from bongsu.node.watch import Watch
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD, Record
from bongsu.records.warnings_as_records import require_own_name
from bongsu.vocabulary.errors import PeerViolation
from bongsu.vocabulary.units import NodeId, RecordId

MAXIMUM_SEEN = 8_192

Take = Callable[[ReceivedRecord], None]


class Reception:
    """Implements `incoming.Receiver` for all links of a node. Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        *,
        publisher: Publisher,
        recalls: RecallDesk,
        watch: Watch,
        desks: Mapping[RecordKind, Take],
        noted_by: Take,
    ) -> None:
        """`desks` take kinds of their own; `noted_by` is told of every other record as well."""
        self._services = services
        self._publisher = publisher
        self._recalls = recalls
        self._watch = watch
        self._desks = desks
        self._noted_by = noted_by
        self._leaning = Leaning(services)
        self._seen: OrderedDict[RecordId, frozenset[str]] = OrderedDict()  # what is withheld

    def is_taken(self, kind: RecordKind) -> bool:
        """Whether anybody here does anything with such records; bulk is mostly only kept."""
        return form_of(kind).authority or kind in self._desks

    def examine(self, records: Sequence[tuple[OpenedRecord, Record]], *, sender: NodeId) -> Arrival:
        """What of it is new, and what is to be passed on; before it is stored."""
        known: set[RecordId] = set()
        pending: list[PendingRelease] = []
        for opened, record in records:
            if not form_of(opened.kind).authority:
                continue
            if self._services.store.record(opened.record_id) is not None:
                known.add(opened.record_id)
            else:
                pending += self._passed_on(opened, record, sender)
        return Arrival(
            records=tuple(opened for opened, _ in records),
            known=frozenset(known),
            pending=tuple({(row.record_id, row.reader): row for row in pending}.values()),
        )

    def take(self, arrival: Arrival, received: Sequence[ReceivedRecord]) -> None:
        """It is on our disk: show it, apply it, pass it on."""
        for one in received:
            opened = one.record
            if not form_of(opened.kind).authority:
                self._desks[opened.kind](one)
            elif opened.record_id in arrival.known or opened.record_id in self._seen:
                self._take_again(one)
            else:
                self._remember(opened)
                self._take_first(one)
        self._publisher.due.stored(arrival.pending, Lane.URGENT)

    def time_passed(self) -> None:
        """Give up what waited too long."""
        self._leaning.time_passed()

    def _passed_on(
        self, opened: OpenedRecord, record: Record, sender: NodeId
    ) -> Iterator[PendingRelease]:
        """Where it goes from here, as it looks now; each is decided anew when it is due.

        Another site of our nation has feeds of its own to every partner: nothing of it is doubled.
        """
        of_our_nation = nation_of(opened.originator) == self._services.me.nation
        by_path = form_of(opened.kind).by_path
        if form_of(opened.kind).starting or (of_our_nation and not by_path):
            return
        if not _is_in_its_own_name(opened):
            return
        version = version_of(
            record,
            kind=opened.kind,
            originator=opened.originator,
            fields=opened.fields,
            stored_at=self._services.clock.utc(),
            brought_by=frozenset({sender}),
        )
        version = replace(version, is_recalled=self._recalls.recall_of(opened) is not None)
        for reader in self._publisher.releasing.readers:
            if by_path:  # whom it goes to is read from the log when it is due
                yield PendingRelease(
                    record_id=version.record_id, reader=reader, due_at=version.stored_at
                )
            elif (row := self._publisher.releasing.expected(version, reader)) is not None:
                yield row

    def _take_first(self, received: ReceivedRecord) -> None:
        opened = received.record
        if opened.kind is RecordKind.RECALL:
            self._recalls.take_recall(received)
        elif opened.kind is RecordKind.RECALL_ANSWER:
            self._recalls.take_answer(received)
        elif opened.kind in self._desks:
            self._desks[opened.kind](received)
        else:
            subject = form_of(opened.kind).subject_of(opened.fields)
            self._publisher.releasing.ends.forget(opened.kind, opened.originator, subject)
            self._leaning.take(opened)
            recall = self._recalls.take_record(opened)
            self._watch.take_partner_record(
                received, recalled=None if recall is None else recall.reason
            )
            self._noted_by(received)

    def _take_again(self, received: ReceivedRecord) -> None:
        """A copy that came by another way."""
        opened = received.record
        if opened.kind is RecordKind.RECALL:
            self._answer_again(received)
            return
        withheld = self._seen.get(opened.record_id)
        if withheld is not None and withheld <= frozenset(opened.withheld):
            return
        services = self._services
        row = services.store.record(opened.record_id)
        version = held_version(services.store, services.me, opened.record_id)
        if row is None or version is None:
            return
        whole = open_unverified_record(version.record, realm=services.me.realm)
        if withheld is None:  # it was first shown long ago, or before a restart
            first = open_unverified_record(RECORD.decode(row.encoded), realm=services.me.realm)
            withheld = frozenset(first.withheld)
        self._remember(whole)
        if withheld - frozenset(whole.withheld):
            recall = self._recalls.recall_of(whole)
            self._watch.take_more(
                whole, sender=received.sender, recalled=None if recall is None else recall.reason
            )

    def _answer_again(self, received: ReceivedRecord) -> None:
        """Whoever brings a recall gets our answer to it."""
        now = self._services.clock.utc()
        rows = [
            PendingRelease(record_id=answer, reader=received.sender, due_at=now)
            for answer in self._recalls.answers_to(received.record.record_id)
        ]
        self._publisher.due.stored(rows, Lane.URGENT)

    def _remember(self, opened: OpenedRecord) -> None:
        self._seen[opened.record_id] = frozenset(opened.withheld)
        self._seen.move_to_end(opened.record_id)
        while len(self._seen) > MAXIMUM_SEEN:
            self._seen.popitem(last=False)


def _is_in_its_own_name(opened: OpenedRecord) -> bool:
    if opened.kind is not RecordKind.LAUNCH_WARNING:
        return True
    try:
        require_own_name(opened)
    except PeerViolation:
        return False  # told when it is shown, or not
    return True
