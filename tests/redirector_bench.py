"""A redirector on a small database of its own, called as a server would call it."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portevoix.links.codes import check_sign
from portevoix.links.segments import RawClick, each_click, list_segments
from portevoix.redirector.app import Redirector
from portevoix.redirector.spool import Spool
from portevoix.redirector.store import SqliteSource, Store

MOMENT = 1_795_510_800.0  # 2026-11-24 09:00 UTC, a Tuesday


def code(payload: str) -> str:
    return payload + check_sign(payload)


OPEN, WITHDRAWN, EXPIRED = code("hebdmana"), code("retrtana"), code("passeana")
STORY = "https://atlas-energies.example/actualites/atelier-settat?x=1"
COMPANY = "https://atlas-energies.example/"
CLICK_SECRET = bytes(range(32))
CARD = {
    "title": "L’atelier de Settat", "description": "On y répare.", "language": "fr", "site": "Atlas Énergies",
    "page": "https://atlas-energies.example/actualites/atelier-settat", "picture": "/pictures/abc",
    "media_type": "image/jpeg", "width": 1200, "height": 630, "alt": "Un atelier",
}  # fmt: skip
TABLES = """
CREATE TABLE links_link (id INTEGER PRIMARY KEY, organisation_id INTEGER, code TEXT UNIQUE, destination TEXT,
  fallback TEXT, expires_at TEXT, withdrawn_at TEXT, carries_click_id INTEGER NOT NULL DEFAULT 0,
  card_id INTEGER);
CREATE TABLE links_card (id INTEGER PRIMARY KEY, title TEXT, description TEXT, language TEXT, site TEXT, page TEXT,
  picture TEXT, media_type TEXT, width INTEGER, height INTEGER, alt TEXT);
CREATE TABLE links_clickkey (organisation_id INTEGER UNIQUE, secret BLOB);
CREATE TABLE links_visitorperiod (organisation_id INTEGER, starts_at TEXT, ends_at TEXT, secret BLOB);
"""


@dataclass
class Answered:
    status: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Clock:
    """A clock that moves only when told."""

    moment: float = MOMENT

    def __call__(self) -> float:
        return self.moment


@dataclass
class Bench:
    """A redirector, its database and its clock."""

    path: Path
    folder: Path
    clock: Clock = field(default_factory=Clock)
    trusted: tuple[str, ...] = ("127.0.0.1",)

    def __post_init__(self) -> None:
        self.database = sqlite3.connect(self.path, isolation_level=None)
        self.database.executescript(TABLES)
        self.add(OPEN, expires_at="2026-12-24 09:00:00")
        self.add(WITHDRAWN, withdrawn_at="2026-11-20 08:00:00.123456")
        self.add(EXPIRED, expires_at="2026-11-24 08:59:59")
        self.add_secret(b"k" * 32, "2026-11-01 00:00:00", "2026-12-01 00:00:00")
        address = "https://portevoix.example"
        self.store = Store(SqliteSource(str(self.path)), clock=self.clock, address=address)
        self.spool = Spool(self.folder, now=self.clock)
        self.app = Redirector(django, self.store, self.spool, trusted_proxies=self.trusted, now=self.clock)

    def add(self, code: str, destination: str = STORY, fallback: str = COMPANY, **more: str) -> None:
        self.database.execute(
            "INSERT INTO links_link (organisation_id, code, destination, fallback, expires_at, withdrawn_at)"
            " VALUES (7, ?, ?, ?, ?, ?)",
            (code, destination, fallback, more.get("expires_at"), more.get("withdrawn_at")),
        )

    def add_secret(self, secret: bytes, starts_at: str, ends_at: str) -> None:
        self.database.execute(
            "INSERT INTO links_visitorperiod VALUES (7, ?, ?, ?)", (starts_at, ends_at, secret)
        )

    def show_card(self, code: str, **said: object) -> None:
        """Has the link show a card."""
        card = {**CARD, **said}
        self.database.execute(
            "INSERT INTO links_card (title, description, language, site, page, picture, media_type, width, height, alt)"
            " VALUES (:title, :description, :language, :site, :page, :picture, :media_type, :width, :height, :alt)",
            card,
        )
        self.database.execute(
            "UPDATE links_link SET card_id = (SELECT MAX(id) FROM links_card) WHERE code = ?", (code,)
        )

    def opt_in(self, code: str, secret: bytes = CLICK_SECRET) -> None:
        """Has the link tell its destination which click it was."""
        self.database.execute("UPDATE links_link SET carries_click_id = 1 WHERE code = ?", (code,))
        self.database.execute("INSERT OR REPLACE INTO links_clickkey VALUES (7, ?)", (secret,))

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answered:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1", **headers}
        body = b"".join(self.app(environ, lambda status, headers: started.append((status, headers))))
        status, pairs = started[0]
        assert len({name for name, _ in pairs}) == len(pairs)
        return Answered(status, dict(pairs), body)

    def clicks(self) -> list[RawClick]:
        return [click for path in list_segments(self.folder) for click in each_click(path)]


def django(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"behind"]
