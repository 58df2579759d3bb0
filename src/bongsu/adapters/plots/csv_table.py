"""Tables of comma-separated values from people's hands: bounded, and exact about what is wrong."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bongsu.vocabulary.errors import LocalMisuse

LARGEST_FILE_BYTES: Final = 4 * 1024 * 1024
MOST_LINES: Final = 5_000
LONGEST_CELL: Final = 4_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """The trimmed cells of one line by column, and where it stands for those who mend it."""

    where: str
    cells: Mapping[str, str]

    def refused(self, column: str, why: str, remedy: str) -> LocalMisuse:
        """The error to raise for one cell."""
        return LocalMisuse(f"{self.where}, column {column}: {why}", remedy=remedy)


def read_bounded(path: Path) -> bytes:
    """A file's bytes, one more than is allowed at most; LocalMisuse where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise LocalMisuse(
            f"Cannot read {path}: {error.strerror}", remedy="Name a CSV file that exists"
        ) from error


def table_rows(content: bytes, *, name: str, columns: Sequence[str]) -> Iterator[TableRow]:
    """The rows of a table that has these columns; others are kept, empty lines left out.

    `name` stands in errors. Raises LocalMisuse for content that is too large, not UTF-8, not
    CSV, empty, or without one of the columns.
    """
    reader = csv.reader(io.StringIO(_text(content, name), newline=""), strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            where = f"{name}, line {reader.line_num}"
            if reader.line_num > MOST_LINES:
                raise LocalMisuse(f"{where}: too many lines", remedy="Split the table")
            if header is None:
                header = _header(cells, where, columns)
            elif cells:
                yield _row(header, cells, where)
    except csv.Error as error:
        raise LocalMisuse(
            f"{name}, line {reader.line_num}: {error}", remedy="Write comma-separated values"
        ) from error
    if header is None:
        raise LocalMisuse(f"{name} is empty", remedy=f"Begin with the line {','.join(columns)}")


def _text(content: bytes, name: str) -> str:
    if len(content) > LARGEST_FILE_BYTES:
        raise LocalMisuse(
            f"{name} is larger than {LARGEST_FILE_BYTES // 2**20} MiB", remedy="Split the table"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LocalMisuse(
            f"{name}, line {line}: byte {content[error.start]:#04x} is not UTF-8",
            remedy="Save the table as UTF-8",
        ) from error


def _header(cells: list[str], where: str, columns: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    missing = [column for column in columns if column not in names]
    remedy = f"Begin with the line {','.join(columns)}"
    if missing:
        raise LocalMisuse(f"{where}: column {', '.join(missing)} is missing", remedy=remedy)
    if len(set(names)) != len(names):
        raise LocalMisuse(f"{where}: a column stands there twice", remedy=remedy)
    return names


def _row(header: list[str], cells: list[str], where: str) -> TableRow:
    if len(cells) != len(header):
        raise LocalMisuse(
            f"{where}: {len(cells)} values for {len(header)} columns",
            remedy="Put values that hold a comma into double quotes",
        )
    row = TableRow(where, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    for column, cell in row.cells.items():
        if len(cell) > LONGEST_CELL:
            raise row.refused(column, f"longer than {LONGEST_CELL} characters", "Shorten it")
        if any(unicodedata.category(letter) == "Cc" for letter in cell):
            raise row.refused(column, "holds a control character", "Remove it")
    return row
