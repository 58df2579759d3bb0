import numpy as np

from bongsu.tracking.gaussian import log_density, square_root


def test_the_density_of_one_component_is_the_textbook_one() -> None:
    found = log_density(np.array([[1.5]]), np.array([[[4.0]]]))
    expected = -0.5 * (1.5**2 / 4.0 + np.log(2.0 * np.pi * 4.0))
    assert np.isclose(found[0], expected)


def test_the_density_sums_to_one() -> None:
    covariance = np.array([[2.0, 0.6], [0.6, 1.0]])
    grid = np.stack(np.meshgrid(np.arange(-9, 9, 0.1), np.arange(-9, 9, 0.1)), axis=-1)
    density = np.exp(log_density(grid, np.broadcast_to(covariance, (*grid.shape[:2], 2, 2))))
    assert np.isclose(density.sum() * 0.01, 1.0, atol=1e-6)


def test_a_root_gives_its_matrix_back_over_twelve_orders_of_size() -> None:
    scale = np.diag([1e6, 1.0, 1e-6])
    mixed = np.array([[1.0, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 1.0]])
    covariance = scale @ mixed @ scale
    root = square_root(covariance[None])[0]
    np.testing.assert_allclose(root @ root.T, covariance, rtol=1e-6)


def test_a_matrix_that_rounding_made_semidefinite_has_a_root() -> None:
    direction = np.array([1.0, 1.0, 1.0])
    assert np.isfinite(square_root(np.outer(direction, direction)[None])).all()
