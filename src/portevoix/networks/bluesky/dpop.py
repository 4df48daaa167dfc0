"""Proofs that we hold the key of a sign-in (DPoP, RFC 9449): a token that was stolen is worth nothing without it.

A server may ask for a number of its own in each proof, and says so by refusing. That refusal is its word that it did
nothing: the request is repeated once with the number, even the one that publishes.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming
from portevoix.networks.bluesky import signing
from portevoix.networks.failures import TryLater
from portevoix.networks.wire import Wire, object_of, text_at

NONCE_REFUSED = "use_dpop_nonce"
LONGEST_NONCE = 500


@dataclass
class Bound:
    """Requests to one server, each with its proof. `token`: what it is to be used with; none before there is one."""

    wire: Wire
    key: str = field(repr=False)
    token: str = field(default="", repr=False)
    nonce: str = field(default="", repr=False)

    def read(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, **asked: Any
    ) -> Answer:
        """Asks what may be asked again, as `Wire.read` does."""

        def send(proof: dict[str, str]) -> Answer:
            return self.wire.read(method, url, headers={**(headers or {}), **proof}, **asked)

        return self._proved(method, url, send)

    def write(self, method: str, url: str, *, data: Any) -> Answer:
        """Asks what must be done once, as `Wire.write` does; twice only when the first was refused for its number."""

        def send(proof: dict[str, str]) -> Answer:
            return self.wire.write(method, url, headers=proof, data=data)

        return self._proved(method, url, send)

    def _proved(self, method: str, url: str, send: Callable[[dict[str, str]], Answer]) -> Answer:
        for _once_then_with_its_number in range(2):
            answer = send(self._headers(method, url))
            self.nonce = incoming.one_line(answer.headers.get("dpop-nonce", "")[:LONGEST_NONCE]) or self.nonce
            if not refuses_number(answer):
                return answer
        raise TryLater(detail="the server refuses the number that it gave")

    def _headers(self, method: str, url: str) -> dict[str, str]:
        headers = {"DPoP": proof(self.key, method, url, self.wire.now, nonce=self.nonce, token=self.token)}
        if self.token:
            headers["Authorization"] = f"DPoP {self.token}"
        return headers


def proof(key: str, method: str, url: str, now: float, *, nonce: str = "", token: str = "") -> str:
    """A proof for one request: good for a moment, for that method and address, for that token where there is one."""
    address = urlsplit(url)
    claims: dict[str, Any] = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": f"{address.scheme}://{address.netloc}{address.path}",
        "iat": int(now),
    }
    if nonce:
        claims["nonce"] = nonce
    if token:
        digest = hashlib.sha256(token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return signing.signed(key, {"typ": "dpop+jwt", "jwk": signing.public_part(key)}, claims)


def refuses_number(answer: Answer) -> bool:
    """Whether a server did nothing but ask for its number in the proof."""
    return answer.status in (400, 401) and text_at(object_of(answer), "error") == NONCE_REFUSED
