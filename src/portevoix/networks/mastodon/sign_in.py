"""Signing in at the server where a person's account lives, with the keys of our registration there."""

from collections.abc import Mapping
from dataclasses import replace

from portevoix.networks.direct import Ask, Begun, Grant, Identity, Keys, Needs
from portevoix.networks.failures import OperatorMust, Refused
from portevoix.networks.mastodon.answers import failure_of
from portevoix.networks.mastodon.instances import NotAnInstance, instance_host
from portevoix.networks.mastodon.registration import base_of, check, registered
from portevoix.networks.oauth import CodeFlow, Endpoints, bearer, expiry, scopes_in
from portevoix.networks.publishing import identified
from portevoix.networks.wire import Wire, object_of, text_at, token_at


class MastodonSignIn:
    """The sign-in at a Mastodon server. Tokens do not end, unless a compatible server says so."""

    needs = Needs.SERVER
    needs_keys = False
    permissions = ("know_account", "publish", "add_pictures", "read_own", "delete_own")
    lasts_days = None

    def host_of(self, typed: str) -> str:
        """The server in what a person typed."""
        try:
            return instance_host(typed)
        except NotAnInstance:
            raise Refused("bad_server") from None

    def register(self, host: str, redirect_uri: str, wire: Wire) -> Keys:
        """Our keys at that server, good for browsers that come back to that very address."""
        return registered(host, redirect_uri, wire)

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Asks the server whether it still knows us."""
        check(keys, wire)

    def begin(self, ask: Ask, wire: Wire) -> Begun:
        """The page on which the person says yes."""
        if ask.keys.extra.get("redirect_uri") != ask.redirect_uri:
            raise OperatorMust("register_again")
        return _flow(ask.keys).begin(ask)

    def finish(self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
        """The grant for the code, and whose it is: looking for a post needs the account's own number there."""
        found = _flow(ask.keys).exchange(ask, kept, answer, wire)
        grant = _grant(found, ask.keys.extra["host"], wire.now)
        return replace(grant, account_id=self.who(grant, wire).account_id)

    def who(self, grant: Grant, wire: Wire) -> Identity:
        """Whose account it is."""
        url = f"{base_of(grant.host)}/api/v1/accounts/verify_credentials"
        answer = wire.read("GET", url, headers=bearer(grant))
        if answer.status != 200:
            raise failure_of(answer, grant)
        found = object_of(answer)
        account_id, name = text_at(found, "id"), text_at(found, "acct") or text_at(found, "username")
        handle = name if "@" in name else f"{name}@{grant.host}"
        return identified(account_id, f"@{handle}", text_at(found, "display_name"), text_at(found, "url"))

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> Grant:
        """A fresh grant, from servers whose tokens end; `SignInAgain` where there is nothing to refresh."""
        found = _flow(keys).refresh(grant, keys, wire)
        fresh = _grant({"refresh_token": grant.refresh_token, **found}, grant.host, wire.now)
        return replace(fresh, account_id=grant.account_id)

    def revoke(self, grant: Grant, keys: Keys, wire: Wire) -> None:
        """Has the server forget the token; where it forgot us, it forgot our tokens with us."""
        try:
            _flow(keys).revoke(grant.access_token, keys, wire)
        except OperatorMust:
            return


def _flow(keys: Keys) -> CodeFlow:
    if not (keys.client_id and keys.extra.get("host")):
        raise OperatorMust("register_again")
    base = f"{base_of(keys.extra['host'])}/oauth"
    pkce = keys.extra.get("challenge") == "S256"
    endpoints = Endpoints(f"{base}/authorize", f"{base}/token", f"{base}/revoke", pkce=pkce)
    return CodeFlow(endpoints, tuple(keys.extra["scopes"].split()))


def _grant(found: Mapping[str, object], host: str, now: float) -> Grant:
    return Grant(
        access_token=token_at(found, "access_token"),
        refresh_token=token_at(found, "refresh_token"),
        # Only a token that can be refreshed ends for us: others live until they are refused.
        expires_at=expiry(found, "expires_in", now) if token_at(found, "refresh_token") else None,
        scopes=scopes_in(found),
        host=host,
    )
