"""How long a status may be, as its server says: each has its own."""

from collections.abc import Mapping
from typing import Any

from portevoix.networks.contract import Limits, Unit
from portevoix.networks.mastodon.registration import base_of
from portevoix.networks.wire import Wire, object_of

DEFAULT_LINK_LENGTH = 23
SHORTEST, LONGEST = 1, 1_000_000


def read_limits(host: str, wire: Wire) -> Limits | None:
    """The limits of a server, read where it writes them; None where it does not."""
    for version in ("v2", "v1"):
        answer = wire.read("GET", f"{base_of(host)}/api/{version}/instance")
        if answer.status == 200 and (found := limits_in(object_of(answer))):
            return found
    return None


def limits_in(described: Mapping[str, Any]) -> Limits | None:
    """The limits in a server's description of itself; compatible servers use an older name at times."""
    statuses = _mapping(_mapping(described.get("configuration")).get("statuses"))
    longest = _figure(statuses.get("max_characters")) or _figure(described.get("max_toot_chars"))
    if longest is None:
        return None
    link_length = _figure(statuses.get("characters_reserved_per_url")) or DEFAULT_LINK_LENGTH
    return Limits(max_length=longest, unit=Unit.SHORT_LINKS, link_length=link_length)


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _figure(found: object) -> int | None:
    is_figure = isinstance(found, int) and not isinstance(found, bool)
    return found if is_figure and isinstance(found, int) and SHORTEST <= found <= LONGEST else None
