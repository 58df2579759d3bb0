"""The simulated outside: time passes only when told, the network does only what it is told."""

import asyncio
import random

import pytest

from bongsu.adapters.simulated.clock import SimulatedClock, SimulatedTime
from bongsu.adapters.simulated.event_loop import run_in_simulated_time
from bongsu.adapters.simulated.executor import InlineExecutor
from bongsu.adapters.simulated.journal import RecordingJournal
from bongsu.adapters.simulated.network import Faulty, Message, SimulatedNetwork, bit_flipped
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.units import NS_PER_S, NodeId, UtcNs

A, B = NodeId("AA-1"), NodeId("BB-1")


def test_an_hour_on_the_simulated_loop_is_exact_and_costs_no_time() -> None:
    time = SimulatedTime()

    async def story() -> list[float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*(asyncio.sleep(wait) for wait in (3_600.0, 1.0, 0.0)))
        return [began, loop.time()]

    began, ended = run_in_simulated_time(story(), time)
    assert ended - began == pytest.approx(3_600.0, abs=1e-6)
    assert time.elapsed_ns == pytest.approx(3_600 * NS_PER_S, abs=1_000)


def test_waiting_for_what_can_never_come_is_said_and_not_waited_for() -> None:
    async def story() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(LocalMisuse, match="nothing will ever happen"):
        run_in_simulated_time(story(), SimulatedTime())


def test_each_machine_has_its_own_skew_and_scenario_time_runs_at_its_speed() -> None:
    time = SimulatedTime()
    clock = SimulatedClock(
        time=time, start_utc=UtcNs(1_000), scenario_start=UtcNs(50), speed=10.0, skew_ns=7
    )
    time.advance_ns(100)
    assert (clock.utc(), clock.system_utc(), clock.monotonic()) == (1_050, 1_107, 100)
    with pytest.raises(LocalMisuse, match="Time only goes forward"):
        time.advance_ns(-1)


def test_the_inline_executor_hands_failures_to_the_future() -> None:
    executor = InlineExecutor()
    assert executor.submit(max, 1, 2).result() == 2
    with pytest.raises(ZeroDivisionError):
        executor.submit(divmod, 1, 0).result()


def test_the_journal_gives_back_the_lines_of_one_event() -> None:
    journal = RecordingJournal()
    journal.write("one", number=1)
    journal.write("other")
    journal.write("one", number=2)
    assert [line["number"] for line in journal.of("one")] == [1, 2]


def heard(network: SimulatedNetwork, number: int = 1) -> list[tuple[NodeId, str, bytes]]:
    """What B hears of so many messages of A."""
    arrived: list[tuple[NodeId, str, bytes]] = []

    async def story() -> None:
        sender, reader = network.engine(A), network.engine(B)
        reader.open(lambda *message: arrived.append(message))
        for at in range(number):
            assert sender.send(B, "bulk", bytes([at % 256]))
        await asyncio.sleep(10.0)

    run_in_simulated_time(story(), SimulatedTime())
    return arrived


def test_a_message_arrives_whole_and_once() -> None:
    assert heard(SimulatedNetwork()) == [(A, "bulk", b"\x00")]


def test_a_cut_loses_everything_until_it_is_mended() -> None:
    network = SimulatedNetwork()
    network.cut(B, A)
    assert heard(network) == []
    network.mend(A, B)
    assert len(heard(network)) == 1
    assert len(network.sent) == 2


def test_a_faulty_route_loses_doubles_and_disorders_the_same_way_for_the_same_seed() -> None:
    def run(seed: int) -> list[bytes]:
        route = Faulty(
            chance=random.Random(seed), loss=0.2, doubling=0.3, least_delay_s=0.0, most_delay_s=1.0
        )
        return [payload for _, _, payload in heard(SimulatedNetwork(route), 200)]

    first = run(5)
    assert first == run(5) != run(6)
    assert first != sorted(first)
    assert len(set(first)) < 200 < len(first) + 60
    assert len(first) > len(set(first))


def test_one_flipped_bit_is_one_bit_and_flips_back() -> None:
    message = Message(A, B, "head", bytes(range(40)))
    for bit in (0, 7, 8, 319):
        changed = bit_flipped(message, bit)
        difference = int.from_bytes(changed.payload, "little") ^ int.from_bytes(
            message.payload, "little"
        )
        assert difference == 1 << bit
        assert bit_flipped(changed, bit) == message


def test_an_engine_is_opened_once_and_hears_nothing_when_closed() -> None:
    network = SimulatedNetwork()
    engine = network.engine(B)
    arrived: list[bytes] = []
    engine.open(lambda _sender, _channel, payload: arrived.append(payload))
    with pytest.raises(LocalMisuse, match="twice"):
        engine.open(lambda _sender, _channel, _payload: None)
    engine.close()
    engine.arrive(Message(A, B, "bulk", b"late"))
    assert arrived == []
