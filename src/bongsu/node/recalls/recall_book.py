"""Which records were withdrawn, as this node knows it now. Owns the state of recalls."""

from bongsu.node.ports import StoredRecord
from bongsu.node.publishing.version import Version
from bongsu.protocols.recall import Effect, Event, Held, Recalls, step
from bongsu.records.kinds import RecordKind, form_of
from bongsu.vocabulary.recall import Recall
from bongsu.vocabulary.units import NodeId, RecordId


class RecallBook:
    """Read by whatever releases or shows a record. Lives on the node's loop."""

    def __init__(self) -> None:
        self.state = Recalls()

    def take(self, event: Event) -> tuple[Effect, ...]:
        """Step the machine; what is to be done is for the caller."""
        self.state, effects = step(self.state, event)
        return effects

    def of(self, version: Version) -> Recall | None:
        """The recall that withdraws it, None while it stands."""
        return self.state.of(
            held(version.record_id, version.kind, version.originator, version.subject)
        )

    def of_row(self, row: StoredRecord) -> Recall | None:
        """The same for a record in the log."""
        return self.state.of(held(row.record_id, RecordKind(row.kind), row.originator, row.subject))

    def passes_on(self, version: Version) -> bool:
        """A recall that we refused is not passed on; everything else goes its way."""
        return version.kind is not RecordKind.RECALL or version.record_id in self.state.known


def held(record_id: RecordId, kind: RecordKind, originator: NodeId, about: str | None) -> Held:
    """A record as the machine sees it."""
    form = form_of(kind)
    return Held(
        record_id=record_id,
        originator=originator,
        about=about,
        recallable=not form.by_path and not form.starting,
    )


def words_of(recall: Recall) -> str:
    """The recall as a sentence for the watch officer."""
    what = recall.about or f"its record {(recall.record_id or b'').hex()[:16]}"
    return f"{recall.node} recalls {what}, {recall.scope.value}: {recall.reason}"
