"""What becomes of one record for one partner: a place in its feed, a wait, or nothing.

One decision for everything that leaves: own records and those passed on, at once or when a delay
is over. The guideline is asked each time, also again after a wait.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bongsu.node.links.outgoing import Outgoing, Tail
from bongsu.node.ports import PendingRelease
from bongsu.node.publishing.version import Version
from bongsu.node.releases.ends import Ended, Ends
from bongsu.node.releases.shown import Fields, Shown, WasShown
from bongsu.node.services import Services
from bongsu.protocols.delayed_release import Course, course
from bongsu.records.kinds import RecordKind
from bongsu.records.lane import Lane
from bongsu.records.names import nation_of
from bongsu.records.projection import project
from bongsu.records.record import Record
from bongsu.records.releasability import Decision, decide
from bongsu.vocabulary.units import NationId, NodeId, RecordId, UtcNs, after_seconds

MAXIMUM_NAMED = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A version with its place in one feed, before it is signed."""

    version: Version
    feed: Outgoing
    place: Tail
    projection: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a version for a reader: at most one of the three."""

    linked: Linked | None = None
    pending: PendingRelease | None = None
    then: RecordId | None = None  # the end of the thing, to be released right behind it


class _Weighed(NamedTuple):
    course: Course
    decision: Decision
    due_at: UtcNs
    ended: Ended | None


class Releasing:
    """Decides and links. Used by the publisher alone, who commits what it links."""

    def __init__(self, services: Services, feeds: Mapping[NodeId, Mapping[Lane, Outgoing]]) -> None:
        self._services = services
        self._feeds = feeds
        self.readers = tuple(feeds)  # every partner that we have a feed to
        self.shown = Shown(services.store, services.me.node)
        self.ends = Ends(services.store, services.me.realm)
        self._named_records: OrderedDict[RecordId, tuple[RecordKind, NationId]] = OrderedDict()

    def release(self, version: Version, reader: NodeId, *, was_due: bool) -> Fate:
        """Give it a place in the reader's feed, or say until when it waits.

        `was_due`: it waited, so that the thing may have ended since.
        """
        if version.role.is_end:
            ended = Ended(version.record_id, version.role)
            self.ends.add(version.kind, version.originator, version.subject, ended)
        weighed = self._weighed(version, reader, was_due=was_due)
        feed = self._feeds[reader][version.form.lane]
        match weighed.course:
            case Course.NEVER:
                return Fate()
            case Course.LATER:
                return Fate(pending=_pending(version, reader, weighed.due_at))
            case Course.NOW:
                return Fate(linked=self._link(version, feed, weighed.decision))
            case Course.WITH_ITS_END:
                then = None if weighed.ended is None else weighed.ended.record_id
                return Fate(linked=self._link(version, feed, weighed.decision), then=then)

    def expected(self, version: Version, reader: NodeId) -> PendingRelease | None:
        """The release of a partner's record to another partner, as it looks before it is stored."""
        weighed = self._weighed(version, reader, was_due=False)
        match weighed.course:
            case Course.NEVER:
                return None
            case Course.LATER:
                return _pending(version, reader, weighed.due_at)
            case _:
                return _pending(version, reader, version.stored_at)

    def forget(self, version: Version) -> None:
        """The disk refused it: what was noted of it is read from the log again."""
        self.shown.forget(version.kind, version.subject)
        self.ends.forget(version.kind, version.originator, version.subject)

    def _comes_from(self, version: Version, reader: NodeId) -> bool:
        """A record never goes back to its originator's nation or to whoever brought it.

        A recall's answer does just that: it goes to who brought the recall.
        """
        if version.form.by_path or version.originator == self._services.me.node:
            return False
        return nation_of(reader) == nation_of(version.originator) or reader in version.brought_by

    def _weighed(self, version: Version, reader: NodeId, *, was_due: bool) -> _Weighed:
        shown = self.shown.of(version.kind, version.subject).get(reader)
        decision = self._decision(version, reader, shown)
        due_at = after_seconds(version.stored_at, decision.delay_s)
        ended = self._ended(version, waited=was_due or decision.delay_s > 0)
        out = reader in version.sent_to or self._comes_from(version, reader)
        if out or reader not in self._feeds or not decision.released:
            return _Weighed(Course.NEVER, decision, due_at, ended)
        return _Weighed(self._course(version, shown, due_at, ended), decision, due_at, ended)

    def _decision(self, version: Version, reader: NodeId, shown: WasShown | None) -> Decision:
        passed = Fields() if shown is None else shown.fields
        if version.form.by_path:
            passed = version.path.get(reader, Fields())
        return decide(
            self._services.agreements.in_force(),
            kind=version.kind,
            originator=nation_of(version.originator),
            sender=self._services.me.nation,
            reader=nation_of(reader),
            already_shown=passed,
            role=version.role,
            trusted=self._services.trust.nations if version.form.starting else frozenset(),
        )

    def _ended(self, version: Version, *, waited: bool) -> Ended | None:
        if version.role.is_end:
            return Ended(version.record_id, version.role)
        return self.ends.of(version.kind, version.originator, version.subject) if waited else None

    def _course(
        self, version: Version, shown: WasShown | None, due_at: UtcNs, ended: Ended | None
    ) -> Course:
        if version.form.by_path:
            return Course.NOW
        return course(
            version.role,
            waits=due_at > max(self._services.clock.utc(), version.stored_at),
            was_shown=shown is not None,
            ended=None if ended is None else ended.role,
            was_shown_the_end=shown is not None
            and ended is not None
            and shown.newest == ended.record_id,
            is_recalled=version.is_recalled,
        )

    def _link(self, version: Version, feed: Outgoing, decision: Decision) -> Linked:
        reader = feed.feed.reader
        projection = project(
            version.record, decision.fields, visible=lambda named: self._may_know(reader, named)
        )
        place = feed.link(projection)
        self.shown.add(version.kind, version.subject, reader, projection)
        return Linked(version=version, feed=feed, place=place, projection=projection)

    def _may_know(self, reader: NodeId, named: RecordId) -> bool:
        """Whether the reader may know of a record that another one leans on: its own, or what
        it may see of it now from the originator or from us. What we don't hold we don't name."""
        known = self._named(named)
        if known is None:
            return False
        kind, originator = known
        if originator == nation_of(reader):
            return True
        may_see = (
            decide(
                self._services.agreements.in_force(),
                kind=kind,
                originator=originator,
                sender=sender,
                reader=nation_of(reader),
            )
            for sender in (originator, self._services.me.nation)
        )
        return any(seen.released and not seen.delay_s for seen in may_see)

    def _named(self, named: RecordId) -> tuple[RecordKind, NationId] | None:
        """What it is and whose; looked up once, not once for each reader."""
        known = self._named_records.get(named)
        if known is None:
            row = self._services.store.record(named)
            if row is None:
                return None
            known = RecordKind(row.kind), nation_of(row.originator)
            self._named_records[named] = known
            while len(self._named_records) > MAXIMUM_NAMED:
                self._named_records.popitem(last=False)
        return known


def _pending(version: Version, reader: NodeId, due_at: UtcNs) -> PendingRelease:
    return PendingRelease(record_id=version.record_id, reader=reader, due_at=due_at)
