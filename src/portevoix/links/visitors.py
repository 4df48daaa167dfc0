"""Visitors: telling two people apart for one month, and nobody ever after.

The address is cut down to its network first (/24, or /48 for IPv6), then hashed together with the User-Agent under a
secret that belongs to the organisation and to the month. Once the secret is destroyed, nothing ties the hash to anybody.
"""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

HASH_BYTES: Final = 8
_KEY_BYTES: Final = 64  # the longest key that BLAKE2b takes
_DAY_SECONDS: Final = 86_400
_KEPT_BITS: Final = {4: 24, 6: 48}


def month_of(moment: float) -> str:
    """The month a secret belongs to, as `2026-11`, of a moment in seconds since 1970, in UTC."""
    return _month_of_day(int(moment // _DAY_SECONDS))


@lru_cache(maxsize=64)
def _month_of_day(day: int) -> str:
    return datetime.fromtimestamp(day * _DAY_SECONDS, UTC).strftime("%Y-%m")


@lru_cache(maxsize=8192)
def network_of(address: str) -> str:
    """The network of an address, `192.0.2.0/24` or `2001:db8:1::/48`; empty for what is not an address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, _KEPT_BITS[parsed.version]), strict=False))


def visitor_hash(secret: bytes | None, address: str, agent: str) -> bytes:
    """Eight bytes standing for a visitor; empty without a secret, so that a click is never refused for want of one."""
    return hash_of(secret, network_of(address).encode() + seen_of(agent))


def seen_of(agent: str) -> bytes:
    """What follows a visitor's network in what is hashed; often the same, so worth keeping."""
    return f"\n{agent}".encode("utf-8", "surrogatepass")


def hash_of(secret: bytes | None, seen: bytes) -> bytes:
    """`visitor_hash` of parts that are ready: a network, then `seen_of` the agent."""
    if not secret:
        return b""
    key = secret if len(secret) <= _KEY_BYTES else blake2b(secret).digest()
    return blake2b(seen, digest_size=HASH_BYTES, key=key).digest()
