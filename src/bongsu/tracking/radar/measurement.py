"""What a radar measures of a place, its derivatives, and the way back.

A radar measures slant range, azimuth (clockwise from true north) and elevation in the local
east-north-up frame of its place. The errors of the three are independent.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import ecef_to_geodetic, geodetic_to_ecef
from bongsu.tracking.arrays import Floats, Mask
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.plot import Platform
from bongsu.vocabulary.sensor import SensorKind, SensorSite

LONGEST_RANGE_M: Final = 50_000e3  # beyond geostationary orbit nothing is believed
UNSTATED_RANGE_M: Final = 3_000e3  # taken for the coverage where the site states none
SHORTEST_RANGE_M: Final = 1.0
AZIMUTH: Final = 1  # its column in a plot
COMPONENTS: Final = 3
FASTEST_RATE_MPS: Final = 12_000.0  # nothing that comes down again is faster
FULL_TURN: Final = 2.0 * np.pi
NEGLIGIBLE_SHARE: Final = 0.25  # of a sigma


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """A radar's place and stated quality as arrays."""

    site: SensorSite
    origin_ecef_m: Floats  # (3,)
    velocity_ecef_mps: Floats  # (3,), of its platform; zeros where it stands
    axes: Floats  # (3, 3), rows east, north, up in ECEF
    across: Floats  # (3, 3), a place (east, north, up) to ECEF, turned a quarter to the right
    variance: Floats  # (3,), of range, azimuth, elevation
    noise: Floats  # (3, 3), their covariance
    range_rate_variance: float  # 0 where it measures none; see `range_rate`
    least: Floats  # (3,), what it can report at all
    most: Floats  # (3,)
    longest_range_m: float
    coarser_angle_rad: float  # one standard deviation
    curvature_of_range_m: float  # squared, times the range: see linear_within_m
    curvature_of_angles: float  # times the range


def radar_of(site: SensorSite) -> Radar:
    """Prepare a radar site; raises LocalMisuse where its figures make no radar."""
    sigma = _checked_sigma(site)
    margin = 5.0 * sigma
    longest = site.maximum_range_m or LONGEST_RANGE_M
    axes = enu_axes(site.latitude_rad, site.longitude_rad)
    return Radar(
        site=site,
        origin_ecef_m=geodetic_to_ecef(site.latitude_rad, site.longitude_rad, site.height_m),
        velocity_ecef_mps=np.zeros(3),
        axes=axes,
        across=np.stack([-axes[1], axes[0], np.zeros(3)]),
        variance=sigma**2,
        noise=np.diag(sigma**2),
        range_rate_variance=site.sigma_range_rate_mps**2,
        least=np.array([SHORTEST_RANGE_M, -FULL_TURN, site.minimum_elevation_rad - margin[2]]),
        most=np.array([longest + margin[0], FULL_TURN, np.pi / 2.0]),
        longest_range_m=longest,
        coarser_angle_rad=float(sigma[1:].max()),
        curvature_of_range_m=float(2.0 * NEGLIGIBLE_SHARE * sigma[0]),
        curvature_of_angles=float(np.sqrt(NEGLIGIBLE_SHARE * sigma[1:].min())),
    )


def radar_on(platform: Platform, radar: Radar) -> Radar:
    """The same radar where its platform is: its axes are east, north and up there."""
    origin = np.array(platform.position_ecef_m)
    latitude, longitude, height = (float(part) for part in ecef_to_geodetic(origin))
    return replace(
        radar,
        site=replace(radar.site, latitude_rad=latitude, longitude_rad=longitude, height_m=height),
        origin_ecef_m=origin,
        velocity_ecef_mps=np.array(platform.velocity_ecef_mps),
        axes=enu_axes(latitude, longitude),
    )


def _checked_sigma(site: SensorSite) -> Floats:
    if site.kind is not SensorKind.RADAR:
        raise LocalMisuse(
            f"{site.sensor_id} is {site.kind.value}", remedy="Give a site of the kind radar."
        )
    sigma = np.asarray(site.sigmas, dtype=np.float64)
    if sigma.shape != (3,) or not np.isfinite(sigma).all() or not (sigma > 0.0).all():
        raise LocalMisuse(
            f"{site.sensor_id} states the sigmas {site.sigmas}",
            remedy="State three positive numbers: range in metres, azimuth and elevation in rad.",
        )
    if not 0.0 < site.detection_probability <= 1.0:
        raise LocalMisuse(
            f"{site.sensor_id} states the detection probability {site.detection_probability}",
            remedy="State a number above 0 and at most 1.",
        )
    return sigma


def expected_plots(radar: Radar, position_ecef_m: Floats) -> tuple[Floats, Floats]:
    """What the radar should measure of each place, and the derivatives by that place.

    position_ecef_m: (n, 3). Returns (n, 3): range, azimuth in (-pi, pi], elevation; and
    (n, 3, 3): row by row their derivatives by the ECEF position.
    """
    away = position_ecef_m - radar.origin_ecef_m
    enu = away @ radar.axes.T
    east, north, up = enu.T
    ground_squared = np.maximum(east * east + north * north, 1.0)
    ground = np.sqrt(ground_squared)
    squared = ground_squared + up * up
    plots = np.empty_like(enu)
    distance = np.sqrt(squared, out=plots[:, 0])
    np.arctan2(east, north, out=plots[:, 1])
    np.arctan2(up, ground, out=plots[:, 2])
    jacobian = np.empty((len(enu), 3, 3))
    np.divide(away, distance[:, None], out=jacobian[:, 0])
    np.divide(enu @ radar.across, ground_squared[:, None], out=jacobian[:, 1])
    upward = squared[:, None] * radar.axes[2] - up[:, None] * away
    np.divide(upward, (squared * ground)[:, None], out=jacobian[:, 2])
    return plots, jacobian


def residuals(measured: Floats, expected: Floats) -> Floats:
    """Measured minus expected plots, (p, 3) each; the azimuth by the shorter way round."""
    difference: Floats = measured - expected
    azimuth = difference[:, AZIMUTH]
    azimuth -= FULL_TURN * np.rint(azimuth / FULL_TURN)
    return difference


def places_of_plots(radar: Radar, plots: Floats) -> tuple[Floats, Floats]:
    """ECEF positions of plots (m, 3) and their covariances (m, 3, 3), to first order."""
    distance, azimuth, elevation = plots.T
    sin_az, cos_az = np.sin(azimuth), np.cos(azimuth)
    sin_el, cos_el = np.sin(elevation), np.cos(elevation)
    ground = distance * cos_el
    axes = np.zeros((len(plots), 3, 3))  # rows: derivatives of (east, north, up) by component
    axes[:, 0, 0], axes[:, 0, 1], axes[:, 0, 2] = cos_el * sin_az, cos_el * cos_az, sin_el
    axes[:, 1, 0], axes[:, 1, 1] = ground * cos_az, -ground * sin_az
    axes[:, 2, 0] = -distance * sin_el * sin_az
    axes[:, 2, 1] = -distance * sin_el * cos_az
    axes[:, 2, 2] = ground
    axes = axes @ radar.axes
    covariance = axes.transpose(0, 2, 1) @ (radar.variance[:, None] * axes)
    return radar.origin_ecef_m + distance[:, None] * axes[:, 0], covariance


def positions_of_plots(radar: Radar, plots: Floats) -> Floats:
    """ECEF positions of plots: (m, 3) -> (m, 3)."""
    distance, azimuth, elevation = plots.T
    ground = distance * np.cos(elevation)
    enu = np.empty((len(plots), 3))
    enu[:, 0] = ground * np.sin(azimuth)
    enu[:, 1] = ground * np.cos(azimuth)
    enu[:, 2] = distance * np.sin(elevation)
    position: Floats = enu @ radar.axes
    position += radar.origin_ecef_m
    return position


def believable(radar: Radar, plots: Floats) -> Mask:
    """Which plots (m, 3 or 4) are finite and inside what a radar can report at all.

    A range rate, the fourth, may also be NaN: then there is none.
    """
    places, rates = parts_of(plots)
    sound = ((places >= radar.least) & (places <= radar.most)).all(axis=1)
    return np.asarray(sound if rates is None else sound & ~(np.abs(rates) > FASTEST_RATE_MPS))


def parts_of(plots: Floats) -> tuple[Floats, Floats | None]:
    """Plots (m, 3 or 4) as range and angles (m, 3), and range rates (m,) where there are any."""
    if plots.shape[1] == COMPONENTS:
        return plots, None
    return np.ascontiguousarray(plots[:, :COMPONENTS]), plots[:, COMPONENTS]


def coverage_volume(radar: Radar) -> float:
    """Extent of the coverage in the radar's own components: m * rad * rad."""
    longest = radar.site.maximum_range_m or UNSTATED_RANGE_M
    return longest * FULL_TURN * max(np.pi / 2.0 - radar.site.minimum_elevation_rad, 0.1)


def linear_within_m(radar: Radar, plots: Floats) -> Floats:
    """How far a place may move before its plot leaves the tangent: (m, 3) -> (m,), metres.

    There the second-order term reaches 0.25 sigma of the range, or of an angle.
    """
    distance = plots[:, 0]
    nearest: Floats = np.minimum(
        np.sqrt(radar.curvature_of_range_m * distance), radar.curvature_of_angles * distance
    )
    return nearest


def covered(radar: Radar, plots: Floats, covariance: Floats) -> Mask:
    """Which expected plots (n, 3), give or take 3 sigma of (n, 3, 3), lie inside the coverage."""
    farthest = plots[:, 0] + 3.0 * np.sqrt(covariance[:, 0, 0])
    lowest = plots[:, 2] - 3.0 * np.sqrt(covariance[:, 2, 2])
    inside: Mask = (farthest <= radar.longest_range_m) & (
        lowest >= radar.site.minimum_elevation_rad
    )
    return inside
