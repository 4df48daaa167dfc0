"""What the benchmarks of tracked links run against: a folder with its own links, and the servers that answer them.

A faster server only has to add a line to `SERVERS`: it is given the folder and the port, answers `/r/CODE` from the links
in the folder, and leaves its segments in the folder's `clicks`.
"""

import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from redirect_peers import peer

from portevoix import env
from portevoix.links.codes import new_code
from portevoix.redirector.app import Redirector, make_redirector

HERE = Path(__file__).resolve().parent
AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile "
    "Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
)
TABLES = """
CREATE TABLE links_link (id INTEGER PRIMARY KEY, organisation_id INTEGER, code TEXT UNIQUE, destination TEXT,
  fallback TEXT, expires_at TEXT, withdrawn_at TEXT, carries_click_id INTEGER NOT NULL DEFAULT 0,
  card_id INTEGER);
CREATE TABLE links_card (id INTEGER PRIMARY KEY, title TEXT, description TEXT, language TEXT, site TEXT, page TEXT,
  picture TEXT, media_type TEXT, width INTEGER, height INTEGER, alt TEXT);
CREATE TABLE links_clickkey (organisation_id INTEGER UNIQUE, secret BLOB);
CREATE TABLE links_visitorperiod (organisation_id INTEGER, starts_at TEXT, ends_at TEXT, secret BLOB);
"""


def application() -> Redirector:
    """The WSGI application that granian loads."""
    return make_redirector(_nothing_behind, env.read())


def _nothing_behind(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return [b""]


def make_links(folder: Path, count: int = 10_000) -> list[str]:
    """Fills the folder's database with `count` open links; gives their codes."""
    chance = random.Random(1)
    codes = [new_code(chance.choice) for _ in range(count)]
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "portevoix.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(TABLES)
        database.executemany(
            "INSERT INTO links_link (organisation_id, code, destination, fallback) VALUES (1, ?, ?, ?)",
            [(code, f"https://atlas.example/{n}", "https://atlas.example/") for n, code in enumerate(codes)],
        )
        period = ("2026-01-01 00:00:00", "2126-01-01 00:00:00")
        database.execute("INSERT INTO links_visitorperiod VALUES (1, ?, ?, ?)", (*period, os.urandom(32)))
        database.commit()
    return codes


def granian(folder: Path, port: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws", "--workers", "1",
        "--blocking-threads", str(threads), "--backpressure", "1024", "--log-level", "error", "--port", str(port),
        "redirect_target:application",
    ]  # fmt: skip


def nginx(folder: Path, port: int) -> list[str]:
    """nginx answering every address with a 302 and writing its access log, on one worker."""
    settings = folder / "nginx.conf"
    settings.write_text(
        f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx-errors.log crit;
        events {{ worker_connections 1024; }}
        http {{ access_log {folder}/nginx-access.log; keepalive_requests 100000000;
          server {{ listen 127.0.0.1:{port} reuseport; location /r/ {{ return 302 https://atlas.example/; }} }} }}"""
    )
    return [shutil.which("nginx") or "nginx", "-c", str(settings), "-p", str(folder)]


def front(folder: Path, port: int, durability: str, processes: int = 1) -> list[str]:
    return [
        "env", f"PORTEVOIX_PORT={port}", f"PORTEVOIX_DURABILITY={durability}",
        f"PORTEVOIX_REDIRECT_PROCESSES={processes}", sys.executable, "-m", "portevoix", "redirect",
    ]  # fmt: skip


SERVERS: dict[str, Callable[[Path, int], list[str]]] = {
    "nginx return 302": nginx,
    "front, process": lambda folder, port: front(folder, port, "process"),
    "front, power": lambda folder, port: front(folder, port, "power"),
    "front, 2 processes": lambda folder, port: front(folder, port, "process", 2),
    "granian, 1 thread": lambda folder, port: granian(folder, port, 1),
    "Django view": lambda folder, port: peer("plain", folder, port),
    "django-link-shortener": lambda folder, port: peer("shortener", folder, port),
    "django-link-shortener, bare": lambda folder, port: peer("shortener-bare", folder, port),
}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(name: str, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server of `SERVERS` in a process group of its own until it answers; ends it and its children after."""
    environment = {
        **os.environ,
        "PORTEVOIX_VAR": str(folder),
        "DATABASE_URL": "",
        "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent / 'src'}",
    }
    server = subprocess.Popen(SERVERS[name](folder, port), env=environment, cwd=HERE, start_new_session=True)
    try:
        _wait_for(port, server)
        yield server
    finally:
        _end(server)


def kill(server: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the server and all of its children at once; waits until it is over."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait(10)


def processor_seconds(server: subprocess.Popen[bytes]) -> float:
    """Processor time that the server and its children have taken so far (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[2]) == server.pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        kill(server)


def _wait_for(port: int, server: subprocess.Popen[bytes], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"The server did not begin to answer on port {port}.")
