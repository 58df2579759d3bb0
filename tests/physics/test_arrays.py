import numpy as np

from bongsu.physics.arrays import dot, norm, unit

VECTORS = np.array([[[3.0, 4.0, 0.0], [0.0, 0.0, 0.0]], [[1.0, 2.0, 2.0], [0.0, -5.0, 12.0]]])


def test_lengths_and_products_go_over_the_last_axis() -> None:
    assert norm(VECTORS).tolist() == [[5.0, 0.0], [3.0, 13.0]]
    assert dot(VECTORS, VECTORS).tolist() == [[25.0, 0.0], [9.0, 169.0]]


def test_a_direction_has_length_one_and_nothing_has_none() -> None:
    np.testing.assert_allclose(norm(unit(VECTORS)), [[1.0, 0.0], [1.0, 1.0]])
