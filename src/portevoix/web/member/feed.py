"""To share: the first page of a member, or what it takes to get there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portevoix.core import clock
from portevoix.core.errors import Sentence
from portevoix.feed.queries import Card, feed_page
from portevoix.links.queries import readable_address
from portevoix.people.roles import Ability
from portevoix.sharing import channels
from portevoix.web.access import PageRequest, member
from portevoix.web.context import first_place
from portevoix.web.templatetags.words import coming, time_left

# In letters up to ten, as one writes.
_TITLES: tuple[Sentence, ...] = (
    _("Nothing new for now"),
    _("One story for you"),
    _("Two stories for you"),
    _("Three stories for you"),
    _("Four stories for you"),
    _("Five stories for you"),
    _("Six stories for you"),
    _("Seven stories for you"),
    _("Eight stories for you"),
    _("Nine stories for you"),
    _("Ten stories for you"),
)


@dataclass(frozen=True)
class ShownCard:
    """A card as its template draws it."""

    card: Card
    domain: str
    read_url: str
    time_left: str
    shared: Sentence


@member
def to_share(request: PageRequest) -> HttpResponse:
    """What this person may share, best first; who has not joined finds how."""
    person, now = request.person, clock.now()
    if not person.may(Ability.SHARE) and first_place(person) != "to_share":
        return redirect(first_place(person))
    if not person.takes_part:
        return render(request, "member/not_joined.html", {"state": person.participation})
    page = feed_page(person, now, _number(request.GET.get("page", "")))
    context: dict[str, Any] = {
        "page": page,
        "title": _title(page.fresh_count),
        "cards": [_shown(card, now, person.time_zone) for card in page.cards],
    }
    return render(request, "member/to_share.html", context)


def _number(asked: str) -> int:
    return min(int(asked), 1_000) if asked.isascii() and asked.isdigit() else 1


def _title(fresh_count: int) -> Sentence:
    if fresh_count < len(_TITLES):
        return _TITLES[fresh_count]
    return ngettext("%(count)s story for you", "%(count)s stories for you", fresh_count) % {
        "count": fresh_count
    }


def _shown(card: Card, now: datetime, zone: str) -> ShownCard:
    story = card.story
    return ShownCard(
        card=card,
        domain=(urlsplit(story.link).hostname or "").removeprefix("www."),
        read_url=readable_address(story.link) if story.link else "",
        time_left=time_left(story.expires_at, now) if story.expires_at else "",
        shared=_shared(card.shared_on) or _planned(card, zone),
    )


def _planned(card: Card, zone: str) -> str:
    """When a post of the person's goes out on it, in words."""
    if card.planned_at is None:
        return ""
    return gettext("Planned: %(when)s") % {"when": coming(card.planned_at, zone)}


def _shared(keys: tuple[str, ...]) -> Sentence:
    """Where the card's story was shared already, in words; each place once."""
    named = [channels.get(key) for key in dict.fromkeys(keys)]
    networks = [str(channel.label) for channel in named if channel.is_network]
    if not named:
        return ""
    if not networks:
        return _("Shared")
    # In Arabic each name has its "and": a comma between Latin names would set them from left to right.
    comma = " و" if get_language() == "ar" else ", "
    return format_lazy(_("Shared on {networks}"), networks=comma.join(networks))
