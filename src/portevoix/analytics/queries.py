"""Reads of what it brought. Clicks are human clicks: robots, previews and repeats within half an hour are not in them.

Clicks and visitors come from roll-ups (`rollups`), whatever became of the share since: who came has come. Days, weeks and
months are those of the organisation's clock. Shares of the company's own page are in none of these.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import translation

from portevoix.analytics import rollups
from portevoix.analytics.models import Dimension, Export
from portevoix.analytics.period import Period, last, since_moment
from portevoix.analytics.rollups import Cell, Counts
from portevoix.analytics.rules import (
    ACTIVE_WITHIN,
    RESULTS_WINDOW,
    SMALLEST_GROUP,
    Group,
    Slice,
    merge_few,
    merge_small,
    monday_of,
    weeks_between,
)
from portevoix.analytics.visitors import NOBODY, Visitors
from portevoix.core.errors import NotFound
from portevoix.editorial.models import Pillar
from portevoix.library.models import Story
from portevoix.links.packing import packed
from portevoix.people.models import Invitation, Participation, Person, Team
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


@dataclass(frozen=True)
class ShareResult:
    """One share and what it brought since it was made."""

    share: Share
    clicks: int
    visitors: Visitors


@dataclass(frozen=True)
class Overview:
    """The programme at a glance. `is_hidden`: too few people take part for any figure to be shown."""

    period: Period
    invited: int
    joined: int
    active: int
    totals: Totals
    networks: list[Slice] = field(default_factory=list)
    pillars: list[Slice] = field(default_factory=list)
    teams: list[Group] = field(default_factory=list)
    weeks: list[Slice] = field(default_factory=list)
    best: BestWeek | None = None
    is_hidden: bool = False


@dataclass(frozen=True)
class StoryResults:
    """What one story brought, since it was published. `is_hidden`: fewer than five people shared it."""

    story: Story
    period: Period
    totals: Totals
    networks: list[Slice]
    teams: list[Group]
    weeks: list[Slice]
    is_hidden: bool = False


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
    return MyResults(
        period=period,
        totals=totals_of(shares, Dimension.PERSON, period, [person.pk]),
        weeks=weeks,
        best=best_week(weeks, period, lambda week: _clicks_by_own_story(person, week)),
        shares=share_results(
            _made_in(period).filter(person=person).exclude(state=ShareState.PLANNED), now=now
        ),
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


def _clicks_by_story(period: Period) -> dict[int, int]:
    counts = rollups.by_key(rollups.counts(Dimension.STORY, period))
    return {story: count.people for story, count in counts.items()}


def overview(person: Person, period: Period, *, now: datetime) -> Overview:
    """The programme in that period, for those who may see figures: groups of five or more, never people."""
    if not person.may(Ability.SEE_FIGURES):
        raise NotFound("overview")
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True)
    head = {"period": period, "invited": _invited_count(), "joined": joined.count()}
    if head["joined"] < SMALLEST_GROUP:
        return Overview(**head, active=0, totals=Totals(0, 0, NOBODY), is_hidden=True)
    shares = shares_in(period)
    weeks = by_week(Dimension.ALL, period)
    return Overview(
        **head,
        active=_active_count(joined, now=now),
        totals=totals_of(shares, Dimension.ALL, period),
        networks=by_network(shares, period),
        pillars=by_pillar(shares, period),
        teams=by_team(shares, period),
        weeks=weeks,
        best=best_week(weeks, period, _clicks_by_story),
    )


def _invited_count() -> int:
    """Everyone who was asked: the people here, and the invitations still open."""
    waiting = Invitation.objects.filter(accepted_at__isnull=True, cancelled_at__isnull=True).count()
    return int(Person.objects.filter(is_active=True).count() + waiting)


def _active_count(joined: "QuerySet[Person]", *, now: datetime) -> int:
    recent = Share.objects.of_people().filter(state__in=STANDING, shared_at__gte=now - ACTIVE_WITHIN)
    return joined.filter(pk__in=recent.values("person_id")).count()


def by_network(shares: "QuerySet[Share]", period: Period, story: Story | None = None) -> list[Slice]:
    """Shares and clicks by network, most clicked first; networks that fewer than five people used are merged.

    Of everything, with unique visitors; or of one story, clicks alone.
    """
    names = {channel.key: str(channel.label) for channel in all_channels()}
    keys = {packed(name): name for name in names}

    def network_of(cell: Cell) -> str | None:
        return keys.get(cell[0] if story is None else cell[1])

    dimension = Dimension.NETWORK if story is None else Dimension.STORY_NETWORK
    clicked = _clicks(dimension, period, _keys_of(story), network_of)
    slices = _slices(shares, "channel", names, clicked)
    return slices if story else _with_visitors(slices, dimension, period, None, network_of)


def by_pillar(shares: "QuerySet[Share]", period: Period) -> list[Slice]:
    """Shares and clicks by pillar, named in the reader's language; merged as networks are.

    Stories without a pillar stand under no name.
    """
    language = translation.get_language() or "fr"
    names: dict[Any, str] = {pillar.pk: pillar.name_in(language) for pillar in Pillar.objects.all()}
    pillars = {story: pillar or NO_PILLAR for story, pillar in Story.objects.values_list("pk", "pillar_id")}

    def pillar_of(cell: Cell) -> int | None:
        return pillars.get(cell[0])

    clicked = _clicks(Dimension.STORY, period, None, pillar_of)
    slices = _slices(shares, "story__pillar_id", names, clicked)
    return _with_visitors(slices, Dimension.STORY, period, None, pillar_of)


def by_team(shares: "QuerySet[Share]", period: Period, story: Story | None = None) -> list[Group]:
    """Shares and clicks by team of those who shared; teams in which fewer than five take part are merged.

    A team that only people gone since shared from is merged too: left out, the total would give it away.
    """
    dimension = Dimension.TEAM if story is None else Dimension.STORY_TEAM

    def team_of(cell: Cell) -> int:
        return cell[0] if story is None else cell[1]

    shared = _counts(shares, "team_id")
    clicked = _clicks(dimension, period, _keys_of(story), team_of)
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True)
    sizes = {
        team or 0: people
        for team, people in joined.order_by().values_list("team_id").annotate(people=Count("pk"))
    }
    names = dict(Team.objects.values_list("pk", "name"))
    groups = merge_small(
        Group(
            names.get(team, ""), sizes.get(team, 0), shared.get(team, 0), clicked.get(team, 0), keys=(team,)
        )
        for team in sizes.keys() | shared.keys() | clicked.keys()
    )
    if story:
        return groups
    whose = {team: number for number, group in enumerate(groups) for team in group.keys}
    visitors = rollups.visitors(dimension, period, None, lambda cell: whose.get(cell[0]))
    return [replace(group, visitors=visitors.get(number, NOBODY)) for number, group in enumerate(groups)]


def _keys_of(story: Story | None) -> list[int] | None:
    return None if story is None else [story.pk]


def _clicks(
    dimension: Dimension, period: Period, keys: list[int] | None, group: Callable[[Cell], Any]
) -> dict[Any, int]:
    clicks: dict[Any, int] = defaultdict(int)
    for cell, count in rollups.counts(dimension, period, keys).items():
        if (name := group(cell)) is not None:
            clicks[name] += count.people
    return dict(clicks)


def _counts(shares: "QuerySet[Share]", key: str) -> dict[Any, int]:
    """Shares by what `key` leads to; 0 stands for none."""
    rows = shares.order_by().values_list(key).annotate(count=Count("pk"))
    return {value or 0: count for value, count in rows}


def _slices(
    shares: "QuerySet[Share]", key: str, names: dict[Any, str], clicked: dict[Any, int]
) -> list[Slice]:
    shared = _counts(shares, key)
    sharers: dict[Any, set[int]] = defaultdict(set)
    for one, person_id in shares.order_by().values_list(key, "person_id").distinct():
        sharers[one or 0].add(person_id)
    keys: Iterable[Any] = shared.keys() | clicked.keys()
    slices = (
        Slice(one, names.get(one, ""), shared.get(one, 0), clicked.get(one, 0), keys=(one,)) for one in keys
    )
    return merge_few(slices, sharers)


def _with_visitors(
    slices: Sequence[Slice],
    dimension: Dimension,
    period: Period,
    keys: list[int] | None,
    group: Callable[[Cell], Any],
) -> list[Slice]:
    """The slices with their unique visitors: of those that are several together, each person once."""
    whose = {key: number for number, one in enumerate(slices) for key in one.keys}

    visitors = rollups.visitors(dimension, period, keys, lambda cell: whose.get(group(cell)))
    return [replace(one, visitors=visitors.get(number, NOBODY)) for number, one in enumerate(slices)]


def story_results(person: Person, code: str, *, now: datetime) -> StoryResults:
    """What a published story brought; nothing while fewer than five people shared it.

    Whoever saw the only post about it would read that person's figures.
    """
    story = Story.objects.exclude(published_at=None).filter(code=code).first()
    if story is None or not person.may(Ability.SEE_FIGURES):
        raise NotFound("story")
    period = since_moment(story.published_at, now=now, zone=person.organisation.time_zone)
    shares = shares_in(period).filter(story=story)
    if is_shared_by_few(shares):
        return StoryResults(story, period, Totals(0, 0, NOBODY), [], [], [], is_hidden=True)
    return StoryResults(
        story=story,
        period=period,
        totals=totals_of(shares, Dimension.STORY, period, [story.pk]),
        networks=by_network(shares, period, story),
        teams=by_team(shares, period, story),
        weeks=by_week(Dimension.STORY, period, [story.pk]),
    )


def is_shared_by_few(shares: "QuerySet[Share]") -> bool:
    """Whether fewer than five people made these shares: a figure would be about somebody."""
    return shares.order_by().values("person_id").distinct().count() < SMALLEST_GROUP


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
