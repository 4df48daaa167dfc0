"""Makers of stories and sources, through the real actions; what the web would answer is invented here."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image

from portevoix.core.outgoing import Answer, CannotFetch, Unreachable
from portevoix.editorial.actions.pillars import create_pillar
from portevoix.editorial.models import Pillar
from portevoix.library.actions.captions import add_caption
from portevoix.library.actions.publishing import publish_story
from portevoix.library.actions.starting import start_story, start_text_story
from portevoix.library.actions.writing import save_story
from portevoix.library.models import Story
from portevoix.people.models import Person

PAGE = """<!doctype html><html lang="{language}"><head><title>{title}</title>
<meta property="og:title" content="{title}"><meta property="og:description" content="{summary}">
<meta property="og:site_name" content="La Gazette">{picture}</head><body><p>{summary}</p></body></html>"""


class PaperDoor:
    """A door that answers from a table: bytes, a `CannotFetch`, or a whole `Answer`. Remembers what was asked."""

    def __init__(self, answers: Mapping[str, bytes | CannotFetch | Answer] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def get(self, url: str, **asked: Any) -> Answer:
        self.asked.append((url, asked))
        answer = self.answers.get(url, Unreachable(host=url))
        if isinstance(answer, CannotFetch):
            raise answer
        if isinstance(answer, Answer):
            return answer
        return Answer(url=url, status=200, headers={}, content=answer)


def page(
    title: str = "Une laiterie au soleil",
    summary: str = "38 % de son électricité.",
    language: str = "fr",
    picture: str = "",
) -> bytes:
    image = f'<meta property="og:image" content="{picture}">' if picture else ""
    return PAGE.format(title=title, summary=summary, language=language, picture=image).encode()


def picture(width: int = 640, height: int = 400) -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), (58, 58, 199)).save(written, "PNG")
    return written.getvalue()


def feed(*links: str, language: str = "fr") -> bytes:
    items = "".join(
        f"<item><title>Titre {place}</title><link>{link}</link></item>" for place, link in enumerate(links, 1)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title><language>{language}</language>'
        f"{items}</channel></rss>"
    ).encode()


def make_pillar(person: Person, name: str, *, now: datetime) -> Pillar:
    return create_pillar(organisation=person.organisation, person=person, names={"fr": name}, now=now)


def make_story(
    author: Person,
    *,
    now: datetime,
    title: str = "Une laiterie au soleil",
    link: str = "",
    captions: Mapping[str, str] | None = None,
    **changes: Any,
) -> Story:
    """A draft with one French caption, text only unless a link is given."""
    if link:
        story = start_story(author=author, link=link, now=now, door=PaperDoor({link: page(title)}))  # type: ignore[arg-type]
    else:
        story = start_text_story(author=author, title=title, now=now)
    for language, text in (captions if captions is not None else {"fr": "Un toit qui travaille."}).items():
        add_caption(story=story, person=author, language=language, text=text, now=now)
    if changes:
        save_story(story=story, person=author, now=now, changes=changes)
    story.refresh_from_db()
    return story


def make_published_story(editor: Person, *, now: datetime, **facts: Any) -> Story:
    """A story that may be shared."""
    story = make_story(editor, now=now, **facts)
    return publish_story(story=story, person=editor, now=now, confirm_destination=True, confirm_phrases=True)
