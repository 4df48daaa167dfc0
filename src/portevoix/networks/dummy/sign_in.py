"""Signing in at Agora: an ordinary OAuth 2 with PKCE, tokens of an hour, refresh tokens that are used once."""

from collections.abc import Mapping

from portevoix.networks.direct import Ask, Begun, Grant, Identity, Keys, Needs
from portevoix.networks.dummy.composer import HOST
from portevoix.networks.failures import SignInAgain
from portevoix.networks.oauth import CodeFlow, Endpoints, bearer, expiry
from portevoix.networks.publishing import identified
from portevoix.networks.wire import Wire, object_of, text_at, token_at

BASE = f"https://{HOST}"
# Nobody registers at a network that this machine plays: it knows one client, us.
CLIENT = Keys(client_id="portevoix", client_secret="agora")  # noqa: S106  of a network that does not exist


class DummySignIn:
    """The sign-in at Agora."""

    needs = Needs.NOTHING
    needs_keys = False
    permissions = ("know_account", "publish", "delete_own")
    lasts_days = None
    flow = CodeFlow(
        Endpoints(f"{BASE}/oauth/authorize", f"{BASE}/oauth/token", f"{BASE}/oauth/revoke"),
        scopes=("me", "posts"),
    )

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Nothing to check: there are no keys."""

    def begin(self, ask: Ask, wire: Wire) -> Begun:
        """The page on which the person says yes."""
        return self.flow.begin(Ask(CLIENT, ask.redirect_uri, ask.state))

    def finish(self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
        """The grant for the code."""
        found = self.flow.exchange(Ask(CLIENT, ask.redirect_uri, ask.state), kept, answer, wire)
        return _grant(found, wire)

    def who(self, grant: Grant, wire: Wire) -> Identity:
        """Whose account it is."""
        answer = wire.read("GET", f"{BASE}/api/me", headers=bearer(grant))
        if answer.status == 401:
            raise SignInAgain
        found = object_of(answer)
        handle = text_at(found, "handle")
        return identified(
            text_at(found, "id"), f"@{handle}", text_at(found, "name"), text_at(found, "url") or BASE
        )

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> Grant:
        """A fresh pair of tokens."""
        return _grant(self.flow.refresh(grant, CLIENT, wire), wire, grant)

    def revoke(self, grant: Grant, keys: Keys, wire: Wire) -> None:
        """Agora forgets both tokens with either."""
        self.flow.revoke(grant.refresh_token or grant.access_token, CLIENT, wire)


def _grant(found: Mapping[str, object], wire: Wire, before: Grant | None = None) -> Grant:
    return Grant(
        account_id=before.account_id if before else "",
        access_token=token_at(found, "access_token"),
        refresh_token=token_at(found, "refresh_token"),
        expires_at=expiry(found, "expires_in", wire.now),
        scopes=DummySignIn.flow.scopes,
    )
