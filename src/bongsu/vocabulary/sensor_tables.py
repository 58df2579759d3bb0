"""A sensor as people write it down: degrees, kilometres, milliradians, every field bounded.

Used by the configuration of a tracker and by scenarios alike. msgspec checks types and bounds
from these declarations (NaN fails every bound) and names the path of what is wrong.
"""

from math import degrees, radians
from typing import Annotated

import msgspec
from msgspec import Meta

from bongsu.vocabulary.sensor import SensorKind, SensorSite
from bongsu.vocabulary.units import NationId, SensorId

Identifier = Annotated[str, Meta(pattern=r"\A[A-Z][A-Z0-9-]*\Z", max_length=40)]
NationCode = Annotated[str, Meta(pattern=r"\A[A-Z]{2,8}\Z")]
Latitude = Annotated[float, Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Meta(ge=-180.0, le=180.0)]


class SensorTable(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """What every kind of sensor states."""

    id: Identifier
    nation: NationCode
    longitude_deg: Longitude
    scan_interval_s: Annotated[float, Meta(ge=0.1, le=60.0)]
    detection_probability: Annotated[float, Meta(ge=0.01, le=1.0)]
    clutter_per_scan: Annotated[float, Meta(ge=0.0, le=1_000.0)]


class RadarTable(SensorTable, frozen=True, kw_only=True, tag="radar"):
    latitude_deg: Latitude
    height_m: Annotated[float, Meta(ge=-500.0, le=30_000.0)]
    sigma_range_m: Annotated[float, Meta(ge=0.1, le=10_000.0)]
    sigma_azimuth_mrad: Annotated[float, Meta(ge=0.001, le=100.0)]
    sigma_elevation_mrad: Annotated[float, Meta(ge=0.001, le=100.0)]
    maximum_range_km: Annotated[float, Meta(ge=1.0, le=6_000.0)]
    minimum_elevation_deg: Annotated[float, Meta(ge=-5.0, le=80.0)]
    resolution_range_m: Annotated[float, Meta(ge=0.0, le=10_000.0)] = 0.0
    resolution_azimuth_mrad: Annotated[float, Meta(ge=0.0, le=100.0)] = 0.0
    resolution_elevation_mrad: Annotated[float, Meta(ge=0.0, le=100.0)] = 0.0
    split_probability: Annotated[float, Meta(ge=0.0, le=0.5)] = 0.0
    sigma_range_rate_mps: Annotated[float, Meta(ge=0.0, le=1_000.0)] = 0.0
    greatest_speed_mps: Annotated[float, Meta(ge=0.0, le=12_000.0)] = 0.0


class InfraredTable(SensorTable, frozen=True, kw_only=True, tag="infrared"):
    sigma_angle_urad: Annotated[float, Meta(ge=0.1, le=10_000.0)]
    cloud_height_km: Annotated[float, Meta(ge=0.0, le=50.0)]
    latitude_deg: Annotated[float, Meta(ge=-15.0, le=15.0)] = 0.0
    height_km: Annotated[float, Meta(ge=30_000.0, le=40_000.0)] = 35_786.0


def site_of(table: RadarTable | InfraredTable) -> SensorSite:
    """The sensor in SI and radians."""
    return _radar_site(table) if isinstance(table, RadarTable) else _infrared_site(table)


def table_of(site: SensorSite) -> RadarTable | InfraredTable:
    """The sensor as people write it down; the inverse of `site_of` to rounding."""
    return _radar_table(site) if site.kind is SensorKind.RADAR else _infrared_table(site)


def _radar_site(table: RadarTable) -> SensorSite:
    return SensorSite(
        sensor_id=SensorId(table.id),
        nation=NationId(table.nation),
        kind=SensorKind.RADAR,
        latitude_rad=radians(table.latitude_deg),
        longitude_rad=radians(table.longitude_deg),
        height_m=table.height_m,
        sigmas=(
            table.sigma_range_m,
            table.sigma_azimuth_mrad * 1e-3,
            table.sigma_elevation_mrad * 1e-3,
        ),
        scan_interval_s=table.scan_interval_s,
        detection_probability=table.detection_probability,
        clutter_per_scan=table.clutter_per_scan,
        maximum_range_m=table.maximum_range_km * 1e3,
        minimum_elevation_rad=radians(table.minimum_elevation_deg),
        resolution=(
            table.resolution_range_m,
            table.resolution_azimuth_mrad * 1e-3,
            table.resolution_elevation_mrad * 1e-3,
        ),
        split_probability=table.split_probability,
        sigma_range_rate_mps=table.sigma_range_rate_mps,
        greatest_speed_mps=table.greatest_speed_mps,
    )


def _infrared_site(table: InfraredTable) -> SensorSite:
    return SensorSite(
        sensor_id=SensorId(table.id),
        nation=NationId(table.nation),
        kind=SensorKind.INFRARED,
        latitude_rad=radians(table.latitude_deg),
        longitude_rad=radians(table.longitude_deg),
        height_m=table.height_km * 1e3,
        sigmas=(table.sigma_angle_urad * 1e-6,) * 2,
        scan_interval_s=table.scan_interval_s,
        detection_probability=table.detection_probability,
        clutter_per_scan=table.clutter_per_scan,
        cloud_height_m=table.cloud_height_km * 1e3,
    )


def _radar_table(site: SensorSite) -> RadarTable:
    sigma_range_m, sigma_azimuth_rad, sigma_elevation_rad = site.sigmas
    cell_range_m, cell_azimuth_rad, cell_elevation_rad = site.resolution
    return RadarTable(
        id=site.sensor_id,
        nation=site.nation,
        latitude_deg=degrees(site.latitude_rad),
        longitude_deg=degrees(site.longitude_rad),
        height_m=site.height_m,
        sigma_range_m=sigma_range_m,
        sigma_azimuth_mrad=sigma_azimuth_rad * 1e3,
        sigma_elevation_mrad=sigma_elevation_rad * 1e3,
        scan_interval_s=site.scan_interval_s,
        detection_probability=site.detection_probability,
        clutter_per_scan=site.clutter_per_scan,
        maximum_range_km=site.maximum_range_m / 1e3,
        minimum_elevation_deg=degrees(site.minimum_elevation_rad),
        resolution_range_m=cell_range_m,
        resolution_azimuth_mrad=cell_azimuth_rad * 1e3,
        resolution_elevation_mrad=cell_elevation_rad * 1e3,
        split_probability=site.split_probability,
        sigma_range_rate_mps=site.sigma_range_rate_mps,
        greatest_speed_mps=site.greatest_speed_mps,
    )


def _infrared_table(site: SensorSite) -> InfraredTable:
    return InfraredTable(
        id=site.sensor_id,
        nation=site.nation,
        latitude_deg=degrees(site.latitude_rad),
        longitude_deg=degrees(site.longitude_rad),
        height_km=site.height_m / 1e3,
        sigma_angle_urad=site.sigmas[0] * 1e6,
        cloud_height_km=site.cloud_height_m / 1e3,
        scan_interval_s=site.scan_interval_s,
        detection_probability=site.detection_probability,
        clutter_per_scan=site.clutter_per_scan,
    )
