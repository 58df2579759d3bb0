"""Partners' records that lean on records which are not here: told, and when those came."""

from bongsu.node.services import Services
from bongsu.protocols.dependencies import (
    Dependencies,
    Effect,
    Event,
    GiveUp,
    RecordCame,
    ShowComplete,
    ShowIncomplete,
    TimePassed,
    step,
)
from bongsu.records.kinds import form_of
from bongsu.records.opened_record import OpenedRecord
from bongsu.vocabulary.units import RecordId


class Leaning:
    """Lives on the node's loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.state = Dependencies()

    def take(self, opened: OpenedRecord) -> None:
        """A record that came for the first time and is on our disk."""
        store = self._services.store
        missing = frozenset(named for named in _leans_on(opened) if store.record(named) is None)
        self._take(
            RecordCame(record_id=opened.record_id, originator=opened.originator, missing=missing)
        )

    def time_passed(self) -> None:
        """Give up what waited too long."""
        if self.state.waiting:
            self._take(TimePassed())

    def _take(self, event: Event) -> None:
        now = self._services.clock.monotonic()
        self.state, effects = step(self.state, event, now=now)
        for effect in effects:
            self._tell(effect)

    def _tell(self, effect: Effect) -> None:
        match effect:
            case ShowIncomplete(record_id, missing):
                names = sorted(one.hex() for one in missing)
                self._journal("leans_on_missing", record_id, missing=names)
            case ShowComplete(record_id):
                self._journal("missing_came", record_id)
            case GiveUp(record_id, late):
                count = self._services.health.refuse("records that others lean on never came")
                self._journal("missing_given_up", record_id, late=late, count=count)

    def _journal(self, event: str, record_id: RecordId, **fields: object) -> None:
        self._services.journal.write(
            event,
            scenario_utc_ns=self._services.clock.utc(),
            record_id=record_id.hex(),
            **fields,
        )


def _leans_on(opened: OpenedRecord) -> frozenset[RecordId]:
    """Ids of other records that are open in it."""
    fields = form_of(opened.kind).fields
    items = (
        value
        for name, value in opened.fields.items()
        if name in fields and fields[name].itemised and isinstance(value, tuple)
    )
    return frozenset(RecordId(one) for of in items for one in of if isinstance(one, bytes))
