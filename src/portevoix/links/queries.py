"""Reads about tracked links."""

from django.conf import settings

from portevoix.links.models import Link
from portevoix.links.stand_ins import reachable


def address_of(code: str) -> str:
    """The public address of the tracked link of that code, whether or not it was opened yet."""
    return f"{settings.LINK_ADDRESS}/r/{code}"


def link_of_code(code: str) -> Link | None:
    """The link of that code, whichever organisation it belongs to: codes are shared by all of them."""
    found: Link | None = Link.unscoped.filter(code=code).first()
    return found


def readable_address(address: str) -> str:
    """Where a browser of this machine reads that page: invented hosts are served by the demo itself."""
    return reachable(address, settings.ENVIRONMENT.stand_ins)
