"""Networks that are not there: real HTTP on loopback, which does what it is asked, and goes wrong as planned.

`with FakeX() as x:` listens; `x.wire()` is a conversation with it, under the real name of the network; `x.plan(fault)`
says what goes wrong with the next request that publishes (or with another, by a pattern of "METHOD /path").
"""

import json
import re
import socket
import struct
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from portevoix.core.http import Door
from portevoix.core.outgoing import Deadline
from portevoix.networks.direct import Grant
from portevoix.networks.wire import Wire

NOW = 1_796_029_200.0  # 2026-11-30 09:00 UTC
TOKEN, REFRESH, SECRET, CODE = (
    "tok-s3cr3t-access",
    "tok-s3cr3t-refresh",
    "s3cr3t-of-the-client",
    "s3cr3t-code",
)
SECRETS = (TOKEN, REFRESH, SECRET, CODE)


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    def json(self) -> Any:
        return json.loads(self.body or b"null")

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What is said: data as JSON, or content as it is."""

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    @property
    def body(self) -> bytes:
        if self.content is not None:
            return self.content
        return b"" if self.data is None else json.dumps(self.data).encode()


class Way(Enum):
    """How an answer comes."""

    WHOLE = auto()
    HALF = auto()
    GARBLED = auto()
    NEVER = auto()
    RESET = auto()


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request: whether it is carried out all the same, how late, and what is said of it."""

    carried_out: bool = False
    late_seconds: float = 0.0
    reply: Reply | None = None
    way: Way = Way.WHOLE


def says(status: int, data: Any = None, **headers: str) -> Fault:
    """An answer instead of doing anything; header names are written with underscores."""
    return Fault(
        reply=Reply(status, data, {name.replace("_", "-"): value for name, value in headers.items()})
    )


def breaks(status: int = 502) -> Fault:
    """Done, then a proxy says that it was not."""
    return Fault(carried_out=True, reply=Reply(status, content=b"<html><h1>Bad gateway</h1></html>"))


def resets(*, carried_out: bool = True) -> Fault:
    """The connection is cut instead of an answer."""
    return Fault(carried_out=carried_out, way=Way.RESET)


def stays_silent(*, late_seconds: float = 0.0) -> Fault:
    """Done, at once or later than anybody waits, and nothing is ever said."""
    return Fault(carried_out=True, late_seconds=late_seconds, way=Way.NEVER)


def says_half() -> Fault:
    """Done, and the answer stops in the middle."""
    return Fault(carried_out=True, way=Way.HALF)


def nests() -> Fault:
    """Done, and the answer is brackets without end."""
    return Fault(carried_out=True, reply=Reply(content=b"[" * 200_000))


def garbles() -> Fault:
    """Done, and the answer makes no sense."""
    return Fault(carried_out=True, way=Way.GARBLED)


@dataclass(frozen=True)
class Shown:
    """A post as people see it on the network: its text, and the link of its card."""

    post_id: str
    text: str
    link: str = ""


class FakeNetwork(ABC):
    """One network: what it answers, what it shows, and the faults that were planned."""

    hosts: ClassVar[tuple[str, ...]]
    publishing: ClassVar[str]  # the request that publishes, as a pattern of "METHOD /path"

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._planned: list[tuple[re.Pattern[str], Fault]] = []
        self._turn = threading.RLock()
        self._over = threading.Event()

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """What the network does, and says."""

    @abstractmethod
    def shown(self) -> list[Shown]:
        """The posts that people see."""

    @abstractmethod
    def grant(self) -> Grant:
        """A grant that is good."""

    @abstractmethod
    def disowns_token(self) -> Fault:
        """What the network says of a token that it does not accept."""

    @abstractmethod
    def errs_in_200(self) -> Fault:
        """An error inside an answer whose status says that all is well."""

    def plan(self, *faults: Fault, on: str = "") -> None:
        """What goes wrong with the next requests of that kind, one after the other."""
        self._planned += [(re.compile(on or self.publishing), fault) for fault in faults]

    def wire(self, seconds: float = 2.0) -> Wire:
        """A conversation with this network, under its real name."""
        return self._wire(self.port, seconds)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def wire_to_nowhere(self) -> Wire:
        """A conversation under the same name, where nobody listens."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            return self._wire(taken.getsockname()[1], 2.0)

    def lines(self) -> list[str]:
        """The requests so far, each as "METHOD /path"."""
        return [request.line for request in self.requests]

    def _wire(self, port: int, seconds: float) -> Wire:
        door = Door(stand_ins=dict.fromkeys(self.hosts, ("127.0.0.1", port)))
        return Wire(door.call, Deadline.within(seconds), NOW)

    def __enter__(self) -> "FakeNetwork":
        network = self

        class Visitor(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with suppress(ConnectionError):
                    network._serve(self)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Visitor)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        serve = {"target": self._server.serve_forever, "kwargs": {"poll_interval": 0.005}}
        threading.Thread(daemon=True, **serve).start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, visitor: BaseHTTPRequestHandler) -> None:
        request = _read(visitor)
        fault = self._noted(request)
        if fault is None:
            _say(visitor, self._carried_out(request))
            return
        done = self._carried_out_with(fault, request)
        reply = fault.reply or done
        if fault.way is Way.NEVER:
            self._over.wait(10)
        elif fault.way is Way.RESET:
            _reset(visitor)
        elif fault.way is Way.HALF:
            _say(visitor, reply, missing=12)
        elif fault.way is Way.GARBLED:
            _say(visitor, Reply(reply.status, content=b'{"id": "12'))
        else:
            _say(visitor, reply)

    def _noted(self, request: Request) -> Fault | None:
        with self._turn:
            self.requests.append(request)
            for place, (pattern, fault) in enumerate(self._planned):
                if pattern.fullmatch(request.line):
                    del self._planned[place]
                    return fault
        return None

    def _carried_out(self, request: Request) -> Reply:
        with self._turn:
            return self.answer(request)

    def _carried_out_with(self, fault: Fault, request: Request) -> Reply:
        if not fault.carried_out:
            return Reply()
        if fault.late_seconds:
            threading.Timer(fault.late_seconds, self._carried_out, [request]).start()
            return Reply()
        return self._carried_out(request)


def _read(visitor: BaseHTTPRequestHandler) -> Request:
    parts = urlsplit(visitor.path)
    length = int(visitor.headers.get("Content-Length") or 0)
    return Request(
        method=visitor.command,
        path=unquote(parts.path),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in visitor.headers.items()},
        body=visitor.rfile.read(length),
    )


def _say(visitor: BaseHTTPRequestHandler, reply: Reply, missing: int = 0) -> None:
    visitor.send_response(reply.status)
    for name, value in reply.headers.items():
        visitor.send_header(name, value)
    visitor.send_header("Content-Length", str(len(reply.body) + missing))
    visitor.end_headers()
    visitor.wfile.write(reply.body)


def _reset(visitor: BaseHTTPRequestHandler) -> None:
    # Closed with unsent data to be thrown away: the other side sees a reset, not an end.
    visitor.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    visitor.close_connection = True
    visitor.rfile.close()
    visitor.connection.close()
