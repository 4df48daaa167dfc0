"""What a `Door` stands on: sockets that were judged, every wait cut at one deadline, and whether anything was sent."""

import queue
import ssl
import threading
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import httpcore2
import httpx2

from portevoix.core.internet import Resolver, is_public
from portevoix.core.outgoing import AddressRefused, Deadline, TooBig, Unreachable

OPEN_PORTS = frozenset({80, 443})
HostPort = tuple[str, int]


class Rules(typing.Protocol):
    """Where one may go: what a `Door` says of it."""

    @property
    def allow(self) -> frozenset[HostPort]: ...
    @property
    def stand_ins(self) -> Mapping[str, HostPort]: ...
    @property
    def resolve(self) -> Resolver: ...
    @property
    def network(self) -> httpcore2.NetworkBackend: ...


class GuardedNetwork(httpcore2.NetworkBackend):
    """Sockets that were judged, under a deadline."""

    def __init__(self, rules: Rules, deadline: Deadline) -> None:
        self._rules = rules
        self._deadline = deadline
        self.has_sent = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        name = host.lower().rstrip(".")
        if stand_in := self._rules.stand_ins.get(name):
            stream = self._connect([stand_in[0]], stand_in[1], socket_options)
            return _Timed(stream, self, speaks_tls=False)
        return _Timed(self._connect(self._judged(name, port), port, socket_options), self, speaks_tls=True)

    def connect_unix_socket(self, path: str, *_args: object, **_named: object) -> httpcore2.NetworkStream:
        raise AddressRefused(host=path)

    def left(self) -> float:
        """Seconds left; raises `TooSlow` when there are none."""
        return self._deadline.left()

    def _judged(self, host: str, port: int) -> Sequence[str]:
        is_allowed = (host, port) in self._rules.allow
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
                answers.put(self._rules.resolve(host, port))
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
                return self._rules.network.connect_tcp(address, port, share, None, socket_options)
            except (httpcore2.NetworkError, httpcore2.TimeoutException):
                if position == len(addresses):
                    raise
        raise Unreachable(host=str(port))


class _Timed(httpcore2.NetworkStream):
    """A stream whose every wait is cut at the deadline, so that one byte a second does not last for ever."""

    def __init__(self, stream: httpcore2.NetworkStream, network: GuardedNetwork, *, speaks_tls: bool) -> None:
        self._stream = stream
        self._network = network
        self._speaks_tls = speaks_tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._network.left()
        self._network.has_sent = True
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        if not self._speaks_tls:
            return self
        secured = self._stream.start_tls(ssl_context, server_hostname, self._network.left())
        return _Timed(secured, self._network, speaks_tls=True)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


class Transport(httpx2.BaseTransport):
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
                content=request.read(),
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


class Measured(httpx2.SyncByteStream):
    """A body before it is decompressed: every piece counts and is timed, even one that yields nothing."""

    def __init__(
        self, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream, max_bytes: int, deadline: Deadline
    ) -> None:
        self._stream = typing.cast(httpx2.SyncByteStream, stream)
        self._max_bytes = max_bytes
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._stream:
            self._deadline.left()
            size += len(piece)
            if size > self._max_bytes:
                raise TooBig.beyond(self._max_bytes)
            yield piece

    def close(self) -> None:
        self._stream.close()


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
