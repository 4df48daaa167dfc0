"""A person's own server, asked in their name, whichever way they signed in."""

from typing import Any, Protocol

from portevoix.core.outgoing import Answer
from portevoix.networks.bluesky.dpop import Bound
from portevoix.networks.direct import Grant
from portevoix.networks.failures import SignInAgain
from portevoix.networks.oauth import bearer
from portevoix.networks.wire import Wire

# How a grant came about, in `Grant.extra["kind"]`.
BY_OAUTH, BY_PASSWORD = "oauth", "password"


class Speaker(Protocol):
    """Whoever adds to a request what proves in whose name it is made."""

    def read(self, method: str, url: str, **asked: Any) -> Answer: ...
    def write(self, method: str, url: str, *, data: Any) -> Answer: ...


class Bearer:
    """Requests with a token that speaks for whoever holds it: that of an app password."""

    def __init__(self, grant: Grant, wire: Wire) -> None:
        self._headers = bearer(grant)
        self._wire = wire

    def read(self, method: str, url: str, **asked: Any) -> Answer:
        headers = {**self._headers, **asked.pop("headers", {})}
        return self._wire.read(method, url, headers=headers, **asked)

    def write(self, method: str, url: str, *, data: Any) -> Answer:
        return self._wire.write(method, url, headers=self._headers, data=data)


class Server:
    """The server of a grant: `ask` for what may be asked twice, `do` what must be done once."""

    def __init__(self, grant: Grant, wire: Wire) -> None:
        self._speaker = speaker_of(grant, wire)
        self._base = server_of(grant)

    def ask(self, method: str, name: str, **asked: Any) -> Answer:
        """A method by its name."""
        return self._speaker.read(method, method_url(self._base, name), **asked)

    def do(self, name: str, data: Any) -> Answer:
        """A method that changes something."""
        return self._speaker.write("POST", method_url(self._base, name), data=data)


def speaker_of(grant: Grant, wire: Wire) -> Speaker:
    """The way in which that grant's requests are proved."""
    if grant.extra.get("kind") == BY_PASSWORD:
        return Bearer(grant, wire)
    if not grant.extra.get("key"):
        raise SignInAgain
    return Bound(wire, grant.extra["key"], grant.access_token)


def server_of(grant: Grant) -> str:
    """The origin of the account's server."""
    if not (server := grant.extra.get("server", "")):
        raise SignInAgain
    return server


def method_url(base: str, name: str) -> str:
    """Where a server answers to that method."""
    return f"{base}/xrpc/{name}"
