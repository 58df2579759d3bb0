"""All message engines, the real one, the simulated one and the one of files, keep one contract."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.adapters.engine_contract import READER, SENDER, Arrived, EngineContract, Story
from tests.adapters.links import (
    ARE_YOU_THERE,
    US,
    Certificates,
    Gateway,
    neighbour,
    settings,
    unused_port,
)

from bongsu.adapters.engines.carry_folder import ArrivedFolder, DepartingFolder
from bongsu.adapters.engines.zenoh_engine import ZenohEngine, ZenohSettings
from bongsu.adapters.simulated import network
from bongsu.adapters.simulated.clock import SimulatedTime
from bongsu.adapters.simulated.event_loop import run_in_simulated_time
from bongsu.adapters.simulated.network import SimulatedEngine, SimulatedNetwork
from bongsu.node.ports import MessageEngine
from bongsu.vocabulary.realm import Realm

LONGER_THAN_ANY_DELAY_S = 1.0


@dataclass
class SimulatedEnds:
    network: SimulatedNetwork
    sender: SimulatedEngine
    reader: SimulatedEngine
    heard: Arrived = field(default_factory=list)

    async def arrived(self) -> Arrived:
        await asyncio.sleep(LONGER_THAN_ANY_DELAY_S)
        heard, self.heard[:] = list(self.heard), []
        return heard

    def unlinked(self) -> MessageEngine:
        return SimulatedNetwork().engine(SENDER)


class SimulatedWorld:
    def play(self, story: Story) -> None:
        net = SimulatedNetwork()
        ends = SimulatedEnds(net, net.engine(SENDER), net.engine(READER))
        ends.sender.open(lambda *_: None)
        ends.reader.open(lambda *message: ends.heard.append(message))
        run_in_simulated_time(story(ends), SimulatedTime())


class TestSimulatedEngine(EngineContract):
    @pytest.fixture
    def world(self, monkeypatch: pytest.MonkeyPatch) -> SimulatedWorld:
        monkeypatch.setattr(network, "MAXIMUM_UNDER_WAY", 1_000)
        return SimulatedWorld()


@dataclass
class CarriedEnds:
    """Each time that arrival is asked for, the folder of one trip is carried over."""

    folder: Path
    stage: ExitStack
    trips: int = 0
    sender: DepartingFolder = field(init=False)
    reader: ArrivedFolder = field(init=False)

    def __post_init__(self) -> None:
        self._depart()
        self._arrive()  # a first trip with nothing in it

    async def arrived(self) -> Arrived:
        if self.reader.is_closed:
            return []
        return self._arrive()

    def unlinked(self) -> MessageEngine:
        engine = DepartingFolder(
            self.folder / "nowhere", realm=Realm.EXERCISE, sender=SENDER, reader=READER
        )
        engine.open(lambda *_: None)
        self.stage.callback(engine.abandon)
        return engine

    def _arrive(self) -> Arrived:
        heard: Arrived = []
        self.sender.close()
        path = self.folder / f"trip-{self.trips}"
        self.reader = ArrivedFolder(path, realm=Realm.EXERCISE, reader=READER)
        self.reader.open(lambda *message: heard.append(message))
        self._depart()
        return heard

    def _depart(self) -> None:
        self.trips += 1
        self.sender = DepartingFolder(
            self.folder / f"trip-{self.trips}",
            realm=Realm.EXERCISE,
            sender=SENDER,
            reader=READER,
        )
        self.sender.open(lambda *_: None)


@dataclass
class CarriedWorld:
    folder: Path

    def play(self, story: Story) -> None:
        with ExitStack() as stage:
            asyncio.run(story(CarriedEnds(self.folder, stage)))


class TestFileCarry(EngineContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> CarriedWorld:
        return CarriedWorld(tmp_path)


@dataclass
class ZenohEnds:
    """Words of its own, one a lane, tell that everything before them arrived."""

    near: Gateway
    far: Gateway

    @property
    def sender(self) -> MessageEngine:
        return self.near.engine

    @property
    def reader(self) -> MessageEngine:
        return self.far.engine

    async def arrived(self) -> Arrived:
        heard: Arrived = []
        if self.far.engine._closing.is_set():
            heard += [self.far.inbox.get_nowait() for _ in range(self.far.inbox.qsize())]
        else:
            for channel in ("head", "bulk"):
                heard += self.near.says_until_heard(self.far, channel)
        return [message for message in heard if not message[2].startswith(ARE_YOU_THERE.encode())]

    def unlinked(self) -> MessageEngine:
        return ZenohEngine(
            settings(SENDER, listen="tcp/127.0.0.1:0", neighbours=(neighbour(READER),))
        )


@dataclass
class ZenohWorld:
    near: ZenohSettings
    far: ZenohSettings
    others: tuple[ZenohSettings, ...]
    stage: ExitStack

    def play(self, story: Story) -> None:
        for other in self.others:
            self._opened(other)
        ends = ZenohEnds(self._opened(self.near), self._opened(self.far))

        async def linked() -> None:
            await ends.arrived()
            await story(ends)

        asyncio.run(linked())

    def _opened(self, of: ZenohSettings) -> Gateway:
        engine = ZenohEngine(of)
        self.stage.callback(engine.close)
        return Gateway(engine, of.node).open()


class TestZenohEngine(EngineContract):
    """Real sessions over mutual TLS: who connects, who listens, and both behind a relay."""

    @pytest.fixture(params=["who sends connects", "who reads connects", "through a relay"])
    def world(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ZenohWorld]:
        at = f"tls/localhost:{unused_port()}"
        certificates = Certificates(tmp_path)
        tls = {node: certificates.of(node) for node in (SENDER, READER, US)}
        near, far, others = {
            "who sends connects": ((None, neighbour(READER, at=at)), (at, neighbour(SENDER)), ()),
            "who reads connects": ((at, neighbour(READER)), (None, neighbour(SENDER, at=at)), ()),
            "through a relay": (
                (None, neighbour(US, READER, at=at)),
                (None, neighbour(US, SENDER, at=at)),
                (neighbour(SENDER), neighbour(READER)),
            ),
        }[request.param]
        with ExitStack() as stage:
            yield ZenohWorld(
                near=settings(SENDER, listen=near[0], neighbours=(near[1],), tls=tls[SENDER]),
                far=settings(READER, listen=far[0], neighbours=(far[1],), tls=tls[READER]),
                others=(settings(US, listen=at, neighbours=others, tls=tls[US]),) if others else (),
                stage=stage,
            )
