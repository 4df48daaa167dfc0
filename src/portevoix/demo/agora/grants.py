"""Who may speak for whom at Agora: codes that are used once, tokens of an hour, refresh tokens that are used once.

Not safe for threads by itself: `network.Agora` holds the lock.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace

from portevoix.demo.agora.records import Token
from portevoix.networks.oauth import challenge_of

CODE_SECONDS = 60.0
ACCESS_SECONDS = 3600.0
# A code that comes back within this time was stolen by somebody, whoever is first (RFC 6749, 4.1.2).
CODE_MEMORY_SECONDS = 3600.0


class BadGrant(Exception):
    """The code or the refresh token is worth nothing, or never was."""


class BadToken(Exception):
    """The access token is worth nothing, or never was."""


class ScopeMissing(Exception):
    """The person did not allow that."""


@dataclass(frozen=True)
class Consent:
    """What a person said yes to, and the answer that only the asker can give: the verifier of the PKCE challenge."""

    account_id: str
    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Tokens:
    """A fresh pair, as it is handed over."""

    access: str
    refresh: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class _Code:
    consent: Consent
    given_at: float
    family: str = ""  # of the tokens it was exchanged for


class Grants:
    """Codes and tokens. `tokens`, by digest, is the part that outlives a restart."""

    def __init__(self, tokens: dict[str, Token]) -> None:
        self._tokens = tokens
        self._codes: dict[str, _Code] = {}

    def new_code(self, consent: Consent, now: float) -> str:
        """A code of a minute for a consent."""
        self._codes = {
            text: code for text, code in self._codes.items() if now < code.given_at + CODE_MEMORY_SECONDS
        }
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(consent, now)
        return code

    def redeem(self, text: str, redirect_uri: str, verifier: str, now: float) -> Tokens:
        """The tokens for a code; a code shown twice ends what it gave, and a wrong try spends it."""
        code = self._codes.get(text)
        if code is None:
            raise BadGrant
        if code.family:
            self._end(code.family)
            raise BadGrant
        family = secrets.token_hex(8)
        self._codes[text] = replace(code, family=family)
        consent = code.consent
        good = hmac.compare_digest(challenge_of(verifier).encode(), consent.challenge.encode())
        if not good or redirect_uri != consent.redirect_uri or now >= code.given_at + CODE_SECONDS:
            raise BadGrant
        return self._issue(Token(family, consent.account_id, consent.scopes), now)

    def refresh(self, text: str, now: float) -> Tokens:
        """A fresh pair for a refresh token, which is spent; shown a second time, it ends the whole family."""
        digest = _digest(text)
        token = self._tokens.get(digest)
        if token is None or token.ends_at is not None:
            raise BadGrant
        if token.used:
            self._end(token.family)
            raise BadGrant
        self._tokens[digest] = replace(token, used=True)
        return self._issue(token, now)

    def revoke(self, text: str) -> None:
        """Ends the family of a token, whichever it is; silent about a token nobody knows (RFC 7009, 2.2)."""
        if token := self._tokens.get(_digest(text)):
            self._end(token.family)

    def speaker(self, access: str, scope: str, now: float) -> str:
        """The account that an access token speaks for."""
        token = self._tokens.get(_digest(access))
        if token is None or token.ends_at is None or now >= token.ends_at:
            raise BadToken
        if scope not in token.scopes:
            raise ScopeMissing
        return token.account_id

    def _issue(self, like: Token, now: float) -> Tokens:
        over = [key for key, one in self._tokens.items() if one.ends_at is not None and one.ends_at <= now]
        for key in over:
            del self._tokens[key]
        pair = Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32), like.scopes)
        self._tokens[_digest(pair.access)] = replace(like, ends_at=now + ACCESS_SECONDS)
        self._tokens[_digest(pair.refresh)] = like
        return pair

    def _end(self, family: str) -> None:
        for digest in [key for key, token in self._tokens.items() if token.family == family]:
            del self._tokens[digest]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
