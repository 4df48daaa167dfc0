"""Pages behind a front, for tests: what they were asked is what they answer."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from portevoix import env
from portevoix.redirector.behind import BehindFront

PIECE = b"0123456789abcdef" * 4096


def _pages(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/big":
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return _pieces(int(environ["QUERY_STRING"]))
    if path == "/unchanged":
        start_response("304 Not Modified", [("ETag", '"1"')])
        return [b""]
    told = {
        name: environ.get(name) for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
    }
    seen = sorted(name for name in environ if name.startswith("HTTP_"))
    digest, length = hashlib.sha256(), 0
    while piece := environ["wsgi.input"].read(65_536):
        digest.update(piece)
        length += len(piece)
    body = json.dumps({**told, "seen": seen, "sha256": digest.hexdigest(), "length": length}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _pieces(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield PIECE


application = BehindFront(_pages, os.environ.get(env.FRONT_SECRET, "no secret"))
