"""Health and metrics of a front, on a port of loopback that the world cannot reach; metrics as Prometheus reads them."""

import asyncio
import logging
from collections.abc import Iterator
from time import monotonic, time
from typing import TYPE_CHECKING, Final, cast

from portevoix.links.counted import counted_to_ms
from portevoix.redirector.requests import BadRequest, read_head

if TYPE_CHECKING:
    from portevoix.redirector.front import Front

LOOPBACK: Final = "127.0.0.1"

_log = logging.getLogger(__name__)


async def watch_over(front: "Front", port: int) -> asyncio.Server | None:
    """Answers `/health` and `/metrics` on a port of loopback; None when it is taken, for links matter more."""
    try:
        return await front.loop.create_server(lambda: _Watcher(front), LOOPBACK, port)
    except OSError as error:
        _log.error("No metrics: port %d on %s cannot be used (%s).", port, LOOPBACK, error)
        return None


def health_of(front: "Front") -> tuple[int, str]:
    """200 while links are known and clicks are written; 503, naming what fails, otherwise. Links still answer then."""
    failing = [
        word
        for word, fails in (
            ("clicks cannot be written", front.spool.is_losing),
            ("the database is away", front.store.is_resting(monotonic())),
        )
        if fails
    ]
    return (503, "; ".join(failing) + "\n") if failing else (200, "ok\n")


def metrics_of(front: "Front") -> str:
    """What a front has counted since it began."""
    return "\n".join(_lines(front)) + "\n"


def _lines(front: "Front") -> Iterator[str]:
    spool, desk = front.spool, front.desk
    yield from _said(
        "answers_total", "counter", "Answers by status; what is handed over to the pages is not among them."
    )
    for status, count in front.replies.count.items():
        yield f'portevoix_redirect_answers_total{{status="{status}"}} {count}'
    for name, kind, help, value in (
        ("handed_over_total", "counter", "Requests handed over to the pages.", front.handed_over),
        ("clicks_written_total", "counter", "Clicks written down.", spool.written),
        ("clicks_lost_total", "counter", "Clicks answered that could not be written.", spool.lost),
        ("links_remembered", "gauge", "Links in memory.", len(front.store.links)),
        ("link_hits_total", "counter", "Links found in memory.", desk.hits),
        ("link_misses_total", "counter", "Requests that waited for the database.", desk.misses),
        ("connections", "gauge", "Connections open.", len(front.connections)),
        (
            "sync_lag_seconds",
            "gauge",
            "How long the oldest click not yet forced onto the disk waits.",
            spool.lag_seconds,
        ),
        (
            "figures_lag_seconds",
            "gauge",
            "How far the figures are behind the clicks of this process; nothing while no worker said how far they go.",
            figures_lag(front),
        ),
        ("sync_seconds", "gauge", "How long the last forcing onto the disk took.", spool.forcing_seconds),
    ):
        yield from _said(name, kind, help)
        yield (
            f"portevoix_redirect_{name} {value:.6f}"
            if isinstance(value, float)
            else f"portevoix_redirect_{name} {value}"
        )


def figures_lag(front: "Front") -> float:
    """How far the figures are behind the clicks of this front, in seconds; 0 when they hold them all."""
    counted_to = counted_to_ms(front.var)
    if counted_to is None or int(front.spool.written_at * 1000) <= counted_to:
        return 0.0
    return max(0.0, time() - counted_to / 1000)


def _said(name: str, kind: str, help: str) -> tuple[str, str]:
    return f"# HELP portevoix_redirect_{name} {help}", f"# TYPE portevoix_redirect_{name} {kind}"


class _Watcher(asyncio.Protocol):
    """One question, one answer, and the connection closes."""

    def __init__(self, front: "Front") -> None:
        self._front = front
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._front.loop.call_later(10, self._transport.close)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        try:
            head = read_head(self._heard)
        except BadRequest:
            self._transport.close()
            return
        if head is not None:
            self._heard = b""
            self._answer(head.target.partition(b"?")[0])

    def _answer(self, path: bytes) -> None:
        status, text = 404, ""
        if path == b"/health":
            status, text = health_of(self._front)
        elif path == b"/metrics":
            status, text = 200, metrics_of(self._front)
        body = text.encode()
        reason = {200: b"OK", 404: b"Not Found", 503: b"Service Unavailable"}[status]
        self._transport.write(
            b"HTTP/1.1 %d %b\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: %d\r\n"
            b"Connection: close\r\n\r\n%b" % (status, reason, len(body), body)
        )
        self._transport.close()
