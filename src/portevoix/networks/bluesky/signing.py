"""Our own keys for ES256 signatures, kept as JSON text (a private JWK), and what is signed with them."""

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

ALGORITHM = "ES256"


def new_key() -> str:
    """A fresh private key."""
    return json.dumps(ECKey.generate_key("P-256", private=True).as_dict(private=True))


def public_part(key: str) -> dict[str, Any]:
    """What everybody may know of a key."""
    return _read(key).as_dict(private=False)


def name_of(key: str) -> str:
    """The key's own name, worked out from it (RFC 7638)."""
    return _read(key).thumbprint()


def signed(key: str, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """A signed token (JWT) that says these claims."""
    return jwt.encode({"alg": ALGORITHM, **header}, dict(claims), _read(key))


def _read(key: str) -> ECKey:
    return ECKey.import_key(json.loads(key))
