"""The programme at a glance, for those who may see figures: groups of five or more, never people (`telling`)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from portevoix.analytics import rollups, told
from portevoix.analytics.models import Dimension
from portevoix.analytics.period import Period, today_in, whole_weeks
from portevoix.analytics.queries import BestWeek, Totals, best_week, untold_stories
from portevoix.analytics.ranking import widest
from portevoix.analytics.rollups import Counts
from portevoix.analytics.rules import ACTIVE_WITHIN, SMALLEST_GROUP, Slice
from portevoix.analytics.visitors import NOBODY, Visitors
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.people.models import Invitation, Participation, Person
from portevoix.people.roles import Ability
from portevoix.sharing.models import Share
from portevoix.sharing.states import STANDING

MOST_STORIES: Final = 5


@dataclass(frozen=True)
class WideStory:
    """A story, and what it brought since it came out: what its own page tells."""

    code: str
    title: str
    clicks: int
    visitors: Visitors


@dataclass(frozen=True)
class Overview:
    """The programme in a `period` of whole weeks. `is_hidden`: too few people take part for any figure to be shown.

    `totals` hold the weeks that may be told; those of `untold` have no bar of their own. Networks, pillars and teams are
    those of the days of `apart`, and the next ones are told on `next_on`. `stories` came out in the period.
    """

    period: Period
    invited: int
    joined: int
    active: int
    totals: Totals
    networks: list[Slice] = field(default_factory=list)
    pillars: list[Slice] = field(default_factory=list)
    teams: list[Slice] = field(default_factory=list)
    weeks: list[Slice] = field(default_factory=list)
    untold: frozenset[date] = frozenset()
    apart: Period | None = None
    next_on: date | None = None
    best: BestWeek | None = None
    stories: list[WideStory] = field(default_factory=list)
    is_hidden: bool = False


def overview(person: Person, period: Period, *, now: datetime) -> Overview:
    """The programme in the weeks that hold these days; refuses those who may not see figures."""
    if not person.may(Ability.SEE_FIGURES):
        raise NotFound("overview")
    joined = joined_people()
    invited, joined_count = _invited_count(), joined.count()
    if joined_count < SMALLEST_GROUP:
        period = whole_weeks(period, today=today_in(period.zone, now))
        return Overview(period, invited, joined_count, 0, Totals(0, 0, NOBODY), is_hidden=True)
    seen = told.told_in(period, now=now)
    weeks, untold = seen.by_week(), untold_stories(now=now, zone=period.zone)
    return Overview(
        seen.period,
        invited,
        joined_count,
        _active_count(joined, now=now),
        seen.totals(),
        networks=seen.groups(told.networks()),
        pillars=seen.groups_and_visitors(told.pillars()),
        teams=seen.groups(told.teams()),
        weeks=weeks,
        untold=seen.untold,
        apart=seen.days_apart,
        next_on=seen.next_on,
        best=best_week(weeks, seen.period, lambda week: _clicks_by_told_story(week, untold)),
        stories=widest_stories(seen.period, untold, now=now),
    )


def widest_stories(period: Period, untold: Collection[int], *, now: datetime) -> list[WideStory]:
    """The stories that came out in the period and reached most people since, the widest first; none that is not told."""
    out = Story.objects.filter(published_at__gte=period.start, published_at__lt=period.end)
    told_ones = set(out.values_list("pk", flat=True)).difference(untold)
    since = Period(period.since, today_in(period.zone, now), period.zone)
    ranked = widest(Dimension.STORY, since, MOST_STORIES, told_ones)
    keys = [one.key for one in ranked]
    clicks = rollups.by_key(rollups.counts(Dimension.STORY, since, keys))
    known = {
        pk: (code, title) for pk, code, title in out.filter(pk__in=keys).values_list("pk", "code", "title")
    }
    return [
        WideStory(*known[one.key], clicks.get(one.key, Counts()).people, one.visitors)
        for one in ranked
        if one.key in known  # erased meanwhile
    ]


def joined_people() -> "QuerySet[Person]":
    """Those who take part now."""
    people: QuerySet[Person] = Person.objects.filter(participation=Participation.JOINED, is_active=True)
    return people


def _invited_count() -> int:
    """Everyone who was asked: the people here, and the invitations still open."""
    waiting = Invitation.objects.filter(accepted_at__isnull=True, cancelled_at__isnull=True).count()
    return int(Person.objects.filter(is_active=True).count() + waiting)


def _active_count(joined: "QuerySet[Person]", *, now: datetime) -> int:
    recent = Share.objects.of_people().filter(state__in=STANDING, shared_at__gte=now - ACTIVE_WITHIN)
    return joined.filter(pk__in=recent.values("person_id")).count()


def _clicks_by_told_story(period: Period, untold: Collection[int]) -> dict[int, int]:
    counts = rollups.by_key(rollups.counts(Dimension.STORY, period))
    return {story: count.people for story, count in counts.items() if story not in untold}
