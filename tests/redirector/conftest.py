"""The redirector that these tests ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from redirector_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    built = Bench(tmp_path / "links.sqlite3", tmp_path / "spool")
    yield built
    built.spool.close()
