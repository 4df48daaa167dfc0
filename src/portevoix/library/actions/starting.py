"""How a story begins: from a link, from nothing, from a suggestion or from a feed's entry."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.core.http import Door
from portevoix.library.actions.fetching import Fetched, fetch_page
from portevoix.library.actions.pictures import keep_card
from portevoix.library.addresses import NotAnAddress, canonical_address
from portevoix.library.door import outgoing_door
from portevoix.library.models import Story
from portevoix.library.rules import SUMMARY_LENGTH, TITLE_LENGTH, language_of
from portevoix.people import trail
from portevoix.people.models import Language, Organisation, Person
from portevoix.people.roles import Ability

LINK_LENGTH = 2000


def start_story(*, author: Person, link: str, now: datetime, door: Door | None = None) -> Story:
    """A draft made of a link: its page is fetched for title, summary and picture.

    Refuses what is no address, and a link that has its story already (`story_exists`, with the story's code among the
    facts). A page that will not come does not stop the work: the draft holds the link and says what went wrong.
    """
    _may_write(author)
    organisation = author.organisation
    address = checked_link(link)
    refuse_second_story(organisation, canonical_address(address))
    fetched = fetch_page(address, door or outgoing_door())
    return write_fetched(
        organisation=organisation, fetched=fetched, author=author, now=now, act="start_story"
    )


@transaction.atomic
def start_text_story(*, author: Person, title: str, now: datetime) -> Story:
    """A draft without a link: a text to share, with pictures or without. Refuses an empty or overlong title."""
    _may_write(author)
    kept = " ".join(title.split())
    if not kept:
        raise Refusal(
            "no_title", _("Give the story a title: it is how you will find it again."), field="title"
        )
    if len(kept) > TITLE_LENGTH:
        raise Refusal(
            "title_too_long",
            _("A title of %(limit)s characters at most, please."),
            field="title",
            facts={"limit": TITLE_LENGTH},
        )
    story = Story.unscoped.create(
        organisation=author.organisation,
        title=kept,
        language=author.language,
        author=author,
        created_at=now,
        updated_at=now,
    )
    _record(story, author, "start_text_story", now)
    return story


def reread_link(*, story: Story, person: Person, now: datetime, door: Door | None = None) -> Story:
    """Fetches the page of a story again: fills what is empty, and takes the picture when the story has none.

    Refuses a story that has no link.
    """
    if not story.link:
        raise Refusal("no_link", _("This story has no link to read."))
    fetched = fetch_page(story.link, door or outgoing_door())
    with transaction.atomic():
        fresh = Story.unscoped.select_for_update().get(pk=story.pk)
        facts = _facts_of(fetched)
        for name in ("title", "summary", "site", "link_author", "language"):
            setattr(fresh, name, getattr(fresh, name) or facts[name])
        fresh.fetch_problem = fetched.problem
        fresh.updated_at = now
        fresh.save()
        if fetched.card and not fresh.pictures.exists():
            keep_card(story=fresh, card=fetched.card, position=0)
        _record(fresh, person, "reread_link", now)
    return fresh


def checked_link(link: str, field: str = "link") -> str:
    """The link as it will be kept, `https://` put before a bare host; refuses what is no web address."""
    address = link.strip()
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        canonical = canonical_address(address)
    except NotAnAddress:
        canonical = ""
    if not canonical or len(address) > LINK_LENGTH or not is_plain(address):
        raise Refusal(
            "not_an_address",
            _("This is not the address of a page. Copy it from the browser: it begins with https://."),
            field=field,
        )
    return address


def is_plain(address: str) -> bool:
    """Whether everybody reads the same host in it: no blank, no backslash, no name before the host.

    A tracked link refuses such an address, so a story that kept one would lead nowhere.
    """
    has_log_in = "@" in address.partition("://")[2].partition("/")[0]
    return address.isprintable() and not has_log_in and not set(address) & {" ", "\\"}


def refuse_second_story(organisation: Organisation, canonical: str) -> None:
    """Refuses a link that has its story already."""
    existing = Story.unscoped.filter(organisation=organisation, canonical=canonical).first()
    if existing is not None:
        raise story_exists(existing)


def story_exists(existing: Story) -> Refusal:
    """The refusal of a second story, with what leads to the first."""
    return Refusal(
        "story_exists",
        _("This link has its story already: “%(title)s”."),
        field="link",
        facts={"title": existing.title or existing.site or existing.link, "code": existing.code},
    )


def write_fetched(
    *,
    organisation: Organisation,
    fetched: Fetched,
    author: Person | None,
    now: datetime,
    act: str,
    **facts: Any,
) -> Story:
    """Writes the story of a page that was fetched; refuses a second story of the same link."""
    refuse_second_story(organisation, fetched.canonical)
    try:
        with transaction.atomic():
            story = Story.unscoped.create(
                organisation=organisation,
                link=fetched.link,
                canonical=fetched.canonical[:LINK_LENGTH],
                fetch_problem=fetched.problem,
                author=author,
                created_at=now,
                updated_at=now,
                **{**_facts_of(fetched, organisation.language), **facts},
            )
            if fetched.card:
                keep_card(story=story, card=fetched.card, position=0)
            _record(story, author, act, now)
    except IntegrityError:
        # Somebody pasted the same link while the page was being fetched.
        refuse_second_story(organisation, fetched.canonical)
        raise
    return story


def _facts_of(fetched: Fetched, otherwise: str = "") -> dict[str, str]:
    preview = fetched.preview
    return {
        "title": ((preview and preview.title) or "")[:TITLE_LENGTH],
        "summary": ((preview and preview.description) or "")[:SUMMARY_LENGTH],
        "site": fetched.site[:200],
        "link_author": ((preview and preview.author) or "")[:200],
        "language": language_of(preview.language if preview else None, Language.values, otherwise),
    }


def _may_write(person: Person) -> None:
    if not person.may(Ability.WRITE_STORIES):
        raise Refusal("cannot_write", _("Your role does not write stories. You can suggest one."))


def _record(story: Story, person: Person | None, act: str, now: datetime) -> None:
    trail.record(organisation_id=story.organisation_id, person=person, act=act, subject=story.code, now=now)
