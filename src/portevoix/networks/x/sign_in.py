"""Signing in at X: OAuth 2 with PKCE for a client that keeps a secret; tokens of two hours, refresh tokens used once.

Source: X's OpenAPI document and the client that X publishes. A code lives thirty seconds. Unknown keys are answered
`unauthorized_client`, a token that cannot be `invalid_request`.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from portevoix.networks.direct import Ask, Begun, Grant, Identity, Keys, Needs
from portevoix.networks.failures import OperatorMust
from portevoix.networks.oauth import (
    KEY_ERRORS,
    CodeFlow,
    Endpoints,
    basic,
    bearer,
    error_of,
    expiry,
    scopes_in,
)
from portevoix.networks.publishing import identified, quoted, unreadable
from portevoix.networks.wire import Wire, object_of, text_at, token_at
from portevoix.networks.x.answers import API, at_x, failure_of

AUTHORIZE = "https://x.com/i/oauth2/authorize"
TOKEN = f"{API}/oauth2/token"
REVOKE = f"{API}/oauth2/revoke"
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
# Nobody was ever given this token.
NO_TOKEN = "portevoix-asks-whether-its-keys-are-known"  # noqa: S105  it opens nothing


class XSignIn:
    """The sign-in at X."""

    needs = Needs.NOTHING
    needs_keys = True
    permissions = ("know_account", "read_own", "publish", "add_pictures", "delete_own", "stay_connected")
    lasts_days = None
    flow = CodeFlow(Endpoints(AUTHORIZE, TOKEN, REVOKE, basic=True), scopes=SCOPES)

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Presents a refresh token that cannot be: X looks at the keys first."""
        form = {"grant_type": "refresh_token", "refresh_token": NO_TOKEN, "client_id": keys.client_id}
        answer = at_x(wire).read("POST", TOKEN, form=form, headers={"Authorization": basic(keys)})
        error = error_of(answer)
        if answer.status == 401 or error in KEY_ERRORS:
            raise OperatorMust("bad_keys", quoted(error, keys.client_secret))
        if answer.status != 400 or not error:
            raise unreadable()

    def begin(self, ask: Ask, wire: Wire) -> Begun:
        """The page on which the person says yes."""
        return self.flow.begin(ask)

    def finish(self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
        """The grant for the code, at once: it lives thirty seconds; and whose it is, to find their posts."""
        grant = _grant(self.flow.exchange(ask, kept, answer, at_x(wire)), Grant(scopes=SCOPES), wire)
        return replace(grant, account_id=self.who(grant, wire).account_id)

    def who(self, grant: Grant, wire: Wire) -> Identity:
        """Whose account it is."""
        answer = at_x(wire).read("GET", f"{API}/users/me", headers=bearer(grant))
        if answer.status != 200:
            raise failure_of(answer, grant)
        found = object_of(answer).get("data")
        user_id, handle = text_at(found, "id"), text_at(found, "username")
        if not user_id or not handle:
            raise unreadable()
        url = f"https://x.com/{quote(handle, safe='')}"
        return identified(user_id, f"@{handle}", text_at(found, "name"), url)

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> Grant:
        """A fresh pair of tokens; the old refresh token is worth nothing any more."""
        return _grant(self.flow.refresh(grant, keys, at_x(wire)), grant, wire)

    def revoke(self, grant: Grant, keys: Keys, wire: Wire) -> None:
        """X forgets both tokens."""
        for token in (grant.refresh_token, grant.access_token):
            self.flow.revoke(token, keys, at_x(wire))


def _grant(found: Mapping[str, object], before: Grant, wire: Wire) -> Grant:
    return replace(
        before,
        access_token=token_at(found, "access_token"),
        refresh_token=token_at(found, "refresh_token") or before.refresh_token,
        expires_at=expiry(found, "expires_in", wire.now),
        scopes=scopes_in(found) or before.scopes,
    )
