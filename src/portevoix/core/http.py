"""The only way out: every page, feed, picture and host that somebody else names is fetched through a `Door`.

A door resolves a name once, judges *every* address it got, and connects to an address it judged, keeping the
name for `Host` and SNI: a name that changes its mind between check and call gains nothing. Redirects are
followed by hand through the same check. Time is wall-clock time for the whole journey, size is counted after
decompression.

Refusals are `CannotFetch`: a stable `code`, a `template` (English, `%(name)s` holes), its `facts`, and the
`sentence` they make together. No Django here: whoever faces people translates the template.
"""

import queue
import ssl
import threading
import time
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import httpcore2
import httpx2

from portevoix.core.failures import Failure
from portevoix.core.internet import Resolver, is_public, resolve_by_system

MAX_REDIRECTS = 5
MAX_BYTES = 2_000_000
DEADLINE_SECONDS = 5.0
OPEN_PORTS = frozenset({80, 443})
READABLE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304

HostPort = tuple[str, int]


class CannotFetch(Failure):
    """Something we will not, or could not, fetch."""

    code = "cannot_fetch"
    template = "This address could not be read."


class AddressRefused(CannotFetch):
    """A private, local or reserved place, a closed port, or an address that hides where it goes."""

    code = "address_refused"
    template = "%(host)s is not a public web address."


class SchemeRefused(CannotFetch):
    """Neither http nor https."""

    code = "scheme_refused"
    template = "The address must begin with http:// or https://."


class TooManyRedirects(CannotFetch):
    """More hops than a reasonable site needs."""

    code = "too_many_redirects"
    template = "This address sends from one page to another without end."


class TooSlow(CannotFetch):
    """The whole answer did not come within the deadline."""

    code = "too_slow"
    template = "The site took more than %(seconds)s seconds to answer."


class TooBig(CannotFetch):
    """More bytes, once decompressed, than we accept."""

    code = "too_big"
    template = "The page is too big: %(megabytes)s MB at most."


class Unreachable(CannotFetch):
    """No such name, nobody listening, a broken certificate or a broken answer."""

    code = "unreachable"
    template = "%(host)s could not be reached."


class BadStatus(CannotFetch):
    """The site answered, with something else than the page."""

    code = "bad_status"
    template = "The site refused to show this page (answer %(status)s)."

    def __init__(self, *, status: int, retry_after: str | None = None) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(status=status)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the address that answered, its headers (names in lower case), its decompressed body."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return self.headers.get("last-modified")

    @property
    def is_unchanged(self) -> bool:
        return self.status == NOT_MODIFIED


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock that nothing may outlive."""

    seconds: float
    until: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        return cls(seconds, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left; raises `TooSlow` when there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> TooSlow:
        return TooSlow(seconds=f"{self.seconds:g}")


@dataclass(frozen=True)
class Door:
    """A way out with its rules.

    `allow` opens (host, port) pairs: their port and their address are no longer judged, for self-hosters who
    publish on their own network. `stand_ins` sends an invented host name to a local (ip, port), in the clear
    even for https: for the demo and for development, where this machine plays other people's sites.
    """

    allow: frozenset[HostPort] = frozenset()
    stand_ins: Mapping[str, HostPort] = field(default_factory=dict)
    user_agent: str = "Mozilla/5.0 (compatible; Portevoix; link preview)"
    resolve: Resolver = resolve_by_system
    network: httpcore2.NetworkBackend = field(default_factory=httpcore2.SyncBackend)

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = READABLE,
        max_bytes: int = MAX_BYTES,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> Answer:
        """Fetch an address, redirects included; raises a `CannotFetch`, nothing else, when it will not do."""
        deadline = Deadline.within(deadline_seconds)
        headers = self._headers(accept, etag, last_modified)
        way_out = _GuardedNetwork(self, deadline)
        with (
            _named_failures(deadline, url),
            httpx2.Client(transport=_Transport(way_out), trust_env=False, timeout=None) as client,
        ):
            return _follow(client, url, headers, max_bytes, deadline)

    def _headers(self, accept: str, etag: str | None, last_modified: str | None) -> dict[str, str]:
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        asked = {name: value for name, value in known.items() if value}
        # Only encodings that are decompressed in bounded pieces.
        return {"User-Agent": self.user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate", **asked}


def _follow(
    client: httpx2.Client, url: str, headers: Mapping[str, str], max_bytes: int, deadline: Deadline
) -> Answer:
    here = _checked_url(url)
    for _hop in range(MAX_REDIRECTS + 1):
        with client.stream("GET", here, headers=headers, follow_redirects=False) as response:
            location = response.headers.get("location")
            if response.status_code not in REDIRECTS or not location:
                return _answer(response, max_bytes, deadline)
        here = _checked_url(str(here.join(location)))
    raise TooManyRedirects


def _checked_url(url: str) -> httpx2.URL:
    """An address fit to be called, judged by the parser that will call it."""
    parsed = httpx2.URL(url.strip())
    if parsed.scheme not in ("http", "https"):
        raise SchemeRefused
    authority = url.split("//", 1)[-1].replace("\\", "/").split("/", 1)[0]
    if not parsed.host or "@" in authority or parsed.userinfo:
        raise AddressRefused(host=parsed.host or url[:100])
    return parsed.copy_with(fragment=None)


def _answer(response: httpx2.Response, max_bytes: int, deadline: Deadline) -> Answer:
    if not response.is_success and response.status_code != NOT_MODIFIED:
        raise BadStatus(status=response.status_code, retry_after=response.headers.get("retry-after"))
    return Answer(
        url=str(response.url),
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        content=_body(response, max_bytes, deadline),
    )


def _body(response: httpx2.Response, max_bytes: int, deadline: Deadline) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise _too_big(max_bytes)
    body = bytearray()
    for piece in response.iter_bytes():
        deadline.left()
        body += piece
        if len(body) > max_bytes:
            raise _too_big(max_bytes)
    return bytes(body)


def _too_big(max_bytes: int) -> TooBig:
    return TooBig(megabytes=f"{max_bytes / 1_000_000:g}")


@contextmanager
def _named_failures(deadline: Deadline, url: str) -> Iterator[None]:
    try:
        yield
    except (httpcore2.TimeoutException, httpx2.TimeoutException):
        raise deadline.missed() from None
    except httpx2.InvalidURL:
        raise AddressRefused(host=url[:100]) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpx2.HTTPError, OSError, UnicodeError) as why:
        raise Unreachable(host=_host_of(url)) from why


def _host_of(url: str) -> str:
    try:
        return httpx2.URL(url).host or url[:100]
    except httpx2.InvalidURL:
        return url[:100]


class _GuardedNetwork(httpcore2.NetworkBackend):
    """Sockets that were judged, under a deadline."""

    def __init__(self, door: Door, deadline: Deadline) -> None:
        self._door = door
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        name = host.lower().rstrip(".")
        if stand_in := self._door.stand_ins.get(name):
            stream = self._connect([stand_in[0]], stand_in[1], socket_options)
            return _Timed(stream, self._deadline, speaks_tls=False)
        return _Timed(
            self._connect(self._judged(name, port), port, socket_options),
            self._deadline,
            speaks_tls=True,
        )

    def connect_unix_socket(self, path: str, *_args: object, **_named: object) -> httpcore2.NetworkStream:
        raise AddressRefused(host=path)

    def _judged(self, host: str, port: int) -> Sequence[str]:
        is_allowed = (host, port) in self._door.allow
        if port not in OPEN_PORTS and not is_allowed:
            raise AddressRefused(host=f"{host}:{port}")
        addresses = self._resolved(host, port)
        if not is_allowed and not all(is_public(address) for address in addresses):
            raise AddressRefused(host=host)
        return addresses

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        """Look a name up, the system call having no time limit of its own."""
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self._door.resolve(host, port))
            except Exception as failure:
                answers.put(failure)

        threading.Thread(target=look_up, daemon=True, name="portevoix-resolve").start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except queue.Empty:
            raise self._deadline.missed() from None
        if isinstance(answer, Exception) or not answer:
            raise Unreachable(host=host)
        return answer

    def _connect(
        self,
        addresses: Sequence[str],
        port: int,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None,
    ) -> httpcore2.NetworkStream:
        """Try each judged address in turn, each with its share of the time left."""
        for position, address in enumerate(addresses, start=1):
            share = self._deadline.left() / (len(addresses) - position + 1)
            try:
                return self._door.network.connect_tcp(address, port, share, None, socket_options)
            except (httpcore2.NetworkError, httpcore2.TimeoutException):
                if position == len(addresses):
                    raise
        raise Unreachable(host=str(port))


class _Timed(httpcore2.NetworkStream):
    """A stream whose every wait is cut at the deadline, so that one byte a second does not last for ever."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, *, speaks_tls: bool) -> None:
        self._stream = stream
        self._deadline = deadline
        self._speaks_tls = speaks_tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        if not self._speaks_tls:
            return self
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Timed(secured, self._deadline, speaks_tls=True)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx2.BaseTransport):
    """httpx2 on top of our sockets: no proxy, no environment, no retry."""

    def __init__(self, network: httpcore2.NetworkBackend) -> None:
        self._pool = httpcore2.ConnectionPool(ssl_context=_trusted(), network_backend=network)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        stream = typing.cast(Iterable[bytes], answer.stream)
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Body(stream), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        close = getattr(self._pieces, "close", None)
        if close:
            close()


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
