"""The way out to networks, with the rules that the operator set; and the pictures that go with a post."""

from django.conf import settings
from django.db.models.fields.files import FieldFile

from portevoix.core import clock
from portevoix.core.http import Door
from portevoix.core.outgoing import Deadline
from portevoix.library.actions.documents import MEDIA_TYPE
from portevoix.library.models import Document, Picture
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
    """The picture or the document of that code; refuses one that was taken away since the post was approved."""
    picture: Picture | None = Picture.unscoped.filter(code=code).first()
    if picture is not None:
        return Media(
            content=_read(picture.file),
            media_type=picture.media_type,
            alt=picture.alt,
            name=f"{code}.jpg",
            width=picture.width,
            height=picture.height,
        )
    paper: Document | None = Document.unscoped.filter(code=code).first()
    if paper is None:
        raise Refused("picture_gone")
    return Media(content=_read(paper.file), media_type=MEDIA_TYPE, name=f"{paper.title}.pdf")


def _read(file: FieldFile) -> bytes:
    try:
        with file.open("rb") as opened:
            content: bytes = opened.read()
    except OSError:
        raise Refused("picture_gone") from None
    return content
