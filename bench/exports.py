"""How long a table of a million rows takes in each format, and how much memory. Bar: under 100 MB more than before.

python bench/exports.py [--rows 1000000]
"""

import argparse
import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta

from machine import machine
from pages import write_part

from portevoix.analytics.formats import Code, Column, ColumnType, Row, write

BAR_MB = 100.0
FIRST_DAY = date(2026, 1, 1)
COLUMNS = [
    Column("day", "Jour", ColumnType.DAY),
    Column("network", "Réseau"),
    Column("story", "Histoire"),
    Column("text", "Texte"),
    Column("visits", "Visites", ColumnType.WHOLE),
    Column("unique_visitors", "Visiteurs uniques", ColumnType.WHOLE),
]
ABOUT = {"kind": "bench", "since": "", "until": "", "zone": "UTC", "made_at": ""}


def rows(count: int) -> Iterator[Row]:
    """Rows of some three hundred characters, no two alike."""
    network = Code("linkedin", "لينكدإن")
    for number in range(count):
        day = FIRST_DAY + timedelta(days=number % 700)
        text = f"{number} Je travaille chez Atlas. مرحبًا بكم في المعرض\n" * 4
        yield [day, network, f"Une laiterie au soleil {number}", text, number, number // 2]


def measure(file_format: str, count: int) -> tuple[float, int, float]:
    """Seconds, bytes of the file, and MB of memory above what the first ten rows took."""
    write(file_format, io.BytesIO(), COLUMNS, rows(10), ABOUT)
    before, began = _memory_mb(), time.perf_counter()
    with tempfile.TemporaryFile() as file:
        write(file_format, file, COLUMNS, rows(count), ABOUT)
        return time.perf_counter() - began, file.tell(), _memory_mb() - before


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    count, load = parser.parse_args().rows, os.getloadavg()[0]
    lines = ["| format | seconds | size of the file | memory |", "|---|---|---|---|"]
    most = 0.0
    for file_format in ("csv", "json", "parquet"):
        with multiprocessing.get_context("spawn").Pool(1) as pool:  # a process each: its memory is its own
            seconds, size, memory = pool.apply(measure, (file_format, count))
        lines.append(f"| {file_format} | {seconds:.1f} | {size / 1e6:.0f} MB | {memory:.0f} MB |")
        most = max(most, memory)
    text = "\n".join([*lines, "", f"{count:,} rows; {machine()}; load average before: {load:.1f}."])
    print(text)
    write_part("performance.md", "exports", text)
    return int(most > BAR_MB)


if __name__ == "__main__":
    sys.exit(main())
