"""Reads of what it brought. Clicks are human clicks: robots, previews and repeats within half an hour are not in them.

A visitor is counted once a month: the key of the hash lives one month, so the same person is another visitor in the next.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import translation

from portevoix.analytics.models import Export
from portevoix.analytics.period import Period, last, since_moment
from portevoix.analytics.rules import (
    ACTIVE_WITHIN,
    RESULTS_WINDOW,
    SMALLEST_GROUP,
    Group,
    Slice,
    merge_few,
    merge_small,
    weeks_between,
)
from portevoix.core.errors import NotFound
from portevoix.editorial.models import Pillar
from portevoix.library.models import Story
from portevoix.links.models import Click, ClickKind
from portevoix.people.models import Invitation, Participation, Person, Team
from portevoix.people.roles import Ability
from portevoix.sharing.channels import all_channels
from portevoix.sharing.models import Share
from portevoix.sharing.states import STANDING, ShareState

VISITORS = Count("visitor", distinct=True, filter=~Q(visitor=""))


@dataclass(frozen=True)
class Totals:
    """What a set of shares brought in a period."""

    shares: int
    clicks: int
    visitors: int
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
    visitors: int


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


def human_clicks(period: Period) -> "QuerySet[Click]":
    """The human clicks of the period, on shares that stand."""
    clicks: QuerySet[Click] = Click.objects.filter(
        kind=ClickKind.PERSON, at__gte=period.start, at__lt=period.end
    )
    return clicks.filter(link__share__state__in=STANDING)


def shares_in(period: Period) -> "QuerySet[Share]":
    """The shares declared in the period and not taken back."""
    return _made_in(period).filter(state__in=STANDING)


def _made_in(period: Period) -> "QuerySet[Share]":
    shares: QuerySet[Share] = Share.objects.filter(shared_at__gte=period.start, shared_at__lt=period.end)
    return shares


def my_results(person: Person, *, now: datetime) -> MyResults:
    """What the person's own shares brought in the last ninety days."""
    period = last(RESULTS_WINDOW, now=now, zone=person.time_zone)
    shares = shares_in(period).filter(person=person)
    clicks = human_clicks(period).filter(link__share__person=person)
    weeks = by_week(clicks, period)
    return MyResults(
        period=period,
        totals=totals_of(shares, clicks),
        weeks=weeks,
        best=best_week(clicks, weeks, period),
        shares=share_results(_made_in(period).filter(person=person).exclude(state=ShareState.PLANNED)),
    )


def share_results(shares: "QuerySet[Share]") -> list[ShareResult]:
    """Each share with its human clicks and visitors, newest first, in one query."""
    human = Q(link__clicks__kind=ClickKind.PERSON)
    counted = shares.select_related("story", "post__account").annotate(
        click_count=Count("link__clicks", filter=human),
        visitor_count=Count(
            "link__clicks__visitor", distinct=True, filter=human & ~Q(link__clicks__visitor="")
        ),
    )
    return [
        ShareResult(share, share.click_count, share.visitor_count) for share in counted.order_by("-shared_at")
    ]


def totals_of(shares: "QuerySet[Share]", clicks: "QuerySet[Click]") -> Totals:
    """Shares, human clicks and visitors, in two queries."""
    counted = clicks.aggregate(clicks=Count("pk"), visitors=VISITORS)
    return Totals(shares.count(), counted["clicks"], counted["visitors"])


def by_week(clicks: "QuerySet[Click]", period: Period) -> list[Slice]:
    """Clicks by week of the period's own clock, empty weeks included, in one query.

    The weeks are cut here and not by the database, whose own time zones may be older than ours.
    """
    weeks = weeks_between(period.since, period.until)
    bounds = {week: Period(week, week + timedelta(days=6), period.zone) for week in weeks}
    counted = clicks.aggregate(
        **{
            f"week_{week:%Y%m%d}": Count("pk", filter=Q(at__gte=bound.start, at__lt=bound.end))
            for week, bound in bounds.items()
        }
    )
    return [Slice(week, week.isoformat(), clicks=counted[f"week_{week:%Y%m%d}"]) for week in weeks]


def best_week(clicks: "QuerySet[Click]", weeks: Sequence[Slice], period: Period) -> BestWeek | None:
    """The week with most of these clicks, the earliest of equals; None while there are none."""
    best = max(weeks, key=lambda week: week.clicks, default=None)
    if best is None or not best.clicks:
        return None
    bound = Period(best.key, best.key + timedelta(days=6), period.zone)
    rows = clicks.filter(at__gte=bound.start, at__lt=bound.end).order_by()
    titles = rows.values_list("link__share__story__title").annotate(count=Count("pk"))
    first = titles.order_by("-count", "link__share__story__title").first()
    return BestWeek(best.key, best.clicks, first[0] if first else "")


def overview(person: Person, period: Period, *, now: datetime) -> Overview:
    """The programme in that period, for those who may see figures: groups of five or more, never people."""
    if not person.may(Ability.SEE_FIGURES):
        raise NotFound("overview")
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True)
    head = {"period": period, "invited": _invited_count(), "joined": joined.count()}
    if head["joined"] < SMALLEST_GROUP:
        return Overview(**head, active=0, totals=Totals(0, 0, 0), is_hidden=True)
    shares, clicks = shares_in(period), human_clicks(period)
    weeks = by_week(clicks, period)
    return Overview(
        **head,
        active=_active_count(joined, now=now),
        totals=totals_of(shares, clicks),
        networks=by_network(shares, clicks),
        pillars=by_pillar(shares, clicks),
        teams=by_team(shares, clicks),
        weeks=weeks,
        best=best_week(clicks, weeks, period),
    )


def _invited_count() -> int:
    """Everyone who was asked: the people here, and the invitations still open."""
    waiting = Invitation.objects.filter(accepted_at__isnull=True, cancelled_at__isnull=True).count()
    return int(Person.objects.filter(is_active=True).count() + waiting)


def _active_count(joined: "QuerySet[Person]", *, now: datetime) -> int:
    recent = Share.objects.filter(state__in=STANDING, shared_at__gte=now - ACTIVE_WITHIN)
    return joined.filter(pk__in=recent.values("person_id")).count()


def by_network(shares: "QuerySet[Share]", clicks: "QuerySet[Click]") -> list[Slice]:
    """Shares and clicks by network, most clicked first; networks that fewer than five people used are merged."""
    names = {channel.key: str(channel.label) for channel in all_channels()}
    return _slices(shares, clicks, "channel", names)


def by_pillar(shares: "QuerySet[Share]", clicks: "QuerySet[Click]") -> list[Slice]:
    """Shares and clicks by pillar, named in the reader's language; merged as networks are.

    Stories without a pillar stand under no name.
    """
    language = translation.get_language() or "fr"
    names = {pillar.pk: pillar.name_in(language) for pillar in Pillar.objects.all()}
    return _slices(shares, clicks, "story__pillar_id", names)


def by_team(shares: "QuerySet[Share]", clicks: "QuerySet[Click]") -> list[Group]:
    """Shares and clicks by team; teams in which fewer than five take part are merged.

    A team that only people gone since shared from is merged too: left out, the total would give it away.
    """
    shared = _counts(shares, "person__team_id")
    clicked = _clicks_by(clicks, "link__share__person__team_id")
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True)
    sizes = dict(joined.order_by().values_list("team_id").annotate(people=Count("pk")))
    names = dict(Team.objects.values_list("pk", "name"))
    return merge_small(
        Group(names.get(team, ""), sizes.get(team, 0), shared.get(team, 0), *_pair(clicked, team))
        for team in sizes.keys() | shared.keys() | clicked.keys()
    )


def _pair(clicked: dict[Any, tuple[int, int]], key: Any) -> tuple[int, int]:
    return clicked.get(key, (0, 0))


def _counts(shares: "QuerySet[Share]", key: str) -> dict[Any, int]:
    return {row[key]: row["count"] for row in shares.order_by().values(key).annotate(count=Count("pk"))}


def _clicks_by(clicks: "QuerySet[Click]", key: str) -> dict[Any, tuple[int, int]]:
    rows = clicks.order_by().values(key).annotate(clicks=Count("pk"), visitors=VISITORS)
    return {row[key]: (row["clicks"], row["visitors"]) for row in rows}


def _slices(
    shares: "QuerySet[Share]", clicks: "QuerySet[Click]", key: str, names: dict[Any, str]
) -> list[Slice]:
    shared, clicked = _counts(shares, key), _clicks_by(clicks, f"link__share__{key}")
    sharers: dict[Any, set[int]] = defaultdict(set)
    for one, person_id in shares.order_by().values_list(key, "person_id").distinct():
        sharers[one].add(person_id)
    keys: Iterable[Any] = shared.keys() | clicked.keys()
    slices = (Slice(one, names.get(one, ""), shared.get(one, 0), *_pair(clicked, one)) for one in keys)
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
    if is_shared_by_few(shares):
        return StoryResults(story, period, Totals(0, 0, 0), [], [], [], is_hidden=True)
    clicks = human_clicks(period).filter(link__share__story=story)
    return StoryResults(
        story=story,
        period=period,
        totals=totals_of(shares, clicks),
        networks=by_network(shares, clicks),
        teams=by_team(shares, clicks),
        weeks=by_week(clicks, period),
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
