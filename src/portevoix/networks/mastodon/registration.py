"""Our registration at one server, made by ourselves before the first sign-in there; and what that server understands."""

from collections.abc import Mapping
from typing import Any

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Keys
from portevoix.networks.failures import OperatorMust, Refused, TryLater
from portevoix.networks.oauth import error_of
from portevoix.networks.publishing import quoted
from portevoix.networks.wire import Wire, id_at, object_of, text_at, token_at

CLIENT_NAME = "Portevoix"
# To read one's own statuses, publish with a picture and take it off; who one is, by the narrowest right there is.
WORKING_SCOPES = ("read:statuses", "write:statuses", "write:media")
NARROW, OLDER = ("profile", *WORKING_SCOPES), ("read:accounts", *WORKING_SCOPES)


def base_of(host: str) -> str:
    """The origin of a server."""
    return f"https://{host}"


def registered(host: str, redirect_uri: str, wire: Wire) -> Keys:
    """The keys that a server gives us; `Refused` as `not_that_network` when it does not speak as Mastodon does."""
    described = _described(host, wire)
    narrow = "profile" in _texts(described, "scopes_supported")
    scopes = NARROW if narrow else OLDER
    answer = _asked(host, redirect_uri, scopes, wire)
    if narrow and answer.status in (400, 422):
        scopes = OLDER
        answer = _asked(host, redirect_uri, scopes, wire)
    found = object_of(answer)
    client_id, client_secret = id_at(found, "client_id"), token_at(found, "client_secret")
    if answer.status not in (200, 201) or not client_id or not client_secret:
        words = quoted(text_at(found, "error"), client_secret)
        raise Refused("not_that_network", words or f"answer {answer.status}")
    challenge = "S256" if "S256" in _texts(described, "code_challenge_methods_supported") else ""
    facts = {
        "host": host,
        "redirect_uri": redirect_uri,
        "scopes": " ".join(scopes),
        "challenge": challenge,
    }
    keys = Keys(client_id, client_secret, facts)
    check(keys, wire)
    return keys


def check(keys: Keys, wire: Wire) -> None:
    """Asks the server for a token of our own: `OperatorMust` when it does not know us any more.

    Servers before 4.3 forgot whoever had none: asking once is what makes them remember.
    """
    form = {
        "grant_type": "client_credentials",
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "redirect_uri": keys.extra["redirect_uri"],
        "scope": keys.extra["scopes"],
    }
    answer = wire.read("POST", f"{base_of(keys.extra['host'])}/oauth/token", form=form)
    if answer.status == 401 or error_of(answer) in ("invalid_client", "unauthorized_client"):
        raise OperatorMust("bad_keys", quoted(error_of(answer), keys.client_secret))


def _described(host: str, wire: Wire) -> dict[str, Any]:
    """What a server says of its sign-in; nothing, before 4.3 and on some compatible servers."""
    try:
        answer = wire.read("GET", f"{base_of(host)}/.well-known/oauth-authorization-server")
    except TryLater:  # where nothing at all answers, the next question says so
        return {}
    return object_of(answer) if answer.status == 200 else {}


def _asked(host: str, redirect_uri: str, scopes: tuple[str, ...], wire: Wire) -> Answer:
    form = {"client_name": CLIENT_NAME, "redirect_uris": redirect_uri, "scopes": " ".join(scopes)}
    return wire.read("POST", f"{base_of(host)}/api/v1/apps", form=form)


def _texts(found: Mapping[str, Any], name: str) -> list[str]:
    values = found.get(name)
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []
