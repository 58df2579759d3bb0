"""Keys that change while the node runs: learnt, enforced at once, recorded, passed on.

A statement of a root speaks for itself, whoever brings it: a person, a partner's record, a
partner's status. It is enforced the moment it is known, before anything is written. Then the
frames in hand are waited for, the line under an ended key is drawn (`records.key_cuts`), and the
statement is restated to every partner, each once: so it reaches every node that a path leads to.
A kill in between costs nothing: what the log knows is enforced at the next start, and what it
lacks of lines and restatements is made up for.
"""

import asyncio
from collections.abc import Callable, Mapping

from bongsu.node.keys.key_records import Fields, read_key_records, statements_in
from bongsu.node.links.incoming import ReceivedRecord
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.services import Services
from bongsu.records.certificate import CERTIFICATE, Role
from bongsu.records.feed import FeedId
from bongsu.records.key_cuts import HeldPlace, held_place
from bongsu.records.key_statements import NO_STATEMENTS, KeyStatements
from bongsu.records.kinds import RecordKind
from bongsu.records.revocation import REVOCATION, Revocation
from bongsu.vocabulary.errors import BongsuError, PeerViolation
from bongsu.vocabulary.units import MonotonicNs, NodeId, RecordId

OFFICE_KINDS = frozenset({RecordKind.KEY_CERTIFICATE, RecordKind.KEY_REVOCATION})
RETRY_AFTER_S = 1.0


class KeyOffice:
    """Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        publisher: Publisher,
        links: Mapping[NodeId, PartnerLink],
        *,
        officer_key_ended: Callable[[], None],
    ) -> None:
        self._officer_key_ended = officer_key_ended
        self._services = services
        self._publisher = publisher
        self._links = links
        self._records = read_key_records(services.store, realm=services.me.realm)
        self._to_record = NO_STATEMENTS
        self._news = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._restore()

    def learn(self, statements: KeyStatements, *, told_by: str) -> KeyStatements:
        """Believe these from now on; what was news is returned.

        Raises PeerViolation where any of them isn't a root's that we trust; then none counts.
        """
        services, before = self._services, self._services.trust
        news = statements.without(before.statements)
        if not news:
            return news
        services.keyring.trust = before.with_statements(news, verifier=services.verifier)
        for data in news.revocations:
            self._enforce(REVOCATION.decode(data), told_by)
        for data in news.certificates:
            one = CERTIFICATE.decode(data)
            self._journal(
                "key_certified", subject=one.subject, role=one.role.value, told_by=told_by
            )
        self._record_later(news)
        return news

    def take_record(self, received: ReceivedRecord) -> None:
        """A partner restates a root's words; those of nations that we don't trust are left."""
        record = received.record
        try:
            statements = statements_in(record.fields)
            for nation in self._services.trust.nations:
                self.learn(statements.of_nation(nation), told_by=received.sender)
        except PeerViolation as error:
            self._services.refuse(error, source=received.sender, payload=record.record_id)

    async def record_changes(self) -> None:
        """Run until cancelled: lines, restatements and files follow what was learnt."""
        while True:
            await self._news.wait()
            self._news.clear()
            news, self._to_record = self._to_record, NO_STATEMENTS
            await self._record(news)
            if not self._to_record:
                self._settled.set()

    async def recorded(self) -> None:
        """Wait until everything that was learnt is on disk."""
        await self._settled.wait()

    def own_key_counts(self) -> bool:
        """Whether partners believe what this node signs now."""
        services = self._services
        me, now = services.me.node, services.clock.system_utc()
        if not services.trust.has_key(Role.NODE, me, at=now):
            return False
        return services.trust.keys_of(Role.NODE, me, at=now) == services.signer.public

    def _restore(self) -> None:
        """Enforce what the log knows, and make up for what it lacks."""
        for statements in self._records.statements:
            try:
                self.learn(statements, told_by="our log")
            except PeerViolation as error:  # a trust folder that was put back to an older one
                self._journal("key_statement_left", reason=error.what)
        known = self._services.trust.statements
        for subject in sorted({REVOCATION.decode(data).subject for data in known.revocations}):
            self._record_later(known.about(subject))
        self._tell_of_own_key()

    def _tell_of_own_key(self) -> None:
        """People have to know that partners refuse everything of ours."""
        if not self.own_key_counts():
            self._journal("own_key_ended", node=self._services.me.node)

    def _record_later(self, news: KeyStatements) -> None:
        if news:
            self._to_record = self._to_record.with_all(news)
            self._settled.clear()
            self._news.set()

    def _enforce(self, ended: Revocation, told_by: str) -> None:
        self._journal(
            "key_ended",
            subject=ended.subject,
            role=ended.role.value,
            cause=ended.cause.value,
            ends_at=ended.ends_at,
            reason=ended.reason,
            told_by=told_by,
        )
        if ended.role is Role.OFFICER:
            self._officer_key_ended()
        link = self._links.get(NodeId(ended.subject))
        if link is not None and ended.role is Role.NODE:
            link.key_ended()

    async def _record(self, news: KeyStatements) -> None:
        for link in self._links.values():
            for feed in link.incoming.values():
                await feed.settled()
        services, keeper = self._services, self._services.keyring.keeper
        if keeper is not None:
            try:
                await services.beside(keeper.keep_public, news)
            except BongsuError as error:  # the log knows it: only the tracker and the tools don't
                self._journal("trust_folder_not_kept", reason=str(error))
        missing = self._records.missing(
            news,
            places=await services.beside(self._places),
            learnt_at=services.clock.system_utc(),
        )
        for kind, fields in missing:
            await self._published(kind, fields)
        self._tell_of_own_key()

    async def _published(self, kind: RecordKind, fields: Fields) -> None:
        on_disk = asyncio.Event()

        def stored(_: RecordId, __: MonotonicNs) -> None:
            on_disk.set()

        now = self._services.clock.utc()
        statement = Statement(kind=kind, fields=fields, created_at=now, stored=stored)
        while not self._publisher.publish(statement):
            await asyncio.sleep(RETRY_AFTER_S)
        await on_disk.wait()

    def _places(self) -> list[HeldPlace]:
        """The countersigned position of every feed, at this moment."""
        me, store = self._services.me.node, self._services.store
        places: dict[FeedId, HeldPlace] = {}
        for position in store.positions():
            feed, sequence, hash_ = position.feed, position.sequence, position.entry_hash
            if feed.sender == me:
                sequence = store.acknowledged(feed)
                hash_ = store.entry_hash(feed, sequence) or bytes(32)
            places[feed] = held_place(feed, sequence, hash_)
        for link in self._links.values():
            for reading in link.incoming.values():
                held = reading.position
                places[reading.feed] = held_place(reading.feed, held.sequence, held.entry_hash)
            for sending in link.outgoing.values():
                sent = sending.acknowledged
                places[sending.feed] = held_place(sending.feed, sent.sequence, sent.hash)
        return list(places.values())

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)
