"""Whose address it is: the visitor's, or that of a proxy we trust to tell the visitor's. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network

_FARTHEST: Final = 20  # proxies in a row that are looked through


def trusted_networks(names: Sequence[str]) -> tuple[Network, ...]:
    """The networks of a list of addresses and networks; ValueError on one that is neither."""
    return tuple(ip_network(name, strict=False) for name in names)


def visitor_address(remote: str, forwarded_for: str, trusted: tuple[Network, ...]) -> str:
    """The rightmost address that is not a trusted proxy's. `forwarded_for` is believed only if `remote` is trusted."""
    if not forwarded_for or not trusted or not is_trusted(remote, trusted):
        return remote
    for hop in reversed([part.strip() for part in forwarded_for[-2000:].split(",")][-_FARTHEST:]):
        address = _bare(hop)
        if not is_trusted(address, trusted):
            return address
    return remote


def _bare(hop: str) -> str:
    """`192.0.2.1:443` and `[2001:db8::1]:443` without port and brackets."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(maxsize=1024)
def is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    """Whether an address lies in one of the networks; what is no address does not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in trusted)
