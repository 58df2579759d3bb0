from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.adapters.plots.csv_table import LARGEST_FILE_BYTES
from bongsu.adapters.plots.published_flights import (
    COLUMNS,
    parse_published_flights,
    published_flights,
    read_published_flights,
)
from bongsu.vocabulary.errors import LocalMisuse
from bongsu.vocabulary.estimates import ObjectClass

ROW = {
    "id": "C-1",
    "date_utc": "2022-10-03T22:22Z",
    "site": "Mupyong-ni",
    "lat": "40.611208",
    "lon": "126.425743",
    "type": "New IRBM 2022",
    "class": "IRBM",
    "apogee_km": "970",
    "range_km": "4500",
    "flight_time_min": "22",
    "outcome": "success; landing=pacific-ocean; bearing=80",
    "source": "a newspaper",
}


def table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    lines = [columns, *([row[column] for column in columns] for row in rows)]
    return "\n".join(",".join(line) for line in lines).encode() + b"\n"


def refusal(content: bytes) -> LocalMisuse:
    with pytest.raises(LocalMisuse) as caught:
        parse_published_flights(content, name="claims.csv")
    return caught.value


def test_the_shipped_list_holds_the_flight_over_japan_in_si_units() -> None:
    flight = next(one for one in published_flights() if one.id == "NK-2022-10-03-01")
    assert flight.object_class is ObjectClass.IRBM
    assert (flight.apogee_m, flight.range_m, flight.flight_time_s) == (970e3, 4_500e3, 1_320.0)
    assert flight.latitude_rad == pytest.approx(0.708799, abs=1e-6)
    assert flight.bearing_rad == pytest.approx(1.396263, abs=1e-6)
    assert flight.launched_at == 1_664_835_720 * 10**9
    assert flight.flight_time_rounding_s == 60.0
    assert flight.range_rounding_m == 50e3


def test_every_shipped_flight_has_an_id_of_its_own_and_a_source() -> None:
    flights = published_flights()
    assert len(flights) == 268
    assert len({one.id for one in flights}) == 268
    assert all(one.source for one in flights)


def test_a_date_without_a_time_is_no_instant() -> None:
    for text in ("", "2022", "2022-10", "2022-10-03"):
        (flight,) = parse_published_flights(table({**ROW, "date_utc": text}), name="x")
        assert flight.launched_at is None


def test_empty_cells_are_figures_that_nobody_published() -> None:
    empty = {"apogee_km": "", "range_km": "", "flight_time_min": "", "outcome": "", "class": ""}
    (flight,) = parse_published_flights(table({**ROW, **empty}), name="x")
    assert (flight.apogee_m, flight.range_m, flight.flight_time_s) == (None, None, None)
    assert (flight.bearing_rad, flight.object_class) == (None, None)


def test_a_class_that_is_not_ours_keeps_its_words() -> None:
    (flight,) = parse_published_flights(table({**ROW, "class": "HGV"}), name="x")
    assert (flight.object_class, flight.class_published) == (None, "HGV")


def test_quoted_commas_byte_order_mark_carriage_returns_and_further_columns_do_no_harm() -> None:
    row = {**ROW, "apogee_km": '"6,248.5"', "remark": "x"}
    content = table(row, columns=("remark", *COLUMNS)).replace(b"\n", b"\r\n")
    (flight,) = parse_published_flights(b"\xef\xbb\xbf" + content, name="x")
    assert flight.apogee_m == pytest.approx(6_248.5e3)


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        ("apogee_km", "nan", "'nan' is not a number"),
        ("apogee_km", "1e3", "'1e3' is not a number"),
        ("apogee_km", "0", "0 is out of range"),
        ("apogee_km", "40000", "40000 is out of range"),
        ("range_km", "25000", "25000 is out of range"),
        ("flight_time_min", "-3", "'-3' is not a number"),
        ("flight_time_min", "2000", "2000 is out of range"),
        ("lat", "", "'' is no coordinate"),
        ("lat", "90.01", "'90.01' is no coordinate"),
        ("lon", "inf", "'inf' is no coordinate"),
        ("date_utc", "2022-13-01", "'2022-13-01' is no date"),
        ("date_utc", "2022-02-30T10:00Z", "is no date"),
        ("date_utc", "yesterday", "'yesterday' is no date"),
        ("date_utc", "2022-10-03T22:22", "is no date"),
        ("outcome", "bearing=north", "bearing 'north' is no bearing"),
        ("outcome", "bearing=361", "bearing '361' is no bearing"),
        ("id", "", "empty or too long"),
        ("id", "C" * 101, "empty or too long"),
        ("site", "\x1b[2J", "holds a control character"),
        ("source", "s" * 4_001, "longer than 4000 characters"),
    ],
)
def test_a_bad_cell_is_named_with_line_column_and_remedy(column: str, text: str, why: str) -> None:
    error = refusal(table({**ROW, "id": "C-0"}, {**ROW, column: text}))
    assert error.what.startswith(f"claims.csv, line 3, column {column}: ")
    assert why in error.what
    assert error.remedy


def test_the_same_id_twice_is_refused() -> None:
    assert "line 3, column id: C-1 stands there twice" in refusal(table(ROW, ROW)).what


def test_missing_columns_are_named() -> None:
    columns = tuple(name for name in COLUMNS if name not in {"lat", "range_km"})
    error = refusal(table(ROW, columns=columns))
    assert error.what == "claims.csv, line 1: column lat, range_km is missing"
    assert ",".join(COLUMNS) in error.remedy


def test_a_column_that_stands_there_twice_is_refused() -> None:
    assert "twice" in refusal(table(ROW, columns=("id", *COLUMNS))).what


def test_latin_1_bytes_are_named_with_their_line() -> None:
    error = refusal(table({**ROW, "id": "C-0"}, ROW).replace(b"a newspaper", b"caf\xe9", 2))
    assert error.what == "claims.csv, line 2: byte 0xe9 is not UTF-8"


def test_a_line_with_too_few_values_is_refused() -> None:
    assert "12 columns" in refusal(table(ROW) + b"C-2,2022\n").what


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_a_table_without_a_header_is_refused(content: bytes) -> None:
    assert refusal(content).remedy.startswith("Begin with the line id,")


def test_broken_quotes_are_refused() -> None:
    assert "line 2" in refusal(table(ROW) + b'"C-2" x,1\n').what.replace("line 3", "line 2")


def test_tables_beyond_the_bounds_are_refused() -> None:
    assert "larger than 4 MiB" in refusal(b"x" * (LARGEST_FILE_BYTES + 1)).what
    assert "too many lines" in refusal(table(ROW) + b"\n" * 5_001).what


def test_a_file_is_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(table(ROW))
    assert [flight.id for flight in read_published_flights(path)] == ["C-1"]
    with pytest.raises(LocalMisuse, match="Cannot read .*nowhere.csv: No such file"):
        read_published_flights(tmp_path / "nowhere.csv")
    with pytest.raises(LocalMisuse, match="Cannot read"):
        read_published_flights(tmp_path)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_the_answer_is_flights_or_a_clear_refusal(content: bytes) -> None:
    complaint = ""
    try:
        flights = parse_published_flights(table(ROW) + content, name="claims.csv")
    except LocalMisuse as error:
        complaint = error.what
    assert "claims.csv" in complaint or flights[0].id == "C-1"
