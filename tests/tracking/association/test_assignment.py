from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.tracking.association.assignment import assign

Table = list[list[float | None]]


def cheapest(table: Table, row: int = 0, taken: frozenset[int] = frozenset()) -> float:
    """By trying everything: the least total cost, where any row may stay alone."""
    if row == len(table):
        return 0.0
    best = cheapest(table, row + 1, taken)
    for column, cost in enumerate(table[row]):
        if cost is not None and column not in taken:
            best = min(best, cost + cheapest(table, row + 1, taken | {column}))
    return best


def pairs_of(table: Table) -> tuple[list[int], list[int], list[float]]:
    listed = [
        (row, column, cost)
        for row, costs in enumerate(table)
        for column, cost in enumerate(costs)
        if cost is not None
    ]
    rows, columns, costs = zip(*listed, strict=True) if listed else ((), (), ())
    return list(rows), list(columns), list(costs)


def chosen(rows: Sequence[int], columns: Sequence[int], costs: Sequence[float]) -> list[int]:
    mask = assign(
        np.array(rows, dtype=np.intp),
        np.array(columns, dtype=np.intp),
        np.array(costs, dtype=float),
    )
    return np.flatnonzero(mask).tolist()


costs = st.none() | st.integers(-6, 3).map(float) | st.floats(-5.0, 2.0)
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(costs, min_size=width, max_size=width), min_size=1, max_size=5)
)


@settings(max_examples=400)
@given(tables)
def test_the_assignment_is_the_cheapest_of_all(table: Table) -> None:
    rows, columns, costs = pairs_of(table)
    picked = chosen(rows, columns, costs)
    assert len({rows[one] for one in picked}) == len(picked)
    assert len({columns[one] for one in picked}) == len(picked)
    assert np.isclose(sum(costs[one] for one in picked), cheapest(table))


def test_a_pair_that_costs_something_is_left() -> None:
    assert chosen([0, 1], [0, 1], [0.5, -0.5]) == [1]


def test_nothing_is_assigned_to_nothing() -> None:
    assert chosen([], [], []) == []


def test_a_large_dense_problem_is_solved_to_the_optimum_of_its_dual() -> None:
    """Feasible prices whose sum equals the cost prove that there is nothing cheaper."""
    size = 60
    table = np.random.default_rng(5).random((size, size)) - 2.0
    rows, columns = (part.ravel() for part in np.indices(table.shape))
    picked = assign(rows, columns, table.ravel())
    assert picked.sum() == size
    column_of = columns[picked][np.argsort(rows[picked])]
    swapped = table[:, column_of]  # now the diagonal is chosen
    gain = swapped - np.diag(swapped)[:, None]
    shortest = gain.copy()  # from row i: give up its column, take that of row j
    for middle in range(size):
        shortest = np.minimum(shortest, shortest[:, [middle]] + shortest[[middle], :])
    assert np.diag(shortest).min() > -1e-9  # no cycle of swaps gains anything
