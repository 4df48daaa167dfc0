"""Small web servers on loopback, so that the door is tested against real sockets.

`with serving({"/": page(b"hello")}) as port:` answers each path with one function.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[[BaseHTTPRequestHandler], None]


def page(content: bytes, *, status: int = 200, **headers: str) -> Reply:
    """Answer with this body; header names are written with underscores."""

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return reply


def redirect(location: str, *, status: int = 302) -> Reply:
    """Send the visitor elsewhere."""
    return page(b"", status=status, Location=location)


def endless(piece: bytes, *, pause_seconds: float = 0.0, pieces: int = 1_000_000) -> Reply:
    """Announce nothing and send the same piece again and again, until the visitor leaves."""

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(pieces):
            request.wfile.write(piece)
            request.wfile.flush()
            time.sleep(pause_seconds)

    return reply


def dripping_headers(pause_seconds: float) -> Reply:
    """Send the head of the answer one letter at a time."""

    def reply(request: BaseHTTPRequestHandler) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nServer: " + b"s" * 1000:
            request.wfile.write(bytes([letter]))
            request.wfile.flush()
            time.sleep(pause_seconds)

    return reply


@contextmanager
def serving(replies: Mapping[str, Reply]) -> Iterator[int]:
    """Serve these paths on a free port of 127.0.0.1 and give the port; anything else is a 404."""

    class Visitor(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(ConnectionError):
                replies.get(self.path, page(b"", status=404))(self)

        do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Visitor)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
