"""The card of a story, as networks show it beside a tracked link: its own picture, or a drawing of ours."""

import hashlib
import logging
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, OuterRef

from portevoix.library.addresses import absolute_address, site_name
from portevoix.library.models import Story, StoryState
from portevoix.links.actions import cards as links
from portevoix.links.cards import CardFacts
from portevoix.links.models import Card
from portevoix.links.queries import card_about
from portevoix.sharing.drawing import DrawingFailed, Words, draw_card, reads_rtl
from portevoix.sharing.models import Share

log = logging.getLogger(__name__)
DESCRIPTION_LENGTH = 300


def keep_card_of(story: Story, now: datetime) -> Card | None:
    """Makes the story's card, or makes it say what the story says now; None for one that stays inside.

    The drawing takes a tenth of a second: it is made outside of any transaction, and only when its words changed.
    """
    if story.is_internal:
        return None
    shown, words = facts_of(story), words_of(story)
    known = card_about(story.organisation, story.code)
    digest = hashlib.sha256(repr(words).encode()).hexdigest()[:16]
    drawing = b""
    if not shown.picture and not (known and known.drawing and known.drawn_from == digest):
        drawing = _drawn(words)
    return links.keep_card(
        organisation=story.organisation,
        subject=story.code,
        shown=shown,
        drawing=drawing,
        drawn_from=digest,
        now=now,
    )


def facts_of(story: Story) -> CardFacts:
    """What the card says, without a drawing: an external page is shown under its own site's name."""
    page = story.link or story.organisation.website
    page = absolute_address(page, page) or page  # campaign parameters are for those who follow the link
    picture = story.pictures.order_by("position", "pk").first()
    text = " ".join(story.summary.split())
    facts = CardFacts(
        title=" ".join(story.title.split()),
        description=text
        if len(text) <= DESCRIPTION_LENGTH
        else text[: DESCRIPTION_LENGTH - 1].rstrip() + "…",
        language=language_of(story),
        site=story.site or site_name(page),
        page=page,
    )
    if picture is None:
        return facts
    return replace(
        facts,
        picture=f"/pictures/{picture.code}",
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        alt=picture.alt or facts.title,
    )


def words_of(story: Story) -> Words:
    """What a drawing of the card would say."""
    language = language_of(story)
    return Words(
        title=story.title,
        company=story.organisation.name,
        pillar=story.pillar.name_in(language) if story.pillar else "",
        language=language,
    )


def language_of(story: Story) -> str:
    """The story's language; of one that tells none, the organisation's, unless its title is in another script."""
    is_arabic = reads_rtl(story.title)
    named = (story.language, story.organisation.language, "fr", "ar")
    return next(language for language in named if language and (language == "ar") == is_arabic)


def _drawn(words: Words) -> bytes:
    try:
        return draw_card(words)
    except DrawingFailed as why:
        log.warning("A card has no picture: %s", why)
        return b""


def stories_without_card(limit: int) -> list[Story]:
    """Stories that are out, by whose links no card is shown yet: they went out before there were cards, or it failed."""
    out = Story.unscoped.filter(state=StoryState.PUBLISHED, is_internal=False)
    known = Card.unscoped.filter(organisation=OuterRef("organisation"), subject=OuterRef("code"))
    bare = Share.unscoped.filter(story=OuterRef("pk"), link__card=None)
    rows = out.filter(~Exists(known) | Exists(bare)).select_related("organisation", "pillar")
    return list(rows.order_by("-published_at")[:limit])
