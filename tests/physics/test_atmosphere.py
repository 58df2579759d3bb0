"""Oracle: the tables of the U.S. Standard Atmosphere 1976."""

import numpy as np
import pytest

from bongsu.physics.atmosphere import (
    density_kgpm3,
    pressure_pa,
    speed_of_sound_mps,
    temperature_k,
)

# Geometric height (m), temperature (K), pressure (Pa), density (kg/m^3), speed of sound (m/s).
TABLE = [
    (0.0, 288.150, 101_325.0, 1.2250, 340.29),
    (5_000.0, 255.676, 54_048.0, 0.73643, 320.55),
    (10_000.0, 223.252, 26_500.0, 0.41351, 299.53),
    (20_000.0, 216.650, 5_529.3, 0.088910, 295.07),
    (30_000.0, 226.509, 1_197.0, 0.018410, 301.71),
    (50_000.0, 270.650, 79.779, 1.0269e-3, 329.80),
    (70_000.0, 219.585, 5.2209, 8.2829e-5, 297.06),
    (80_000.0, 198.639, 1.0524, 1.8458e-5, 282.54),
]


@pytest.mark.parametrize(("height", "kelvin", "pascal", "density", "sound"), TABLE)
def test_the_layers_are_the_published_ones(
    height: float, kelvin: float, pascal: float, density: float, sound: float
) -> None:
    assert temperature_k(height) == pytest.approx(kelvin, abs=2e-3)
    assert pressure_pa(height) == pytest.approx(pascal, rel=2e-4)
    assert density_kgpm3(height) == pytest.approx(density, rel=2e-4)
    assert speed_of_sound_mps(height) == pytest.approx(sound, abs=0.02)


@pytest.mark.parametrize(
    ("height", "density"), [(90e3, 3.416e-6), (120e3, 2.222e-8), (400e3, 2.803e-12)]
)
def test_the_thin_air_above_is_the_published_one(height: float, density: float) -> None:
    assert density_kgpm3(height) == pytest.approx(density, rel=1e-9)


def test_the_layers_meet_the_table_above_without_a_step() -> None:
    height = np.arange(80e3, 96e3, 10.0)
    for values in (density_kgpm3(height), pressure_pa(height)):
        assert np.all(np.diff(np.log(values)) < 0.0)
        assert np.max(np.abs(np.diff(np.log(values), 2))) < 5e-4


def test_density_falls_with_height_from_the_deepest_mine_to_the_top() -> None:
    density = density_kgpm3(np.linspace(-5e3, 1_000e3, 20_000))
    assert np.all(np.diff(density) < 0.0)


def test_above_a_thousand_kilometres_there_is_no_air_and_below_the_sea_it_ends() -> None:
    assert density_kgpm3(1_000_001.0) == 0.0
    assert density_kgpm3(-8e3) == density_kgpm3(-5e3)
    assert density_kgpm3(-5e3) == pytest.approx(1.9311, rel=2e-4)
