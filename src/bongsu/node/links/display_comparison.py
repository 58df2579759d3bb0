"""What our displays show of each originator's warnings, held against what partners' show.

What people are shown is booked here as it is written to the journal: our own warnings once they are
on disk, partners' once they are verified and stored. Twice a second the picture is rendered anew.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from bongsu.node.links.incoming import ReceivedRecord
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.ports import StoredRecord
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.recalls.recall_book import RecallBook
from bongsu.node.services import Services
from bongsu.protocols import displays
from bongsu.protocols.picture_book import (
    Book,
    Render,
    booked,
    picture_of,
    said_to,
    shown_threats,
    withdrawn,
)
from bongsu.records.displays_as_records import SAID_BY, picture_to_fields, shown_picture
from bongsu.records.guideline import AgreedGuideline
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.names import nation_of
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.releasability import decide
from bongsu.records.warnings_as_records import seen_warning
from bongsu.vocabulary.errors import BongsuError, PeerViolation
from bongsu.vocabulary.seen_warning import SeenWarning
from bongsu.vocabulary.shown_picture import Aspect, Difference, ShownPicture
from bongsu.vocabulary.units import NS_PER_S, MonotonicNs, NationId, NodeId, RecordId

DISPLAYS_DISAGREE = "displays disagree"
LOOKED_AT_EVERY_NS = NS_PER_S // 2
MAXIMUM_RESTORED = 2_048
SHOWN_BY = form_of(RecordKind.LAUNCH_WARNING).correction_fields  # without these no warning is shown


class DisplayComparison:
    """Owns the book of what is shown, and the state of the comparison. Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        publisher: Publisher,
        links: Mapping[NodeId, PartnerLink],
        recalls: RecallBook,
        *,
        render: Render = shown_threats,
    ) -> None:
        self._services = services
        self._publisher = publisher
        self._links = links
        self._recalls = recalls
        self.render = render
        self._books: dict[NodeId, Book] = {node: {} for node in (services.me.node, *links)}
        self._state = displays.Displays(me=services.me.node)
        self._guideline: AgreedGuideline | None = services.agreements.in_force()
        self._seen: dict[tuple[NationId, NationId], frozenset[str]] = {}  # by that guideline
        self._look_at = MonotonicNs(0)
        self._restore()

    @property
    def disputed(self) -> frozenset[str]:
        """Warnings, and originators, about which displays disagree."""
        return self._state.disputed

    def show(
        self, originator: NodeId, record_id: RecordId, warning: SeenWarning, *, recalled: bool
    ) -> None:
        """People are shown this version; an older one than they were shown changes nothing."""
        book = self._books.get(originator)
        if book is not None:  # what we have no link to, nobody tells us whole
            self._books[originator] = booked(
                book, record_id, warning, originator=originator, recalled=recalled
            )

    def withdraw(self, records: frozenset[RecordId]) -> None:
        """People are told that these were withdrawn."""
        self._books = {node: withdrawn(book, records) for node, book in self._books.items()}

    def take_partner_record(self, received: ReceivedRecord) -> None:
        """What a partner's displays show."""
        try:
            picture = shown_picture(received.record)
        except BongsuError as error:
            services = self._services
            services.refuse(error, source=received.sender, payload=received.record.record_id)
            return
        if self._may_compare(picture.originator, nation_of(received.sender)):
            self._take(displays.PartnerPicture(received.sender, picture))

    def time_passed(self) -> None:
        """Look at what is shown, a few times a second."""
        now = self._services.clock.monotonic()
        if now < self._look_at:
            return
        self._look_at = MonotonicNs(now + LOOKED_AT_EVERY_NS)
        in_force = self._services.agreements.in_force()
        if in_force is not self._guideline:
            self._guideline = in_force
            self._seen.clear()
            self._take(displays.RulesChanged())
        whole = frozenset(partner for partner, link in self._links.items() if link.is_whole)
        self._take(displays.TimePassed(whole))
        for originator, book in self._books.items():
            if self._may_compare(originator, self._services.me.nation):
                picture = picture_of(
                    book,
                    originator=originator,
                    now=self._services.clock.utc(),
                    render=self.render,
                )
                self._take(displays.OwnPicture(picture, has_past=bool(book)))

    def as_seen(self, partner: NodeId) -> list[dict[str, object]]:
        """For people: in what our displays and the partner's differ now."""
        return [
            {"originator": originator, **_as_seen(difference)}
            for (with_whom, originator), told in self._state.told.items()
            if with_whom == partner
            for difference in told.differences
        ]

    def _restore(self) -> None:
        """What people were shown of late, ours and partners'."""
        store = self._services.store
        for own in (False, True):
            rows = store.records(kind=RecordKind.LAUNCH_WARNING.value, own=own)
            for row in deque(rows, maxlen=MAXIMUM_RESTORED):
                self._show_again(row)

    def _show_again(self, row: StoredRecord) -> None:
        try:
            record = open_unverified_record(
                RECORD.decode(row.encoded), realm=self._services.me.realm
            )
            warning = seen_warning(record)
        except PeerViolation:
            return  # refused, counted and kept as evidence when it came
        recalled = self._recalls.of_row(row) is not None
        self.show(record.originator, record.record_id, warning, recalled=recalled)

    def _take(self, event: displays.Event) -> None:
        now = self._services.clock.monotonic()
        self._state, effects = displays.step(self._state, event, now=now)
        for effect in effects:
            match effect:
                case displays.StatePicture(picture):
                    self._state_picture(picture)
                case displays.DisplaysDisagree(partner, originator, differences):
                    self._faults_of(partner).add(DISPLAYS_DISAGREE)
                    self._journal(
                        "displays_disagree",
                        partner,
                        originator,
                        differences=[_as_seen(one) for one in differences],
                    )
                case displays.DisplaysAgree(partner, originator, compared):
                    self._over(partner, originator, compared=compared)

    def _over(self, partner: NodeId, originator: NodeId, *, compared: bool) -> None:
        if not self.as_seen(partner):
            self._faults_of(partner).discard(DISPLAYS_DISAGREE)
        if compared:
            self._journal("displays_agree", partner, originator)
        else:
            self._journal("displays_not_compared", partner, originator)

    def _state_picture(self, picture: ShownPicture) -> None:
        """To everybody who may see those warnings, without what the originator keeps from him."""
        for unsaid, readers in self._readers_of(picture.originator):
            self._publisher.publish(
                Statement(
                    kind=RecordKind.SHOWN_PICTURE,
                    fields=picture_to_fields(said_to(picture, unsaid)),
                    created_at=self._services.clock.utc(),
                    stored=lambda _record_id, _stored_at: None,
                    readers=readers,
                )
            )

    def _readers_of(
        self, originator: NodeId
    ) -> Iterator[tuple[frozenset[Aspect], frozenset[NationId]]]:
        """Nations of partners, grouped by what may not be said to them."""
        groups: dict[frozenset[Aspect], set[NationId]] = {}
        for nation in sorted({nation_of(partner) for partner in self._links}):
            fields = self._seen_by(originator, nation)
            if fields >= SHOWN_BY:
                unsaid = frozenset(aspect for aspect, name in SAID_BY.items() if name not in fields)
                groups.setdefault(unsaid, set()).add(nation)
        yield from ((unsaid, frozenset(nations)) for unsaid, nations in groups.items())

    def _may_compare(self, originator: NodeId, nation: NationId) -> bool:
        """Whether the originator shows its warnings to that nation at once, and to ours."""
        me = self._services.me.nation
        return originator in self._books and all(
            self._seen_by(originator, one) >= SHOWN_BY for one in {nation, me}
        )

    def _seen_by(self, originator: NodeId, nation: NationId) -> frozenset[str]:
        """Fields of its warnings that the originator itself may show a nation at once."""
        owner = nation_of(originator)
        seen = self._seen.get((owner, nation))
        if seen is None:
            decision = decide(
                self._guideline,
                kind=RecordKind.LAUNCH_WARNING,
                originator=owner,
                sender=owner,
                reader=nation,
            )
            seen = frozenset() if decision.delay_s else decision.fields
            self._seen[owner, nation] = seen
        return seen

    def _faults_of(self, partner: NodeId) -> set[str]:
        return self._services.health.link_faults.setdefault(partner, set())

    def _journal(self, event: str, partner: NodeId, originator: NodeId, **fields: object) -> None:
        self._services.journal.write(
            event,
            partner=partner,
            originator=originator,
            scenario_utc_ns=self._services.clock.utc(),
            **fields,
        )


def _as_seen(difference: Difference) -> dict[str, object]:
    return {
        "aspect": difference.aspect.value,
        "warning_id": difference.warning_id,
        "ours": difference.ours,
        "theirs": difference.theirs,
    }
