"""Signing in at Bluesky, or at a server that speaks as it does: through the person's authority, or by app password."""

from collections.abc import Mapping
from typing import Any

from portevoix.networks.bluesky import authorization, client, passwords
from portevoix.networks.bluesky.answers import failure_of
from portevoix.networks.bluesky.identity import account_of, authority_of, confirmed_handle, document_of
from portevoix.networks.bluesky.server import BY_PASSWORD, Server, method_url, server_of
from portevoix.networks.direct import Ask, Begun, Grant, Identity, Keys, Needs
from portevoix.networks.failures import Disconnected, OperatorMust, SignInAgain, TryLater
from portevoix.networks.publishing import identified
from portevoix.networks.wire import Wire, object_of, text_at

PROFILE = "https://bsky.app/profile"


class BlueskySignIn:
    """The sign-in at Bluesky: the person types a handle, we find the rest."""

    needs = Needs.HANDLE
    needs_keys = False
    permissions = ("know_account", "publish", "add_pictures", "delete_own")
    lasts_days = authorization.CONFIDENTIAL.days

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Nothing to check: nobody registers at Bluesky."""

    def new_keys(self) -> Keys:
        """A fresh signing key."""
        return Keys(extra={"signing_key": client.new_signing_key()})

    def keys_there(self, kept: Keys, address: str, redirect_uri: str) -> Keys:
        """Who we are at that public address."""
        return client.keys_for_address(address, redirect_uri, kept.extra["signing_key"])

    def description(self, address: str, redirect_uri: str) -> Mapping[str, Any]:
        """What servers read at `client.CLIENT_PATH`."""
        return client.client_metadata(address, redirect_uri)

    def public_keys(self, kept: Keys) -> Mapping[str, Any]:
        """What servers read at `client.KEYS_PATH`."""
        return client.public_jwks(kept.extra["signing_key"])

    def begin(self, ask: Ask, wire: Wire) -> Begun:
        """The page of the person's own authority."""
        if not ask.keys.client_id:
            raise OperatorMust("https_needed")
        account = account_of(ask.typed, wire)
        return authorization.begin(ask, account, authority_of(account.server, wire), wire)

    def finish(self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
        """The grant, for the account that was named and no other."""
        return authorization.finish(ask, kept, answer, wire)

    def sign_in_with_password(self, handle: str, password: str, wire: Wire) -> Grant:
        """The grant for an app password; the account's own password is refused as `not_app_password`."""
        checked = passwords.checked(password)
        return passwords.open_session(account_of(handle, wire), checked, wire)

    def who(self, grant: Grant, wire: Wire) -> Identity:
        """Whose account it is: the handle is the one that the account claims and that leads back to it."""
        found = _session(grant, wire)
        did = text_at(found, "did")
        if did != grant.account_id:
            raise SignInAgain
        if found.get("active") is False:
            raise Disconnected
        handle = confirmed_handle(did, document_of(did, wire), wire)
        name = _displayed_name(grant, wire)
        return identified(did, f"@{handle}" if handle else "", name, f"{PROFILE}/{did}")

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> Grant:
        """A fresh pair of tokens; to be asked once at a time."""
        if grant.extra.get("kind") == BY_PASSWORD:
            return passwords.refresh_session(grant, wire)
        return authorization.refresh(grant, keys, wire)

    def revoke(self, grant: Grant, keys: Keys, wire: Wire) -> None:
        """Ends the sign-in there."""
        if grant.extra.get("kind") == BY_PASSWORD:
            passwords.close_session(grant, wire)
        else:
            authorization.revoke(grant, keys, wire)


def _session(grant: Grant, wire: Wire) -> dict[str, object]:
    answer = Server(grant, wire).ask("GET", "com.atproto.server.getSession")
    if answer.status != 200:
        raise failure_of(answer, grant)
    return object_of(answer)


def _displayed_name(grant: Grant, wire: Wire) -> str:
    """The name on the account's profile, which is a public record; nothing where there is none, or not now."""
    about = {"repo": grant.account_id, "collection": "app.bsky.actor.profile", "rkey": "self"}
    try:
        answer = wire.read("GET", method_url(server_of(grant), "com.atproto.repo.getRecord"), query=about)
    except TryLater:
        return ""
    return text_at(object_of(answer), "value", "displayName")
