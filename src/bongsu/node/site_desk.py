"""Which site speaks for its nation: takeovers by people, told to every partner."""

from collections.abc import Collection
from typing import Annotated

from msgspec import Meta

from bongsu.node.control import Body, NoBody, Offered
from bongsu.node.links.incoming import ReceivedRecord
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.services import Services
from bongsu.node.watch import Watch
from bongsu.protocols import sites
from bongsu.records.kinds import RecordKind
from bongsu.records.names import nation_of
from bongsu.records.opened_record import open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.sites_as_records import site_status, status_to_fields
from bongsu.vocabulary.errors import BongsuError, LocalMisuse
from bongsu.vocabulary.site import SiteState, SiteStatus
from bongsu.vocabulary.units import NodeId, UtcNs

Reason = Annotated[str, Meta(min_length=1, max_length=1_000)]


class TakeOver(Body, frozen=True, kw_only=True):
    in_place_of: str
    reason: Reason


class Release(Body, frozen=True, kw_only=True):
    reason: Reason


class SiteDesk:
    """Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        publisher: Publisher,
        watch: Watch,
        partners: Collection[NodeId],
        *,
        stands_by_at_first: bool,
    ) -> None:
        self._services = services
        self._publisher = publisher
        self._watch = watch
        nation = services.me.nation
        self._own_sites = frozenset(node for node in partners if nation_of(node) == nation)
        self.machine = sites.Sites(me=services.me.node, stands_by_at_first=stands_by_at_first)
        self._restore()
        watch.stand_by(not self.machine.speaks)
        self.offered = {
            "site_take_over": Offered(TakeOver, self._take_over),
            "site_release": Offered(Release, self._release),
            "sites": Offered(NoBody, self._as_seen),
        }

    def take_partner_record(self, received: ReceivedRecord) -> None:
        """A site status, or a warning whose originator may have been replaced."""
        record = received.record
        if record.kind is RecordKind.LAUNCH_WARNING:
            self._take(sites.WarningStated(record.originator, record.signed_at))
            return
        try:
            status = site_status(record)
        except BongsuError as error:
            self._services.refuse(error, source=received.sender, payload=record.record_id)
            return
        self._take(sites.StatusArrived(status))

    async def _take_over(self, body: TakeOver) -> object:
        other = NodeId(body.in_place_of)
        if other not in self._own_sites:
            raise LocalMisuse(
                f"{other} is no other site of {self._services.me.nation} among our partners",
                remedy="Name the site that is lost, as [[partners]] has it",
            )
        return await self._stated(SiteState.ACTIVE, other, body.reason)

    async def _release(self, body: Release) -> object:
        if not self.machine.speaks:
            raise LocalMisuse("this site stands by already", remedy="Nothing has to be done")
        return await self._stated(SiteState.STANDBY, None, body.reason)

    async def _as_seen(self, _: NoBody) -> object:
        me = self._services.me
        return {
            "node": me.node,
            "realm": me.realm.value,
            "speaks": self.machine.speaks,
            "sites": [status_to_fields(word) for word in self.machine.known.values()],
        }

    async def _stated(
        self, state: SiteState, in_place_of: NodeId | None, reason: str
    ) -> dict[str, object]:
        status = self._status(state, in_place_of, reason)
        self._state(status)
        return {"node": status.node, "speaks": self.machine.speaks, "since": status.since}

    def _status(self, state: SiteState, in_place_of: NodeId | None, reason: str) -> SiteStatus:
        me = self._services.me
        words = (word.since for word in self.machine.known.values() if word.nation == me.nation)
        now = self._services.clock.system_utc()
        # A word is newer than every one that it answers, whatever the two clocks say.
        since = UtcNs(max(now, *(said + 1 for said in words), 0))
        return SiteStatus(
            nation=me.nation,
            node=me.node,
            state=state,
            since=since,
            in_place_of=in_place_of,
            reason=reason,
        )

    def _state(self, status: SiteStatus) -> None:
        self._publisher.publish(
            Statement(
                kind=RecordKind.SITE_STATUS,
                fields=status_to_fields(status),
                created_at=self._services.clock.utc(),
                stored=lambda _record_id, _stored_at: None,
            )
        )
        self._take(sites.StatusStated(status))

    def _take(self, event: sites.Event) -> None:
        self.machine, effects = sites.step(self.machine, event)
        self._watch.stand_by(not self.machine.speaks)
        for effect in effects:
            match effect:
                case sites.TellStatus(status):
                    self._journal("site_status", **status_to_fields(status))
                case sites.TellTwoSpeak(nation, pair):
                    self._journal("two_sites_speak", nation=nation, sites=pair)
                case sites.StandBy(cause):
                    reason = f"{cause.node} speaks in our place: {cause.reason}"[:1_000]
                    self._state(self._status(SiteState.STANDBY, None, reason))

    def _restore(self) -> None:
        """Every word that is in the log, in its order; nothing is told again."""
        for own in (False, True):
            rows = self._services.store.records(kind=RecordKind.SITE_STATUS.value, own=own)
            for row in rows:
                record = RECORD.decode(row.encoded)
                opened = open_unverified_record(record, realm=self._services.me.realm)
                self.machine, _ = sites.step(self.machine, sites.StatusStated(site_status(opened)))

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)
