"""Rows of the review in the report's units: degrees, kilometres, minutes."""

from collections.abc import Iterable
from math import degrees
from typing import get_args

from bongsu.console import demo_report as report
from bongsu.exercise.comparison import ComparisonRow, Estimate
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.published_flight import PublishedFlight


def comparison_rows(rows: Iterable[ComparisonRow]) -> tuple[report.ComparisonRow, ...]:
    """The rows that the report shows; the review knows more than that."""
    return tuple(_row(row, name) for row in rows if (name := _quantity(row)) is not None)


def published_figures(flight: PublishedFlight) -> report.PublishedFigures:
    """The flight as it was published."""
    return report.PublishedFigures(
        id=flight.id,
        date_utc=flight.date_utc,
        site=flight.site,
        latitude_deg=degrees(flight.latitude_rad),
        longitude_deg=degrees(flight.longitude_rad),
        object_class=flight.object_class.value if flight.object_class else None,
        apogee_km=_scaled(flight.apogee_m, 1e-3),
        range_km=_scaled(flight.range_m, 1e-3),
        flight_time_min=_scaled(flight.flight_time_s, 1.0 / 60.0),
        bearing_deg=None if flight.bearing_rad is None else degrees(flight.bearing_rad),
        source=flight.source,
    )


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _quantity(row: ComparisonRow) -> report.Quantity | None:
    """The report's name of the row's quantity; the review knows more than the report shows."""
    return next((name for name in get_args(report.Quantity) if name == row.quantity), None)


def _row(row: ComparisonRow, quantity: report.Quantity) -> report.ComparisonRow:
    return report.ComparisonRow(
        quantity=quantity,
        unit=row.unit,
        truth=row.truth,
        truth_place=_place(row.truth_place),
        published=row.published,
        published_role=row.published_role,
        estimates=tuple(_estimate(estimate) for estimate in row.estimates),
    )


def _estimate(estimate: Estimate) -> report.Estimate:
    return report.Estimate(
        nation=estimate.nation,
        at=estimate.at,
        value=estimate.value,
        stated_sigma=estimate.stated_sigma,
        place=_place(estimate.place),
        ellipse=_ellipse(estimate.ellipse),
        error=estimate.error,
    )


def _place(point: GeoPoint | None) -> report.Place | None:
    if point is None:
        return None
    return report.Place(
        latitude_deg=degrees(point.latitude_rad), longitude_deg=degrees(point.longitude_rad)
    )


def _ellipse(ellipse: Ellipse | None) -> report.EllipseKm | None:
    if ellipse is None:
        return None
    return report.EllipseKm(
        semi_major_km=ellipse.semi_major_m / 1e3,
        semi_minor_km=ellipse.semi_minor_m / 1e3,
        azimuth_deg=degrees(ellipse.azimuth_rad),
        probability=ellipse.probability,
    )
