"""Reads of what it brought. Clicks are human clicks: robots, previews and repeats within half an hour are not in them.

Clicks and visitors come from roll-ups (`rollups`), whatever became of the share since: who came has come. Days, weeks and
months are those of the organisation's clock. Shares of the company's own page are in none of these.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from portevoix.analytics import rollups
from portevoix.analytics.beginning import Beginning, beginning_of, hours_to_half
from portevoix.analytics.models import Dimension, Export
from portevoix.analytics.period import Period, last, since_moment, today_in
from portevoix.analytics.rollups import Counts, Days
from portevoix.analytics.rules import (
    FIGURES_KEPT,
    RESULTS_WINDOW,
    SMALLEST_GROUP,
    Slice,
    merge_few,
    monday_of,
    weeks_between,
)
from portevoix.analytics.telling import StoryFacts, four_of, hidden_stories
from portevoix.analytics.visitors import NOBODY, Visitors
from portevoix.core import clock
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.links.packing import packed
from portevoix.people.models import Person, Team
from portevoix.people.roles import Ability
from portevoix.sharing.channels import all_channels
from portevoix.sharing.models import Share
from portevoix.sharing.states import STANDING, ShareState

NO_PILLAR = 0


@dataclass(frozen=True)
class Totals:
    """What a set of shares brought in a period."""

    shares: int
    clicks: int
    visitors: Visitors
    robots: int = 0


@dataclass(frozen=True)
class BestWeek:
    """The week that brought most visits, by its Monday, and the story that brought most of them."""

    week: date
    clicks: int
    story: str


@dataclass(frozen=True)
class MyResults:
    """What one person's shares brought; only they may see it. `shares` holds those that count nowhere too, no plans."""

    period: Period
    totals: Totals
    weeks: list[Slice]
    best: BestWeek | None
    shares: list["ShareResult"]
    beginning: Beginning | None = None  # of the newest share that somebody visited


@dataclass(frozen=True)
class ShareResult:
    """One share and what it brought since it was made."""

    share: Share
    clicks: int
    visitors: Visitors


@dataclass(frozen=True)
class StoryResults:
    """What one story brought, since it was published. `is_hidden`: fewer than five people shared it.

    `is_kept_back`: five or more did, and its figures would give those of hidden stories away.
    """

    story: Story
    period: Period
    totals: Totals
    networks: list[Slice] = field(default_factory=list)
    teams: list[Slice] = field(default_factory=list)
    hours_to_half: int | None = None
    is_hidden: bool = False
    is_kept_back: bool = False


def shares_in(period: Period) -> "QuerySet[Share]":
    """The shares declared in the period and not taken back."""
    return _made_in(period).filter(state__in=STANDING)


def _made_in(period: Period) -> "QuerySet[Share]":
    shares: QuerySet[Share] = Share.objects.of_people().filter(
        shared_at__gte=period.start, shared_at__lt=period.end
    )
    return shares


def my_results(person: Person, *, now: datetime) -> MyResults:
    """What the person's own shares brought in the last ninety days."""
    period = last(RESULTS_WINDOW, now=now, zone=person.organisation.time_zone)
    shares = shares_in(period).filter(person=person)
    weeks = by_week(Dimension.PERSON, period, [person.pk])
    own = share_results(_made_in(period).filter(person=person).exclude(state=ShareState.PLANNED), now=now)
    visited = next((one.share for one in own if one.clicks and one.share.state in STANDING), None)
    return MyResults(
        period=period,
        totals=totals_of(shares, Dimension.PERSON, period, [person.pk]),
        weeks=weeks,
        best=best_week(weeks, period, lambda week: _clicks_by_own_story(person, week)),
        shares=own,
        beginning=beginning_of(visited, now=now) if visited else None,
    )


def _clicks_by_own_story(person: Person, period: Period) -> dict[int, int]:
    stories = dict(Share.objects.filter(person=person).values_list("link_id", "story_id"))
    clicks: dict[int, int] = defaultdict(int)
    for link, count in rollups.by_key(rollups.counts(Dimension.LINK, period, stories)).items():
        clicks[stories[link]] += count.people
    return clicks


def share_results(shares: "QuerySet[Share]", *, now: datetime) -> list[ShareResult]:
    """Each share with its human clicks and visitors since it was made, newest first."""
    rows = list(shares.select_related("story", "post__account", "organisation").order_by("-shared_at"))
    if not rows:
        return []
    first = min(min(share.shared_at for share in rows), now)
    period = since_moment(first, now=now, zone=rows[0].organisation.time_zone)
    links = [share.link_id for share in rows]
    counts = rollups.counts(Dimension.LINK, period, links)
    visitors = rollups.visitors(Dimension.LINK, period, links)
    return [
        ShareResult(
            share, counts.get((share.link_id, 0), Counts()).people, visitors.get((share.link_id, 0), NOBODY)
        )
        for share in rows
    ]


def totals_of(
    shares: "QuerySet[Share]", dimension: Dimension, period: Period, keys: Collection[int] = rollups.ALL
) -> Totals:
    """Shares, human clicks and unique visitors under some keys of a dimension."""
    clicks = rollups.total(dimension, period, keys).people
    return Totals(shares.count(), clicks, rollups.visitors_together(dimension, period, keys))


def by_week(dimension: Dimension, period: Period, keys: Collection[int] = rollups.ALL) -> list[Slice]:
    """Human clicks by week of the organisation's clock, empty weeks included."""
    clicks: dict[date, int] = defaultdict(int)
    for day, count in rollups.by_day(dimension, period, keys).items():
        clicks[monday_of(day)] += count.people
    weeks = weeks_between(period.since, period.until)
    return [Slice(week, week.isoformat(), clicks=clicks[week]) for week in weeks]


def best_week(
    weeks: Sequence[Slice], period: Period, by_story: Callable[[Period], Mapping[int, int]]
) -> BestWeek | None:
    """The week with most of these clicks, the earliest of equals, and its first story; None while there are none."""
    best = max(weeks, key=lambda week: week.clicks, default=None)
    if best is None or not best.clicks:
        return None
    since, until = max(best.key, period.since), min(best.key + timedelta(days=6), period.until)
    clicks = by_story(Period(since, until, period.zone))
    titles = dict(Story.objects.filter(pk__in=clicks).values_list("pk", "title"))
    first = min(titles, key=lambda story: (-clicks[story], titles[story]), default=None)
    return BestWeek(best.key, best.clicks, titles[first] if first is not None else "")


def by_network(shares: "QuerySet[Share]", period: Days, story: Story | None = None) -> list[Slice]:
    """Shares and clicks by network, most clicked first; networks that fewer than five people used are merged.

    Of everything, or of one story.
    """
    names = {channel.key: str(channel.label) for channel in all_channels()}
    keys = {packed(name): name for name in names}
    dimension = Dimension.NETWORK if story is None else Dimension.STORY_NETWORK
    return _apart(shares, "channel", names, _clicks(dimension, period, story, keys.get))


def by_team(shares: "QuerySet[Share]", period: Days, story: Story | None = None) -> list[Slice]:
    """The same by the team that people were in when they shared; merged as networks are."""
    names = dict(Team.objects.values_list("pk", "name"))
    dimension = Dimension.TEAM if story is None else Dimension.STORY_TEAM
    return _apart(shares, "team_id", names, _clicks(dimension, period, story, lambda team: team))


def _clicks(
    dimension: Dimension, period: Days, story: Story | None, key_of: Callable[[int], Any]
) -> dict[Any, int]:
    clicks: dict[Any, int] = defaultdict(int)
    cells = rollups.counts(dimension, period, None if story is None else [story.pk])
    for (key, sub), count in cells.items():
        if (name := key_of(key if story is None else sub)) is not None and count.people:
            clicks[name] += count.people
    return clicks


def _apart(
    shares: "QuerySet[Share]", column: str, names: Mapping[Any, str], clicks: Mapping[Any, int]
) -> list[Slice]:
    counts: dict[Any, int] = defaultdict(int)
    sharers: dict[Any, set[int]] = defaultdict(set)
    for key, person, count in shares.order_by().values_list(column, "person_id").annotate(Count("pk")):
        counts[key or 0] += count
        sharers[key or 0].add(person)
    keys: Iterable[Any] = counts.keys() | clicks.keys()
    slices = (Slice(one, names.get(one, ""), counts[one], clicks.get(one, 0), keys=(one,)) for one in keys)
    return merge_few(slices, sharers)


def story_results(person: Person, code: str, *, now: datetime) -> StoryResults:
    """What a published story brought; nothing while fewer than five people shared it.

    Whoever saw the only post about it would read that person's figures.
    """
    story = Story.objects.exclude(published_at=None).filter(code=code).first()
    if story is None or not person.may(Ability.SEE_FIGURES):
        raise NotFound("story")
    period = since_moment(story.published_at, now=now, zone=person.organisation.time_zone)
    shares = shares_in(period).filter(story=story)
    is_few = is_shared_by_few(shares)
    if is_few or story.pk in untold_stories(now=now, zone=period.zone):
        return StoryResults(story, period, Totals(0, 0, NOBODY), is_hidden=is_few, is_kept_back=not is_few)
    return StoryResults(
        story=story,
        period=period,
        totals=totals_of(shares, Dimension.STORY, period, [story.pk]),
        networks=by_network(shares, period, story),
        teams=by_team(shares, period, story),
        hours_to_half=hours_to_half(story, period, now=now),
    )


def is_shared_by_few(shares: "QuerySet[Share]") -> bool:
    """Whether fewer than five people made these shares: a figure would be about somebody."""
    return shares.order_by().values("person_id").distinct().count() < SMALLEST_GROUP


def untold_stories(*, now: datetime, zone: str) -> frozenset[int]:
    """The stories whose figures are not told to anybody (`telling.hidden_stories`), on the organisation's clock."""
    four = datetime.combine(four_of(today_in(zone, now)), time())
    begun = clock.resolve(four, zone)
    made = Share.objects.of_people().exclude(state__in=(ShareState.PLANNED, ShareState.REFUSED))
    standing = Count("person", distinct=True, filter=Q(state__in=STANDING))
    rows = made.order_by().values_list("story_id", "story__pillar_id", "story__published_at")
    stories = {
        story: StoryFacts(pillar or NO_PILLAR, sharers, is_over=bool(out_at and out_at < begun))
        for story, pillar, out_at, sharers in rows.annotate(sharers=standing)
    }
    few = [story for story, facts in stories.items() if facts.sharers < SMALLEST_GROUP]
    for story, people in _behind(made.filter(story__in=few), now=now, zone=zone).items():
        stories[story] = replace(stories[story], people=frozenset(people))
    return hidden_stories(stories)


def _behind(made: "QuerySet[Share]", *, now: datetime, zone: str) -> dict[int, set[int]]:
    """Who stands behind each story: those whose shares stand, and those whose links were visited before."""
    people: dict[int, set[int]] = defaultdict(set)
    taken: dict[int, tuple[int, int]] = {}
    for story, person, link, state in made.values_list("story_id", "person_id", "link_id", "state"):
        if state in STANDING:
            people[story].add(person)
        else:
            taken[link] = (story, person)
    if taken:
        kept = last(FIGURES_KEPT, now=now, zone=zone)
        for (link, _sub), count in rollups.counts(Dimension.LINK, kept, taken).items():
            if count.people:
                story, person = taken[link]
                people[story].add(person)
    return people


def exports_of(person: Person) -> "QuerySet[Export]":
    """The person's own exports, newest first."""
    rows: QuerySet[Export] = Export.objects.filter(requested_by=person)
    return rows.order_by("-created_at")


def get_export_for(person: Person, code: str) -> Export:
    """One of the person's own exports; anyone else's is not found, nor figures that their roles no longer export."""
    found = exports_of(person).filter(code=code).first()
    if found is None or not (found.kind == Export.Kind.MY_SHARES or person.may(Ability.EXPORT_FIGURES)):
        raise NotFound("export")
    return found
