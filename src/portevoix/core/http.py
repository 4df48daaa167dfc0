"""The only way out: whatever lies outside this machine is fetched, or asked, through a `Door`.

A door resolves a name once, judges *every* address it got, and connects to an address it judged, keeping the
name for `Host` and SNI: a name that changes its mind between check and call gains nothing. Redirects of pages are
followed by hand through the same check; those of an interface are not followed at all. Time is wall-clock time for
the whole journey, size is counted after decompression. What goes wrong is told as in `outgoing`.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpcore2
import httpx2

from portevoix.core.internet import Resolver, resolve_by_system
from portevoix.core.outgoing import (
    NOT_MODIFIED,
    AddressRefused,
    Answer,
    BadStatus,
    CannotFetch,
    Deadline,
    NoAnswer,
    SchemeRefused,
    TooBig,
    TooManyRedirects,
    Unreachable,
)
from portevoix.core.sockets import GuardedNetwork, HostPort, Measured, Transport

MAX_REDIRECTS = 5
MAX_BYTES = 2_000_000
DEADLINE_SECONDS = 5.0
READABLE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"
API_AGENT = "Portevoix"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Only encodings that are decompressed in bounded pieces, and one of them at most.
ENCODINGS = "gzip, deflate"
READ_ENCODINGS = frozenset({"gzip", "deflate", "identity"})
# Addresses carry tokens, some networks' in their query: they are written in no log, however much is logged.
for _talkative in ("httpx2", "httpcore2"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)


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
        way_out = GuardedNetwork(self, deadline)
        with (
            _named_failures(deadline, url),
            httpx2.Client(transport=Transport(way_out), trust_env=False, timeout=None) as client,
        ):
            return _follow(client, url, headers, max_bytes, deadline)

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        max_bytes: int = MAX_BYTES,
        deadline: Deadline | None = None,
    ) -> Answer:
        """Ask something of an interface: whatever its status, the answer comes back; redirects are not followed.

        Raises `NoAnswer` when the request may have been carried out without our knowing; any other `CannotFetch`
        when nothing of it left this machine.
        """
        deadline = deadline or Deadline.within(DEADLINE_SECONDS)
        way_out = GuardedNetwork(self, deadline)
        sent = {"User-Agent": API_AGENT, "Accept": "application/json", "Accept-Encoding": ENCODINGS}
        try:
            with (
                _named_failures(deadline, url),
                httpx2.Client(transport=Transport(way_out), trust_env=False, timeout=None) as client,
                client.stream(
                    method, _checked_url(url), headers={**sent, **(headers or {})}, content=content
                ) as response,
            ):
                return _answer(response, max_bytes, deadline)
        except CannotFetch as why:
            if way_out.has_sent:
                raise NoAnswer(host=_host_of(url)) from why
            raise

    def _headers(self, accept: str, etag: str | None, last_modified: str | None) -> dict[str, str]:
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        asked = {name: value for name, value in known.items() if value}
        return {"User-Agent": self.user_agent, "Accept": accept, "Accept-Encoding": ENCODINGS, **asked}


def _follow(
    client: httpx2.Client, url: str, headers: Mapping[str, str], max_bytes: int, deadline: Deadline
) -> Answer:
    here = _checked_url(url)
    for _hop in range(MAX_REDIRECTS + 1):
        with client.stream("GET", here, headers=headers, follow_redirects=False) as response:
            location = response.headers.get("location")
            if response.status_code not in REDIRECTS or not location:
                return _page(response, max_bytes, deadline)
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


def _page(response: httpx2.Response, max_bytes: int, deadline: Deadline) -> Answer:
    if not response.is_success and response.status_code != NOT_MODIFIED:
        raise BadStatus(status=response.status_code, retry_after=response.headers.get("retry-after"))
    return _answer(response, max_bytes, deadline)


def _answer(response: httpx2.Response, max_bytes: int, deadline: Deadline) -> Answer:
    return Answer(
        url=str(response.url),
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        content=_body(response, max_bytes, deadline),
    )


def _body(response: httpx2.Response, max_bytes: int, deadline: Deadline) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and float(announced) > max_bytes:
        raise TooBig.beyond(max_bytes)
    _refuse_layers(response)
    response.stream = Measured(response.stream, max_bytes, deadline)
    body = bytearray()
    for piece in response.iter_bytes():
        deadline.left()
        body += piece
        if len(body) > max_bytes:
            raise TooBig.beyond(max_bytes)
    return bytes(body)


def _refuse_layers(response: httpx2.Response) -> None:
    """Refuses a body compressed twice, which grows a thousandfold twice before a byte of it is counted."""
    layers = [one.strip().lower() for one in response.headers.get_list("content-encoding", split_commas=True)]
    if len(layers) > 1 or not READ_ENCODINGS.issuperset(layers):
        raise Unreachable(host=response.url.host)


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
