"""Signing in at LinkedIn: OpenID Connect for who it is, `w_member_social` for posting; sixty days, then again.

Source: Microsoft Learn, authorization code flow and its table of errors. A client that LinkedIn does not know is
answered `invalid_client`; a code that it does not know, `invalid_request`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from portevoix.networks.direct import Ask, Begun, Grant, Identity, Keys, Needs
from portevoix.networks.failures import OperatorMust
from portevoix.networks.linkedin import figures, version
from portevoix.networks.linkedin.answers import API, at_linkedin, failure_of
from portevoix.networks.oauth import KEY_ERRORS, LONGEST_SCOPE, CodeFlow, Endpoints, bearer, error_of, expiry
from portevoix.networks.publishing import identified, quoted, unreadable
from portevoix.networks.wire import Wire, object_of, text_at, token_at

AUTHORIZE = "https://www.linkedin.com/oauth/v2/authorization"
TOKEN = "https://www.linkedin.com/oauth/v2/accessToken"  # noqa: S105  an address
USERINFO = f"{API}/v2/userinfo"
SCOPES = ("openid", "profile", "w_member_social")
DAYS = 60
# Nobody was ever given this code.
NO_CODE = "portevoix-asks-whether-its-keys-are-known"


class LinkedInSignIn:
    """The sign-in at LinkedIn. `Keys.extra`: `analytics` is "yes" where LinkedIn opened them to us."""

    needs = Needs.NOTHING
    needs_keys = True
    permissions = ("know_account", "publish", "delete_own")
    lasts_days = DAYS

    def version(self, facts: Mapping[str, str]) -> str:
        """The operator's, or ours."""
        return facts.get("version") or version.VERSION

    def is_version(self, text: str) -> bool:
        """Whether a text names a year and a month."""
        return version.is_version(text)

    def ends_on(self, facts: Mapping[str, str]) -> date:
        """The day from which LinkedIn may refuse that version."""
        return version.sunset_on(self.version(facts))

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Presents a code that cannot be: LinkedIn looks at the keys first."""
        form = {
            "grant_type": "authorization_code",
            "code": NO_CODE,
            "redirect_uri": "https://portevoix.example/",
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
        }
        answer = at_linkedin(wire).read("POST", TOKEN, form=form)
        error = error_of(answer)
        if error in KEY_ERRORS:
            raise OperatorMust("bad_keys", quoted(error, keys.client_secret))
        if not error:
            raise unreadable()

    def begin(self, ask: Ask, wire: Wire) -> Begun:
        """The page on which the person says yes."""
        return _flow(ask.keys).begin(ask)

    def finish(self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
        """The grant for the code, and whose it is: posts are published in that name."""
        flow = _flow(ask.keys)
        grant = _grant(flow.exchange(ask, kept, answer, at_linkedin(wire)), flow.scopes, wire)
        return replace(grant, account_id=self.who(grant, wire).account_id)

    def who(self, grant: Grant, wire: Wire) -> Identity:
        """Whose account it is. LinkedIn tells neither the handle nor where the profile is."""
        answer = at_linkedin(wire).read("GET", USERINFO, headers=bearer(grant))
        if answer.status != 200:
            raise failure_of(answer, grant)
        found = object_of(answer)
        if not (sub := text_at(found, "sub")):
            raise unreadable()
        return identified(f"urn:li:person:{sub}", name=text_at(found, "name"))

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> Grant:
        """A fresh grant, for the few operators whom LinkedIn gives refresh tokens."""
        return _grant(_flow(keys).refresh(grant, keys, at_linkedin(wire)), grant.scopes, wire, grant)

    def revoke(self, grant: Grant, keys: Keys, wire: Wire) -> None:
        """Nothing: LinkedIn documents no such request. The person does it in their settings, permitted services."""


def _flow(keys: Keys) -> CodeFlow:
    more = (figures.SCOPE,) if keys.extra.get("analytics") == "yes" else ()
    return CodeFlow(Endpoints(AUTHORIZE, TOKEN, pkce=False), scopes=(*SCOPES, *more))


def _grant(
    found: Mapping[str, object], asked: tuple[str, ...], wire: Wire, before: Grant | None = None
) -> Grant:
    before = before or Grant()
    return Grant(
        account_id=before.account_id,
        access_token=token_at(found, "access_token"),
        refresh_token=token_at(found, "refresh_token") or before.refresh_token,
        expires_at=expiry(found, "expires_in", wire.now),
        refresh_expires_at=expiry(found, "refresh_token_expires_in", wire.now) or before.refresh_expires_at,
        scopes=tuple(re.findall(r"[^\s,]+", text_at(found, "scope")[:LONGEST_SCOPE])) or asked,
    )
