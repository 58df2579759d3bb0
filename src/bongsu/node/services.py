"""What every part of one node shares: who it is, whom it trusts, its ports."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

from bongsu.node.carry.carry_ports import CarryPost
from bongsu.node.guidelines.agreements import Agreements
from bongsu.node.health import Health
from bongsu.node.keys.keyring import Keyring
from bongsu.node.links.arrivals import Arrivals
from bongsu.node.ports import Clock, Commit, Entropy, Evidence, Journal, MessageEngine, Store
from bongsu.records.keys import Opener, Sealer, Signer, Verifier
from bongsu.records.trust import TrustStore
from bongsu.records.versions import Versions
from bongsu.vocabulary.errors import BongsuError
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorSite
from bongsu.vocabulary.units import NationId, NodeId

EACH_TOLD = 100

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which installation this is."""

    node: NodeId
    nation: NationId
    realm: Realm


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that a part of the node needs and did not make itself."""

    me: Identity
    clock: Clock
    store: Store
    engine: MessageEngine
    journal: Journal
    entropy: Entropy
    verifier: Verifier
    sealer: Sealer
    new_opener: Callable[[], Opener]  # a fresh short-lived key pair, in memory only
    keyring: Keyring  # whose keys count now, and our own; ask each time
    agreements: Agreements  # which guideline holds now; ask each time
    crypto: Executor  # signing and opening run here, beside the loop
    versions: Versions = Versions()  # of the protocol: what we speak, and the least we accept
    carry: CarryPost | None = None  # where feeds can be carried as files
    sites: tuple[SensorSite, ...] = ()  # of our own sensors, for people's maps
    health: Health = field(default_factory=Health)
    arrivals: Arrivals = field(default_factory=Arrivals)

    @property
    def trust(self) -> TrustStore:
        """Whose keys we believe now."""
        return self.keyring.trust

    @property
    def signer(self) -> Signer:
        """Our own keys now."""
        return self.keyring.signer

    async def beside(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run blocking work beside the loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.crypto, partial(work, *args, **kwargs))

    def submit(self, work: Callable[[], None]) -> None:
        """Start work beside the loop that nobody waits for; a failure goes to the journal."""
        self.crypto.submit(work).add_done_callback(partial(self._report_failure, "work_failed"))

    def append(self, commit: Commit) -> Future[None]:
        """Append to the log; a failure is also written to the journal, whoever waits for it."""
        done = self.store.append(commit)
        done.add_done_callback(partial(self._report_failure, "store_failed"))
        return done

    def refuse(self, error: BongsuError, *, source: str, payload: bytes, count: int = 1) -> None:
        """Count what was refused, tell people, keep it as evidence.

        A flood costs its sender: of one reason the first hundred are told and kept, then the
        200th, 400th, 800th and so on; all are counted. `count`: so many at once, of which
        `payload` is one.
        """
        total = self.health.refuse(f"{source}: {error.what}", count)
        if not _is_told(total - count, total):
            return
        self.journal.write(
            "refused",
            source=source,
            reason=error.what,
            remedy=error.remedy,
            count=total,
            scenario_utc_ns=self.clock.utc(),
        )
        evidence = Evidence(
            reason=error.what, source=source, payload=payload, kept_at=self.clock.utc()
        )
        self.append(Commit(evidence=(evidence,)))

    def _report_failure(self, event: str, done: Future[None]) -> None:
        if done.cancelled():
            return  # we are stopping: nothing was written and nothing acknowledged
        error = done.exception()
        if error is not None:
            self.journal.write(event, reason=str(error), scenario_utc_ns=self.clock.utc())


def _is_told(before: int, total: int) -> bool:
    passed = (total // EACH_TOLD).bit_length() > (before // EACH_TOLD).bit_length()
    return before < EACH_TOLD or passed
