"""The array types of this room."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bongsu.physics.arrays import Floats, Mask

Indices: TypeAlias = NDArray[np.intp]
Serials: TypeAlias = NDArray[np.int64]

__all__ = ["Floats", "Indices", "Mask", "Serials"]
