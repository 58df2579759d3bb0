"""One made-up recording of a radar and an infrared sensor, written down in each format."""

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bongsu.adapters.plots.columns import COLUMNS

RADAR = {
    "kind": "radar",
    "id": "KR-RADAR-1",
    "nation": "KR",
    "latitude_deg": 37.5,
    "longitude_deg": 127.0,
    "height_m": 200.0,
    "sigma_range_m": 30.0,
    "sigma_azimuth_mrad": 1.0,
    "sigma_elevation_mrad": 1.0,
    "scan_interval_s": 1.0,
    "detection_probability": 0.9,
    "clutter_per_scan": 2.0,
    "maximum_range_km": 2_000.0,
    "minimum_elevation_deg": 1.0,
}
INFRARED = {
    "kind": "infrared",
    "id": "US-IR-1",
    "nation": "US",
    "longitude_deg": 130.0,
    "scan_interval_s": 2.0,
    "detection_probability": 0.9,
    "clutter_per_scan": 0.0,
    "sigma_angle_urad": 30.0,
    "cloud_height_km": 8.0,
}
SENSORS = [RADAR, INFRARED]
START_NS = 1_664_832_118_000_000_000
Row = dict[str, Any]


def radar_row(second: float, range_m: float | None = 5e5, **changed: Any) -> Row:
    row: Row = {
        "sensor_id": "KR-RADAR-1",
        "observed_utc_ns": START_NS + round(second * 1e9),
        "range_m": range_m,
        "azimuth_rad": 0.3 if range_m is not None else None,
        "elevation_rad": 0.2 if range_m is not None else None,
    }
    return row | changed


def infrared_row(second: float, **changed: Any) -> Row:
    row: Row = {
        "sensor_id": "US-IR-1",
        "observed_utc_ns": START_NS + round(second * 1e9),
        "east_angle_rad": 0.01,
        "north_angle_rad": 0.1,
    }
    return row | changed


def some_rows() -> list[Row]:
    """Two plots in one scan, a scan without any, an infrared one, and a radar scan that is late."""
    return [
        radar_row(0.0),
        radar_row(0.0, 6e5),
        radar_row(1.0, None),
        infrared_row(1.5),
        radar_row(3.0),
        radar_row(2.0, 7e5),
    ]


def written_jsonl(path: Path, rows: list[Row], sensors: list[Row] | None = None) -> Path:
    lines = [] if sensors is None else [json.dumps({"sensors": sensors})]
    lines += [
        json.dumps({name: value for name, value in row.items() if value is not None})
        for row in rows
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def written_npz(path: Path, rows: list[Row], sensors: list[Row] | None = None) -> Path:
    arrays: dict[str, Any] = {
        name: np.array([np.nan if row.get(name) is None else row[name] for row in rows])
        for name in (*COLUMNS, *(set().union(*rows) - set(COLUMNS)))
        if any(row.get(name) is not None for row in rows)
    }
    if sensors is not None:
        arrays["sensors"] = np.array(json.dumps(sensors))
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    return path


def written_parquet(path: Path, rows: list[Row], sensors: list[Row] | None = None) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    kinds = {
        name: "VARCHAR" if name == "sensor_id" else "BIGINT" if name.endswith("_ns") else "DOUBLE"
        for name in names
    }
    told = "" if sensors is None else f", KV_METADATA {{'bongsu.sensors': '{json.dumps(sensors)}'}}"
    with duckdb.connect(":memory:") as connection:
        columns = ", ".join(f"{name} {kinds[name]}" for name in names)
        connection.execute(f"CREATE TABLE plots ({columns})")
        places = ", ".join("?" for _ in names)
        connection.executemany(
            f"INSERT INTO plots VALUES ({places})",
            [[row.get(name) for name in names] for row in rows],
        )
        connection.execute(f"COPY plots TO '{path}' (FORMAT PARQUET{told})")
    return path


def toml_of(sensors: list[Row]) -> str:
    """Tables of sensors as people write them; JSON's texts and numbers are TOML's too."""
    return "\n".join(
        "[[sensors]]\n"
        + "\n".join(f"{name} = {json.dumps(value)}" for name, value in table.items())
        for table in sensors
    )
