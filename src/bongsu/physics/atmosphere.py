"""The U.S. Standard Atmosphere 1976.

Below 86 km its seven layers are evaluated as published. Above, where temperature and mean
molar mass part from the hydrostatic layers, its table of density and pressure is read with
straight lines in the logarithm, up to 1,000 km; beyond there is no air. Below -5 km the
values of -5 km hold. Source: NOAA/NASA/USAF, U.S. Standard Atmosphere, 1976 (NOAA-S/T 76-1562).
"""

from typing import Final

import numpy as np

from bongsu.physics.arrays import Floats, FloatsLike

GAMMA: Final = 1.4
GAS_CONSTANT_JPKGK: Final = 287.05287  # of dry air: R* / M0
GRAVITY_MPS2: Final = 9.80665
GEOPOTENTIAL_RADIUS_M: Final = 6_356_766.0
SEA_LEVEL_PRESSURE_PA: Final = 101_325.0

TOP_OF_LAYERS_M: Final = 86_000.0
LOWEST_M: Final = -5_000.0
HIGHEST_M: Final = 1_000_000.0
GRID_STEP_M: Final = 50.0  # straight lines in ln(density) between such points err by < 1e-6

# Geopotential height of each base (m), temperature there (K), lapse rate above (K/m).
LAYER_BASE_M: Final = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
LAPSE_KPM: Final = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])
SEA_LEVEL_TEMPERATURE_K: Final = 288.15

# Geometric height (km), density (kg/m^3), pressure (Pa).
UPPER_TABLE: Final = np.array(
    [
        [90.0, 3.416e-6, 1.8359e-1],
        [95.0, 1.393e-6, 7.5966e-2],
        [100.0, 5.604e-7, 3.2011e-2],
        [105.0, 2.325e-7, 1.4477e-2],
        [110.0, 9.708e-8, 7.1042e-3],
        [115.0, 4.289e-8, 4.0096e-3],
        [120.0, 2.222e-8, 2.5382e-3],
        [130.0, 8.152e-9, 1.2505e-3],
        [140.0, 3.831e-9, 7.2028e-4],
        [150.0, 2.076e-9, 4.5422e-4],
        [160.0, 1.233e-9, 3.0395e-4],
        [180.0, 5.194e-10, 1.5271e-4],
        [200.0, 2.541e-10, 8.4736e-5],
        [250.0, 6.073e-11, 2.4767e-5],
        [300.0, 1.916e-11, 8.7704e-6],
        [350.0, 7.014e-12, 3.4498e-6],
        [400.0, 2.803e-12, 1.4518e-6],
        [450.0, 1.184e-12, 6.4468e-7],
        [500.0, 5.215e-13, 3.0236e-7],
        [600.0, 1.137e-13, 8.2130e-8],
        [700.0, 3.070e-14, 3.1908e-8],
        [800.0, 1.136e-14, 1.7036e-8],
        [900.0, 5.759e-15, 1.0873e-8],
        [1000.0, 3.561e-15, 7.5138e-9],
    ]
)


def _layer_temperatures_k() -> Floats:
    rises = LAPSE_KPM[:-1] * np.diff(LAYER_BASE_M)
    return SEA_LEVEL_TEMPERATURE_K + np.concatenate([[0.0], np.cumsum(rises)])


def _rise_in_layer(layer: int, temperature_k: Floats, thickness_m: Floats) -> Floats:
    """ln(pressure / pressure at the layer's base) of points in one layer."""
    scale = GRAVITY_MPS2 / GAS_CONSTANT_JPKGK
    lapse = LAPSE_KPM[layer]
    if lapse == 0.0:
        level: Floats = -scale * thickness_m / temperature_k
        return level
    base = LAYER_TEMPERATURE_K[layer]
    sloped: Floats = -scale / lapse * np.log(temperature_k / base)
    return sloped


def _log_pressure_of_layers(height_m: Floats) -> Floats:
    geopotential = _geopotential_m(height_m)
    temperature = temperature_k(height_m)
    layers = np.clip(np.searchsorted(LAYER_BASE_M, geopotential, side="right") - 1, 0, None)
    log_pressure = np.empty_like(geopotential)
    base = np.log(SEA_LEVEL_PRESSURE_PA)
    for layer, bottom_m in enumerate(LAYER_BASE_M):
        inside = layers == layer
        log_pressure[inside] = base + _rise_in_layer(
            layer, temperature[inside], geopotential[inside] - bottom_m
        )
        if layer + 1 < len(LAYER_BASE_M):
            top_k = LAYER_TEMPERATURE_K[layer + 1]
            base += _rise_in_layer(layer, top_k, LAYER_BASE_M[layer + 1] - bottom_m)
    return log_pressure


def _geopotential_m(height_m: Floats) -> Floats:
    geopotential: Floats = GEOPOTENTIAL_RADIUS_M * height_m / (GEOPOTENTIAL_RADIUS_M + height_m)
    return geopotential


def temperature_k(height_m: FloatsLike) -> Floats:
    """Molecular-scale temperature at geometric heights (...), K; constant from 86 km up."""
    height = np.clip(np.asarray(height_m, dtype=np.float64), LOWEST_M, TOP_OF_LAYERS_M)
    return np.asarray(np.interp(_geopotential_m(height), _TEMPERATURE_AT_M, _TEMPERATURE_K))


def pressure_pa(height_m: FloatsLike) -> Floats:
    """Pressure at geometric heights (...), Pa; zero above 1,000 km."""
    return _from_grid(height_m, _LOG_PRESSURE)


def density_kgpm3(height_m: FloatsLike) -> Floats:
    """Density at geometric heights (...), kg/m^3; zero above 1,000 km."""
    return _from_grid(height_m, _LOG_DENSITY)


def speed_of_sound_mps(height_m: FloatsLike) -> Floats:
    """Speed of sound at geometric heights (...), m/s; constant from 86 km up."""
    return np.sqrt(GAMMA * GAS_CONSTANT_JPKGK * temperature_k(height_m))


def _from_grid(height_m: FloatsLike, log_values: Floats) -> Floats:
    height = np.asarray(height_m, dtype=np.float64)
    return np.asarray(np.exp(np.interp(height, _GRID_M, log_values, right=-np.inf)))


LAYER_TEMPERATURE_K: Final = _layer_temperatures_k()
_LOWEST_GEOPOTENTIAL_M: Final = _geopotential_m(np.asarray(LOWEST_M))
_TOP_GEOPOTENTIAL_M: Final = _geopotential_m(np.asarray(TOP_OF_LAYERS_M))
_TEMPERATURE_AT_M: Final = np.concatenate(
    [[_LOWEST_GEOPOTENTIAL_M], LAYER_BASE_M, [_TOP_GEOPOTENTIAL_M]]
)
_TEMPERATURE_K: Final = np.concatenate(
    [
        [SEA_LEVEL_TEMPERATURE_K + LAPSE_KPM[0] * _LOWEST_GEOPOTENTIAL_M],
        LAYER_TEMPERATURE_K,
        [LAYER_TEMPERATURE_K[-1] + LAPSE_KPM[-1] * (_TOP_GEOPOTENTIAL_M - LAYER_BASE_M[-1])],
    ]
)
_LAYER_GRID_M: Final = np.arange(LOWEST_M, TOP_OF_LAYERS_M + GRID_STEP_M / 2.0, GRID_STEP_M)
_LAYER_LOG_PRESSURE: Final = _log_pressure_of_layers(_LAYER_GRID_M)
_GRID_M: Final = np.concatenate([_LAYER_GRID_M, UPPER_TABLE[:, 0] * 1000.0])
_LOG_PRESSURE: Final = np.concatenate([_LAYER_LOG_PRESSURE, np.log(UPPER_TABLE[:, 2])])
_LOG_DENSITY: Final = np.concatenate(
    [
        _LAYER_LOG_PRESSURE - np.log(GAS_CONSTANT_JPKGK * temperature_k(_LAYER_GRID_M)),
        np.log(UPPER_TABLE[:, 1]),
    ]
)
