"""Serves the newsroom over HTTP on loopback: one process plays three sites, told apart by the Host header.

`https://atlas-energies.example/…` is fetched through the product's one way out, where `stand_ins(port)` sends
these invented names here; a browser on the same machine opens `http://atlas-energies.example.localhost:PORT/`.
"""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from portevoix.core import clock
from portevoix.demo.newsroom import feeds, pages, pictures
from portevoix.demo.newsroom.articles import HOSTS, SITES, Site, article_at, articles_of

Clock = Callable[[], datetime]
_HTML = "text/html; charset=utf-8"
_ROBOTS = "User-agent: *\nAllow: /\n"


@dataclass(frozen=True)
class Reply:
    """What the newsroom answers, before any question of what the asker already has."""

    status: int
    content_type: str
    body: bytes
    modified_at: datetime | None = None

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def serve(port: int, *, now: Clock = clock.now) -> tuple[ThreadingHTTPServer, Thread]:
    """Start the newsroom on 127.0.0.1; port 0 takes a free one. Stop it with `server.shutdown()`."""

    class Desk(_Desk):
        clock = staticmethod(now)

    server = _Newsroom(("127.0.0.1", port), Desk)
    thread = Thread(target=server.serve_forever, name="newsroom", daemon=True)
    thread.start()
    return server, thread


def stand_ins(port: int) -> dict[str, tuple[str, int]]:
    """Where each invented host is really served, for the way out's own table."""
    return dict.fromkeys(HOSTS, ("127.0.0.1", port))


def reply(host: str, path: str, now: datetime) -> Reply:
    """The answer to one address; `host` is the Host header as received."""
    site = _site(host)
    if path.startswith("/images/"):
        return _picture(path)
    if path == "/robots.txt":
        return Reply(200, "text/plain; charset=utf-8", _ROBOTS.encode())
    if site is None:
        return Reply(200, _HTML, pages.newsroom_page(SITES, _port(host)).encode())
    return _site_reply(site, _base(host), path, now)


def _site_reply(site: Site, base: str, path: str, now: datetime) -> Reply:
    articles = articles_of(site)
    newest = articles[0].published_at(now)
    if path == "/":
        return Reply(200, _HTML, pages.home_page(site, articles, base, now).encode(), newest)
    if path == site.feed:
        return Reply(200, feeds.feed_type(site), feeds.feed(site, articles, base, now).encode(), newest)
    article = article_at(f"https://{site.host}{path.rstrip('/')}")
    if article is None:
        return Reply(404, _HTML, pages.missing_page(site).encode())
    return Reply(200, _HTML, pages.article_page(site, article, base, now).encode(), article.published_at(now))


def _picture(path: str) -> Reply:
    name = path.removeprefix("/images/").removesuffix(".png")
    if name not in pictures.NAMES:
        return Reply(404, "text/plain; charset=utf-8", b"no such picture\n")
    return Reply(200, "image/png", pictures.png(name))


def _site(host: str) -> Site | None:
    name = host.partition(":")[0].lower().removesuffix(".localhost")
    return next((site for site in SITES if site.host == name), None)


def _base(host: str) -> str:
    # A name without a port came through a stand-in for https; with one, a browser came by itself.
    return f"{'http' if ':' in host else 'https'}://{host}"


def _port(host: str) -> int:
    port = host.rpartition(":")[2]
    return int(port) if port.isdecimal() else 80


class _Newsroom(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who hang up before the end: the demo's terminal belongs to the product."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Desk(BaseHTTPRequestHandler):
    """One connection to the newsroom."""

    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = 10
    clock: Clock

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        answer = reply(self.headers.get("Host", ""), urlsplit(self.path).path, self.clock())
        unchanged = answer.status == 200 and self._has(answer)
        self.send_response(304 if unchanged else answer.status)
        self.send_header("ETag", answer.etag)
        if answer.modified_at:
            self.send_header(
                "Last-Modified", format_datetime(answer.modified_at.astimezone(UTC), usegmt=True)
            )
        if not unchanged:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body and not unchanged:
            self.wfile.write(answer.body)

    def _has(self, answer: Reply) -> bool:
        known = self.headers.get("If-None-Match")
        if known is not None:
            return answer.etag in known or known.strip() == "*"
        since = self.headers.get("If-Modified-Since")
        if since is None or answer.modified_at is None:
            return False
        try:
            return answer.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo's terminal belongs to the product."""
