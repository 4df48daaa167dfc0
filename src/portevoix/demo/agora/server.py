"""Serves Agora over HTTP on loopback, for programs and for browsers.

`https://agora.example/…` is reached through the product's one way out, where `stand_ins(port)` sends that invented name
here; a browser on the same machine opens `http://agora.example.localhost:PORT/`.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread

from portevoix.core import clock
from portevoix.demo.agora import api, pages, sign_in, writing
from portevoix.demo.agora.exchange import Reply, Request, error, html
from portevoix.demo.agora.network import MAX_PICTURE, Agora
from portevoix.demo.agora.pages import Reader
from portevoix.demo.agora.words import asked_language
from portevoix.networks.dummy.composer import HOST

Clock = Callable[[], datetime]
# Between the question and the answer: calls the second argument for Agora's own answer, and gives this or another one;
# None hangs up. For those who need a network that fails.
Between = Callable[[Request, Callable[[], Reply]], Reply | None]

NAMES = frozenset({HOST, f"{HOST}.localhost", "localhost", "127.0.0.1"})
FILES = {"agora.css": "text/css; charset=utf-8", "agora.svg": "image/svg+xml"}
MAX_BODY = MAX_PICTURE + 100_000
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{form_to}; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")


@dataclass(frozen=True)
class Site:
    """What the server serves: a network, where its sign-in may lead to, the time it is."""

    agora: Agora
    allowed_redirects: tuple[str, ...] = ()
    now: Clock = clock.now


def serve(
    port: int,
    *,
    agora: Agora | None = None,
    now: Clock = clock.now,
    allowed_redirects: tuple[str, ...] = (),
    between: Between | None = None,
) -> tuple[ThreadingHTTPServer, Thread]:
    """Start Agora on 127.0.0.1; port 0 takes a free one. Stop it with `server.shutdown()`.

    `allowed_redirects` are addresses whose origin, besides this machine's own, a sign-in may return to.
    """
    site = Site(agora or Agora(), allowed_redirects, now)

    def replied(request: Request) -> Reply | None:
        return between(request, lambda: reply(site, request)) if between else reply(site, request)

    class Desk(_Desk):
        replied_to = staticmethod(replied)

    server = _Server(("127.0.0.1", port), Desk)
    thread = Thread(target=server.serve_forever, name="agora", daemon=True)
    thread.start()
    return server, thread


def stand_ins(port: int) -> dict[str, tuple[str, int]]:
    """Where the invented host is really served, for the way out's own table."""
    return {HOST: ("127.0.0.1", port)}


def address(port: int) -> str:
    """Where a browser on this machine opens Agora."""
    return f"http://{HOST}.localhost:{port}/"


def reply(site: Site, request: Request) -> Reply:
    """The answer to one request."""
    now = site.now().timestamp()
    # A name that only resolves to this machine is somebody else's page.
    if request.host.partition(":")[0] not in NAMES:
        return error(421, "misdirected")
    match request.method, *request.path:
        case _, "api", *_:
            return api.reply(site.agora, request, _base(request.host), now)
        case "POST", "oauth", "token":
            return sign_in.token(site.agora, request, now)
        case "POST", "oauth", "revoke":
            return sign_in.revoke(site.agora, request)
        case "GET", ("agora.css" | "agora.svg") as name:
            return Reply(200, FILES[name], _file(name), (("Cache-Control", "no-cache"),))
        case "GET", "pictures", picture_id:
            return _picture(site.agora, picture_id)
    return _page(site, request, Reader(asked_language(request.headers.get("accept-language", "")), now))


def _page(site: Site, request: Request, reader: Reader) -> Reply:
    agora = site.agora
    if request.method == "POST" and _is_foreign(request):
        words = reader.words
        return html(pages.refusal(reader, words.refused, words.other_site, words.try_again), 403)
    match request.method, *request.path:
        case (("GET" | "POST"), "oauth", "authorize"):
            return sign_in.authorize(agora, request, reader, site.allowed_redirects)
        case "GET", "compose":
            return writing.show(agora, request, reader)
        case "POST", "compose":
            return writing.post(agora, request, reader)
        case ["GET"]:
            return html(pages.square(reader, agora.latest()))
        case "GET", handle, *rest if handle.startswith("@") and len(rest) < 2:
            return _of_person(agora, reader, handle[1:], *rest)
    return html(pages.missing(reader), 404)


def _of_person(agora: Agora, reader: Reader, handle: str, post_id: str = "") -> Reply:
    account = agora.account_called(handle)
    if account and not post_id:
        return html(pages.person(reader, account, agora.posts_of(account)))
    post = agora.post(post_id)
    if account and post and post.account_id == account.id:
        return html(pages.one_post(reader, account, post))
    return html(pages.missing(reader), 404)


def _picture(agora: Agora, picture_id: str) -> Reply:
    picture = agora.picture(picture_id)
    if picture is None:
        return error(404, "not_found")
    return Reply(200, picture.media_type, picture.content, (_FOR_EVER,))


@cache
def _file(name: str) -> bytes:
    return (files("portevoix.demo.agora") / name).read_bytes()


def _base(host: str) -> str:
    # A name without a port came through a stand-in for https; with one, a browser came by itself.
    return f"{'http' if ':' in host else 'https'}://{host}"


def _is_foreign(request: Request) -> bool:
    origin = request.headers.get("origin")  # programs send none
    return origin is not None and origin.partition("://")[2].lower() != request.host


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who hang up before the end: the demo's terminal belongs to the product."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Desk(BaseHTTPRequestHandler):
    """One connection to Agora."""

    protocol_version = "HTTP/1.1"
    server_version = "agora"
    sys_version = ""
    timeout = 10
    wbufsize = -1  # head and body leave together
    replied_to: Callable[[Request], Reply | None]

    def do_GET(self) -> None:
        self._answer()

    do_HEAD = do_POST = do_DELETE = do_GET

    def _answer(self) -> None:
        body = self._body()
        if isinstance(body, Reply):
            self.close_connection = True
            self._send(body)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        method = "GET" if self.command == "HEAD" else self.command
        answer = self.replied_to(Request(method, self.path, headers, body))
        if answer is None:
            self.close_connection = True
            return
        self._send(answer)

    def _body(self) -> bytes | Reply:
        length = self.headers.get("Content-Length", "0" if self.command != "POST" else "")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            return error(411, "length_required")
        if int(length) > MAX_BODY:
            return error(413, "too_big")
        return self.rfile.read(int(length))

    def _send(self, answer: Reply) -> None:
        self.send_response(answer.status)
        sent = {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Content-Security-Policy": _POLICY.format(form_to=f" {answer.form_to}" if answer.form_to else ""),
            **dict(answer.headers),
        }
        if answer.status != 204:
            sent |= {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        if self.close_connection:
            sent["Connection"] = "close"
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo's terminal belongs to the product."""
