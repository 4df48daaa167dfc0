"""The handover: a request that is not for a tracked link goes to the pages behind, and its answer comes back.

The head is written anew, with what the visitor's address truly is and with a secret that only the front knows; all that
comes after it goes through untouched, both ways, until the pages behind close. Nothing that follows on the connection is
read as a request here, so two readers cannot be made to disagree about where one ends.
"""

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from portevoix.redirector.requests import Head

if TYPE_CHECKING:
    from portevoix.redirector.connection import Connection

SECRET_FIELD: Final = b"x-portevoix-front"
_BEGINNING_SECONDS: Final = 10.0  # how long the pages behind may be starting
_RETRY_SECONDS: Final = 0.1
_MOST_UNSENT_BYTES: Final = 262_144
# Between the client and us alone, or ours to say.
_DROPPED: Final = (
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"upgrade",
    b"x-forwarded-for",
    SECRET_FIELD,
)


class Behind(NamedTuple):
    """Where the pages are: a socket in a folder that is ours alone, and the secret that they know the front by."""

    path: str
    secret: str


class Handover(asyncio.Protocol):
    """One request on its way through, told by the event loop of the pages behind."""

    def __init__(
        self,
        client: "Connection",
        behind: Behind,
        head: Head,
        data: bytes,
        *,
        remote: str,
        is_from_proxy: bool,
    ) -> None:
        self._client = client
        self._behind = behind
        self._unsent = rewritten(head, data, behind.secret, remote=remote, is_from_proxy=is_from_proxy)
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_abandoned = False
        self._has_client_ended = False

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begins to connect; the client is not read meanwhile."""
        self._client.transport.pause_reading()
        self._task = loop.create_task(self._connect(loop))

    def send(self, data: bytes) -> None:
        """Passes on what the client says."""
        if self._transport is not None and not self._transport.is_closing():
            try:
                self._transport.write(data)
            except (OSError, RuntimeError):  # they have gone, and the loop has not said so yet
                self._transport.abort()

    def send_end(self) -> None:
        """Passes on that the client says no more."""
        self._has_client_ended = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write_eof()

    def pause(self) -> None:
        """The client does not take what comes."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        """The client takes what comes again."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def abandon(self) -> None:
        """The client has gone."""
        self._is_abandoned = True
        if self._task is not None:
            self._task.cancel()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=_MOST_UNSENT_BYTES)
        if self._is_abandoned:
            self._transport.abort()
            return
        unsent, self._unsent = self._unsent, b""
        self.send(unsent)
        if self._has_client_ended:
            self.send_end()
        self._client.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        if not self._is_abandoned:
            self._client.give_back(data)

    def pause_writing(self) -> None:
        if not self._is_abandoned:
            self._client.transport.pause_reading()

    def resume_writing(self) -> None:
        if not self._is_abandoned:
            self._client.transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_abandoned:
            self._client.transport.close()

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> None:
        until = loop.time() + _BEGINNING_SECONDS
        while True:
            try:
                await loop.create_unix_connection(lambda: self, self._behind.path)
            except OSError:
                if loop.time() > until or self._client.is_ending:
                    self._client.say_pages_are_away()
                    return
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return


def rewritten(head: Head, data: bytes, secret: str, *, remote: str, is_from_proxy: bool) -> bytes:
    """What the pages behind are sent: the head with what we vouch for, and what came after it as it came."""
    begin = data.index(head.method)  # an empty line may stand before it
    end = data.index(b"\r\n\r\n", begin)
    line, *fields = data[begin:end].split(b"\r\n")
    kept = [field for field in fields if _is_kept(field.partition(b":")[0].lower(), is_from_proxy)]
    said = [head.fields[b"x-forwarded-for"]] if is_from_proxy and b"x-forwarded-for" in head.fields else []
    ours = [
        b"X-Forwarded-For: " + b", ".join([*said, remote.encode()]),
        SECRET_FIELD + b": " + secret.encode(),
        b"Connection: close",
    ]
    return b"\r\n".join([line, *kept, *ours]) + data[end:]


def _is_kept(name: bytes, is_from_proxy: bool) -> bool:
    # WSGI cannot tell `X_Forwarded_For` from `X-Forwarded-For`: what could be mistaken does not go through.
    if name in _DROPPED or b"_" in name:
        return False
    return is_from_proxy or not name.startswith(b"x-forwarded-")
