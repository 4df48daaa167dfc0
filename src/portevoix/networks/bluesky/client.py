"""Who we are at Bluesky: nobody registers there, an installation describes itself at an address that servers read.

With a public https address we are a *confidential client*: servers read our description and our public key, we sign with
the private one, and a sign-in lasts. On http://127.0.0.1, for development, we are a *loopback client*: the description is
in the identifier itself, there is no key, and a sign-in lasts two weeks. Over http elsewhere there is no such sign-in;
app passwords remain.
"""

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from portevoix.networks.bluesky import signing
from portevoix.networks.direct import Keys
from portevoix.networks.failures import OperatorMust

CLIENT_PATH = "/oauth/bluesky/client.json"
KEYS_PATH = "/oauth/bluesky/jwks.json"
LOOPBACK_HOST = "127.0.0.1"
POST = "app.bsky.feed.post"
# The least that publishes a post with a picture and takes it off. Publishing is `putRecord`, which asks for the right to
# create and to update both: without a list of actions, a right to a kind of record is create, update and delete.
LEAST_SCOPES = ("atproto", f"repo:{POST}", "blob:image/*")
# For servers that know no fine rights yet: what an app password may do, no less.
WIDE_SCOPES = ("atproto", "transition:generic")
ALL_SCOPES = " ".join(dict.fromkeys(LEAST_SCOPES + WIDE_SCOPES))
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60


def new_signing_key() -> str:
    """A fresh private key for the whole installation, to be sealed and kept: sign-ins are bound to it."""
    return signing.new_key()


def keys_for_address(address: str, redirect_uri: str, signing_key: str) -> Keys:
    """Who we are at that public address; without a `client_id` where no sign-in but app passwords is possible."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return Keys(f"{address.rstrip('/')}{CLIENT_PATH}", extra={"signing_key": signing_key})
    if parts.hostname == LOOPBACK_HOST and urlsplit(redirect_uri).hostname == LOOPBACK_HOST:
        described = urlencode({"redirect_uri": redirect_uri, "scope": ALL_SCOPES})
        return Keys(f"http://localhost?{described}")
    return Keys()


def client_metadata(address: str, redirect_uri: str) -> dict[str, Any]:
    """What servers read at `CLIENT_PATH` of a public https address; `redirect_uri` is where browsers come back."""
    address = address.rstrip("/")
    return {
        "client_id": f"{address}{CLIENT_PATH}",
        "client_name": "Portevoix",
        "client_uri": address,
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [redirect_uri],
        "scope": ALL_SCOPES,
        "dpop_bound_access_tokens": True,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": signing.ALGORITHM,
        "jwks_uri": f"{address}{KEYS_PATH}",
    }


def public_jwks(signing_key: str) -> dict[str, Any]:
    """What servers read at `KEYS_PATH`: the public half of our key."""
    named = {"kid": signing.name_of(signing_key), "use": "sig", "alg": signing.ALGORITHM}
    return {"keys": [{**signing.public_part(signing_key), **named}]}


def is_confidential(client_id: str) -> bool:
    """Whether that client signs what it asks."""
    return client_id.startswith("https://")


def authentication(client_id: str, keys: Keys, issuer: str, now: float) -> dict[str, str]:
    """The part of a form that says who asks: signed for that issuer alone, good for a minute, where we have a key."""
    if not is_confidential(client_id):
        return {"client_id": client_id}
    key = keys.extra.get("signing_key", "")
    if not key:
        raise OperatorMust("signing_key_missing")
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": issuer,
        "jti": secrets.token_urlsafe(16),
        "iat": int(now),
        "exp": int(now) + ASSERTION_SECONDS,
    }
    signed = signing.signed(key, {"kid": signing.name_of(key)}, claims)
    return {"client_id": client_id, "client_assertion_type": ASSERTION, "client_assertion": signed}
