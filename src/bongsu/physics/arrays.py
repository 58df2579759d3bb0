"""The array types of this room: everything is float64 (or a mask), batched over leading axes."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
FloatsLike: TypeAlias = ArrayLike


def norm(vectors: Floats) -> Floats:
    """Length of each vector (..., k) -> (...); a quarter of linalg.norm's time for a few rows."""
    length: Floats = np.sqrt(np.vecdot(vectors, vectors))
    return length


def dot(first: Floats, second: Floats) -> Floats:
    """Scalar product over the last axis, (..., k) and (..., k) -> (...)."""
    product: Floats = np.vecdot(first, second)
    return product


def unit(vectors: Floats) -> Floats:
    """Direction of each vector (..., k); a vector of zero length stays zero."""
    length = norm(vectors)[..., None]
    direction: Floats = vectors / np.where(length > 0.0, length, 1.0)
    return direction
