"""What a person files, as records."""

import math
from dataclasses import fields

from bongsu.records.cells import cell_100km
from bongsu.vocabulary.estimates import GeoPoint
from bongsu.vocabulary.filing import Area, IntelligenceReport, LaunchNotice


def notice_to_fields(notice: LaunchNotice) -> dict[str, object]:
    """The fields of a launch-notice record."""
    stated = {field.name: getattr(notice, field.name) for field in fields(notice)}
    return {**stated, "launch_area_cell_100km": cell_100km(middle_of(notice.launch_area))}


def report_to_fields(report: IntelligenceReport) -> dict[str, object]:
    """The fields of an intelligence-report record."""
    return {field.name: getattr(report, field.name) for field in fields(report)}


def middle_of(area: Area) -> GeoPoint:
    """The mean of an area's corners, as directions from the Earth's centre."""
    x = y = z = 0.0
    for point in area.points:
        x += math.cos(point.latitude_rad) * math.cos(point.longitude_rad)
        y += math.cos(point.latitude_rad) * math.sin(point.longitude_rad)
        z += math.sin(point.latitude_rad)
    return GeoPoint(latitude_rad=math.atan2(z, math.hypot(x, y)), longitude_rad=math.atan2(y, x))
