"""Reads about stories, sources and suggestions. Objects reach a page only through a `get_…_for`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Prefetch, Q, QuerySet

from portevoix.core.errors import NotFound
from portevoix.library import rules
from portevoix.library.models import Caption, Document, Picture, Source, Story, StoryState, Suggestion
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.people.rules import Traits, matches


@dataclass(frozen=True)
class Filters:
    """What the library page is asked for; an empty part filters nothing."""

    state: str = ""
    search: str = ""
    pillar: str = ""


def stories_for(person: Person, filters: Filters | None = None) -> QuerySet[Story]:
    """The stories somebody may open in the studio, last touched first: editors all, contributors their own."""
    asked = filters or Filters()
    rows = _visible(person).select_related("pillar", "audience", "author", "source", "suggested_by")
    rows = rows.prefetch_related("captions", "pictures")
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.pillar:
        rows = rows.filter(pillar__code=asked.pillar)
    for word in asked.search.split()[:6]:
        rows = rows.filter(Q(title__icontains=word) | Q(site__icontains=word) | Q(why__icontains=word))
    return rows.order_by("-updated_at", "-pk")


def get_story_for(person: Person, code: str) -> Story:
    """A story of the organisation, with its captions and pictures, for those who may open it in the studio."""
    captions = Prefetch("captions", queryset=Caption.unscoped.order_by("position", "pk"))
    pictures = Prefetch("pictures", queryset=Picture.unscoped.order_by("position", "pk"))
    rows = _visible(person).select_related(
        "pillar", "audience", "author", "source", "organisation", "suggested_by"
    )
    found = rows.prefetch_related(captions, pictures).filter(code=code).first()
    if found is None:
        raise NotFound("story")
    return found


def get_story_to_edit_for(person: Person, code: str) -> Story:
    """The same, for those who may change it as it stands."""
    story = get_story_for(person, code)
    if not may_edit(person, story):
        raise NotFound("story")
    return story


def may_edit(person: Person, story: Story) -> bool:
    """Whether this person may change this story as it stands."""
    return rules.may_edit(
        state=story.state,
        is_author=story.author_id == person.pk,
        publishes=person.may(Ability.PUBLISH_STORIES),
    )


def get_caption_for(person: Person, code: str) -> Caption:
    """A caption of a story that this person may change."""
    found: Caption | None = Caption.objects.select_related("story").filter(code=code).first()
    if found is None or not may_edit(person, found.story):
        raise NotFound("caption")
    return found


def get_picture_for(person: Person | None, code: str) -> Picture:
    """A picture whose story went out, for anyone; one that stays inside, or waits, for the organisation's people."""
    found: Picture | None = Picture.unscoped.select_related("story").filter(code=code).first()
    inside = person is not None and found is not None and found.organisation_id == person.organisation_id
    if found is None or not (is_open_to_all(found) or inside):
        raise NotFound("picture")
    return found


def is_open_to_all(picture: Picture) -> bool:
    """Whether strangers may see it: its story was published, and not for reading inside only."""
    return picture.story.published_at is not None and not picture.story.is_internal


def get_picture_to_edit_for(person: Person, code: str) -> Picture:
    """A picture of a story that this person may change."""
    found: Picture | None = Picture.objects.select_related("story").filter(code=code).first()
    if found is None or not may_edit(person, found.story):
        raise NotFound("picture")
    return found


def get_document_to_edit_for(person: Person, code: str) -> Document:
    """The document of a story that this person may change."""
    found: Document | None = Document.objects.select_related("story").filter(code=code).first()
    if found is None or not may_edit(person, found.story):
        raise NotFound("document")
    return found


def counts_by_state(person: Person) -> dict[str, int]:
    """How many stories this person may open, by state."""
    rows = _visible(person).values_list("state").annotate(count=Count("pk")).order_by()
    return dict(rows)


def featured_stories(now: datetime) -> list[Story]:
    """The featured stories that may be shared, last featured first."""
    rows = live_stories(now).exclude(featured_at=None).select_related("pillar").prefetch_related("pictures")
    return list(rows.order_by("-featured_at")[: rules.FEATURED_SLOTS])


def live_stories(now: datetime) -> QuerySet[Story]:
    """The stories of the organisation in force that may be shared at that moment."""
    rows: QuerySet[Story] = Story.objects.filter(state=StoryState.PUBLISHED)
    return rows.filter(Q(expires_at=None) | Q(expires_at__gt=now))


def get_live_story_for(person: Person, code: str, now: datetime) -> Story:
    """A story that this person may share at that moment: published, not expired, and for an audience they are of."""
    rows = live_stories(now).select_related("pillar", "audience", "organisation", "suggested_by")
    rows = rows.select_related("document")
    found = rows.prefetch_related("captions", "pictures").filter(code=code).first()
    if found is None or not is_for(found, traits_of(person)):
        raise NotFound("story")
    return found


def is_for(story: Story, traits: Traits) -> bool:
    """Whether somebody of those traits is of the story's audience; no audience is everyone."""
    return story.audience is None or matches(story.audience.rule, traits)


def traits_of(person: Person) -> Traits:
    """What an audience may look at in this person."""
    team = person.team.code if person.team else ""
    return Traits(team=team, country=person.country, language=person.language, roles=person.roles)


def stories_in_review() -> QuerySet[Story]:
    """The review queue: those that waited longest come first."""
    rows: QuerySet[Story] = Story.objects.filter(state=StoryState.IN_REVIEW)
    rows = rows.select_related("pillar", "audience", "author", "source", "suggested_by")
    return rows.prefetch_related("captions", "pictures").order_by("updated_at", "pk")


@dataclass(frozen=True)
class Waiting:
    """How much waits for an editor."""

    reviews: int
    suggestions: int


def waiting() -> Waiting:
    """How many stories wait for a review, and how many suggestions for an answer."""
    return Waiting(
        reviews=Story.objects.filter(state=StoryState.IN_REVIEW).count(),
        suggestions=Suggestion.objects.filter(state=Suggestion.State.PENDING).count(),
    )


def sources() -> QuerySet[Source]:
    """The sources of the organisation in force, by name, each with how many stories of it are active."""
    rows: QuerySet[Source] = Source.objects.select_related("pillar", "audience").order_by("name", "pk")
    return rows


def active_counts(rows: Sequence[Source]) -> dict[int, int]:
    """How many stories of each source wait for a review or may be shared, by row number of the source."""
    active = Story.objects.filter(source__in=rows, state__in=ACTIVE_STATES)
    return dict(active.values_list("source_id").annotate(count=Count("pk")).order_by())


ACTIVE_STATES = (StoryState.IN_REVIEW, StoryState.SCHEDULED, StoryState.PUBLISHED)


def get_source_for(person: Person, code: str) -> Source:
    """A source of the organisation, for those who look after sources."""
    found = sources().filter(code=code).first() if person.may(Ability.MANAGE_SOURCES) else None
    if found is None:
        raise NotFound("source")
    return found


def stories_of_source(source: Source) -> QuerySet[Story]:
    """The last stories that came from a source."""
    rows: QuerySet[Story] = Story.objects.filter(source=source).order_by("-created_at", "-pk")
    return rows


def suggestions() -> QuerySet[Suggestion]:
    """Everything ambassadors offered: what waits first, then the last decided."""
    rows: QuerySet[Suggestion] = Suggestion.objects.select_related(
        "person", "person__team", "story", "decided_by"
    )
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-created_at", "-pk")


def pending_suggestions() -> QuerySet[Suggestion]:
    """The suggestions that wait for an answer: those that waited longest come first."""
    return suggestions().filter(state=Suggestion.State.PENDING).order_by("created_at", "pk")


def suggestions_by(person: Person) -> QuerySet[Suggestion]:
    """What this person offered, last first."""
    return suggestions().filter(person=person).order_by("-created_at", "-pk")


def get_suggestion_for(person: Person, code: str) -> Suggestion:
    """A suggestion of the organisation, for those who decide on it."""
    found = suggestions().filter(code=code).first() if person.may(Ability.PUBLISH_STORIES) else None
    if found is None:
        raise NotFound("suggestion")
    return found


def _visible(person: Person) -> QuerySet[Story]:
    rows: QuerySet[Story] = Story.objects.filter(organisation_id=person.organisation_id)
    if person.may(Ability.PUBLISH_STORIES):
        return rows
    if person.may(Ability.WRITE_STORIES):
        return rows.filter(author=person)
    return rows.none()
