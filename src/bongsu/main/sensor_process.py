"""A made-up sensor as a process: waits for each scan's time, signs the plots, sends them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bongsu.adapters.keys.cryptography_keys import CryptographyVerifier
from bongsu.adapters.keys.files import read_certified_signer, read_trust
from bongsu.adapters.local_link import LocalSender
from bongsu.adapters.system_clock import ScenarioClock
from bongsu.exercise.director import DueBatch, schedule
from bongsu.exercise.flown_truth import truth_of
from bongsu.main.running import run_to_the_end, stop_on_signals
from bongsu.main.scenario_files import read_scenario
from bongsu.main.settings import (
    SensorSettings,
    address_beside,
    beside,
    clock_of,
    read_settings,
)
from bongsu.records.batch import BatchKind, sign_batch
from bongsu.records.batch_bodies import plots_body
from bongsu.records.certificate import Role
from bongsu.records.keys import Signer
from bongsu.vocabulary.errors import LocalMisuse

LAST_PLOTS_WITHIN_S = 5.0


def run_sensor(path: Path) -> None:
    """Run the sensor that `path` configures until the scenario ends."""
    settings = read_settings(path, SensorSettings)
    clock = clock_of(settings)
    if not isinstance(clock, ScenarioClock):
        raise LocalMisuse(
            f"{path}: a made-up sensor without a scenario clock",
            remedy='Say realm = "exercise" and give [clock]: made-up sensors never run live',
        )
    trust = read_trust(
        beside(path, settings.trust), realm=settings.realm, verifier=CryptographyVerifier()
    )
    signer = read_certified_signer(
        beside(path, settings.keys),
        role=Role.SENSOR,
        subject=settings.id,
        trust=trust,
        now=clock.system_utc(),
    )
    scenario = read_scenario(
        beside(path, settings.scenario), flight=settings.flight, seed=settings.seed
    )
    batches = schedule(scenario, truth_of(scenario), settings.id, not_before=clock.utc())
    run_to_the_end(_run(path, settings, clock, signer, batches))


async def _run(
    path: Path,
    settings: SensorSettings,
    clock: ScenarioClock,
    signer: Signer,
    batches: Iterator[DueBatch],
) -> None:
    sender = LocalSender(address_beside(path, settings.tracker))
    stopping = asyncio.Event()
    stop_on_signals(stopping.set)
    sender.open()
    try:
        for due in batches:
            if await _stopped_before(stopping, clock.real_seconds_until(due.due_at)):
                return
            sender.send(_signed(due, settings, clock, signer))
        await sender.drain(LAST_PLOTS_WITHIN_S)
    finally:
        await sender.close()


async def _stopped_before(stopping: asyncio.Event, wait_s: float) -> bool:
    try:
        async with asyncio.timeout(max(0.0, wait_s)):
            await stopping.wait()
    except TimeoutError:
        return False
    return True


def _signed(due: DueBatch, settings: SensorSettings, clock: ScenarioClock, signer: Signer) -> bytes:
    plots = replace(due.batch, emitted_at=clock.monotonic())
    return sign_batch(
        BatchKind.PLOTS,
        plots_body(plots),
        signer,
        realm=settings.realm,
        source=settings.id,
        sequence=plots.sequence,
    )
