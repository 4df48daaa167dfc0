"""How a table is written to a file: CSV for spreadsheets, JSON for programs, Parquet for analysis.

Rows are taken one by one and written as they come: a table of a million rows takes no more memory than one of ten
thousand. Nothing here knows what the rows are about.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from portevoix.analytics.rules import safe_cell

if TYPE_CHECKING:
    from arro3.core import Array, RecordBatch, Schema

ROWS_IN_MEMORY = 10_000
FIRST_DAY = date(1970, 1, 1)  # which Parquet counts days from


class ColumnType(StrEnum):
    """What a column's cells are; any of them may be empty (None)."""

    TEXT = "text"
    WHOLE = "integer"
    DAY = "date"


class Code(NamedTuple):
    """A cell of text: people read the `label`, in their language, and programs the `key`, the same in every language."""

    key: str
    label: str


Cell = str | int | date | Code | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """`key` is for programs and never changes; `label` is for people, in their language."""

    key: str
    label: str
    type: ColumnType = ColumnType.TEXT


Facts = Mapping[str, str]


def write(
    file_format: str, file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row], about: Facts
) -> None:
    """Writes a table to an open file. `about`: kind, since, until, zone, made_at; CSV has no place for it."""
    _WRITERS[file_format](file, columns, rows, about)


def _write_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row], _about: Facts) -> None:
    """UTF-8 with the mark that spreadsheets look for; cells that they would run are quoted."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([safe_cell(column.label) for column in columns])
    writer.writerows([safe_cell(_for_people(cell)) for cell in row] for row in rows)
    text.detach()  # writes what is left, and leaves the file open


def _write_json(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row], about: Facts) -> None:
    """One object; each row is an object, on a line of its own."""
    head = {
        "kind": about["kind"],
        "made_at": about["made_at"],
        "period": {name: about[name] for name in ("since", "until", "zone")},
        "columns": [{"key": one.key, "label": one.label, "type": str(one.type)} for one in columns],
    }
    keys = [column.key for column in columns]
    text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
    text.write(f'{_json(head)[:-1]}, "rows": [')
    for number, row in enumerate(rows):
        cells = dict(zip(keys, map(_for_programs, row), strict=True))
        text.write(f"{',' if number else ''}\n{_json(cells)}")
    text.write("\n]}\n")
    text.detach()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)  # a day as 2026-11-24


def _write_parquet(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row], about: Facts) -> None:
    """One group of rows for each ten thousand. The library is loaded here, by the worker that needs it."""
    from arro3.core import DataType, Field, RecordBatchReader, Schema
    from arro3.io import write_parquet

    types = {
        ColumnType.TEXT: DataType.utf8(),
        ColumnType.WHOLE: DataType.int64(),
        ColumnType.DAY: DataType.date32(),
    }
    schema = Schema([Field(one.key, types[one.type], nullable=True) for one in columns])
    batches = _Remembering(_batches(columns, rows, schema))
    try:
        write_parquet(
            RecordBatchReader.from_batches(schema, batches),
            file,
            compression="snappy",  # which every reader knows
            max_row_group_size=ROWS_IN_MEMORY,
            key_value_metadata=dict(about),
        )
    except Exception:
        if batches.raised:  # the library tells of it in words of its own
            raise batches.raised from None
        raise


class _Remembering:
    """Goes through batches, and keeps what making them raised."""

    def __init__(self, batches: "Iterator[RecordBatch]") -> None:
        self.batches = batches
        self.raised: Exception | None = None

    def __iter__(self) -> "_Remembering":
        return self

    def __next__(self) -> "RecordBatch":
        try:
            return next(self.batches)
        except StopIteration:
            raise
        except Exception as error:
            self.raised = error
            raise


def _batches(columns: Sequence[Column], rows: Iterable[Row], schema: "Schema") -> "Iterator[RecordBatch]":
    from arro3.core import RecordBatch

    left = iter(rows)
    while part := list(islice(left, ROWS_IN_MEMORY)):
        cells = zip(*part, strict=True)
        arrays = [_array(column, of_column) for column, of_column in zip(columns, cells, strict=True)]
        yield RecordBatch.from_arrays(arrays, schema=schema)


def _array(column: Column, cells: Iterable[Any]) -> "Array":
    from arro3.core import Array, DataType

    if column.type == ColumnType.DAY:
        days = [None if day is None else (day - FIRST_DAY).days for day in cells]
        return Array(days, DataType.int32()).cast(DataType.date32())
    data_type = DataType.int64() if column.type == ColumnType.WHOLE else DataType.utf8()
    return Array([_for_programs(cell) for cell in cells], data_type)


def _for_people(cell: Cell) -> object:
    if isinstance(cell, Code):
        return cell.label
    return "" if cell is None else cell


def _for_programs(cell: Cell) -> object:
    return cell.key if isinstance(cell, Code) else cell


_WRITERS: Mapping[str, Callable[[IO[bytes], Sequence[Column], Iterable[Row], Facts], None]] = {
    "csv": _write_csv,
    "json": _write_json,
    "parquet": _write_parquet,
}
