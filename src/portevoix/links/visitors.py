"""Visitors: telling two people apart for one period, and nobody ever after.

The address is cut down to its network first (/24, or /48 for IPv6), then hashed together with the User-Agent under a
secret that belongs to the organisation and to a period: a day, a month or a quarter of its calendar, as it chose. Once
the secret is destroyed, nothing ties the hash to anybody.
"""

from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

HASH_BYTES: Final = 8
_KEY_BYTES: Final = 64  # the longest key that BLAKE2b takes
_KEPT_BITS: Final = {4: 24, 6: 48}


DAY, MONTH, QUARTER = "day", "month", "quarter"
_MONTHS: Final = {MONTH: 1, QUARTER: 3}


class Period(NamedTuple):
    """The first and the last day of a period."""

    first: date
    last: date


def period_of(day: date, kind: str) -> Period:
    """The period of that kind (`day`, `month`, `quarter`) that holds a day of the organisation's calendar."""
    if kind == DAY:
        return Period(day, day)
    count = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // count * count + 1, 1)
    month = first.year * 12 + first.month - 1 + count
    return Period(first, date(month // 12, month % 12 + 1, 1) - timedelta(days=1))


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
    return hash_of(hasher_of(secret), network_of(address).encode() + seen_of(agent))


def seen_of(agent: str) -> bytes:
    """What follows a visitor's network in what is hashed; often the same, so worth keeping."""
    return f"\n{agent}".encode("utf-8", "surrogatepass")


def hasher_of(secret: bytes | None) -> blake2b | None:
    """What hashes under a secret, made ready once for all visitors; None without a secret."""
    if not secret:
        return None
    key = secret if len(secret) <= _KEY_BYTES else blake2b(secret).digest()
    return blake2b(digest_size=HASH_BYTES, key=key)


def hash_of(hasher: blake2b | None, seen: bytes) -> bytes:
    """`visitor_hash` of parts that are ready: `hasher_of` the secret; a network, then `seen_of` the agent."""
    if hasher is None:
        return b""
    visitor = hasher.copy()
    visitor.update(seen)
    return visitor.digest()
