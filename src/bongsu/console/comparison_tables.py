"""Truth, published figures and estimates as rows of words, one table per quantity."""

from bongsu.console.demo_report import ComparisonRow, DemoReport, Estimate, Moment
from bongsu.console.measures import length_km_text, place_deg_text
from bongsu.console.result_tables import NO_FIGURE, ResultTable
from bongsu.console.safe_text import safe_text
from bongsu.vocabulary.units import NationId

MOMENTS: tuple[Moment, ...] = ("T+60 s", "T+120 s", "burnout", "burnout + 60 s", "end")
ROLE_WORDS = {"input": "an input", "compared": "compared, not an input"}
DIGITS = {"km": 1, "s": 1, "min": 2}
MOST_DIGITS = 4


def comparison_tables(report: DemoReport) -> tuple[ResultTable, ...]:
    """One table per quantity: a row per nation, a column per moment."""
    return tuple(_comparison(row) for row in report.comparison)


def _comparison(row: ComparisonRow) -> ResultTable:
    nations = tuple(dict.fromkeys(estimate.nation for estimate in row.estimates))
    return ResultTable(
        title=f"{row.quantity.capitalize()}: {_truth_text(row)}",
        columns=("", *MOMENTS),
        rows=tuple(
            (safe_text(nation), *(_moment_cell(row, nation, moment) for moment in MOMENTS))
            for nation in nations
        ),
        numeric=frozenset(range(1, len(MOMENTS) + 1)),
    )


def _truth_text(row: ComparisonRow) -> str:
    digits = DIGITS.get(row.unit, 1)
    if row.truth_place is not None:
        place = row.truth_place
        truth = f"truth {place_deg_text(place.latitude_deg, place.longitude_deg)}"
    elif row.truth is not None:
        truth = f"truth {row.truth:,.{digits}f} {row.unit}"
    else:
        truth = "truth not known"
    if row.published is None:
        return truth
    role = ROLE_WORDS.get(row.published_role or "", "")
    return f"{truth}; published {row.published:,g} {row.unit}{f' ({role})' if role else ''}"


def _moment_cell(row: ComparisonRow, nation: NationId, moment: Moment) -> str:
    found = [e for e in row.estimates if e.nation == nation and e.at == moment]
    return _estimate_cell(row, found[0]) if found else NO_FIGURE


def _estimate_cell(row: ComparisonRow, estimate: Estimate) -> str:
    digits = _digits(row, estimate.stated_sigma)
    lines = []
    if estimate.place is not None:
        place = estimate.place
        lines.append(place_deg_text(place.latitude_deg, place.longitude_deg))
    if estimate.ellipse is not None:
        axes = (estimate.ellipse.semi_major_km, estimate.ellipse.semi_minor_km)
        lines.append(f"{' x '.join(length_km_text(1e3 * axis) for axis in axes)} km")
    if estimate.value is not None:
        sigma = "" if estimate.stated_sigma is None else f" +-{estimate.stated_sigma:,.{digits}f}"
        lines.append(f"{estimate.value:,.{digits}f}{sigma}")
    if estimate.error is not None and estimate.place is not None:
        lines.append(f"off {length_km_text(1e3 * estimate.error)} km")
    elif estimate.error is not None:
        lines.append(f"off {_signed(estimate.error, digits)}")
    return "\n".join(lines) or NO_FIGURE


def _digits(row: ComparisonRow, sigma: float | None) -> int:
    """As many as it takes to show that the stated sigma is not zero."""
    digits = DIGITS.get(row.unit, 1)
    while sigma and abs(sigma) < 0.5 * 10.0**-digits and digits < MOST_DIGITS:
        digits += 1
    return digits


def _signed(value: float, digits: int) -> str:
    """With its sign; what rounds to zero has none."""
    rounded = round(value, digits)
    return f"{rounded:+,.{digits}f}" if rounded else f"{0:.{digits}f}"
