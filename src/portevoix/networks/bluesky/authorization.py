"""Signing in through a person's authority: our request is pushed first, everything is bound to one key, tokens rotate.

What is kept from one step to the next is a mapping of texts, sealed by the caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import regex

from portevoix.core.outgoing import Answer
from portevoix.networks.bluesky import client, signing
from portevoix.networks.bluesky.client import LEAST_SCOPES, POST, WIDE_SCOPES
from portevoix.networks.bluesky.dpop import NONCE_REFUSED, Bound
from portevoix.networks.bluesky.identity import Account, Authority, authority_of, document_of, server_in
from portevoix.networks.bluesky.server import BY_OAUTH
from portevoix.networks.direct import Ask, Begun, Grant, Keys
from portevoix.networks.failures import OperatorMust, Refused, SignInAgain, TryLater
from portevoix.networks.oauth import (
    challenge_of,
    code_of,
    error_of,
    expiry,
    new_verifier,
    refuse_other_issuer,
    scopes_in,
)
from portevoix.networks.publishing import quoted
from portevoix.networks.wire import Wire, id_at, object_of, text_at, token_at

DAY = 24 * 3600.0
REPO_SCOPE = regex.compile(r"repo(?::(?P<kind>[^?]+))?(?:\?(?P<more>.*))?")
# Errors that say that our own description of ourselves is the matter, not the person.
OUR_FAULT = frozenset(
    {
        "invalid_client",
        "invalid_client_id",
        "invalid_client_metadata",
        "invalid_redirect_uri",
        "unauthorized_client",
        "invalid_dpop_proof",
    }
)


@dataclass(frozen=True)
class Lifetime:
    """How long a sign-in lasts, in days: without being used, and in all. As Bluesky's own authority sets them."""

    idle_days: int
    days: int


CONFIDENTIAL, LOOPBACK = Lifetime(90, 730), Lifetime(14, 14)


def begin(ask: Ask, account: Account, authority: Authority, wire: Wire) -> Begun:
    """Pushes the request, with the least rights that the authority understands, and says where the browser goes."""
    kept = {
        "did": account.did,
        "server": account.server,
        "issuer": authority.issuer,
        "token_url": authority.token,
        "revoke_url": authority.revoke,
        "client_id": ask.keys.client_id,
        "key": signing.new_key(),
        "verifier": new_verifier(),
    }
    bound = Bound(wire, kept["key"])
    answer = _push(ask, account, authority, kept, LEAST_SCOPES, bound)
    if error_of(answer) == "invalid_scope":
        answer = _push(ask, account, authority, kept, WIDE_SCOPES, bound)
    pushed = id_at(object_of(answer), "request_uri")
    if answer.status not in (200, 201):
        raise refusal_of(answer, kept["verifier"], ask.state)
    if not pushed:
        raise TryLater(detail="no request in the answer")
    query = urlencode({"client_id": ask.keys.client_id, "request_uri": pushed})
    joint = "&" if "?" in authority.authorize else "?"
    return Begun(f"{authority.authorize}{joint}{query}", kept)


def _push(
    ask: Ask,
    account: Account,
    authority: Authority,
    kept: Mapping[str, str],
    scopes: tuple[str, ...],
    bound: Bound,
) -> Answer:
    form = {
        **client.authentication(ask.keys.client_id, ask.keys, authority.issuer, bound.wire.now),
        "response_type": "code",
        "redirect_uri": ask.redirect_uri,
        "scope": " ".join(scopes),
        "state": ask.state,
        "code_challenge": challenge_of(kept["verifier"]),
        "code_challenge_method": "S256",
        "login_hint": account.handle or account.did,
    }
    return bound.read("POST", authority.push, form=form)


def finish(ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
    """The grant for the code that the browser brought back, once it is sure whose it is."""
    refuse_other_issuer(kept["issuer"], answer)
    form = {
        "grant_type": "authorization_code",
        "code": code_of(answer),
        "redirect_uri": ask.redirect_uri,
        "code_verifier": kept["verifier"],
    }
    given = _token(kept, form, ask.keys, wire)
    if given.status >= 400:
        raise refusal_of(given, form["code"], form["code_verifier"])
    grant = _grant(object_of(given), kept, wire.now, wire.now)
    try:
        _refuse_stranger(grant, kept, wire)
    except Refused:
        revoke(grant, ask.keys, wire)
        raise
    return grant


def _refuse_stranger(grant: Grant, kept: Mapping[str, str], wire: Wire) -> None:
    """Refuses a grant for another account than the one that was named, or from an authority that is not its own."""
    if grant.account_id != kept["did"]:
        raise Refused("other_account")
    server = server_in(document_of(kept["did"], wire))
    if server != kept["server"] or authority_of(server, wire).issuer != kept["issuer"]:
        raise Refused("other_issuer")
    if not may_publish(grant.scopes):
        raise Refused("permissions_missing")


def may_publish(scopes: tuple[str, ...]) -> bool:
    """Whether these rights are enough to publish: a person may have kept some to themselves."""
    return "transition:generic" in scopes or any(map(_lets_write, scopes))


def _lets_write(scope: str) -> bool:
    found = REPO_SCOPE.fullmatch(scope)
    if not found:
        return False
    more = [pair.partition("=")[::2] for pair in (found["more"] or "").split("&") if pair]
    kinds = {found["kind"], *(value for name, value in more if name == "collection")}
    actions = {value for name, value in more if name == "action"}
    return bool(kinds & {POST, "*"}) and (not actions or actions >= {"create", "update"})


def refresh(grant: Grant, keys: Keys, wire: Wire) -> Grant:
    """A fresh pair of tokens. The refresh token is good for one use: used twice, it ends the whole sign-in."""
    if not grant.refresh_token or not grant.extra.get("key"):
        raise SignInAgain
    form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
    answer = _token(grant.extra, form, keys, wire)
    if answer.status >= 400:
        failure = refusal_of(answer, grant.refresh_token, grant.access_token)
        raise SignInAgain if isinstance(failure, Refused) else failure
    begun_at = float(grant.extra.get("begun_at", wire.now))
    fresh = _grant(object_of(answer), grant.extra, begun_at, wire.now)
    if fresh.account_id != grant.account_id:
        raise SignInAgain
    return fresh


def revoke(grant: Grant, keys: Keys, wire: Wire) -> None:
    """Has the authority end the sign-in, where it can be asked to; one that ended already is no matter."""
    token = grant.refresh_token or grant.access_token
    if not token or not grant.extra.get("revoke_url"):
        return
    about = grant.extra
    who = client.authentication(about["client_id"], keys, about["issuer"], wire.now)
    Bound(wire, about["key"]).read("POST", about["revoke_url"], form={**who, "token": token})


def _token(about: Mapping[str, str], form: dict[str, str], keys: Keys, wire: Wire) -> Answer:
    who = client.authentication(about["client_id"], keys, about["issuer"], wire.now)
    return Bound(wire, about["key"]).read("POST", about["token_url"], form={**who, **form})


def _grant(found: Mapping[str, Any], about: Mapping[str, str], begun_at: float, now: float) -> Grant:
    token = token_at(found, "access_token")
    if not token or text_at(found, "token_type").lower() != "dpop":
        raise TryLater(detail="no token in the answer")
    life = CONFIDENTIAL if client.is_confidential(about["client_id"]) else LOOPBACK
    kept = {name: about[name] for name in ("server", "issuer", "token_url", "revoke_url", "client_id", "key")}
    return Grant(
        account_id=id_at(found, "sub"),
        access_token=token,
        refresh_token=token_at(found, "refresh_token"),
        expires_at=expiry(found, "expires_in", now),
        refresh_expires_at=min(now + life.idle_days * DAY, begun_at + life.days * DAY),
        scopes=scopes_in(found),
        extra={**kept, "kind": BY_OAUTH, "begun_at": str(begun_at)},
    )


def refusal_of(answer: Answer, *secrets: str) -> Refused | OperatorMust | TryLater:
    """What an authority's error means, in words without the secrets of ours that it may repeat.

    Either it cannot read or accept who we are, or this sign-in is worth nothing.
    """
    error = error_of(answer)
    words = quoted(error, *secrets)
    if error in ("", NONCE_REFUSED):  # a proxy's page is no word of the authority's
        return TryLater(detail=words or f"answer {answer.status}")
    if error in OUR_FAULT:
        said = quoted(text_at(object_of(answer), "error_description"), *secrets)
        return OperatorMust("client_refused", said or words)
    return Refused("sign_in_refused", words)
