"""The demo's report as JSON: `DemoReport` as it stands, with warnings in degrees and km.

Names carry their unit, what is not known is null, and the marking comes first.
"""

from math import degrees
from typing import Any

import msgspec
import numpy as np

from bongsu.console.demo_report import DemoReport, NationWarnings
from bongsu.console.measures import clock_text, date_text
from bongsu.console.words import warning_sentence
from bongsu.vocabulary.estimates import (
    Ellipse,
    Fan,
    Flight,
    GeoPoint,
    ImpactEstimate,
    LaunchEstimate,
)
from bongsu.vocabulary.launch_kind import launch_kind
from bongsu.vocabulary.launch_warning import LaunchWarning
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.seen_warning import whole
from bongsu.vocabulary.units import UtcNs


def report_json(report: DemoReport) -> bytes:
    """UTF-8 JSON, indented, that ends in a newline."""
    contents = _plain(report)
    contents["warnings"] = [_nation(said, report.realm) for said in report.warnings]
    contents["scenario"]["launched_at_utc"] = utc_text(report.scenario.launched_at_utc_ns)
    data = msgspec.json.encode({"banner": report.banner, **contents}, enc_hook=_number)
    return msgspec.json.format(data, indent=2) + b"\n"


def utc_text(at: UtcNs) -> str:
    """2022-10-03T22:22:04.123Z, to the millisecond below."""
    milliseconds = at // 1_000_000 % 1_000
    return f"{date_text(at)}T{clock_text(at).removesuffix('Z')}.{milliseconds:03d}Z"


def _plain(report: DemoReport) -> dict[str, Any]:
    without_warnings = msgspec.structs.replace(report, warnings=())
    contents: dict[str, Any] = msgspec.to_builtins(without_warnings, enc_hook=_number)
    return contents


def _number(value: Any) -> Any:
    """NumPy's numbers as Python's; raises NotImplementedError for anything else."""
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} has no place in the report")


def _nation(said: NationWarnings, realm: Realm) -> dict[str, Any]:
    versions = [_version(warning, realm) for warning in said.versions]
    return {"nation": said.nation, "versions": versions}


def _version(warning: LaunchWarning, realm: Realm) -> dict[str, Any]:
    return {
        "warning_id": warning.warning_id,
        "version": warning.version,
        "action": warning.action.value,
        "node": warning.node,
        "track_id": warning.track_id,
        "stated_at_utc": utc_text(warning.stated_at),
        "stated_at_utc_ns": warning.stated_at,
        "first_observed_at_utc": utc_text(warning.first_observed_at),
        "data_at_utc": utc_text(warning.data_at),
        "track_status": warning.track_status.value,
        "phase": warning.phase.value,
        "confirmation": warning.confirmation.value,
        "sensors": list(warning.sensors),
        "sensor_kinds": [kind.value for kind in warning.sensor_kinds],
        "corroborated_by": [record_id.hex() for record_id in warning.corroborated_by],
        "kind": kind.value if (kind := launch_kind(warning.classification)) else None,
        "classification": [
            {"class": entry.object_class.value, "probability": entry.probability}
            for entry in warning.classification
        ],
        "launch": None if warning.launch is None else _launch(warning.launch),
        "predicted_impact": None if warning.impact is None else _impact(warning.impact),
        "fan": None if warning.fan is None else _fan(warning.fan),
        "flight": None if warning.flight is None else _flight(warning.flight),
        "caveats": list(warning.caveats),
        "end_reason": None if warning.end_reason is None else warning.end_reason.value,
        "words": warning_sentence(whole(warning), realm=realm, now=warning.stated_at),
    }


def _place(point: GeoPoint) -> dict[str, Any]:
    return {
        "latitude_deg": degrees(point.latitude_rad),
        "longitude_deg": degrees(point.longitude_rad),
    }


def _ellipse(ellipse: Ellipse) -> dict[str, Any]:
    return {
        "semi_major_km": ellipse.semi_major_m / 1e3,
        "semi_minor_km": ellipse.semi_minor_m / 1e3,
        "azimuth_deg": degrees(ellipse.azimuth_rad),
        "probability": ellipse.probability,
    }


def _launch(launch: LaunchEstimate) -> dict[str, Any]:
    return {
        **_place(launch.point),
        "ellipse": _ellipse(launch.ellipse),
        "at_utc": utc_text(launch.at),
        "sigma_time_s": launch.sigma_time_s,
        "azimuth_deg": degrees(launch.azimuth_rad),
        "sigma_azimuth_deg": degrees(launch.sigma_azimuth_rad),
    }


def _impact(impact: ImpactEstimate) -> dict[str, Any]:
    return {
        **_place(impact.point),
        "ellipse": _ellipse(impact.ellipse),
        "at_utc": utc_text(impact.at),
        "sigma_time_s": impact.sigma_time_s,
    }


def _fan(fan: Fan) -> dict[str, Any]:
    return {
        "origin": _place(fan.origin),
        "azimuth_deg": degrees(fan.azimuth_rad),
        "half_width_deg": degrees(fan.half_width_rad),
        "minimum_range_km": fan.minimum_range_m / 1e3,
        "maximum_range_km": fan.maximum_range_m / 1e3,
    }


def _flight(flight: Flight) -> dict[str, Any]:
    return {
        "apogee_km": flight.apogee_m / 1e3,
        "sigma_apogee_km": flight.sigma_apogee_m / 1e3,
        "range_km": flight.range_m / 1e3,
        "sigma_range_km": flight.sigma_range_m / 1e3,
        "flight_time_s": flight.flight_time_s,
        "sigma_flight_time_s": flight.sigma_flight_time_s,
    }
