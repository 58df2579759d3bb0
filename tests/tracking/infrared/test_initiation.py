import numpy as np
from tests.tracking.made_up_boosts import EYE

from bongsu.tracking.infrared.initiation import MAXIMUM_CHAINS, Chain, extended
from bongsu.tracking.infrared.measurement import InfraredView

VIEW = InfraredView.of(EYE)
SECOND = 1_000_000_000
NOTHING = np.zeros((0, 2))


def scan(
    chains: tuple[Chain, ...], plots: np.ndarray, seconds: int
) -> tuple[tuple[Chain, ...], tuple[Chain, ...]]:
    return extended(
        chains,
        VIEW,
        plots,
        observed_ns=seconds * SECOND,
        emitted_ns=seconds,
        unseen_s=1.0,
    )


def test_three_plots_that_move_like_a_boost_are_an_object() -> None:
    chains: tuple[Chain, ...] = ()
    for seconds in range(3):
        plot = np.array([[0.05 + 1e-5 * seconds, 0.1]])
        chains, ripe = scan(chains, plot, seconds)
    assert [chain.observed_ns for chain in ripe] == [(0, SECOND, 2 * SECOND)]
    assert ripe[0].angles_rad.shape == (3, 2)
    assert ripe[0].emitted_ns == (0, 1, 2)
    assert chains == ()


def test_false_plots_all_over_the_earth_never_are() -> None:
    rng = np.random.default_rng(2)
    chains: tuple[Chain, ...] = ()
    for seconds in range(300):
        chains, ripe = scan(chains, rng.uniform(-0.15, 0.15, (20, 2)), seconds)
        assert ripe == ()
    assert len(chains) < 100


def test_a_missed_scan_does_not_break_a_chain_but_a_long_silence_does() -> None:
    plot = np.array([[0.05, 0.1]])
    chains, _ = scan((), plot, 0)
    chains, _ = scan(chains, NOTHING, 1)
    chains, _ = scan(chains, plot, 2)
    assert len(chains[0].observed_ns) == 2
    chains, _ = scan(chains, NOTHING, 9)
    assert chains == ()


def test_two_objects_side_by_side_keep_their_own_plots() -> None:
    chains: tuple[Chain, ...] = ()
    for seconds in range(3):
        pair = np.array([[0.05, 0.1 + 1e-5 * seconds], [0.0502, 0.1 + 1e-5 * seconds]])
        chains, ripe = scan(chains, pair[:: 1 if seconds % 2 else -1], seconds)
    assert len(ripe) == 2
    for chain in ripe:
        assert np.ptp(chain.angles_rad[:, 0]) < 1e-9


def test_a_plot_out_of_reach_starts_a_chain_of_its_own() -> None:
    chains, _ = scan((), np.array([[0.05, 0.1]]), 0)
    chains, _ = scan(chains, np.array([[0.06, 0.1]]), 1)
    assert sorted(len(chain.observed_ns) for chain in chains) == [1, 1]


def test_a_flood_of_plots_does_not_grow_without_bound() -> None:
    flood = np.random.default_rng(1).uniform(-0.15, 0.15, (3 * MAXIMUM_CHAINS, 2))
    chains, _ = scan((), flood, 0)
    assert len(chains) == MAXIMUM_CHAINS
