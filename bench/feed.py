"""Building one person's feed page, server side: 100,000 people, 10,000 stories of which 500 may be shared.

Bar: p95 at most 80 ms and at most 12 queries, on SQLite and, where one is reachable, on PostgreSQL. The whole page is
measured, from the request to the last byte of HTML, middleware included; logging in is not.

    python bench/feed.py [--times 300] [--people 100000]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from machine import keep, machine

ROOT = Path(__file__).parent.parent
BAR_MS = 80.0
BAR_QUERIES = 12
DATABASE = "portevoix_bench_feed"


def main() -> int:
    """Measures on every database there is; 1 when a bar is missed."""
    options = _options()
    figures = {"SQLite": _measure(options, "")}
    if server := _postgres():
        with _Database(server) as url:
            figures["PostgreSQL"] = _measure(options, url)
    print(
        f"One person's feed page, {options.people:,} people, 10,000 stories of which 500 active ({machine()})\n"
    )
    print(f"{'database':12} {'pages':>6} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8} {'queries':>8}")
    for name, row in figures.items():
        print(
            f"{name:12} {row['pages']:>6} {row['p50']:>8.1f} {row['p95']:>8.1f} {row['max']:>8.1f} {row['queries']:>8}"
        )
    keep("feed", {"bar_ms": BAR_MS, "bar_queries": BAR_QUERIES, **figures})
    is_met = all(row["p95"] <= BAR_MS and row["queries"] <= BAR_QUERIES for row in figures.values())
    print(f"\nBar: p95 ≤ {BAR_MS:.0f} ms, ≤ {BAR_QUERIES} queries: {'met' if is_met else 'MISSED'}.")
    return 0 if is_met else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=300, help="pages measured on each database")
    parser.add_argument("--people", type=int, default=100_000)
    return parser.parse_args()


def _measure(options: argparse.Namespace, database_url: str) -> dict[str, float]:
    """One database in a process of its own, because settings are read once."""
    with tempfile.TemporaryDirectory(prefix="portevoix-bench-") as var:
        environ = {**os.environ, "PORTEVOIX_VAR": var, "DATABASE_URL": database_url, "PORTEVOIX_DEBUG": "no"}
        command = [
            sys.executable,
            str(ROOT / "bench" / "feed_page.py"),
            str(options.people),
            str(options.times),
        ]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    row: dict[str, float] = json.loads(done.stdout)
    return row


def _postgres() -> str | None:
    sys.path.insert(0, str(ROOT / "tools"))
    import postgres

    return postgres.database_url()


class _Database:
    """An empty database on the server, dropped afterwards."""

    def __init__(self, server: str) -> None:
        self.server = server

    def __enter__(self) -> str:
        self._run(f"drop database if exists {DATABASE} with (force)", f"create database {DATABASE}")
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{DATABASE}"))

    def __exit__(self, *_: object) -> None:
        self._run(f"drop database if exists {DATABASE} with (force)")

    def _run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


if __name__ == "__main__":
    sys.exit(main())
