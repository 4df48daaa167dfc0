"""What is fetched before anything is written: a page read, its picture re-encoded. No row is touched here."""

from dataclasses import dataclass

from portevoix.core.http import Door
from portevoix.core.outgoing import CannotFetch
from portevoix.library.addresses import NotAnAddress, canonical_address, site_name
from portevoix.library.pictures import Card, PictureRefused, fit_card
from portevoix.library.preview.reading import Preview, read_preview
from portevoix.library.rules import FETCHED_PICTURE_BYTES

PICTURES = "image/jpeg,image/png,image/webp,image/gif,image/*;q=0.5"


@dataclass(frozen=True)
class Fetched:
    """A page as it was read. `problem` is the code of what went wrong: the link is then all we know."""

    link: str
    canonical: str
    preview: Preview | None = None
    card: Card | None = None
    problem: str = ""

    @property
    def site(self) -> str:
        """The site as it calls itself, or its host."""
        return (self.preview and self.preview.site) or site_name(self.link)


def fetch_page(link: str, door: Door, *, picture: str | None = None) -> Fetched:
    """The page of a link and its picture; a page that will not come leaves the link and the problem.

    `picture` is where else to look when the page shows none.
    """
    canonical = canonical_address(link)
    try:
        answer = door.get(link)
    except CannotFetch as why:
        return Fetched(link, canonical, card=fetch_card(picture, door), problem=why.code)
    preview = read_preview(answer.content, answer.url, answer.content_type)
    return Fetched(link, _final(answer.url, canonical), preview, fetch_card(preview.image or picture, door))


def fetch_card(address: str | None, door: Door) -> Card | None:
    """The picture at this address, re-encoded by us; None when there is none that we can use."""
    if not address:
        return None
    try:
        answer = door.get(address, accept=PICTURES, max_bytes=FETCHED_PICTURE_BYTES)
        return fit_card(answer.content)
    except (CannotFetch, PictureRefused):
        return None


def _final(url: str, canonical: str) -> str:
    """Short links lead to the page that counts: two short links to one page are one link."""
    try:
        return canonical_address(url)
    except NotAnAddress:
        return canonical
