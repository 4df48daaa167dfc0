"""Files of figures: what each format keeps of a table, read again as its readers read it."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from arro3.core import DataType

from portevoix.analytics.formats import ROWS_IN_MEMORY, Code, Column, ColumnType, Row, write
from reading_parquet import rows_of_parquet, table_of_parquet

COLUMNS = [
    Column("story", "Histoire"),
    Column("network", "Réseau"),
    Column("day", "Jour", ColumnType.DAY),
    Column("visits", "Visites", ColumnType.WHOLE),
]
LINKEDIN = Code("linkedin", "لينكدإن")
ROWS: list[Row] = [
    ['قصة "أولى"\nفي سطرين, وفاصلة', LINKEDIN, date(2026, 11, 24), 2**63 - 1],
    ["=SUM(A1)", Code("x", "X"), date(1969, 12, 31), 0],
    ["", "copy", None, None],
]
ABOUT = {
    "kind": "stories",
    "since": "2026-11-01",
    "until": "2026-11-24",
    "zone": "Africa/Casablanca",
    "made_at": "2026-11-24T09:00:00+00:00",
}
AS_PROGRAMS_READ_IT = [
    {
        "story": 'قصة "أولى"\nفي سطرين, وفاصلة',
        "network": "linkedin",
        "day": date(2026, 11, 24),
        "visits": 9_223_372_036_854_775_807,
    },
    {"story": "=SUM(A1)", "network": "x", "day": date(1969, 12, 31), "visits": 0},
    {"story": "", "network": "copy", "day": None, "visits": None},
]


def written(file_format: str, rows: list[Row]) -> bytes:
    file = io.BytesIO()
    write(file_format, file, COLUMNS, rows, ABOUT)
    return file.getvalue()


def test_csv_is_for_people_and_their_spreadsheets() -> None:
    content = written("csv", ROWS)

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["Histoire", "Réseau", "Jour", "Visites"],
        ['قصة "أولى"\nفي سطرين, وفاصلة', "لينكدإن", "2026-11-24", "9223372036854775807"],
        ["'=SUM(A1)", "X", "1969-12-31", "0"],
        ["", "copy", "", ""],
    ]


def test_json_says_what_it_holds_and_keeps_numbers_as_numbers() -> None:
    told = json.loads(written("json", ROWS))

    assert told == {
        "kind": "stories",
        "made_at": "2026-11-24T09:00:00+00:00",
        "period": {"since": "2026-11-01", "until": "2026-11-24", "zone": "Africa/Casablanca"},
        "columns": [
            {"key": "story", "label": "Histoire", "type": "text"},
            {"key": "network", "label": "Réseau", "type": "text"},
            {"key": "day", "label": "Jour", "type": "date"},
            {"key": "visits", "label": "Visites", "type": "integer"},
        ],
        "rows": [{**row, "day": row["day"] and str(row["day"])} for row in AS_PROGRAMS_READ_IT],
    }


def test_parquet_keeps_types_and_stable_names() -> None:
    content = written("parquet", ROWS)

    table = table_of_parquet(content)
    assert rows_of_parquet(content) == AS_PROGRAMS_READ_IT
    types = [table.schema.field(name).type for name in table.column_names]
    assert types == [DataType.utf8(), DataType.utf8(), DataType.date32(), DataType.int64()]
    assert table.schema.metadata_str == ABOUT


def test_tables_without_rows_are_whole_files() -> None:
    as_csv, as_json, as_parquet = (written(one, []) for one in ("csv", "json", "parquet"))

    assert as_csv.decode("utf-8-sig") == "Histoire,Réseau,Jour,Visites\r\n"
    assert json.loads(as_json)["rows"] == []
    assert table_of_parquet(as_parquet).column_names == ["story", "network", "day", "visits"]
    assert rows_of_parquet(as_parquet) == []


@pytest.mark.parametrize("file_format", ["csv", "json", "parquet"])
def test_rows_are_written_as_they_come(file_format: str) -> None:
    file = io.BytesIO()
    on_disk: list[int] = []  # how long the file was when each ten thousand rows had been taken

    def rows() -> Iterator[Row]:
        for number in range(4 * ROWS_IN_MEMORY):
            if number % ROWS_IN_MEMORY == 0:
                on_disk.append(file.tell())
            yield [f"histoire {number * 7919}", LINKEDIN, date(2026, 11, 24), number]

    write(file_format, file, COLUMNS, rows(), ABOUT)

    _first, *others = (after - before for before, after in pairwise(on_disk))
    assert min(others) > ROWS_IN_MEMORY
    assert file.tell() - on_disk[-1] < 3 * max(others)


def test_parquet_holds_every_row_once() -> None:
    rows: list[Row] = [["x", LINKEDIN, None, number] for number in range(2 * ROWS_IN_MEMORY + 1)]

    read = rows_of_parquet(written("parquet", rows))

    assert [row["visits"] for row in read] == list(range(2 * ROWS_IN_MEMORY + 1))


@pytest.mark.parametrize("file_format", ["csv", "json", "parquet"])
def test_what_the_rows_raise_comes_out_as_it_is(file_format: str) -> None:
    def rows() -> Iterator[Row]:
        yield ROWS[0]
        raise LookupError("the story is gone")

    with pytest.raises(LookupError, match="the story is gone"):
        write(file_format, io.BytesIO(), COLUMNS, rows(), ABOUT)


def test_pages_do_not_load_the_library_of_parquet() -> None:
    code = (
        "import django, sys; django.setup(); import portevoix.urls, portevoix.schedule; "
        "print(sorted(name for name in sys.modules if name.startswith('arro3')))"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
