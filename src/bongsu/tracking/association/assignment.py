"""Optimal assignment over sparse pairs, each row and each column used at most once.

Pairs that nothing else contends for are settled at once as arrays; what is left goes one row
at a time through the shortest augmenting path (Jonker and Volgenant, Computing 38, 1987),
with Dijkstra's search over the sparse pairs instead of a dense matrix. A row may stay alone,
at no cost.
"""

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask


def assign(rows: Indices, columns: Indices, costs: Floats) -> Mask:
    """Choose the pairs of least total cost: (p,) each -> (p,) chosen.

    A pair whose cost is not negative is never chosen: its row does better alone. Each pair
    of row and column is given once at most.
    """
    chosen = np.zeros(len(rows), dtype=np.bool_)
    useful = (costs < 0.0).nonzero()[0]
    if len(useful) == 0:
        return chosen
    row, column = rows[useful], columns[useful]
    free = (np.bincount(row)[row] == 1) & (np.bincount(column)[column] == 1)
    chosen[useful[free]] = True
    if np.count_nonzero(free) < len(free):
        contended = useful[~free]
        seating = _Seating(rows[contended], columns[contended], costs[contended])
        chosen[contended[seating.edges()]] = True
    return chosen


class _Edge(NamedTuple):
    row: int
    column: int
    cost: float
    place: int  # among the given pairs


class _Seating:
    """The rows seated so far at least total cost, and the columns' prices that prove it.

    Price (potential) of a column: never above zero. For every seated row its own edge has the
    least `cost - price` of all its edges, and it is not above zero, the cost of being alone.
    """

    def __init__(self, rows: Indices, columns: Indices, costs: Floats) -> None:
        self._edges_of: dict[int, list[_Edge]] = {}
        listed = zip(rows.tolist(), columns.tolist(), costs.tolist(), strict=True)
        for place, (row, column, cost) in enumerate(listed):
            self._edges_of.setdefault(row, []).append(_Edge(row, column, cost, place))
        self._price = dict.fromkeys(columns.tolist(), 0.0)
        self._edge_at: dict[int, _Edge] = {}  # of a column in use
        self._column_of: dict[int, int] = {}  # of a seated row

    def edges(self) -> list[int]:
        """Seat every row in turn; returns the places of the edges in use."""
        for row in self._edges_of:
            self._seat(row)
        return [edge.place for edge in self._edge_at.values()]

    def _seat(self, new_row: int) -> None:
        """Find the cheapest way to seat one more row; everybody on it moves one column on.

        The way ends at a free column, or at a row (perhaps the new one) that stays alone.
        """
        entered: dict[int, _Edge] = {}  # by which edge the search came to a column
        settled: dict[int, float] = {}  # columns in use that it went through, with distance
        heap: list[tuple[float, int, _Edge]] = []
        row, base = new_row, 0.0
        alone_row, alone = new_row, 0.0
        while True:
            for edge in self._edges_of[row]:
                if edge.column not in settled:
                    length = base + edge.cost - self._price[edge.column]
                    heappush(heap, (length, edge.place, edge))
            while heap and heap[0][2].column in settled:
                heappop(heap)
            if not heap or heap[0][0] >= alone:
                self._raise_prices(settled, alone)
                if alone_row != new_row:
                    self._move_on(self._column_of.pop(alone_row), new_row, entered)
                return
            length, _, edge = heappop(heap)
            entered[edge.column] = edge
            if edge.column not in self._edge_at:
                self._raise_prices(settled, length)
                self._move_on(edge.column, new_row, entered)
                return
            settled[edge.column] = length
            held = self._edge_at[edge.column]
            row, base = held.row, length - (held.cost - self._price[held.column])
            if base < alone:
                alone_row, alone = row, base

    def _raise_prices(self, settled: dict[int, float], length: float) -> None:
        for column, distance in settled.items():
            self._price[column] += distance - length

    def _move_on(self, end: int, new_row: int, entered: dict[int, _Edge]) -> None:
        """Give the column at the end to the row that reached it, and so on back to the start."""
        column = end
        while True:
            edge = entered[column]
            self._edge_at[column] = edge
            left = self._column_of.get(edge.row)
            self._column_of[edge.row] = column
            if edge.row == new_row or left is None:
                return
            column = left
