"""Every record that was ever stated, as its originator stored it, and what may become of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bongsu.exercise.federation_plan import FederationPlan, nation_of_node
from bongsu.exercise.telltales import SALT
from bongsu.main.simulation.onlooker.agreed_release import NEVER, AgreedRelease, Bounds
from bongsu.main.simulation.onlooker.plain_bytes import disclosures_of
from bongsu.node.ports import StoredRecord
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.units import NationId, NodeId, RecordId, UtcNs

LISTS_OF_RECORDS = frozenset({"derived_from", "corroborated_by"})
ENDED = "ended"
VOID_ENDS = ("false", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A record with every field's salt, by the rest of it, and what each nation may see of it.

    `leans_on`: by the rest of the salt, which record an item of a list names. `about`: the
    warning that it is a version of, or that it recalls.
    """

    record_id: RecordId
    kind: RecordKind
    nation: NationId
    stored_at: UtcNs
    salts: dict[bytes, str]
    leans_on: dict[bytes, RecordId]
    about: str | None
    version: object  # of a warning
    is_end: bool
    is_void: bool
    seen_by: dict[NationId, Bounds]

    def seen(self, reader: NationId) -> Bounds:
        """What a reader may see of it at most, and has to at least."""
        return self.seen_by.get(reader, NEVER)


@dataclass(slots=True)
class StatedRecords:
    """In the order in which they were stored."""

    plan: FederationPlan
    agreed: AgreedRelease = field(init=False)
    by_id: dict[RecordId, Stated] = field(default_factory=dict)
    by_salt: dict[bytes, Stated] = field(default_factory=dict)
    ended: dict[str, Stated] = field(default_factory=dict)  # warnings, by their end
    recalled: dict[str, Stated] = field(default_factory=dict)  # warnings, by their recall

    def __post_init__(self) -> None:
        self.agreed = AgreedRelease(self.plan)

    def __iter__(self) -> Iterator[Stated]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def learn(self, row: StoredRecord, node: NodeId) -> Stated:
        """A node stored a record of its own."""
        parts = disclosures_of(row.encoded)
        values = {part.field: part.value for part in parts}
        kind, nation = RecordKind(row.kind), nation_of_node(node)
        about = values.get("about") if kind is RecordKind.RECALL else values.get("warning_id")
        is_end = kind is RecordKind.LAUNCH_WARNING and values["action"] == ENDED
        stated = Stated(
            record_id=row.record_id,
            kind=kind,
            nation=nation,
            stored_at=row.stored_at,
            salts={part.salt[len(SALT) :]: part.field for part in parts},
            leans_on={
                part.salt[len(SALT) :]: RecordId(part.value)
                for part in parts
                if part.field in LISTS_OF_RECORDS and isinstance(part.value, bytes)
            },
            about=None if about is None else str(about),
            version=values.get("version"),
            is_end=is_end,
            is_void=is_end and values["end_reason"] in VOID_ENDS,
            seen_by=self._seen_by(kind, nation, values),
        )
        self._note(stated)
        return stated

    def hidden(self, stated: Stated, reader: NationId) -> set[bytes]:
        """Ids of records that the reader may not see, and how many ids there are with them."""
        unseen = {
            rest for rest, named in stated.leans_on.items() if not self._may_know(reader, named)
        }
        lists = {stated.salts[rest] for rest in unseen}
        counts = {
            rest
            for rest, name in stated.salts.items()
            if name in lists and rest not in stated.leans_on
        }
        return unseen | counts

    def _seen_by(
        self, kind: RecordKind, nation: NationId, values: dict[str, object]
    ) -> dict[NationId, Bounds]:
        match kind:
            case RecordKind.HELD_WARNINGS:
                originator = nation_of_node(NodeId(str(values["originator"])))
                return self.agreed.of_holdings(nation, originator, frozenset(values))
            case RecordKind.SHOWN_PICTURE:
                originator = nation_of_node(NodeId(str(values["originator"])))
                return self.agreed.of_picture(
                    nation, originator, frozenset(values), _said_of(values["threats"])
                )
            case RecordKind.RECALL:
                return self.agreed.of_recall(str(values["about"]), nation)
            case RecordKind.RECALL_ANSWER:
                return self._as_its_recall(values["recall"])
            case _:
                about = values.get("warning_id")
                return self.agreed.of(
                    kind, nation, warning_id=None if about is None else str(about)
                )

    def _as_its_recall(self, recall: object) -> dict[NationId, Bounds]:
        known = self.by_id.get(RecordId(recall)) if isinstance(recall, bytes) else None
        return {} if known is None else known.seen_by

    def _note(self, stated: Stated) -> None:
        self.by_id[stated.record_id] = stated
        self.by_salt.update(dict.fromkeys(stated.salts, stated))
        if stated.about is not None and stated.is_end:
            self.ended[stated.about] = stated
        if stated.about is not None and stated.kind is RecordKind.RECALL:
            self.recalled[stated.about] = stated

    def _may_know(self, reader: NationId, named: RecordId) -> bool:
        other = self.by_id.get(named)
        if other is None:
            return False
        return other.nation == reader or self.agreed.may_see(other.kind, other.nation, reader)


def _said_of(threats: object) -> frozenset[str]:
    """Which fields of a warning the rows of a picture give away."""
    rows = threats if isinstance(threats, list) else []
    names = ("classification", "launch")
    return frozenset(
        name for row in rows for name, says in zip(names, (row[2], row[4]), strict=True) if says
    )
