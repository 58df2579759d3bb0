"""A nation's tracker as a process: signed plots in, signed pictures out."""

import asyncio
import contextlib
import sys
from pathlib import Path

from bongsu.adapters.first_in_line import go_first
from bongsu.adapters.freed_memory import keep_freed_memory
from bongsu.adapters.json_journal import JsonJournal
from bongsu.adapters.keys.cryptography_keys import CryptographySigner, CryptographyVerifier
from bongsu.adapters.keys.files import read_certified_signer
from bongsu.adapters.keys.trust_watch import TrustWatch
from bongsu.adapters.local_link import LocalListener, LocalSender
from bongsu.adapters.system_clock import ScenarioClock, SystemClock
from bongsu.main.rehearsal import warm_up
from bongsu.main.running import run_to_the_end, stop_on_signals
from bongsu.main.settings import (
    TrackerSettings,
    address_beside,
    beside,
    clock_of,
    read_settings,
)
from bongsu.records.batch import BatchKind, ReplayGuard, open_batch, sign_batch
from bongsu.records.batch_bodies import picture_body, plots_of
from bongsu.records.certificate import Role
from bongsu.records.names import nation_of
from bongsu.tracking.settings import TrackerSettings as TrackingSettings
from bongsu.tracking.tracker import Tracker
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.sensor_tables import site_of
from bongsu.vocabulary.units import NodeId

TRUST_LOOKED_AT_EVERY_S = 5.0
IDLE_PICTURE_EVERY_S = 0.5  # pictures go on when no plot comes, so that the node sees time pass
LOOK_AHEAD_AFTER_S = 0.03  # without further plots


class TrackerProcess:
    """Verifies each batch, lets the tracker take it, sends the picture to the node."""

    def __init__(
        self,
        settings: TrackerSettings,
        *,
        clock: SystemClock | ScenarioClock,
        trust: TrustWatch,
        signer: CryptographySigner,
        sender: LocalSender,
        journal: JsonJournal,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._trust = trust
        self._signer = signer
        self._sender = sender
        self._journal = journal
        self._verifier = CryptographyVerifier()
        self._guard = ReplayGuard()
        # The name holds the start's time: ids of tracks stay unique over restarts.
        started = clock.system_utc() // 1_000_000_000
        self._tracker = Tracker(
            [site_of(table) for table in settings.sensors],
            name=f"{settings.id}/{started:x}",
            settings=TrackingSettings(realm=settings.realm),
        )
        # Sequences go on over restarts: the node takes none that it had.
        self._sequence = int(clock.system_utc())
        self._refused = 0
        self._news = asyncio.Event()

    @property
    def refused_plots(self) -> int:
        """Plots that the tracker itself refused since the start: wrong realm, impossible, NaN."""
        return sum(self._tracker.refused.values())

    async def take_batch(self, payload: bytes) -> None:
        """One message of a sensor; what is not its own signed batch is refused and counted."""
        try:
            batch = open_batch(
                payload,
                kind=BatchKind.PLOTS,
                nation=nation_of(self._settings.id),
                trust=self._trust.trust,
                verifier=self._verifier,
                guard=self._guard,
                now=self._clock.system_utc(),
            )
            plots = plots_of(batch)
        except BongsuError as error:
            self._refused += 1
            self._journal.write("refused", reason=error.what, count=self._refused)
            return
        self._tracker.process(plots, now=self._clock.utc())
        self._news.set()

    async def send_pictures(self) -> None:
        """Run until cancelled: after every batch, and now and then without one."""
        while True:
            await self._news_come(IDLE_PICTURE_EVERY_S)
            self._news.clear()
            self._send_picture()
            # By then the picture has left, and the node has had the processors to itself.
            if not await self._news_come(LOOK_AHEAD_AFTER_S):
                self._tracker.look_ahead()

    async def _news_come(self, within_s: float) -> bool:
        """Whether plots came that no picture shows yet, after waiting for them so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._news.wait()
        return self._news.is_set()

    async def watch_trust(self) -> None:
        """Run until cancelled: a sensor whose key was revoked is refused shortly after."""
        while True:
            await asyncio.sleep(TRUST_LOOKED_AT_EVERY_S)
            self.look_at_trust()

    def look_at_trust(self) -> None:
        """Believe what the trust folder says now; what can't be read changes nothing."""
        try:
            if self._trust.look():
                self._journal.write("trust_changed")
        except BongsuError as error:
            self._journal.write("trust_not_read", reason=error.what, remedy=error.remedy)

    def _send_picture(self) -> None:
        picture = self._tracker.picture(now=self._clock.utc())
        self._sequence += 1
        self._sender.send(
            sign_batch(
                BatchKind.PICTURE,
                picture_body(picture),
                self._signer,
                realm=self._settings.realm,
                source=self._settings.id,
                sequence=self._sequence,
            )
        )


def run_tracker(path: Path) -> None:
    """Run the tracker that `path` configures until it is asked to stop."""
    keep_freed_memory()
    settings = read_settings(path, TrackerSettings)
    first = settings.real_time and go_first()
    journal = JsonJournal(sys.stdout, node=NodeId(settings.id), realm=settings.realm)
    journal.write("scheduled", real_time=first)
    run_to_the_end(_run(path, settings, journal))


async def _run(path: Path, settings: TrackerSettings, journal: JsonJournal) -> None:
    sender = LocalSender(address_beside(path, settings.node))
    clock = clock_of(settings)
    warm_up(settings.realm)
    trust = TrustWatch(
        beside(path, settings.trust), realm=settings.realm, verifier=CryptographyVerifier()
    )
    process = TrackerProcess(
        settings,
        clock=clock,
        trust=trust,
        signer=read_certified_signer(
            beside(path, settings.keys),
            role=Role.TRACKER,
            subject=settings.id,
            trust=trust.trust,
            now=clock.system_utc(),
        ),
        sender=sender,
        journal=journal,
    )
    listener = LocalListener(address_beside(path, settings.listen), process.take_batch)
    stopping = asyncio.Event()
    stop_on_signals(stopping.set)
    await listener.open()
    sender.open()
    works = [
        asyncio.ensure_future(work) for work in (process.send_pictures(), process.watch_trust())
    ]
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({*works, stop}, return_when=asyncio.FIRST_COMPLETED)
        for work in works:
            if work.done():
                work.result()
    finally:
        for task in (*works, stop):
            task.cancel()
        await listener.close()
        await sender.close()
