"""Engines and databases for benches: made empty, dropped afterwards; and rows read by SQL, without Django."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

TOOLS = Path(__file__).parent.parent / "tools"


def postgres_server() -> str | None:
    """A PostgreSQL server on which databases may be made; None when there is none."""
    sys.path.insert(0, str(TOOLS))
    import postgres

    return postgres.database_url()


@dataclass(frozen=True)
class Combination:
    """An engine on a kind of database, with so many worker processes."""

    key: str
    label: str
    engine: str
    on_postgres: bool
    workers: int


COMBINATIONS = (
    Combination("sqlite", "embedded, SQLite", "embedded", False, 1),
    Combination("postgres", "embedded, PostgreSQL", "embedded", True, 2),
    Combination("procrastinate", "Procrastinate, PostgreSQL", "procrastinate", True, 2),
)


@contextmanager
def fresh_database(folder: Path, server: str | None) -> Iterator[str]:
    """The address of an empty database: on that server, or a file in that folder."""
    if server is None:
        yield f"sqlite:///{folder / 'rows.sqlite3'}"
        return
    name = f"portevoix_bench_{os.getpid()}_{uuid4().hex[:6]}"
    url = standing_database(folder, server, name)
    try:
        yield url
    finally:
        _say(server, f'drop database if exists "{name}" with (force)')


def standing_database(folder: Path, server: str | None, name: str) -> str:
    """The address of the database of that name, made when there is none; it stays."""
    if server is None:
        return f"sqlite:///{folder / name}.sqlite3"
    if not _say(server, f"select 1 from pg_database where datname = '{name}'"):  # noqa: S608  a name of our own
        _say(server, f'create database "{name}"')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _say(server: str, statement: str) -> bool:
    """Whether the server gave a row for that statement of our own."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute(statement)
        return found.description is not None and found.fetchone() is not None


class Rows:
    """Rows of a database by SQL: a connection for each question, so that none is open when a process is forked."""

    def __init__(self, url: str) -> None:
        self.url = url

    def fetch(self, sql: str) -> list[Any]:
        """What that gives."""
        if self.url.startswith("sqlite:"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=10)) as connection:
                return connection.execute(sql).fetchall()
        import psycopg

        with psycopg.connect(self.url, autocommit=True, connect_timeout=10) as connection:
            return list(connection.execute(sql).fetchall())
