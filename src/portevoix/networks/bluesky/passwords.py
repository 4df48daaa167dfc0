"""Signing in with an app password: what a person makes in Bluesky's settings for one application, and takes back there.

The main password is never taken: one that does not look like an app password is not sent, one that turns out to be the
account's own is not kept.
"""

import base64
import binascii
import json

import regex

from portevoix.core.outgoing import Answer
from portevoix.networks.bluesky.answers import failure_of
from portevoix.networks.bluesky.identity import Account
from portevoix.networks.bluesky.server import BY_PASSWORD, method_url
from portevoix.networks.direct import Grant
from portevoix.networks.failures import Refused, SignInAgain, TryLater
from portevoix.networks.wire import Wire, object_of, text_at

APP_PASSWORD = regex.compile(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}")
# What the token of a session says of the password that opened it.
WHOLE_ACCOUNT = "com.atproto.access"
CREATE, REFRESH, DELETE = (f"com.atproto.server.{name}Session" for name in ("create", "refresh", "delete"))


def open_session(account: Account, password: str, wire: Wire) -> Grant:
    """The grant for an app password; `Refused` as `not_app_password` or `bad_password`."""
    password = password.strip().lower()
    if not APP_PASSWORD.fullmatch(password):
        raise Refused("not_app_password")
    asked = {"identifier": account.did, "password": password}
    answer = wire.read("POST", method_url(account.server, CREATE), data=asked)
    error = text_at(object_of(answer), "error")
    if error == "AuthFactorTokenRequired":  # asked of the main password alone
        raise Refused("not_app_password")
    if error == "AuthenticationRequired":
        raise Refused("bad_password")
    grant = _grant(answer, account.server)
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
    fresh = _grant(answer, grant.extra["server"])
    if fresh.account_id != grant.account_id:
        raise SignInAgain
    return fresh


def close_session(grant: Grant, wire: Wire) -> None:
    """Ends the session; the app password stays until the person takes it back."""
    if grant.refresh_token:
        wire.read("POST", method_url(grant.extra["server"], DELETE), headers=_by_refresh(grant))


def _by_refresh(grant: Grant) -> dict[str, str]:
    return {"Authorization": f"Bearer {grant.refresh_token}"}


def _grant(answer: Answer, server: str) -> Grant:
    found = object_of(answer)
    if answer.status != 200:
        raise failure_of(answer)
    access, refresh = text_at(found, "accessJwt"), text_at(found, "refreshJwt")
    if not access or not refresh:
        raise TryLater(detail="no session in the answer")
    return Grant(
        account_id=text_at(found, "did"),
        access_token=access,
        refresh_token=refresh,
        expires_at=_end_of(access),
        refresh_expires_at=_end_of(refresh),
        extra={"kind": BY_PASSWORD, "server": server},
    )


def _end_of(token: str) -> float | None:
    moment = said(token).get("exp")
    return float(moment) if isinstance(moment, int | float) and not isinstance(moment, bool) else None


def said(token: str) -> dict[str, object]:
    """What a token says of itself, unproved: good for knowing when to ask for another; empty when it says nothing."""
    try:
        middle = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}
