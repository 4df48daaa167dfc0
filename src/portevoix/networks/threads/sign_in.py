"""Signing in at Threads: a code, for a token of an hour, for a token of sixty days that may be renewed for ever.

Source: Meta for Developers, Threads: get access tokens, long-lived tokens, app access tokens. The Threads application has
keys of its own, not those of the Meta application around it. There is no PKCE, and no request that takes a grant back.

A token is renewed once it is a day old, and no more once it ran out: so `expires_at` is half its life, from which whoever
uses it renews it first, and `refresh_expires_at` its end.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming
from portevoix.networks.direct import Ask, Begun, Grant, Identity, Keys, Needs
from portevoix.networks.failures import NetworkFailure, OperatorMust, Refused, SignInAgain, TryLater
from portevoix.networks.oauth import CodeFlow, Endpoints, code_of, expiry
from portevoix.networks.publishing import identified, quoted, unreadable
from portevoix.networks.threads.answers import (
    API,
    BUSY_CODES,
    HOST,
    at_threads,
    error_in,
    failure_of,
    words_of,
)
from portevoix.networks.wire import Wire, object_of, text_at, token_at

AUTHORIZE = "https://threads.net/oauth/authorize"
SHORT_TOKEN = f"{HOST}/oauth/access_token"
LONG_TOKEN = f"{HOST}/access_token"
RENEW = f"{HOST}/refresh_access_token"
ME = f"{API}/me"
SCOPES = ("threads_basic", "threads_content_publish", "threads_manage_insights", "threads_delete")
ASK_AGAIN_SECONDS = 24 * 3600.0


class ThreadsSignIn:
    """The sign-in at Threads."""

    needs = Needs.NOTHING
    needs_keys = True
    permissions = ("know_account", "publish", "read_figures", "delete_own")
    lasts_days = None
    flow = CodeFlow(Endpoints(AUTHORIZE, SHORT_TOKEN, pkce=False), scopes=SCOPES, joint=",")

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Asks for a token of the application itself, which only its keys open; it is not kept."""
        asked = {
            "grant_type": "client_credentials",
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
        }
        answer = at_threads(wire).read("GET", SHORT_TOKEN, query=asked)
        if answer.status == 200 and token_at(object_of(answer), "access_token"):
            return
        failure = _refusal(answer, keys.client_secret)
        raise OperatorMust("bad_keys", failure.detail) if isinstance(failure, Refused) else failure

    def begin(self, ask: Ask, wire: Wire) -> Begun:
        """The page on which the person says yes."""
        return self.flow.begin(ask)

    def finish(self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
        """The grant for the code: the token of an hour is exchanged at once."""
        wire, keys = at_threads(wire), ask.keys
        # Meta ends with this every address that it sends a browser back to.
        code = code_of(answer).removesuffix("#_")
        form = {
            "grant_type": "authorization_code",
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
            "code": code,
            "redirect_uri": ask.redirect_uri,
        }
        short = _token(wire.read("POST", SHORT_TOKEN, form=form), keys.client_secret, code)
        token = token_at(short, "access_token")
        asked = {
            "grant_type": "th_exchange_token",
            "client_secret": keys.client_secret,
            "access_token": token,
        }
        found = _token(wire.read("GET", LONG_TOKEN, query=asked), keys.client_secret, token)
        account_id = incoming.short(text_at(short, "user_id"), incoming.LONGEST_ACCOUNT_ID)
        return _grant(found, Grant(account_id=account_id, scopes=SCOPES), wire)

    def who(self, grant: Grant, wire: Wire) -> Identity:
        """Whose account it is."""
        asked = {"fields": "id,username,name", "access_token": grant.access_token}
        answer = at_threads(wire).read("GET", ME, query=asked)
        if answer.status != 200:
            raise failure_of(answer, grant)
        found = object_of(answer)
        user_id, handle = text_at(found, "id"), text_at(found, "username")
        if not user_id or not handle:
            raise unreadable()
        url = f"https://www.threads.net/@{quote(handle, safe='')}"
        return identified(user_id, f"@{handle}", text_at(found, "name"), url)

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> Grant:
        """The token, for sixty days again; where Threads does not renew it today, it is still good until its end."""
        if not grant.refresh_token:
            raise SignInAgain
        asked = {"grant_type": "th_refresh_token", "access_token": grant.refresh_token}
        answer = at_threads(wire).read("GET", RENEW, query=asked)
        found = object_of(answer)
        if answer.status == 200 and token_at(found, "access_token"):
            return _grant(found, grant, wire)
        failure = failure_of(answer, grant)
        end = grant.refresh_expires_at or 0
        if isinstance(failure, Refused) and end > wire.now:
            return replace(grant, expires_at=min(wire.now + ASK_AGAIN_SECONDS, end))
        # Only a token that Threads disowns ends a sign-in: any other refusal may be of the moment.
        raise TryLater(detail=failure.detail) if isinstance(failure, Refused) else failure

    def revoke(self, grant: Grant, keys: Keys, wire: Wire) -> None:
        """Nothing: Threads has no such request. The person does it in their settings, website permissions."""


def _token(answer: Answer, *secrets: str) -> dict[str, object]:
    """What a request for a token gave; refuses, in Threads' words, when it gave none."""
    found = object_of(answer)
    if answer.status == 200 and token_at(found, "access_token"):
        return found
    raise _refusal(answer, *secrets)


def _refusal(answer: Answer, *secrets: str) -> NetworkFailure:
    error = error_in(answer)
    words = quoted(words_of(error), *secrets)
    if "client secret" in words.lower():  # said with the code of a passing trouble
        return OperatorMust("bad_keys", words)
    if not error or error.get("is_transient") is True or text_at(error, "code") in BUSY_CODES:
        return unreadable()
    return Refused("sign_in_refused", words)


def _grant(found: Mapping[str, object], before: Grant, wire: Wire) -> Grant:
    """A token of sixty days, which is what renews it as well; half of them are over when another is asked for."""
    token, end = token_at(found, "access_token"), expiry(found, "expires_in", wire.now)
    return replace(
        before,
        access_token=token,
        refresh_token=token,
        expires_at=(wire.now + end) / 2 if end else None,
        refresh_expires_at=end,
    )
