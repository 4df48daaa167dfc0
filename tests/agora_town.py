"""A served Agora, the time it is there, and a person with a browser, for the tests of all that publishes."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from portevoix.core.http import Door
from portevoix.core.outgoing import Deadline
from portevoix.demo.agora.exchange import Reply, Request
from portevoix.demo.agora.network import Agora
from portevoix.demo.agora.records import Account
from portevoix.demo.agora.server import serve, stand_ins
from portevoix.networks.direct import Ask, Grant, Keys
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.oauth import challenge_of
from portevoix.networks.wire import Wire

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
T = NOW.timestamp()
BACK = "http://127.0.0.1:8000/me/accounts/back"
LINK = "https://go.atlas.example/r/Ab3dE"
VERIFIER = "v" * 43
PNG = b"\x89PNG\r\n\x1a\n" + b"any"
HOSTILE = '<script>alert("1")</script><img src=x onerror=y>\'&amp; http://a.example/"><b>\u202ex'


def account_of(agora: Agora, handle: str = "ana.belkadi") -> Account:
    """One of the invented people."""
    account = agora.account_called(handle)
    assert account is not None
    return account


def asked(**changed: str) -> str:
    """The address of the page that asks, as an application builds it."""
    asked = {
        "response_type": "code",
        "client_id": "portevoix",
        "redirect_uri": BACK,
        "scope": "me posts",
        "state": "s",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    return f"/oauth/authorize?{urlencode({**asked, **changed})}"


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirections are looked at, not followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Town:
    """A server, its network, the time it is there, and a person with a browser."""

    agora: Agora = field(default_factory=Agora)
    now: datetime = NOW
    port: int = 0
    drop: set[str] = field(default_factory=set)  # methods whose answers are lost on the way
    instead: Reply | None = None  # what something that stands before it answers to everything
    heard: list[Request] = field(default_factory=list)

    @classmethod
    @contextmanager
    def served(cls) -> Iterator["Town"]:
        """A town with its server, until the end of the block."""
        town = cls()
        server, thread = serve(0, agora=town.agora, now=lambda: town.now, between=town.between)
        town.port = server.server_port
        try:
            yield town
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def between(self, request: Request, own: Callable[[], Reply]) -> Reply | None:
        """Agora's own answer, or none."""
        self.heard.append(request)
        if self.instead:
            return self.instead
        answer = own()
        return None if request.method in self.drop else answer

    @property
    def wire(self) -> Wire:
        """A conversation of now, through the one way out."""
        door = Door(stand_ins=stand_ins(self.port))
        return Wire(door.call, Deadline.within(5), self.now.timestamp())

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, Message, str]:
        """What a browser gets at that address, at its `localhost` name."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=urlencode(form).encode() if form is not None else None,
            headers={"Host": f"agora.example.localhost:{self.port}", **headers},
        )
        try:
            with urllib.request.build_opener(Stay).open(request, timeout=5) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read().decode()

    def consent(self, url: str, **fields: str) -> tuple[int, Message, str]:
        """Fills the page at that address and sends it."""
        parts = urlsplit(url)
        _status, _headers, page = self.ask(f"{parts.path}?{parts.query}")
        hidden = {
            node.attributes["name"] or "": node.attributes["value"] or ""
            for node in HTMLParser(page).css("form input[type=hidden]")
        }
        return self.ask("/oauth/authorize", {**hidden, **fields})

    def sign_in(self, **fields: str) -> tuple[Grant, dict[str, str]]:
        """Connects the account that the fields choose, by our own client; the grant, and what the browser brought."""
        ask = Ask(Keys(), BACK, "state & more")
        begun = DummySignIn().begin(ask, self.wire)
        status, headers, _page = self.consent(begun.url, answer="accept", **fields)
        assert status == 303
        answer = dict(parse_qsl(urlsplit(headers["Location"]).query))
        return DummySignIn().finish(ask, begun.kept, answer, self.wire), answer
