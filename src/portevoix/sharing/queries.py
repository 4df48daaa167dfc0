"""Reads about shares. Objects reach a page only through a `get_…_for`."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from portevoix.core.errors import NotFound
from portevoix.editorial.queries import disclosure_lines
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.sharing.models import Share, ShareDraft, ShareState, SharingHabit
from portevoix.sharing.rules import day_start, shares_allowed

TEXTS_COMPARED = 500


def get_share_for(person: Person, code: str) -> Share:
    """A share of this very person: nobody else opens it."""
    rows = Share.objects.select_related("link", "story", "organisation").filter(person=person, code=code)
    found: Share | None = rows.first()
    if found is None:
        raise NotFound("share")
    return found


def shares_of(person: Person) -> "QuerySet[Share]":
    """Everything this person declared, last first."""
    rows: QuerySet[Share] = Share.objects.filter(person=person).select_related("story", "link")
    return rows.order_by("-shared_at", "-pk")


def shares_today(person: Person, channel: str, now: datetime) -> int:
    """How many shares stand for that account today, on the person's own calendar."""
    since = day_start(now, person.time_zone)
    rows = Share.objects.filter(
        person=person, channel=channel, state=ShareState.DECLARED, shared_at__gte=since
    )
    count: int = rows.count()
    return count


def shares_left(person: Person, channel: str, now: datetime) -> int:
    """How many more shares that account may make today."""
    return max(0, shares_allowed(person.organisation.shares_per_day) - shares_today(person, channel, now))


def spent_channels(person: Person, now: datetime) -> frozenset[str]:
    """The channels on which the person's share of the day is used up."""
    since = day_start(now, person.time_zone)
    rows = Share.objects.filter(person=person, state=ShareState.DECLARED, shared_at__gte=since)
    allowed = shares_allowed(person.organisation.shares_per_day)
    counts = Counter(rows.values_list("channel", flat=True))
    return frozenset(channel for channel, count in counts.items() if count >= allowed)


def texts_of_others(person: Person, story: Story) -> list[str]:
    """What colleagues said on the same story, the last ones first."""
    rows = Share.objects.filter(story=story, state=ShareState.DECLARED).exclude(person=person)
    return list(rows.order_by("-pk").values_list("text", flat=True)[:TEXTS_COMPARED])


def times_used(story: Story) -> dict[str, int]:
    """How often each caption of the story was shared, by its code."""
    rows = Share.objects.filter(story=story, state=ShareState.DECLARED, caption__isnull=False)
    return dict(Counter(rows.values_list("caption__code", flat=True)))


def channels_by_story(person: Person, story_ids: Iterable[int] | None = None) -> dict[int, list[str]]:
    """Where this person shared each story, by the story's row number, first to last."""
    rows = Share.objects.filter(person=person, state=ShareState.DECLARED)
    if story_ids is not None:
        rows = rows.filter(story__in=list(story_ids))
    channels: dict[int, list[str]] = {}
    for story_id, channel in rows.order_by("pk").values_list("story_id", "channel"):
        channels.setdefault(story_id, []).append(channel)
    return channels


def sharer_place(share: Share) -> int:
    """Which person of the organisation this share makes on its story: 1 is the first to speak of it."""
    rows = Share.objects.filter(story=share.story_id, state=ShareState.DECLARED, pk__lt=share.pk)
    earlier = set(rows.values_list("person_id", flat=True)) - {share.person_id}
    return len(earlier) + 1


def habit_of(person: Person) -> SharingHabit:
    """What the sheet remembers of the person; an unsaved row where it remembers nothing."""
    found: SharingHabit | None = SharingHabit.objects.filter(person=person).first()
    return found or SharingHabit(organisation_id=person.organisation_id, person=person)


def draft_of(person: Person, story: Story) -> str:
    """What the person typed on that story and has not shared; empty when nothing."""
    found: ShareDraft | None = ShareDraft.objects.filter(person=person, story=story).first()
    return found.text if found else ""


def disclosure_in(language: str, organisation_language: str) -> str:
    """The disclosure line in that language; in the organisation's own where that one is missing."""
    lines = disclosure_lines()
    return lines.get(language) or lines.get(organisation_language) or ""
