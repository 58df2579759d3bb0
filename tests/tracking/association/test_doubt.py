import numpy as np
from tests.tracking.made_up_arcs import SITE, World, arcs, new_tracker
from tests.tracking.test_tracker import SECOND_SITE

from bongsu.tracking.association.doubt import Doubt
from bongsu.tracking.intake.door import Refusal
from bongsu.vocabulary.units import NS_PER_S

SIX = 6
FIRST, ALL = 12, 24  # objects of two salvos
QUIET_S, SECONDS = 15, 30


def gates(second_plots: int) -> np.ndarray:
    return np.arange(SIX) < second_plots


def test_one_object_that_breaks_up_raises_no_doubt_however_long_it_takes() -> None:
    doubt = Doubt()
    for second in range(600):
        doubt.note(gates(1), second * NS_PER_S)
        assert not doubt.is_raised


def test_second_plots_at_most_tracks_raise_doubt_and_scans_without_them_take_it_back() -> None:
    doubt = Doubt()
    doubt.note(gates(5), 0)
    assert doubt.is_raised
    scans = 0
    while doubt.is_raised:
        scans += 1
        doubt.note(gates(0), scans * NS_PER_S)
    assert scans < 10


def test_too_few_tracks_tell_nothing_and_doubt_is_forgotten() -> None:
    doubt = Doubt(score=20.0)
    for second in range(60):
        doubt.note(np.ones(2, dtype=np.bool_), second * NS_PER_S)
    assert doubt.score == 0.0


def test_only_a_radar_that_looked_when_the_second_plots_began_disagrees() -> None:
    liar, honest, asleep = Doubt(), Doubt(), Doubt()
    honest.note(gates(0), 10 * NS_PER_S)
    liar.note(gates(5), 11 * NS_PER_S)
    assert honest.disagrees_with(liar)
    assert not asleep.disagrees_with(liar)
    honest.note(gates(3), 12 * NS_PER_S)  # it sees them too
    assert not honest.disagrees_with(liar)


def salvos(seed: int) -> np.ndarray:
    """States (24, 6), ECEF, of objects within 5 km of one another."""
    rng = np.random.default_rng(seed)
    states = np.repeat(arcs(1, seed=seed), ALL, axis=0)
    states[:, :3] += rng.uniform(-5e3, 5e3, (ALL, 3))
    states[:, 3:] += rng.uniform(-30.0, 30.0, (ALL, 3))
    return states


def test_a_second_salvo_amid_the_first_that_both_radars_see_is_not_taken_for_a_lie() -> None:
    for seed in range(3):
        tracker = new_tracker(SITE, SECOND_SITE)
        world = World(salvos(seed), sites=(SITE, SECOND_SITE), seed=seed)
        late = range(FIRST, ALL)
        for second in range(SECONDS):
            for site in world.sites:
                batch = world.look(site, hidden=late if second < QUIET_S else ())
                tracker.process(batch, now=batch.observed_at)
            world.move(1.0)
        assert len(tracker.confirmed().number) >= ALL - 1
        assert tracker.refused.get(Refusal.DOUBTED, 0) < 2 * ALL  # a scan of each radar at most


def test_a_radar_that_is_alone_is_never_judged() -> None:
    tracker, world = new_tracker(), World(arcs(SIX))
    for second in range(20):
        batch = world.look(SITE)
        tracker.process(batch, now=batch.observed_at)
        if second > 10:
            again = world.look(SITE)  # every object twice within a second
            tracker.process(again, now=again.observed_at)
        world.move(1.0)
    assert Refusal.DOUBTED not in tracker.refused
