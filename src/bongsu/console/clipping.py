"""Rings and lines cut to a rectangle, and thinned to what a picture can show."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]  # (N, 2)
Box = tuple[float, float, float, float]  # low x, high x, low y, high y


def ring_above(ring: Line, *, axis: int, limit: float) -> Line:
    """The part of a closed ring where the coordinate is at least `limit`; shape (M, 2).

    The ring's last point joins its first. Parts that fall asunder stay joined along the
    limit, which fills the same area. Source: I. Sutherland and G. Hodgman, "Reentrant
    Polygon Clipping", 1974.
    """
    if len(ring) == 0:
        return ring
    before = np.roll(ring, 1, axis=0)
    here_in, before_in = ring[:, axis] >= limit, before[:, axis] >= limit
    crosses = here_in != before_in
    run = np.where(crosses, ring[:, axis] - before[:, axis], 1.0)
    part = ((limit - before[:, axis]) / run)[:, np.newaxis]
    crossings = before + part * (ring - before)
    both = np.stack([crossings, ring], axis=1).reshape(-1, 2)
    kept: Line = both[np.stack([crosses, here_in], axis=1).reshape(-1)]
    return kept


def ring_in_box(ring: Line, box: Box) -> Line:
    """The part of a closed ring inside the box; empty where there is none."""
    low_x, high_x, low_y, high_y = box
    turned = np.array([-1.0, -1.0])
    ring = ring_above(ring_above(ring, axis=0, limit=low_x), axis=1, limit=low_y)
    ring = ring_above(ring * turned, axis=0, limit=-high_x)
    turned_back: Line = ring_above(ring, axis=1, limit=-high_y) * turned
    return turned_back


def runs_in_box(line: Line, box: Box) -> Iterator[Line]:
    """The stretches of a line inside the box, each with a neighbour outside at its ends."""
    low_x, high_x, low_y, high_y = box
    inside = (
        (line[:, 0] >= low_x)
        & (line[:, 0] <= high_x)
        & (line[:, 1] >= low_y)
        & (line[:, 1] <= high_y)
    )
    near = inside.copy()
    near[1:] |= inside[:-1]
    near[:-1] |= inside[1:]
    starts = np.flatnonzero(near & ~np.concatenate([[False], near[:-1]]))
    ends = np.flatnonzero(near & ~np.concatenate([near[1:], [False]])) + 1
    for start, end in zip(starts, ends, strict=True):
        if end - start >= 2:
            yield line[start:end]


def thinned(line: Line, *, apart: float) -> Line:
    """The line without points nearer than `apart` to the last one kept; ends stay."""
    if len(line) <= 2:
        return line
    kept = [0]
    for number in range(1, len(line) - 1):
        if np.abs(line[number] - line[kept[-1]]).max() >= apart:
            kept.append(number)
    return line[[*kept, len(line) - 1]]
