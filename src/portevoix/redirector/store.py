"""The store: where links lead, and the visitors' secrets, read from the database and remembered for a moment.

What is guaranteed: an edited, withdrawn or new link takes effect with the next request on the machine where it was
changed (`links.changes`), and within two seconds on others; at most `capacity` links are remembered;
with the database away, a link that is remembered goes on as it last was.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

from portevoix.env import Database, Environment, database
from portevoix.links.changes import Changes
from portevoix.links.click_ids import Key
from portevoix.redirector.answer import Link, location_of
from portevoix.redirector.memory import Links, Memory
from portevoix.redirector.preview import Card, preview_page

FRESH_SECONDS: Final = 0.5
HERE_FRESH_SECONDS: Final = 10.0  # where every change is made on this machine, and told
SECRET_FRESH_SECONDS: Final = 30.0
PREVIEW_FRESH_SECONDS: Final = 60.0
PREVIEWS: Final = 256  # pages of some 2 kB; those who ask for one ask for it several times within a minute
REST_SECONDS: Final = 1.0  # after a failure, before the database is asked again
CAPACITY: Final = 100_000
_ABSENT: Final = 4096
_MOST_AT_ONCE: Final = 500  # values in one statement of SQLite

# The key is empty for links without click ids: theirs alone look the key up.
_LINK: Final = (
    "SELECT id, organisation_id, code, destination, fallback, expires_at, withdrawn_at, "
    "CASE WHEN carries_click_id THEN (SELECT secret FROM links_clickkey "
    "WHERE links_clickkey.organisation_id = links_link.organisation_id) END, card_id IS NOT NULL "
    "FROM links_link "
    "WHERE code "
)
_SECRETS: Final = (
    "SELECT secret, starts_at, ends_at FROM links_visitorperiod "
    "WHERE organisation_id = {} AND secret IS NOT NULL ORDER BY starts_at"
)

_CARD: Final = (
    "SELECT title, description, language, site, page, picture, media_type, width, height, alt FROM links_card "
    "WHERE id = (SELECT card_id FROM links_link WHERE code = {})"
)

_log = logging.getLogger(__name__)

Row = Sequence[Any]
Secrets = tuple[
    tuple[float, float, bytes], ...
]  # each with the moments at which its period begins and is over
Found = TypeVar("Found")


def make_store(config: Environment) -> "Store":
    """The store that reads the environment's database and hears of changes on this machine."""
    return Store(
        source_of(config), capacity=config.remembered_links, changes=_changes(config), address=config.address
    )


def _changes(config: Environment) -> Changes | None:
    try:
        return Changes(config.var)
    except OSError as error:
        _log.error(
            "Changed links take effect after a second only: %s cannot be used (%s).", config.var, error
        )
        return None


class DatabaseAway(Exception):
    """The database does not answer, and nothing is remembered of what was asked."""


class Source(Protocol):
    """One kind of database: reads rows; raises `DatabaseAway` for whatever keeps it from answering.

    `is_here` when no other machine can write into it.
    """

    is_here: bool

    def links(self, codes: Sequence[str]) -> list[Row]: ...
    def secrets(self, organisation_id: int) -> list[Row]: ...
    def cards(self, code: str) -> list[Row]: ...


class SqliteSource:
    """Reads an SQLite file, one read-only connection for each thread."""

    is_here = True

    def __init__(self, path: str) -> None:
        self._uri = f"file:{quote(path)}?mode=ro"
        self._local = threading.local()

    def links(self, codes: Sequence[str]) -> list[Row]:
        rows: list[Row] = []
        for at in range(0, len(codes), _MOST_AT_ONCE):
            some = codes[at : at + _MOST_AT_ONCE]
            rows += self._rows(f"{_LINK}IN ({','.join('?' * len(some))})", some)
        return rows

    def secrets(self, organisation_id: int) -> list[Row]:
        return self._rows(_SECRETS.format("?"), (organisation_id,))

    def cards(self, code: str) -> list[Row]:
        return self._rows(_CARD.format("?"), (code,))

    def _rows(self, statement: str, values: Sequence[object]) -> list[Row]:
        try:
            rows: list[Row] = self._connection().execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._local.connection = None
            raise DatabaseAway from error
        return rows

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._uri, uri=True, timeout=1.0, isolation_level=None)
            self._local.connection = connection
        return connection


class PostgresSource:
    """Reads a PostgreSQL server, one read-only connection for each thread; gives up after a second."""

    is_here = False

    def __init__(self, address: str) -> None:
        import psycopg  # only installed where PostgreSQL is used

        self._psycopg = psycopg
        self._address = address
        self._local = threading.local()

    def links(self, codes: Sequence[str]) -> list[Row]:
        return self._rows(f"{_LINK}= ANY(%s)", (list(codes),))

    def secrets(self, organisation_id: int) -> list[Row]:
        return self._rows(_SECRETS.format("%s"), (organisation_id,))

    def cards(self, code: str) -> list[Row]:
        return self._rows(_CARD.format("%s"), (code,))

    def _rows(self, statement: str, values: Sequence[object]) -> list[Row]:
        try:
            rows: list[Row] = self._connection().execute(statement, values).fetchall()
        except (self._psycopg.Error, OSError) as error:
            self._local.connection = None
            raise DatabaseAway from error
        return rows

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


class Store:
    """Finds links and secrets; asks the source at most twice a second for each, and again at once for what changed."""

    def __init__(
        self,
        source: Source,
        *,
        clock: Callable[[], float] = time.monotonic,
        capacity: int = CAPACITY,
        changes: Changes | None = None,
        address: str = "",
    ) -> None:
        self.source = source
        self._address = address
        self.links: Links = Links(capacity)
        # Apart from the links, so that somebody who tries codes cannot push links out.
        self.absent: Memory[tuple[float]] = Memory(_ABSENT)
        self.secrets: Memory[tuple[float, Secrets]] = Memory(4096)
        self.previews: Memory[tuple[float, bytes]] = Memory(PREVIEWS)
        self._click_keys: dict[int, tuple[bytes, Key]] = {}  # of organisations whose links carry click ids
        self._clock = clock
        self._asks_again_at = 0.0
        self._changes = changes
        is_here = changes is not None and source.is_here
        self.fresh_seconds = HERE_FRESH_SECONDS if is_here else FRESH_SECONDS
        self.counter: Sequence[int] = changes.counter if changes else (0,)
        self.seen = self.counter[0]
        self._catching_up = threading.Lock()

    def find(self, code: str) -> Link | None:
        """The link of a well-formed code, or None when there is none; `DatabaseAway` when that cannot be known."""
        if self.counter[0] != self.seen:
            self.catch_up()
        now = self._clock()
        known = self.links.get(code)
        if known is not None and now - known[0] < self.fresh_seconds:
            return known[1]
        absent = self.absent.get(code)
        if absent is not None and now - absent[0] < self.fresh_seconds:
            return None
        seen = self.seen
        try:
            row = self.ask(now, lambda: self.source.links((code,)))
        except DatabaseAway:
            if known is not None:
                return known[1]
            raise
        return self.remember((code,), row, now, seen)[code]

    def secret(self, organisation_id: int, moment: float) -> bytes | None:
        """An organisation's secret of a moment in seconds since 1970, or None when there is none, or none can be read."""
        now = self._clock()
        known = self.secrets.get(organisation_id)
        if known is not None and are_secrets_fresh(known, now, moment):
            return secret_at(known[1], moment)[0]
        try:
            rows = self.ask(now, lambda: self.source.secrets(organisation_id))
        except DatabaseAway:
            return secret_at(known[1], moment)[0] if known is not None else None
        return secret_at(self.remember_secrets(organisation_id, rows, now), moment)[0]

    def preview(self, code: str) -> bytes:
        """The page of a link's card; empty when it has none, or it cannot be read now."""
        now, seen = self._clock(), self.seen
        known = self.previews.get(code)
        if known is not None and now - known[0] < PREVIEW_FRESH_SECONDS:
            return known[1]
        try:
            page = self.read_preview(code, now)
        except DatabaseAway:
            return known[1] if known is not None else b""
        self.remember_preview(code, page, now, seen)
        return page

    def read_preview(self, code: str, now: float) -> bytes:
        """The page of a link's card as the source has it; empty when there is none."""
        rows = self.ask(now, lambda: self.source.cards(code))
        if not rows:
            return b""
        card = Card(*rows[0])
        return preview_page(card._replace(picture=self._address + card.picture if card.picture else ""))

    def remember_preview(self, code: str, page: bytes, now: float, seen: int) -> None:
        """Keeps a page that was read while the counter of changes was `seen`, unless its link changed since."""
        changed = self.changed_since(seen)
        if changed is not None and code not in changed:
            self.previews.keep(code, (now, page))

    def is_resting(self, now: float) -> bool:
        """Whether the database failed a moment ago and is left alone."""
        return now < self._asks_again_at

    def ask(self, now: float, question: Callable[[], Found]) -> Found:
        """What the source says, or `DatabaseAway`: also for a moment after each failure, without asking."""
        if self.is_resting(now):
            raise DatabaseAway
        try:
            return question()
        except DatabaseAway:
            self._asks_again_at = self._clock() + REST_SECONDS
            raise

    def remember(
        self, codes: Iterable[str], rows: Iterable[Row], now: float, seen: int
    ) -> dict[str, Link | None]:
        """Keeps what was read for codes while the counter of changes was `seen`; gives the link of each.

        What changed while it was read is given, for it was asked before the change, and not kept.
        """
        links: dict[str, Link | None] = dict.fromkeys(codes)
        for row in rows:
            links[row[2]] = link_of(row)
            if row[7] is not None:
                self._remember_click_key(row[1], bytes(row[7]))
        changed = self.changed_since(seen)
        for code, link in links.items():
            if changed is None or code in changed:
                continue
            if link is None:
                self.absent.keep(code, (now,))
                self.links.forget(code)
            else:
                self.links.keep(code, now, link)
        return links

    def remember_secrets(self, organisation_id: int, rows: Iterable[Row], now: float) -> Secrets:
        """Keeps an organisation's secrets, of the running period and of those to come, as they were read."""
        secrets = tuple(
            (_seconds(start) or 0.0, _seconds(end) or 0.0, bytes(one)) for one, start, end in rows
        )
        self.secrets.keep(organisation_id, (now, secrets))
        return secrets

    def click_key(self, link: Link) -> Key | None:
        """The key of a link's click ids; None when it carries none."""
        known = self._click_keys.get(link.organisation_id) if link.carries_click_id else None
        return known[1] if known else None

    def _remember_click_key(self, organisation_id: int, secret: bytes) -> None:
        known = self._click_keys.get(organisation_id)
        if known is None or known[0] != secret:
            self._click_keys[organisation_id] = (secret, Key(secret))

    def changed_since(self, seen: int) -> list[str] | None:
        """The codes that changed since the counter of changes was `seen`; None when any may have."""
        return self._changes.since(seen)[1] if self._changes and self.counter[0] != seen else []

    def catch_up(self) -> None:
        """What changed is not believed any more; it is still there for when the database is away."""
        if self._changes is None:
            return
        with self._catching_up:
            count, codes = self._changes.since(self.seen)
            if codes is None:
                self.links.doubt_all(self._clock())
                self.absent = Memory(_ABSENT)
                self.previews = Memory(PREVIEWS)
            for code in codes or ():
                self.previews.forget(code)
                self.links.doubt(code)
                self.absent.forget(code)
            self.seen = count


def secret_at(secrets: Secrets, moment: float) -> tuple[bytes | None, float]:
    """The secret of the period that holds a moment in seconds since 1970, and when that is over; None: there is none."""
    for starts_at, ends_at, secret in secrets:
        if starts_at <= moment < ends_at:
            return secret, ends_at
    return None, moment + FRESH_SECONDS


def are_secrets_fresh(known: tuple[float, Secrets], now: float, moment: float) -> bool:
    """Whether remembered secrets, or the want of one for a moment, need not be asked for again."""
    is_there = secret_at(known[1], moment)[0] is not None
    return now - known[0] < (SECRET_FRESH_SECONDS if is_there else FRESH_SECONDS)


def link_of(row: Row) -> Link:
    """The link in a row of `links_link`. A time of expiry that cannot be read closes the link."""
    number, organisation_id, code, destination, fallback, expires_at, withdrawn_at, click_secret, has_card = (
        row
    )
    return Link(
        id=number,
        organisation_id=organisation_id,
        code=code,
        location=location_of(destination or ""),
        fallback=location_of(fallback or ""),
        expires_at=_seconds(expires_at),
        withdrawn=withdrawn_at is not None,
        carries_click_id=click_secret is not None,
        has_card=bool(has_card),
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
