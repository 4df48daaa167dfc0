"""Reads of what a person sees. The number of queries never depends on how many stories there are."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import translation

from portevoix.editorial.models import Pillar
from portevoix.feed import words
from portevoix.feed.models import Taste
from portevoix.feed.ranking import Candidate, Facts, Ranked, rank
from portevoix.library.models import Caption, Picture, Story
from portevoix.library.queries import live_stories, traits_of
from portevoix.people.models import Audience, Person
from portevoix.people.rules import matches
from portevoix.sharing.queries import Places, places_by_story

CARDS_PER_PAGE = 10
NOWHERE = Places()
_LIGHT = (
    "pk",
    "published_at",
    "expires_at",
    "pillar_id",
    "audience_id",
    "featured_at",
    "is_internal",
    "suggested_by_id",
)


@dataclass(frozen=True)
class Card:
    """A story on the page: why it is there, where the person shared it already, and when a post of theirs goes out."""

    story: Story
    why: str
    shared_on: tuple[str, ...]
    planned_at: datetime | None = None

    @property
    def picture(self) -> Picture | None:
        """The first picture of the story, if it has one."""
        return next(iter(self.story.pictures.all()), None)


@dataclass(frozen=True)
class FeedPage:
    """One page of a person's feed. `fresh_count` is how many of all its stories were not shared yet; `asking` names the
    shares whose posts wait for a word from them."""

    cards: list[Card]
    number: int
    has_more: bool
    fresh_count: int
    follows_themes: bool
    asking: tuple[str, ...]


def feed_page(person: Person, now: datetime, number: int = 1) -> FeedPage:
    """The stories for this person at that moment, best first; `number` counts from 1, past the end is empty."""
    number = max(number, 1)
    pillars = {pillar.pk: pillar for pillar in Pillar.objects.all()}
    followed = followed_pillars(person)
    shared = places_by_story(person)
    candidates = _candidates(person, now, pillars, shared)
    facts = Facts(person.pk, frozenset(followed))
    start = (number - 1) * CARDS_PER_PAGE
    ranked = list(islice(rank(candidates, facts, now), start, start + CARDS_PER_PAGE + 1))
    return FeedPage(
        cards=_cards(ranked[:CARDS_PER_PAGE], pillars, shared),
        number=number,
        has_more=len(ranked) > CARDS_PER_PAGE,
        fresh_count=sum(1 for candidate in candidates if not candidate.shared_on),
        follows_themes=bool(followed),
        asking=tuple(code for places in shared.values() for code in places.asking),
    )


def followed_pillars(person: Person) -> set[str]:
    """The codes of the themes this person follows."""
    return set(Taste.objects.filter(person=person).values_list("pillar__code", flat=True))


def spoken_by(person: Person) -> tuple[str, ...]:
    """The languages the person reads: the one they work in, and the one their pages are in."""
    return tuple(dict.fromkeys((person.language, person.account.language)))


def _candidates(
    person: Person, now: datetime, pillars: dict[int, Pillar], shared: dict[int, Places]
) -> list[Candidate]:
    # The order is found on light rows; only the page's own stories are read whole.
    is_for_person = _audiences_of(person)
    rows = [
        row
        for row in live_stories(now).values(*_LIGHT)
        if row["audience_id"] is None or is_for_person.get(row["audience_id"], False)
    ]
    spoken = _spoken(person, [row["pk"] for row in rows])
    return [
        _candidate(row, now, pillars, row["pk"] in spoken, len(shared.get(row["pk"], NOWHERE).channels))
        for row in rows
    ]


def _candidate(
    row: dict[str, Any], now: datetime, pillars: dict[int, Pillar], is_spoken: bool, shared_on: int
) -> Candidate:
    pillar = pillars.get(row["pillar_id"])
    return Candidate(
        story_id=row["pk"],
        published_at=row["published_at"] or now,
        expires_at=row["expires_at"],
        pillar=pillar.code if pillar else "",
        is_spoken=is_spoken,
        is_featured=row["featured_at"] is not None,
        is_internal=row["is_internal"],
        suggested_by=row["suggested_by_id"],
        shared_on=shared_on,
    )


def _audiences_of(person: Person) -> dict[int, bool]:
    """Which audiences the person belongs to: each rule is judged once, however many stories it is on."""
    traits = traits_of(person)
    return {pk: matches(rule, traits) for pk, rule in Audience.objects.values_list("pk", "rule")}


def _spoken(person: Person, story_ids: list[int]) -> set[int]:
    """Which of the stories have something to say in a language of the person."""
    # A list of numbers, not a subquery: planners then go by the index instead of reading every caption.
    captions = Caption.objects.filter(story__in=story_ids, language__in=spoken_by(person)).exclude(text="")
    return set(captions.order_by().values_list("story_id", flat=True))


def _cards(ranked: list[Ranked], pillars: dict[int, Pillar], shared: dict[int, Places]) -> list[Card]:
    language = translation.get_language() or "fr"
    stories = {story.pk: story for story in _stories([one.candidate.story_id for one in ranked])}
    names = {pillar.code: pillar.name_in(language) for pillar in pillars.values()}
    names |= {
        str(one.suggested_by_id): one.suggested_by.given_name for one in stories.values() if one.suggested_by
    }
    return [
        Card(
            story=stories[one.candidate.story_id],
            why=words.sentence(one.reasons, names),
            shared_on=shared.get(one.candidate.story_id, NOWHERE).channels,
            planned_at=shared.get(one.candidate.story_id, NOWHERE).planned_at,
        )
        for one in ranked
    ]


def _stories(story_ids: list[int]) -> "QuerySet[Story, Any]":
    pictures = Prefetch("pictures", queryset=Picture.unscoped.order_by("position", "pk"))
    rows: QuerySet[Story, Any] = Story.objects.filter(pk__in=story_ids).select_related("suggested_by")
    return rows.prefetch_related(pictures)
