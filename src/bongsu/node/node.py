"""One node: its links, its publisher, its watch, on one loop that never blocks for long."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bongsu import __version__
from bongsu.node.alarms.alarm_desk import AlarmDesk
from bongsu.node.alarms.conditions import Conditions
from bongsu.node.alarms.handover import Handover, HandoverBody
from bongsu.node.carry.carry_stocks import CHANNEL as CARRY_CHANNEL
from bongsu.node.carry.carrying import Carrying, carry_commands
from bongsu.node.control import Control, NoBody, Offered, all_offered
from bongsu.node.disk_room import DiskRoom
from bongsu.node.filing import Filed, Filing
from bongsu.node.guidelines.guideline_commands import GuidelineCommands
from bongsu.node.guidelines.guideline_desk import DESK_KINDS, GuidelineDesk
from bongsu.node.keys.key_commands import KeyCommands
from bongsu.node.keys.key_office import OFFICE_KINDS, KeyOffice
from bongsu.node.keys.key_statuses import CHANNEL as KEY_STATUS_CHANNEL
from bongsu.node.keys.key_statuses import KeyStatuses
from bongsu.node.letting_go import LetGoBody, LettingGo
from bongsu.node.links.display_comparison import DISPLAYS_DISAGREE, DisplayComparison
from bongsu.node.links.incoming import ReceivedRecord, Receiver
from bongsu.node.links.partner_link import PartnerLink
from bongsu.node.links.reader_keys import ReaderKeys
from bongsu.node.links.reception import Reception
from bongsu.node.links.story_comparison import StoryComparison
from bongsu.node.news import News, NewsBody
from bongsu.node.past.moments import Moments, MomentsAsked
from bongsu.node.past.past_picture import MomentAsked, PastPicture
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.recalls.recall_book import RecallBook
from bongsu.node.recalls.recall_commands import RecallCommands
from bongsu.node.recalls.recall_desk import RecallDesk
from bongsu.node.record_search import RecordSearch, RecordsSought
from bongsu.node.record_view import RecordView
from bongsu.node.releases.release_preview import NamedRecord, ReleasePreview
from bongsu.node.sensor_sites import SensorSites
from bongsu.node.services import Services
from bongsu.node.site_desk import SiteDesk
from bongsu.node.tracks.shared_tracks import PathsSought, SharedTracks
from bongsu.node.warnings_view import WarningsView
from bongsu.node.watch import Watch
from bongsu.protocols.warning_desk import WarningDesk
from bongsu.records.kinds import RecordKind
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.units import NS_PER_MS, NS_PER_S, NodeId, RecordId

TICK_S = 0.05
DELIVERED_WITHIN_S = 2.0
HEALTH_EVERY_TICKS = 100
STORED_WITHIN_S = 5.0  # after the request to stop


class Node:
    """The running installation. Everything but the engine's callback happens on its loop."""

    def __init__(
        self,
        services: Services,
        partners: Iterable[NodeId],
        *,
        relays: Mapping[NodeId, NodeId] | None = None,
        stands_by: bool = False,
    ) -> None:
        """`relays` names, for each partner without a direct link, the one that carries for it.

        `stands_by`: another site of our nation speaks, until somebody says otherwise.
        """
        begun = services.clock.system_utc() // NS_PER_MS
        news = News(services.journal, begun=begun, beside=services.beside)
        services = replace(services, journal=news)
        self._services = services
        self._keys = ReaderKeys(services)
        self._links: dict[NodeId, PartnerLink] = {}
        for partner in partners:
            if partner == services.me.node or partner in self._links:
                raise LocalMisuse(
                    f"{partner} is named as a partner of {services.me.node}",
                    remedy="Name each partner node once, and never the node itself",
                )
            self._links[partner] = PartnerLink(services, partner, self._keys, self._receiver)
        # Who is reached through another's node is sent to first: that one carries before it reads.
        far_first = sorted(self._links, key=lambda partner: partner not in (relays or {}))
        feeds = {partner: self._links[partner].outgoing for partner in far_first}
        recall_book = RecallBook()
        self._publisher = Publisher(services, feeds, recall_book)
        self._recalls = RecallDesk(services, self._publisher, recall_book, self._show_recalled)
        self._recalls.restore()
        self._guidelines = GuidelineDesk(services, self._publisher)
        self._displays = DisplayComparison(services, self._publisher, self._links, recall_book)
        tracks = SharedTracks(services)
        self._watch = Watch(services, self._publisher, recall_book, self._displays, tracks)
        self._watch.epoch_is(self._newest_epoch)
        self._sites = SiteDesk(
            services, self._publisher, self._watch, self._links, stands_by_at_first=stands_by
        )
        conditions = Conditions(services, self._desk, self._watch.sensors, self._links)
        self._alarms = AlarmDesk(services, self._publisher, conditions.now)
        self._stories = StoryComparison(services, self._publisher, self._links)
        recall_commands = RecallCommands(
            services, publisher=self._publisher, desk=self._recalls, watch=self._watch
        )
        guideline_commands = GuidelineCommands(services, self._publisher, self._guidelines)
        search = RecordSearch(services, recall_book)
        handover = Handover(services, self._desk, self._alarms, conditions.now, search)
        preview = ReleasePreview(
            services, {partner: (relays or {}).get(partner) for partner in self._links}
        )
        filing = Filing(services, self._publisher, preview)
        self._disk = DiskRoom(services)
        self._key_office = KeyOffice(
            services,
            self._publisher,
            self._links,
            officer_key_ended=self._guidelines.officer_key_ended,
        )
        self._key_statuses = KeyStatuses(services, self._key_office, self._links)
        key_commands = KeyCommands(
            services,
            self._key_office,
            self._key_statuses,
            reader_keys=self._keys,
            links=self._links,
        )
        self._reception = Reception(
            services,
            publisher=self._publisher,
            recalls=self._recalls,
            watch=self._watch,
            desks={
                **dict.fromkeys(DESK_KINDS, self._guidelines.take_partner_record),
                **dict.fromkeys(OFFICE_KINDS, self._key_office.take_record),
                RecordKind.HELD_WARNINGS: self._stories.take_partner_record,
                RecordKind.SHOWN_PICTURE: self._displays.take_partner_record,
                RecordKind.SITE_STATUS: self._sites.take_partner_record,
            },
            noted_by=self._note,
        )
        self._carrying = (
            None if services.carry is None else Carrying(services, services.carry, self._links)
        )
        self.control = Control(
            all_offered(
                key_commands.offered,
                self._sites.offered,
                self._alarms.offered,
                guideline_commands.offered,
                recall_commands.offered,
                carry_commands(self._carrying),
                {
                    "handover": Offered(HandoverBody, handover.as_seen),
                    "links": Offered(NoBody, self._links_as_seen),
                    "health": Offered(NoBody, self._health_as_seen),
                    "tracks": Offered(NoBody, tracks.as_seen),
                    "paths": Offered(PathsSought, tracks.paths),
                    "sensor_sites": Offered(NoBody, SensorSites(services).as_seen),
                    "warnings": Offered(NoBody, WarningsView(services, self._desk).as_seen),
                    "at": Offered(
                        MomentAsked, PastPicture(services, recall_book, self._links).as_seen
                    ),
                    "moments": Offered(MomentsAsked, Moments(services).after),
                    "news": Offered(NewsBody, news.after),
                    "disk": Offered(NoBody, self._disk.as_seen),
                    "let_go": Offered(LetGoBody, LettingGo(services).let_go),
                    "release_preview": Offered(NamedRecord, preview.of_named),
                    "records": Offered(RecordsSought, search.find),
                    "record_show": Offered(NamedRecord, RecordView(services, recall_book).show),
                    "filing_preview": Offered(Filed, filing.preview),
                    "filing_state": Offered(Filed, filing.state),
                },
            )
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._arrivals = services.arrivals
        self._arrivals.expect(self._links)
        self._stopping = asyncio.Event()

    def _desk(self) -> WarningDesk:
        return self._watch.desk

    @property
    def publisher(self) -> Publisher:
        """Where everything that this node states goes in."""
        return self._publisher

    async def run(self) -> None:
        """Run until `stop` is called; then commit what waits and close the ports."""
        services = self._services
        self._loop = asyncio.get_running_loop()
        self._keys.renew_if_due()
        services.engine.open(self._message_came)
        services.journal.write(
            "node_started",
            scenario_utc_ns=services.clock.utc(),
            partners=sorted(self._links),
            open_warnings=len(self._watch.desk.open_warnings),
            guideline=services.agreements.in_force() is not None,
        )
        tasks = [
            asyncio.ensure_future(work)
            for work in (
                *self._publisher.work(),
                self._recalls.answer_all(),
                self._key_office.record_changes(),
                self._tick(),
                *(half for link in self._links.values() for half in link.work()),
            )
        ]
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({*tasks, stop}, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()  # a part that ended did so by an error: say it, don't hide it
            await self._store_what_waits()
            await self._deliver_what_waits()
        finally:
            await self._close([*tasks, stop])

    def stop(self) -> None:
        """Ask `run` to end; from now on nothing new is stated."""
        self._watch.close()
        self._stopping.set()

    async def take_tracker_batch(self, payload: bytes) -> None:
        """A message of our own tracker."""
        self._watch.take_tracker_batch(payload)

    @property
    def _newest_epoch(self) -> int:
        return max((link.epoch for link in self._links.values()), default=1)

    async def _links_as_seen(self, _: NoBody) -> object:
        """Every link as it is now."""
        me = self._services.me
        return {
            "node": me.node,
            "realm": me.realm.value,
            "links": [self._link_as_seen(partner) for partner in self._links],
        }

    async def _health_as_seen(self, _: NoBody) -> object:
        """How the node is, but for its links."""
        services = self._services
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "version": __version__,
            "speaks": list(services.versions.speaks),
            "accepts": services.versions.minimum,
            "loop_lag_worst_s": services.health.loop_lag_worst_s,
            "refused": dict(services.health.refused),
            "sensors": self._watch.sensors.as_seen(),
        }

    def _link_as_seen(self, partner: NodeId) -> dict[str, Any]:
        """A link, with what its two ends' displays make differently of the same."""
        seen = self._links[partner].as_seen()
        differing = self._displays.as_seen(partner)
        faults = [*seen["faults"], *([DISPLAYS_DISAGREE] if differing else [])]
        return {**seen, "faults": faults, "displays": differing}

    async def _store_what_waits(self) -> None:
        """A disk that refuses holds the end up for a bounded time, and people are told."""
        await self._publisher.drained(STORED_WITHIN_S)
        lost = self._publisher.not_stored
        if lost:
            self._services.journal.write(
                "statements_lost", scenario_utc_ns=self._services.clock.utc(), count=lost
            )

    async def _deliver_what_waits(self) -> None:
        """What is on disk goes to every partner that can be heard, within a bound.

        Nothing is lost without this: a partner that misses something asks at the next start.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DELIVERED_WITHIN_S):
                while not all(link.is_delivered for link in self._links.values()):
                    await asyncio.sleep(TICK_S)

    async def _close(self, tasks: Sequence[asyncio.Future[Any]]) -> None:
        services = self._services
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        services.journal.write(
            "node_stopped",
            scenario_utc_ns=services.clock.utc(),
            refused=dict(services.health.refused),
            loop_lag_worst_s=services.health.loop_lag_worst_s,
        )
        services.engine.close()
        for link in self._links.values():
            link.keep_receipts()
        services.store.close()

    def _message_came(self, sender: NodeId, channel: str, payload: bytes) -> None:
        """On the engine's thread: hand over to the loop what is within quota and room."""
        now = self._services.clock.monotonic()
        if self._loop is not None and self._arrivals.enter(sender, channel, payload, now=now):
            self._loop.call_soon_threadsafe(self._take_message, sender, channel, payload)

    def _take_message(self, sender: NodeId, channel: str, payload: bytes) -> None:
        self._arrivals.leave(sender, len(payload))
        link = self._links.get(sender)
        if link is None:
            self._services.health.refuse("messages of nodes that are no partner")
            return
        if channel == KEY_STATUS_CHANNEL:
            self._key_statuses.take(sender, payload)
        elif channel == CARRY_CHANNEL:
            if self._carrying is not None:  # else we have no use for it, and its sender can't know
                self._carrying.stocks.take_message(sender, payload)
        else:
            link.take(channel, payload)

    def _tell_turned_away(self) -> None:
        """What cost us nothing is told all the same."""
        for turned in self._arrivals.turned_away():
            error = PeerViolation(
                turned.reason,
                remedy="What was dropped comes again; if it goes on, ask it and its relays why",
            )
            self._services.refuse(
                error, source=turned.sender, payload=turned.sample, count=turned.count
            )

    def _receiver(self) -> Receiver:
        return self._reception

    def _show_recalled(self, records: frozenset[RecordId], reason: str) -> None:
        self._watch.take_recalled(records, reason)

    def _note(self, received: ReceivedRecord) -> None:
        """A record that was shown for the first time."""
        if received.record.kind is RecordKind.LAUNCH_WARNING:
            self._sites.take_partner_record(received)
        self._stories.take_partner_record(received)

    async def _tick(self) -> None:
        clock, health = self._services.clock, self._services.health
        ticks = 0
        while True:
            before = clock.monotonic()
            await asyncio.sleep(TICK_S)
            lag_s = (clock.monotonic() - before) / NS_PER_S - TICK_S
            health.loop_lag_worst_s = max(health.loop_lag_worst_s, lag_s)
            if self._keys.renew_if_due():
                for link in self._links.values():
                    link.announce_key()
            for link in self._links.values():
                link.time_passed()
            self._guidelines.time_passed()
            self._watch.epoch_is(self._newest_epoch)
            self._watch.displays_disagree(self._displays.disputed)
            self._watch.time_passed()
            self._alarms.time_passed()
            self._stories.time_passed()
            self._displays.time_passed()
            self._key_statuses.time_passed()
            if self._carrying is not None:
                self._carrying.stocks.time_passed()
            self._reception.time_passed()
            self._disk.time_passed()
            self._tell_turned_away()
            ticks += 1
            if ticks % HEALTH_EVERY_TICKS == 0:
                self._report_health()

    def _report_health(self) -> None:
        services = self._services
        services.journal.write(
            "health",
            scenario_utc_ns=services.clock.utc(),
            loop_lag_worst_s=services.health.loop_lag_worst_s,
            refused=dict(services.health.refused),
            sensors=self._watch.sensors.as_seen(),
            links={partner: self._link_as_seen(partner) for partner in self._links},
        )
