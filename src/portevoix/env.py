"""The environment, read once and typed: every variable of Portevoix with its kind, its default and its meaning.

Imports nothing of ours, nor Django, so that the redirector and `portevoix doctor` can read it too.
`docs/run/settings.md` documents each variable; a test holds the two together.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Variable:
    """One variable an operator may set. `secret` ones are never printed."""

    name: str
    default: str
    meaning: str
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable("PORTEVOIX_ADDRESS", "http://127.0.0.1:8000", "public address of the pages"),
    Variable("PORTEVOIX_LINK_ADDRESS", "", "public address of the tracked links (empty: the same as the pages)"),
    Variable("PORTEVOIX_BIND", "127.0.0.1", "address the server listens on"),
    Variable("PORTEVOIX_PORT", "8000", "port the server listens on"),
    Variable("PORTEVOIX_THREADS", "4", "threads that answer pages"),
    Variable("PORTEVOIX_REDIRECT_PROCESSES", "1", "processes that answer tracked links"),
    Variable("PORTEVOIX_METRICS_PORT", "", "port of loopback for /metrics and /health of the front (empty: none)"),
    Variable("PORTEVOIX_DURABILITY", "process", "what a click survives: process (the server's end) or power (its loss)"),
    Variable("PORTEVOIX_REMEMBERED_LINKS", "100000", "tracked links kept in memory, about 220 bytes each"),
    Variable("PORTEVOIX_RAW_CLICKS_DAYS", "30", "days that raw clicks stay on disk once they are judged"),
    Variable("PORTEVOIX_TRUSTED_PROXIES", "", "addresses or networks whose X-Forwarded-For is believed, by commas"),
    Variable("PORTEVOIX_VAR", "var", "folder of everything that lives: database, pictures, clicks, secrets"),
    Variable("PORTEVOIX_SECRET_KEY", "", "signs sessions and forms (empty: made once, kept in VAR)", secret=True),
    Variable("PORTEVOIX_DEBUG", "no", "detailed error pages; never on a public server"),
    Variable("PORTEVOIX_DEMO", "no", "shows the demo's log-ins on the sign-in page, and the style guide"),
    Variable("PORTEVOIX_ENGINE", "embedded", "what finds due work: embedded, or procrastinate (PostgreSQL)"),
    Variable("PORTEVOIX_WORKER_THREADS", "16", "threads of a worker: how much is done at the same time"),
    Variable("PORTEVOIX_SEALING_KEYS", "", "keys that seal secrets, NAME=KEY, newest first (empty: a file)", True),
    Variable("PORTEVOIX_SEALING_KEYS_FILE", "", "that file (empty: sealing.keys in VAR); keep it apart from backups"),
    Variable("PORTEVOIX_SMTP_URL", "", "mail server, smtp://user:password@host:587 (empty: mail is printed)", True),
    Variable("PORTEVOIX_MAIL_FROM", "Portevoix <portevoix@localhost>", "sender of every mail"),
    Variable("PORTEVOIX_OUTGOING_ALLOW", "", "host:port pairs the outgoing door lets through besides the public web"),
    Variable("PORTEVOIX_STAND_INS", "", "host=address:port pairs: invented hosts that this machine serves itself"),
    Variable("DATABASE_URL", "", "postgres://user:password@host:5432/name (empty: SQLite in VAR)", secret=True),
)  # fmt: skip


# What processes of one installation tell the ones they start; not for operators.
PARENT = "PORTEVOIX_PARENT"
LISTENING = "PORTEVOIX_LISTENING"
BEHIND = "PORTEVOIX_BEHIND"
FRONT_SECRET = "PORTEVOIX_FRONT"  # noqa: S105  # its name

DURABILITIES = ("process", "power")
ENGINES = ("embedded", "procrastinate")


@dataclass(frozen=True)
class Environment:
    """What the variables say, checked. Built by `read`."""

    address: str
    link_address: str
    bind: str
    port: int
    threads: int
    redirect_processes: int
    metrics_port: int
    durability: str
    remembered_links: int
    raw_clicks_days: int
    trusted_proxies: tuple[str, ...]
    engine: str
    worker_threads: int
    sealing_keys: str
    sealing_keys_file: Path
    var: Path
    secret_key: str
    debug: bool
    demo: bool
    smtp_url: str
    mail_from: str
    outgoing_allow: frozenset[tuple[str, int]]
    stand_ins: Mapping[str, tuple[str, int]]
    database_url: str


class BadEnvironment(ValueError):
    """A variable cannot be understood; the sentence says which, and what would do."""


def read(environ: Mapping[str, str] | None = None) -> Environment:
    """The environment as the variables say, or `BadEnvironment` naming the one that cannot be read."""
    source = os.environ if environ is None else environ
    value = {v.name: source.get(v.name, v.default).strip() for v in VARIABLES}
    address = _address("PORTEVOIX_ADDRESS", value["PORTEVOIX_ADDRESS"])
    var = Path(value["PORTEVOIX_VAR"]).resolve()
    return Environment(
        address=address,
        link_address=_address("PORTEVOIX_LINK_ADDRESS", value["PORTEVOIX_LINK_ADDRESS"] or address),
        bind=value["PORTEVOIX_BIND"],
        port=_number("PORTEVOIX_PORT", value["PORTEVOIX_PORT"], 1, 65535),
        threads=_number("PORTEVOIX_THREADS", value["PORTEVOIX_THREADS"], 1, 256),
        redirect_processes=_number(
            "PORTEVOIX_REDIRECT_PROCESSES", value["PORTEVOIX_REDIRECT_PROCESSES"], 1, 64
        ),
        metrics_port=_number("PORTEVOIX_METRICS_PORT", value["PORTEVOIX_METRICS_PORT"] or "0", 0, 65535),
        durability=_one_of("PORTEVOIX_DURABILITY", value["PORTEVOIX_DURABILITY"], DURABILITIES),
        remembered_links=_number(
            "PORTEVOIX_REMEMBERED_LINKS", value["PORTEVOIX_REMEMBERED_LINKS"], 100, 100_000_000
        ),
        raw_clicks_days=_number("PORTEVOIX_RAW_CLICKS_DAYS", value["PORTEVOIX_RAW_CLICKS_DAYS"], 1, 3650),
        trusted_proxies=_list(value["PORTEVOIX_TRUSTED_PROXIES"]),
        engine=_one_of("PORTEVOIX_ENGINE", value["PORTEVOIX_ENGINE"], ENGINES),
        worker_threads=_number("PORTEVOIX_WORKER_THREADS", value["PORTEVOIX_WORKER_THREADS"], 1, 256),
        sealing_keys=value["PORTEVOIX_SEALING_KEYS"],
        sealing_keys_file=Path(value["PORTEVOIX_SEALING_KEYS_FILE"] or var / "sealing.keys").resolve(),
        var=var,
        secret_key=value["PORTEVOIX_SECRET_KEY"],
        debug=_yes("PORTEVOIX_DEBUG", value["PORTEVOIX_DEBUG"]),
        demo=_yes("PORTEVOIX_DEMO", value["PORTEVOIX_DEMO"]),
        smtp_url=value["PORTEVOIX_SMTP_URL"],
        mail_from=value["PORTEVOIX_MAIL_FROM"],
        outgoing_allow=frozenset(
            _host_port("PORTEVOIX_OUTGOING_ALLOW", pair) for pair in _list(value["PORTEVOIX_OUTGOING_ALLOW"])
        ),
        stand_ins=dict(_stand_in(pair) for pair in _list(value["PORTEVOIX_STAND_INS"])),
        database_url=value["DATABASE_URL"],
    )


@dataclass(frozen=True)
class Database:
    """Where the rows are: an SQLite file, or a PostgreSQL server."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""


def database(environment: Environment) -> Database:
    """The database that `DATABASE_URL` names, or the SQLite file in the `VAR` folder."""
    if not environment.database_url:
        return Database("sqlite", str(environment.var / "portevoix.sqlite3"))
    parts = urlsplit(environment.database_url)
    if parts.scheme == "sqlite":
        return Database("sqlite", unquote(parts.path.removeprefix("/")) or ":memory:")
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadEnvironment("DATABASE_URL must begin with postgres:// or sqlite:///.")
    return Database(
        "postgresql",
        unquote(parts.path.lstrip("/")),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.hostname or "",
        str(parts.port or ""),
    )


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _yes(name: str, value: str) -> bool:
    if value.lower() in ("yes", "true", "1", "on"):
        return True
    if value.lower() in ("no", "false", "0", "off", ""):
        return False
    raise BadEnvironment(f"{name} is {value!r}: write yes or no.")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise BadEnvironment(f"{name} is {value!r}: write {' or '.join(known)}.")
    return value


def _number(name: str, value: str, low: int, high: int) -> int:
    if not value.isdigit() or not low <= int(value) <= high:
        raise BadEnvironment(f"{name} is {value!r}: write a number from {low} to {high}.")
    return int(value)


def _address(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise BadEnvironment(f"{name} is {value!r}: write it as https://host, without a path.")
    return value.rstrip("/")


def _host_port(name: str, pair: str) -> tuple[str, int]:
    host, _, port = pair.rpartition(":")
    if not host or not port.isdigit():
        raise BadEnvironment(f"{name} holds {pair!r}: write host:port.")
    return host.lower(), int(port)


def _stand_in(pair: str) -> tuple[str, tuple[str, int]]:
    host, _, target = pair.partition("=")
    if not host or not target:
        raise BadEnvironment(f"PORTEVOIX_STAND_INS holds {pair!r}: write host=address:port.")
    return host.lower(), _host_port("PORTEVOIX_STAND_INS", target)
