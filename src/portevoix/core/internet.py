"""The open internet: which addresses belong to it, and how names are looked up."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

Resolver = Callable[[str, int], Sequence[str]]

# What `ipaddress` calls global on some Python though it leads inside, beside what `is_global` refuses.
# IANA special-purpose registries (IPv4 and IPv6), RFC 4291, 6052, 8215, 3056, 4380, 7526, 9637, 9602.
FORBIDDEN_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96",  # IPv4-compatible, loopback, unspecified
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",  # protocol assignments, and a cloud's metadata
        "192.88.99.0/24",  # 6to4 relays
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address, in text, is one that a stranger may make us call."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip in network for network in FORBIDDEN_NETWORKS if network.version == ip.version)


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Every address the system knows for a name, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
