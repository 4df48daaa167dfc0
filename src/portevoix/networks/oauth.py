"""Signing in at a network, once for all: authorization code (RFC 6749) with PKCE (RFC 7636) wherever it is offered.

The state, its binding to a person and its single use are the caller's (`sharing`): a network never sees a session. What a
browser brings back is judged here: an error, a missing code, an answer of another issuer (RFC 9207).
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming
from portevoix.networks.direct import Ask, Begun, Grant, Keys
from portevoix.networks.failures import OperatorMust, Refused, SignInAgain, TryLater
from portevoix.networks.publishing import quoted
from portevoix.networks.wire import Wire, object_of, text_at, token_at

LONGEST_CODE, LONGEST_SCOPE = 4000, 4000
# What a network answers when the operator's keys, not the person, are the matter (RFC 6749, 5.2).
KEY_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True)
class Endpoints:
    """Where a network answers, and its habits. `revoke` empty: it has no such address.

    `basic`: the client's secret travels as Basic authentication, otherwise in the form.
    """

    authorize: str
    token: str
    revoke: str = ""
    basic: bool = False
    pkce: bool = True


@dataclass(frozen=True)
class CodeFlow:
    """The steps of a sign-in at one network."""

    endpoints: Endpoints
    scopes: tuple[str, ...]
    joint: str = " "

    def begin(self, ask: Ask, **more: str) -> Begun:
        """Where the browser goes; the verifier stays with us."""
        kept: dict[str, str] = {}
        parameters = {
            "response_type": "code",
            "client_id": ask.keys.client_id,
            "redirect_uri": ask.redirect_uri,
            "scope": self.joint.join(self.scopes),
            "state": ask.state,
            **more,
        }
        if self.endpoints.pkce:
            kept["verifier"] = new_verifier()
            parameters |= {"code_challenge": challenge_of(kept["verifier"]), "code_challenge_method": "S256"}
        return Begun(f"{self.endpoints.authorize}?{urlencode(parameters)}", kept)

    def exchange(
        self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire
    ) -> dict[str, object]:
        """What the network gives for the code, which is sent once."""
        form = {
            "grant_type": "authorization_code",
            "code": code_of(answer),
            "redirect_uri": ask.redirect_uri,
        }
        if verifier := kept.get("verifier"):
            form["code_verifier"] = verifier
        return self._token(form, ask.keys, wire)

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> dict[str, object]:
        """What the network gives for the refresh token; `SignInAgain` without one, or when it is worth nothing."""
        if not grant.refresh_token:
            raise SignInAgain
        form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        try:
            return self._token(form, keys, wire)
        except Refused as why:
            raise SignInAgain from why

    def revoke(self, token: str, keys: Keys, wire: Wire) -> None:
        """Has the network forget a token."""
        if self.endpoints.revoke and token:
            form, headers = self._with_keys({"token": token}, keys)
            answer = wire.read("POST", self.endpoints.revoke, form=form, headers=headers)
            if answer.status >= 400 and error_of(answer) in KEY_ERRORS:
                raise OperatorMust("bad_keys", quoted(error_of(answer), keys.client_secret, token))

    def _token(self, form: dict[str, str], keys: Keys, wire: Wire) -> dict[str, object]:
        form, headers = self._with_keys(form, keys)
        answer = wire.read("POST", self.endpoints.token, form=form, headers=headers)
        if answer.status >= 400:
            raise token_failure(answer, *_secrets_in(form), keys.client_secret)
        found = object_of(answer)
        if not token_at(found, "access_token"):
            raise TryLater(detail="no token in the answer")
        return found

    def _with_keys(self, form: dict[str, str], keys: Keys) -> tuple[dict[str, str], dict[str, str]]:
        if self.endpoints.basic:
            return {"client_id": keys.client_id, **form}, {"Authorization": basic(keys)}
        return {"client_id": keys.client_id, "client_secret": keys.client_secret, **form}, {}


def _secrets_in(form: Mapping[str, str]) -> list[str]:
    return [form.get(name, "") for name in ("code", "code_verifier", "refresh_token")]


def token_failure(answer: Answer, *secrets: str) -> Refused | OperatorMust | TryLater:
    """What an error of a token endpoint means: the operator's keys are not known, or this code or token is not good.

    An answer without an error's code is not the endpoint's, but of something that stands before it: it says nothing of
    the person.
    """
    error = error_of(answer)
    words = quoted(error, *secrets)
    if not error or error in ("server_error", "temporarily_unavailable"):
        return TryLater(detail=words or f"answer {answer.status}")
    if error in KEY_ERRORS:
        return OperatorMust("bad_keys", words)
    return Refused("sign_in_refused", words)


def error_of(answer: Answer) -> str:
    """The error's code in an answer, as RFC 6749 writes it."""
    return text_at(object_of(answer), "error")


def code_of(answer: Mapping[str, str]) -> str:
    """The code a browser brought back; refuses, by what happened, an answer without one."""
    error = answer.get("error", "")
    if error in ("access_denied", "user_cancelled_login", "user_cancelled_authorize"):
        raise Refused("sign_in_declined")
    code = answer.get("code", "")
    if error or not code or len(code) > LONGEST_CODE:
        raise Refused("sign_in_refused", incoming.one_line(error[:100]))
    return code


def refuse_other_issuer(expected: str, answer: Mapping[str, str]) -> None:
    """Refuses an answer that another server gave (RFC 9207): our code would travel to the wrong one."""
    if answer.get("iss", "") != expected:
        raise Refused("other_issuer")


def new_verifier() -> str:
    """A fresh PKCE verifier of 256 bits."""
    return secrets.token_urlsafe(48)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def basic(keys: Keys) -> str:
    """The operator's keys as Basic authentication."""
    return "Basic " + base64.b64encode(f"{keys.client_id}:{keys.client_secret}".encode()).decode()


def bearer(grant: Grant) -> dict[str, str]:
    """The header that speaks for the person."""
    return {"Authorization": f"Bearer {grant.access_token}"}


def scopes_in(found: Mapping[str, object]) -> tuple[str, ...]:
    """The rights that were given, as RFC 6749 writes them; none when the network does not say."""
    return tuple(text_at(found, "scope")[:LONGEST_SCOPE].split())


def expiry(found: Mapping[str, object], name: str, now: float) -> float | None:
    """The moment at which something of that many seconds ends, in ten years at most; None when nobody says."""
    seconds = incoming.lifetime(found.get(name))
    return None if seconds is None else now + seconds
