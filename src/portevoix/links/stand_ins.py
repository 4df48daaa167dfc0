"""Invented hosts that this machine serves itself, so that a demo works offline.

The way out finds them by address; a browser cannot, but takes every name under `localhost` for this very machine
(RFC 6761). Pure.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

StandIns = Mapping[str, tuple[str, int]]


def reachable(address: str, stand_ins: StandIns) -> str:
    """Where a browser finds the address: under `localhost` for a stand-in, the address itself for all others."""
    parts = urlsplit(address)
    stand_in = stand_ins.get((parts.hostname or "").lower())
    if stand_in is None:
        return address
    host = f"{(parts.hostname or '').lower()}.localhost:{stand_in[1]}"
    return urlunsplit(("http", host, parts.path or "/", parts.query, parts.fragment))
