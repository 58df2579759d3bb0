"""The one radar with which the library's documentation, its tests and its first update work."""

TABLE = {
    "kind": "radar",
    "id": "LAB-RADAR-1",
    "nation": "XA",
    "latitude_deg": 45.0,
    "longitude_deg": 20.0,
    "height_m": 100.0,
    "sigma_range_m": 30.0,
    "sigma_azimuth_mrad": 1.0,
    "sigma_elevation_mrad": 1.0,
    "scan_interval_s": 1.0,
    "detection_probability": 0.9,
    "clutter_per_scan": 2.0,
    "maximum_range_km": 2_000.0,
    "minimum_elevation_deg": 1.0,
}
