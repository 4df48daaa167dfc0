"""Opens Parquet files again, with the library that wrote them."""

import io
from typing import Any

from arro3.core import Table
from arro3.io import read_parquet


def table_of_parquet(content: bytes) -> Table:
    return read_parquet(io.BytesIO(content)).read_all()


def rows_of_parquet(content: bytes) -> list[dict[str, Any]]:
    """Each row by the names of its columns."""
    table = table_of_parquet(content)
    columns = [[cell.as_py() for cell in table.column(name)] for name in table.column_names]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]
