"""Both ends of a feed against a channel that does its worst. Each world is one seed."""

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.protocols.log_exchange.hostile_world import HISTORY, Weather, World

from bongsu.protocols.log_exchange.inbound import Fault

seeds = st.integers(0, 2**32 - 1)
worlds = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _storm(world: World) -> None:
    """One to four seconds of something."""
    chance = world.random
    world.weather = Weather(
        loss=chance.choice([0.0, 0.1, 0.5, 0.9]),
        repeat=chance.choice([0.0, 0.3]),
        delay_s=chance.choice([(0.001, 0.01), (0.0, 0.5), (0.2, 1.5)]),
        cut=chance.random() < 0.2,
    )
    world.disk_refuses = chance.random() < 0.1
    for _ in range(chance.randrange(4)):
        world.append(chance.choice([1, 1, 5, 70, 1_500]), urgent=chance.random() < 0.5)
        world.passes(chance.uniform(0.05, 1.0))
    match chance.randrange(8):
        case 0:
            world.restart_sender()
        case 1:
            world.restart_reader()
    world.passes(1.0)


@given(seed=seeds)
@worlds
def test_nothing_is_lost_stored_twice_or_out_of_order_whatever_the_channel_does(seed: int) -> None:
    note(f"seed {seed}")
    world = World(seed)
    for _ in range(10):
        _storm(world)
    world.heal()
    world.passes(30.0)
    assert world.stored == list(HISTORY.hashes[1 : world.appended + 1])
    assert world.sender.acknowledged == world.appended
    assert world.reader.faults == frozenset()
    assert Fault.FORK not in world.faults_seen
    assert not world.sender_knows_fork


@given(seed=seeds)
@worlds
def test_a_sender_restored_from_a_backup_goes_on_in_a_new_epoch_and_nothing_is_lost(
    seed: int,
) -> None:
    note(f"seed {seed}")
    world = World(seed)
    world.passes(3.0)
    world.append(40, urgent=True)
    world.passes(5.0)
    assert len(world.stored) == 40
    world.weather = Weather(loss=0.3, repeat=0.3, delay_s=(0.0, 0.5))
    kept = world.random.randrange(40)
    world.restore_sender_from_backup(appended=kept, then=world.random.randrange(60))
    said = {entry.record.statement for entry in world.history.entries[: world.appended]}
    if world.random.random() < 0.5:
        world.restart_reader()
    if world.random.random() < 0.3:
        world.restore_reader_from_backup(stored=world.random.randrange(40))
    world.passes(5.0)
    if world.random.random() < 0.5:
        world.restart_sender()
    world.heal()
    world.passes(40.0)
    assert said <= world.held
    assert world.reader.faults == frozenset()
    assert not world.sender.is_held
    assert not world.sender_knows_fork
    assert world.reader.stored == world.sender.appended == world.sender.acknowledged
    assert world.stored == list(world.history.hashes[1 : world.appended + 1])


@given(seed=seeds)
@worlds
def test_a_reader_restored_from_a_backup_gets_everything_again_in_the_same_epoch(
    seed: int,
) -> None:
    note(f"seed {seed}")
    world = World(seed)
    world.passes(3.0)
    world.append(40, urgent=True)
    world.passes(5.0)
    world.weather = Weather(loss=0.3, repeat=0.3, delay_s=(0.0, 0.5))
    world.restore_reader_from_backup(stored=world.random.randrange(40))
    world.append(5, urgent=True)
    world.passes(5.0)
    world.heal()
    world.passes(20.0)
    assert world.epoch == world.sender.epoch == 1
    assert world.stored == list(HISTORY.hashes[1:46])
    assert world.reader.faults == frozenset()


def test_a_cut_is_shown_and_everything_comes_within_seconds_of_its_end() -> None:
    world = World(1)
    world.passes(3.0)
    world.append(10, urgent=True)
    world.passes(1.0)
    world.weather = Weather(cut=True)
    for _ in range(60):
        world.append(50, urgent=False)
        world.passes(1.0)
    assert Fault.SILENCE in world.reader.faults
    assert len(world.stored) == 10
    world.heal()
    world.passes(4.0)
    assert len(world.stored) == world.appended == 3_010
    assert world.reader.faults == frozenset()


def test_the_last_receipt_is_known_to_the_sender_although_it_was_lost_on_an_idle_feed() -> None:
    world = World(2)
    world.passes(3.0)
    world.append(10, urgent=True)
    world.passes(0.1)
    world.weather = Weather(cut=True)
    world.passes(1.0)
    world.heal()
    world.passes(7.0)
    assert world.sender.acknowledged == 10


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_a_lossy_link_is_not_answered_with_a_storm(rate: float) -> None:
    """What is sent again stays in proportion: no window per tick while frames are under way."""
    world = World(3)
    world.passes(3.0)
    world.weather = Weather(loss=rate, delay_s=(0.3, 0.6))
    before = world.sent_messages
    for _ in range(300):
        world.append(1, urgent=True)
        world.passes(0.1)
    world.heal()
    world.passes(10.0)
    assert len(world.stored) == 300
    assert world.sent_messages - before < 2_000
