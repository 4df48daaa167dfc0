"""What a card says, as plain facts. Pure."""

from dataclasses import dataclass
from typing import Final

DRAWING_SIZE: Final = (1200, 630)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What networks show of a link: texts cut to size, the page it leads to, the path of a picture if there is one."""

    title: str
    description: str
    language: str
    site: str
    page: str
    picture: str = ""
    media_type: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
