"""The watch: pictures of our tracker and warnings of partners go to the warning desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from bongsu.node.links.display_comparison import DisplayComparison
from bongsu.node.links.incoming import ReceivedRecord
from bongsu.node.publishing.estimate_updates import EstimateUpdates
from bongsu.node.publishing.plot_updates import PlotUpdates
from bongsu.node.publishing.publisher import Publisher
from bongsu.node.publishing.statement import Statement
from bongsu.node.publishing.version import held_version
from bongsu.node.recalls.recall_book import RecallBook, held
from bongsu.node.sensor_health import SensorHealth
from bongsu.node.services import Services
from bongsu.node.tracks.shared_tracks import SharedTracks
from bongsu.protocols import warning_desk
from bongsu.protocols.confirmation import of_other_sites
from bongsu.protocols.partner_warnings import KEPT_S
from bongsu.records.batch import BatchKind, ReplayGuard, open_batch
from bongsu.records.batch_bodies import picture_of
from bongsu.records.kinds import RecordKind, form_of
from bongsu.records.opened_record import OpenedRecord, open_unverified_record
from bongsu.records.record import RECORD
from bongsu.records.tracks_as_records import track_to_fields
from bongsu.records.warnings_as_records import seen_warning, warning_to_fields
from bongsu.vocabulary.errors import BongsuError, PeerViolation
from bongsu.vocabulary.launch_warning import EndReason, LaunchWarning
from bongsu.vocabulary.seen_warning import SeenWarning, as_stated, whole
from bongsu.vocabulary.track import Track, TrackPicture, TrackStatus
from bongsu.vocabulary.units import (
    NS_PER_S,
    MonotonicNs,
    NodeId,
    RecordId,
    TrackId,
    seconds_between,
)

TRACK_UPDATES_EVERY_NS = NS_PER_S  # unscaled, per track
NO_PLOTS: Mapping[TrackId, MonotonicNs] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What was last written of a track, so that only news is."""

    status: TrackStatus
    plot_emitted_at: MonotonicNs
    updated_at: MonotonicNs


class Watch:
    """Owns the desk's state. Lives on the node's loop."""

    def __init__(
        self,
        services: Services,
        publisher: Publisher,
        recalls: RecallBook,
        displays: DisplayComparison,
        tracks: SharedTracks,
    ) -> None:
        self._services = services
        self._publisher = publisher
        self._recalls = recalls
        self._displays = displays
        self._tracks = tracks
        self._closed = False
        self._stands_by = False
        self._guard = ReplayGuard()
        self._estimates = EstimateUpdates(services, publisher)
        self._plots = PlotUpdates(services, publisher)
        self._shown: dict[TrackId, _Shown] = {}
        self.sensors = SensorHealth(services)
        self._epoch = warning_desk.FIRST_EPOCH
        self.desk = warning_desk.WarningDesk(node=services.me.node, nation=services.me.nation)
        self._restore()

    def close(self) -> None:
        """State nothing any more: the node is about to stop, its warnings stay open in the log."""
        self._closed = True

    def stand_by(self, stands_by: bool) -> None:
        """State nothing of what is seen from now on, or state it again; what is open still ends."""
        self._stands_by = stands_by

    def take_tracker_batch(self, payload: bytes) -> None:
        """A picture of our own tracker; anything else is refused, counted and kept."""
        services = self._services
        try:
            batch = open_batch(
                payload,
                kind=BatchKind.PICTURE,
                nation=services.me.nation,
                trust=services.trust,
                verifier=services.verifier,
                guard=self._guard,
                now=services.clock.system_utc(),
            )
            picture = picture_of(batch)
        except BongsuError as error:
            services.refuse(error, source="tracker", payload=payload)
            return
        self.sensors.take(picture)
        self._tracks.take_picture(picture)
        if self._stands_by:
            return
        fresh = self._fresh_plots(picture)
        self._take(warning_desk.PictureArrived(picture), fresh)
        self._notice_tracks(picture)
        if not self._closed:
            self._estimates.take(picture)
            self._plots.take(picture)

    def take_partner_record(self, received: ReceivedRecord, *, recalled: str | None) -> None:
        """A partner's record that is verified and on our disk; `recalled`: why it is withdrawn."""
        record = received.record
        if record.kind is not RecordKind.LAUNCH_WARNING:
            return
        try:
            warning = seen_warning(record)
        except BongsuError as error:
            self._services.refuse(error, source=received.sender, payload=record.record_id)
            return
        self._services.journal.write(
            "partner_warning",
            scenario_utc_ns=self._services.clock.utc(),
            stored_monotonic_ns=received.stored_at,
            origin=record.originator,
            record_id=record.record_id.hex(),
            time_doubts=received.time_doubts,
            warning=warning,
            recalled=recalled,
        )
        self._displays.show(
            record.originator, record.record_id, warning, recalled=recalled is not None
        )
        self._take(warning_desk.PartnerWarningArrived(record.record_id, warning, recalled))

    def take_more(self, record: OpenedRecord, *, sender: NodeId, recalled: str | None) -> None:
        """A record that was shown already, now with everything that any way brought of it."""
        if record.kind is not RecordKind.LAUNCH_WARNING:
            return
        try:
            warning = seen_warning(record)
        except BongsuError:
            return  # refused when it came first
        self._journal(
            "partner_warning_opened",
            origin=record.originator,
            sender=sender,
            record_id=record.record_id.hex(),
            warning=warning,
        )
        self._displays.show(
            record.originator, record.record_id, warning, recalled=recalled is not None
        )
        self._take(warning_desk.PartnerWarningArrived(record.record_id, warning, recalled))

    def take_recalled(self, records: frozenset[RecordId], reason: str) -> None:
        """Their originator withdrew these records."""
        self._displays.withdraw(records)
        self._take(warning_desk.PartnerWarningsRecalled(records, reason))

    def end_recalled(self, warning_id: str, reason: EndReason) -> None:
        """A person withdrew a warning of ours: it ends, if it is open."""
        self._take(warning_desk.OwnWarningRecalled(warning_id, reason))

    def restate_recalled(self, warning_id: str, version: int) -> None:
        """A person withdrew one version of ours: if it is the newest one, what holds is stated."""
        self._take(warning_desk.OwnVersionRecalled(warning_id, version))

    def epoch_is(self, epoch: int) -> None:
        """Our feeds are in this epoch: beyond the first, our log has lost what partners hold."""
        if epoch > self._epoch:
            self._epoch = epoch
            self._take(warning_desk.PlaceLost(epoch))

    def displays_disagree(self, about: frozenset[str]) -> None:
        """So much is in dispute between our displays and others': see the desk's event."""
        if about != self.desk.disputed:
            self._take(warning_desk.DisplaysDisputed(about))

    def time_passed(self) -> None:
        """End what is over."""
        if self.desk.open_warnings:
            self._take(warning_desk.TimePassed())

    def _restore(self) -> None:
        """Read partners' warnings of late and our own open ones back from the log."""
        self._restore_partners()
        for row in self._services.store.records(kind=RecordKind.LAUNCH_WARNING.value, own=True):
            opened = open_unverified_record(
                RECORD.decode(row.encoded), realm=self._services.me.realm
            )
            warning = as_stated(seen_warning(opened))
            self._take(warning_desk.OwnWarningRestored(warning))
        self._publisher.expect_more_of(
            RecordKind.LAUNCH_WARNING,
            (known.stated.warning_id for known in self.desk.open_warnings.values()),
        )

    def _restore_partners(self) -> None:
        """Before our own, so that none of ours is weighed against half of what is known."""
        services = self._services
        now = services.clock.utc()
        for row in services.store.records(kind=RecordKind.LAUNCH_WARNING.value, own=False):
            if seconds_between(now, row.stored_at) > KEPT_S:
                continue
            try:
                record = open_unverified_record(RECORD.decode(row.encoded), realm=services.me.realm)
                warning = seen_warning(record)
            except PeerViolation:
                continue  # refused, counted and kept as evidence when it came
            self._take_restored(record, warning)
        for partner in tuple(self.desk.partner_warnings.values()):
            version = held_version(services.store, services.me, partner.record_id)
            if version is not None:  # what came by several ways, as one
                record = open_unverified_record(version.record, realm=services.me.realm)
                self._take_restored(record, seen_warning(record))

    def _take_restored(self, record: OpenedRecord, warning: SeenWarning) -> None:
        subject = form_of(record.kind).subject_of(record.fields)
        recall = self._recalls.state.of(
            held(record.record_id, record.kind, record.originator, subject)
        )
        why = None if recall is None else recall.reason
        self._take(warning_desk.PartnerWarningArrived(record.record_id, warning, why))

    def _take(
        self, event: warning_desk.Event, fresh: Mapping[TrackId, MonotonicNs] = NO_PLOTS
    ) -> None:
        if self._closed:
            return
        now = self._services.clock.utc()
        self.desk, effects = warning_desk.step(self.desk, event, now=now)
        for effect in effects:
            match effect:
                case warning_desk.StateWarning(warning):
                    self._state(warning, fresh.get(warning.track_id))
                case warning_desk.RefuseTrack(track_id):
                    count = self._services.health.refuse("tracks beyond the desk's bound")
                    self._journal("track_refused", track=track_id, count=count)

    def _state(self, warning: LaunchWarning, plot_emitted_at: MonotonicNs | None) -> None:
        stated_at = self._services.clock.monotonic()

        def stored(record_id: RecordId, stored_at: MonotonicNs) -> None:
            self._services.journal.write(
                "own_warning",
                scenario_utc_ns=self._services.clock.utc(),
                stated_monotonic_ns=stated_at,
                stored_monotonic_ns=stored_at,
                plot_emitted_monotonic_ns=plot_emitted_at,
                record_id=record_id.hex(),
                warning=warning,
            )
            self._displays.show(warning.node, record_id, whole(warning), recalled=False)

        self._publisher.publish(
            Statement(
                kind=RecordKind.LAUNCH_WARNING,
                fields=warning_to_fields(
                    warning,
                    derived_from=(
                        *warning.corroborated_by,
                        *of_other_sites(warning, self.desk.partner_warnings),
                    ),
                ),
                created_at=warning.stated_at,
                stored=stored,
            )
        )

    def _fresh_plots(self, picture: TrackPicture) -> dict[TrackId, MonotonicNs]:
        """When the newest plot behind each track left its sensor, for tracks that got a new one."""
        return {
            track.track_id: track.last_plot_emitted_at
            for track in picture.tracks
            if (shown := self._shown.get(track.track_id)) is None
            or shown.plot_emitted_at != track.last_plot_emitted_at
        }

    def _notice_tracks(self, picture: TrackPicture) -> None:
        """Journal changes of status and publish updates, each track at most once a second."""
        now = self._services.clock.monotonic()
        shown: dict[TrackId, _Shown] = {}
        for track in picture.tracks:
            if track.status is TrackStatus.TENTATIVE:
                continue
            before = self._shown.get(track.track_id)
            if before is None or before.status is not track.status:
                self._journal("track_status", track=track.track_id, status=track.status)
            due = before is None or now - before.updated_at >= TRACK_UPDATES_EVERY_NS
            if due:
                self._publish_update(track)
            shown[track.track_id] = _Shown(
                status=track.status,
                plot_emitted_at=track.last_plot_emitted_at,
                updated_at=now if before is None or due else before.updated_at,
            )
        self._shown = shown

    def _publish_update(self, track: Track) -> None:
        if self._closed:
            return
        self._publisher.publish(
            Statement(
                kind=RecordKind.TRACK_UPDATE,
                fields=track_to_fields(track),
                created_at=track.at,
                stored=lambda _record_id, _stored_at: None,
            )
        )

    def _journal(self, event: str, **fields: object) -> None:
        self._services.journal.write(event, scenario_utc_ns=self._services.clock.utc(), **fields)
