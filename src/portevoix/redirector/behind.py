"""Behind the front: pages believe the front, and nobody else, about whose request it is; and they end with it."""

import os
import threading
import time
from collections.abc import Iterable
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication


class BehindFront:
    """A WSGI application that answers the front alone, and gives the pages the addresses as if there were no front."""

    def __init__(self, pages: "WSGIApplication", secret: str) -> None:
        self._pages = pages
        self._secret = secret.encode()

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        said = environ.pop("HTTP_X_PORTEVOIX_FRONT", "").encode("latin-1", "replace")
        if not compare_digest(said, self._secret):
            start_response("403 Forbidden", [("Content-Length", "0")])
            return (b"",)
        forwarded_for, _, remote = environ.pop("HTTP_X_FORWARDED_FOR", "").rpartition(",")
        environ["REMOTE_ADDR"] = remote.strip()
        if forwarded_for:
            environ["HTTP_X_FORWARDED_FOR"] = forwarded_for
        return self._pages(environ, start_response)


def end_with(parent: int) -> None:
    """Ends this process when the one that started it has gone: it holds the port, and nobody would answer there."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="portevoix-parent", daemon=True).start()
