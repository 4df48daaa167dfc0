"""The way out to networks, with the rules that the operator set; and the pictures that go with a post."""

from django.conf import settings

from portevoix.core import clock
from portevoix.core.http import Door
from portevoix.core.outgoing import Deadline
from portevoix.library.models import Picture
from portevoix.networks.direct import Media
from portevoix.networks.failures import Refused
from portevoix.networks.wire import Wire

READ_SECONDS = 15.0


def network_door() -> Door:
    """The door that `PORTEVOIX_OUTGOING_ALLOW` and `PORTEVOIX_STAND_INS` describe."""
    environment = settings.ENVIRONMENT
    return Door(allow=environment.outgoing_allow, stand_ins=environment.stand_ins)


def wire_within(seconds: float = READ_SECONDS) -> Wire:
    """A conversation with a network that ends in so many seconds, counted from now."""
    return Wire(network_door().call, Deadline.within(seconds), clock.now().timestamp())


def load_media(code: str) -> Media:
    """The picture of that code; refuses one that was taken away since the post was approved."""
    row: Picture | None = Picture.unscoped.filter(code=code).first()
    if row is None:
        raise Refused("picture_gone")
    with row.file.open("rb") as file:
        content = file.read()
    return Media(
        content=content,
        media_type=row.media_type,
        alt=row.alt,
        name=f"{row.code}.jpg",
        width=row.width,
        height=row.height,
    )
