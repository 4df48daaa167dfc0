"""`read_preview`: bytes of a page in, what it says about itself out."""

from dataclasses import asdict, dataclass

from portevoix.core.http import Door

from . import fields
from .page import Page


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says about itself. Text is text, never HTML; addresses are absolute, http or https."""

    title: str | None
    description: str | None
    image: str | None
    language: str | None
    site: str | None
    author: str | None
    url: str


def read_preview(content: bytes, url: str, content_type: str | None = None) -> Preview:
    """What the page served at this address says about itself; never raises on what the page contains."""
    page = Page(content, url, content_type)
    return Preview(
        title=fields.title(page),
        description=fields.description(page),
        image=fields.image(page),
        language=fields.language(page),
        site=fields.site(page),
        author=fields.author(page),
        url=fields.address(page),
    )


def preview_json(url: str, content: bytes | None = None, door: Door | None = None) -> dict[str, str | None]:
    """The preview of an address as one JSON object; fetches the page unless its content is given.

    Raises a `CannotFetch` when the page will not come.
    """
    if content is not None:
        return asdict(read_preview(content, url))
    answer = (door or Door()).get(url)
    return asdict(read_preview(answer.content, answer.url, answer.content_type))
