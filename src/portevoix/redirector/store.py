"""The store: where links lead, and the visitors' secrets, read from the database and remembered for a moment.

What is guaranteed: an edited, withdrawn or new link takes effect within one second (`FRESH_SECONDS`); at most `CAPACITY`
links are remembered; with the database away, a link that is remembered goes on as it last was.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Generic, Protocol, TypeVar
from urllib.parse import quote

from portevoix.env import Database, Environment, database
from portevoix.redirector.answer import Link, location_of

FRESH_SECONDS: Final = 1.0
SECRET_FRESH_SECONDS: Final = 30.0
REST_SECONDS: Final = 1.0  # after a failure, before the database is asked again
CAPACITY: Final = 50_000

_LINK: Final = (
    "SELECT id, organisation_id, code, destination, fallback, expires_at, withdrawn_at FROM links_link "
    "WHERE code = {0}"
)
_KEY_OF_MONTH: Final = "SELECT secret FROM links_visitorsecret WHERE organisation_id = {0} AND month = {0}"

Row = Sequence[Any]
Value = TypeVar("Value")


class DatabaseAway(Exception):
    """The database does not answer, and nothing is remembered of what was asked."""


class Source(Protocol):
    """One kind of database: reads one row; raises `DatabaseAway` for whatever keeps it from answering."""

    def link(self, code: str) -> Row | None: ...
    def secret(self, organisation_id: int, month: str) -> Row | None: ...


class SqliteSource:
    """Reads an SQLite file, one read-only connection for each thread."""

    def __init__(self, path: str) -> None:
        self._uri = f"file:{quote(path)}?mode=ro"
        self._local = threading.local()

    def link(self, code: str) -> Row | None:
        return self._row(_LINK.format("?"), (code,))

    def secret(self, organisation_id: int, month: str) -> Row | None:
        return self._row(_KEY_OF_MONTH.format("?"), (organisation_id, month))

    def _row(self, statement: str, values: tuple[object, ...]) -> Row | None:
        try:
            row: Row | None = self._connection().execute(statement, values).fetchone()
        except sqlite3.Error as error:
            self._local.connection = None
            raise DatabaseAway from error
        return row

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._uri, uri=True, timeout=1.0, isolation_level=None)
            self._local.connection = connection
        return connection


class PostgresSource:
    """Reads a PostgreSQL server, one read-only connection for each thread; gives up after a second."""

    def __init__(self, address: str) -> None:
        import psycopg  # only installed where PostgreSQL is used

        self._psycopg = psycopg
        self._address = address
        self._local = threading.local()

    def link(self, code: str) -> Row | None:
        return self._row(_LINK.format("%s"), (code,))

    def secret(self, organisation_id: int, month: str) -> Row | None:
        return self._row(_KEY_OF_MONTH.format("%s"), (organisation_id, month))

    def _row(self, statement: str, values: tuple[object, ...]) -> Row | None:
        try:
            row: Row | None = self._connection().execute(statement, values).fetchone()
        except (self._psycopg.Error, OSError) as error:
            self._local.connection = None
            raise DatabaseAway from error
        return row

    def _connection(self) -> Any:
        connection = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = self._psycopg.connect(
                self._address,
                autocommit=True,
                connect_timeout=2,
                prepare_threshold=None,  # poolers in front of PostgreSQL do not keep prepared statements
                options="-c default_transaction_read_only=on -c statement_timeout=1000",
            )
            self._local.connection = connection
        return connection


def source_of(environment: Environment) -> Source:
    """The source that the environment's `DATABASE_URL` names."""
    named: Database = database(environment)
    return SqliteSource(named.name) if named.engine == "sqlite" else PostgresSource(environment.database_url)


class Memory(Generic[Value]):
    """Remembers at most `capacity` values, in two generations: what was not asked for during a whole one is forgotten."""

    def __init__(self, capacity: int) -> None:
        self._half = max(1, capacity // 2)
        self._young: dict[object, tuple[float, Value]] = {}
        self._old: dict[object, tuple[float, Value]] = {}

    def get(self, key: object) -> tuple[float, Value] | None:
        """When the value was kept, and the value."""
        return self._young.get(key) or self._old.get(key)

    def keep(self, key: object, kept_at: float, value: Value) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = (kept_at, value)

    def forget(self, key: object) -> None:
        self._young.pop(key, None)
        self._old.pop(key, None)

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())


class Store:
    """Finds links and secrets; asks the source at most once a second for each."""

    def __init__(
        self, source: Source, *, clock: Callable[[], float] = time.monotonic, capacity: int = CAPACITY
    ) -> None:
        self._source = source
        self._clock = clock
        self._links: Memory[Link] = Memory(capacity)
        # Apart from the links, so that somebody who tries codes cannot push links out.
        self._absent: Memory[None] = Memory(4096)
        self._secrets: Memory[bytes | None] = Memory(4096)
        self._asks_again_at = 0.0

    def find(self, code: str) -> Link | None:
        """The link of a well-formed code, or None when there is none; `DatabaseAway` when that cannot be known."""
        now = self._clock()
        known = self._links.get(code)
        if known is not None and now - known[0] < FRESH_SECONDS:
            return known[1]
        absent = self._absent.get(code)
        if absent is not None and now - absent[0] < FRESH_SECONDS:
            return None
        try:
            row = self._ask(now, lambda: self._source.link(code))
        except DatabaseAway:
            if known is not None:
                return known[1]
            raise
        return self._remember(code, now, row)

    def secret(self, organisation_id: int, month: str) -> bytes | None:
        """The month's secret of an organisation, or None when there is none or it cannot be read now."""
        now = self._clock()
        known = self._secrets.get((organisation_id, month))
        if known is not None and now - known[0] < (SECRET_FRESH_SECONDS if known[1] else FRESH_SECONDS):
            return known[1]
        try:
            row = self._ask(now, lambda: self._source.secret(organisation_id, month))
        except DatabaseAway:
            return known[1] if known is not None else None
        secret = bytes(row[0]) if row is not None else None
        self._secrets.keep((organisation_id, month), now, secret)
        return secret

    def _ask(self, now: float, question: Callable[[], Row | None]) -> Row | None:
        if now < self._asks_again_at:
            raise DatabaseAway
        try:
            return question()
        except DatabaseAway:
            self._asks_again_at = self._clock() + REST_SECONDS
            raise

    def _remember(self, code: str, now: float, row: Row | None) -> Link | None:
        if row is None:
            self._absent.keep(code, now, None)
            self._links.forget(code)
            return None
        link = link_of(row)
        self._links.keep(code, now, link)
        return link


def link_of(row: Row) -> Link:
    """The link in a row of `links_link`. A time of expiry that cannot be read closes the link."""
    number, organisation_id, code, destination, fallback, expires_at, withdrawn_at = row
    return Link(
        id=number,
        organisation_id=organisation_id,
        code=code,
        location=location_of(destination or ""),
        fallback=location_of(fallback or ""),
        expires_at=_seconds(expires_at),
        withdrawn=withdrawn_at is not None,
    )


def _seconds(stored: object) -> float | None:
    """A stored time in seconds since 1970. SQLite keeps texts in UTC without a zone, PostgreSQL gives aware datetimes."""
    if stored is None:
        return None
    try:
        moment = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
