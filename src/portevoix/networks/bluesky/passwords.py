"""Signing in with an app password: what a person makes in Bluesky's settings for one application, and takes back there.

The main password is never taken: one that does not look like an app password is not sent, one that turns out to be the
account's own is not kept.
"""

import base64

import regex

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming
from portevoix.networks.bluesky.answers import failure_of
from portevoix.networks.bluesky.identity import Account
from portevoix.networks.bluesky.server import BY_PASSWORD, method_url
from portevoix.networks.direct import Grant
from portevoix.networks.failures import Refused, SignInAgain, TryLater
from portevoix.networks.wire import Wire, id_at, json_of, object_of, text_at, token_at

APP_PASSWORD = regex.compile(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}")
# What the token of a session says of the password that opened it.
WHOLE_ACCOUNT = "com.atproto.access"
CREATE, REFRESH, DELETE = (f"com.atproto.server.{name}Session" for name in ("create", "refresh", "delete"))


def checked(typed: str) -> str:
    """What was typed, when it looks like an app password; else `Refused`, before anything of it leaves."""
    password = typed.strip().lower()
    if not APP_PASSWORD.fullmatch(password):
        raise Refused("not_app_password")
    return password


def open_session(account: Account, password: str, wire: Wire) -> Grant:
    """The grant for an app password; `Refused` as `not_app_password` or `bad_password`."""
    asked = {"identifier": account.did, "password": password}
    answer = wire.read("POST", method_url(account.server, CREATE), data=asked)
    error = text_at(object_of(answer), "error")
    if error == "AuthFactorTokenRequired":  # asked of the main password alone
        raise Refused("not_app_password")
    if error == "AuthenticationRequired":
        raise Refused("bad_password")
    grant = _grant(answer, account.server, wire.now, password)
    if grant.account_id != account.did:
        raise Refused("other_account")
    if said(grant.access_token).get("scope") == WHOLE_ACCOUNT:
        close_session(grant, wire)
        raise Refused("not_app_password")
    return grant


def refresh_session(grant: Grant, wire: Wire) -> Grant:
    """A fresh pair of tokens."""
    if not grant.refresh_token:
        raise SignInAgain
    answer = wire.read("POST", method_url(grant.extra["server"], REFRESH), headers=_by_refresh(grant))
    fresh = _grant(answer, grant.extra["server"], wire.now, grant.refresh_token)
    if fresh.account_id != grant.account_id:
        raise SignInAgain
    return fresh


def close_session(grant: Grant, wire: Wire) -> None:
    """Ends the session; the app password stays until the person takes it back."""
    if grant.refresh_token:
        wire.read("POST", method_url(grant.extra["server"], DELETE), headers=_by_refresh(grant))


def _by_refresh(grant: Grant) -> dict[str, str]:
    return {"Authorization": f"Bearer {grant.refresh_token}"}


def _grant(answer: Answer, server: str, now: float, secret: str) -> Grant:
    """The grant in an answer to a request that carried that secret."""
    found = object_of(answer)
    if answer.status != 200:
        raise failure_of(answer, None, secret)
    access, refresh = token_at(found, "accessJwt"), token_at(found, "refreshJwt")
    if not access or not refresh:
        raise TryLater(detail="no session in the answer")
    return Grant(
        account_id=id_at(found, "did"),
        access_token=access,
        refresh_token=refresh,
        expires_at=_end_of(access, now),
        refresh_expires_at=_end_of(refresh, now),
        extra={"kind": BY_PASSWORD, "server": server},
    )


def _end_of(token: str, now: float) -> float | None:
    return incoming.end(said(token).get("exp"), now)


def said(token: str) -> dict[str, object]:
    """What a token says of itself, unproved: good for knowing when to ask for another; empty when it says nothing."""
    try:
        middle = token.split(".")[1]
        found = json_of(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
