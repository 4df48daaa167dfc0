"""What each export holds, as rows of cells. Names of people are in none of them.

Figures are of groups, and a file never tells more than the page: its overview is the page's overview of the same days, a
story's figures are those of its page, whatever days were asked for. Days by network, which no page shows, are told apart
by whole weeks that are over: two files, whatever their days, say the same of a day. Where days are too thin for that, the
week is told as one.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from portevoix.analytics import queries
from portevoix.analytics.days import NOTHING, Seen, figures_of, together
from portevoix.analytics.formats import Code, Column, ColumnType, Row
from portevoix.analytics.models import Dimension, Export
from portevoix.analytics.period import Period, since_moment, today_in
from portevoix.analytics.queries import ShareResult, Totals
from portevoix.analytics.rules import OTHERS, SMALLEST_GROUP, Slice, named_each_day, weeks_between
from portevoix.analytics.visitors import Visitors
from portevoix.library.models import Story
from portevoix.people.models import Participation, Person
from portevoix.sharing.channels import all_channels

STORIES_AT_ONCE = 200


@dataclass(frozen=True)
class Table:
    """Columns, how many parts to expect, and the parts, made one by one: the rows of a day, of a story, of a group."""

    columns: Sequence[Column]
    zone: str
    steps: int
    parts: Iterable[list[Row]]


def table_of(export: Export, now: datetime) -> Table:
    """The table that an export asks for. Days are the organisation's; of one's own shares, one's own."""
    is_own = export.kind == Export.Kind.MY_SHARES
    zone = export.requested_by.time_zone if is_own else export.organisation.time_zone
    period = Period(export.since_on, min(export.until_on, today_in(zone, now)), zone)
    makers = {
        Export.Kind.OVERVIEW: lambda: _overview(period),
        Export.Kind.DAILY: lambda: _daily(period, now),
        Export.Kind.STORIES: lambda: _stories(period, now),
        Export.Kind.MY_SHARES: lambda: _my_shares(export.requested_by, period, now),
    }
    return makers[Export.Kind(export.kind)]()


def _figures() -> list[Column]:
    return [
        Column("shares", _("Shares"), ColumnType.WHOLE),
        Column("visits", _("Human clicks"), ColumnType.WHOLE),
        Column("unique_visitors_least", _("Unique visitors, at least"), ColumnType.WHOLE),
        Column("unique_visitors_most", _("Unique visitors, at most"), ColumnType.WHOLE),
    ]


def _are_too_few() -> bool:
    """Whether so few take part that no figure of the programme may be told."""
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True)
    return bool(joined.count() < SMALLEST_GROUP)


# --- the overview --------------------------------------------------------------------------------------------------
def _overview(period: Period) -> Table:
    """Totals by network, pillar and team of five or more."""
    columns = [Column("group", _("Group")), Column("name", _("Name")), *_figures()]
    rows: list[Row] = [] if _are_too_few() else list(_overview_rows(period))
    return Table(columns, period.zone, len(rows), ([row] for row in rows))


def _overview_rows(period: Period) -> Iterator[Row]:
    shares = queries.shares_in(period)
    everyone = queries.totals_of(shares, Dimension.ALL, period)
    yield [Code("everyone", _("Everyone")), "", everyone.shares, everyone.clicks, *_people(everyone.visitors)]
    for one in queries.by_network(shares, period):
        name = Code(str(one.key), one.name or _("Other networks"))
        yield [Code("network", _("Network")), name, one.shares, one.clicks, *_people(one.visitors)]
    for one in queries.by_pillar(shares, period):
        name = _named(one, _("Other pillars"))
        yield [Code("pillar", _("Pillar")), name, one.shares, one.clicks, *_people(one.visitors)]
    for team in queries.by_team(shares, period):
        name = Code(team.name or OTHERS, team.name or _("Other teams"))
        yield [Code("team", _("Team")), name, team.shares, team.clicks, *_people(team.visitors)]


def _people(visitors: Visitors) -> Row:
    return [visitors.low, visitors.high]


def _named(one: Slice, others: str) -> Code:
    return Code(OTHERS, others) if one.key == OTHERS else Code(one.name, one.name)


# --- day by day ----------------------------------------------------------------------------------------------------
def _daily(period: Period, now: datetime) -> Table:
    """A row for everyone each day; rows by network of each day, or of a whole week, once the week is over."""
    columns = [
        Column("day", _("Day"), ColumnType.DAY),
        Column("days", _("Number of days"), ColumnType.WHOLE),
        Column("network", _("Network")),
        *_figures(),
        Column("robots", _("Robots"), ColumnType.WHOLE),
    ]
    if _are_too_few():
        return Table(columns, period.zone, 0, [])
    return Table(columns, period.zone, len(period.days), _days(period, today_in(period.zone, now)))


def _days(period: Period, today: date) -> Iterator[list[Row]]:
    """Each day's rows. The week decides what is told by network, however few of its days were asked for."""
    for monday in weeks_between(period.since, period.until):
        week = Period(monday, monday + timedelta(days=6), period.zone)
        days = {day: figures_of(Period(day, day, period.zone)) for day in week.days if day <= today}
        is_over = week.until < today
        named = named_each_day([seen.people for seen in days.values()]) if is_over else frozenset[str]()
        is_whole = is_over and period.since <= week.since and week.until <= period.until
        for day, seen in days.items():
            if period.since <= day <= period.until:
                rows = [_row(day, 1, Code("all", _("All networks")), seen.everyone)]
                rows += _split(Period(day, day, period.zone), seen, named)
                if is_whole and not named and day == week.until:
                    rows += _split_week(week)
                yield rows


def _split_week(week: Period) -> list[Row]:
    """The week's rows by network, for weeks whose days may not be told apart."""
    seen = figures_of(week)
    return _split(week, seen, named_each_day([seen.people]))


def _split(days: Period, seen: Seen, named: AbstractSet[str]) -> list[Row]:
    day, count = days.since, len(days.days)
    names = {channel.key: str(channel.label) for channel in all_channels()}
    rows = [
        _row(day, count, Code(key, names.get(key, key)), seen.networks.get(key, NOTHING))
        for key in sorted(named)
    ]
    others = [key for key in seen.networks if key not in named]
    if named and others:
        rows.append(_row(day, count, Code(OTHERS, _("Other networks")), together(seen, others, days)))
    return rows


def _row(day: date, count: int, network: Code, seen: Totals) -> Row:
    return [day, count, network, seen.shares, seen.clicks, *_people(seen.visitors), seen.robots]


# --- stories -------------------------------------------------------------------------------------------------------
def _stories(period: Period, now: datetime) -> Table:
    """The stories that came out in the period, each with what it brought since it came out, as its page says it."""
    columns = [
        Column("story", _("Story")),
        Column("address", _("Address")),
        Column("published_on", _("Published on"), ColumnType.DAY),
        *_figures(),
    ]
    out = Story.objects.filter(published_at__gte=period.start, published_at__lt=period.end)
    keys = list(out.order_by("published_at", "pk").values_list("pk", flat=True))
    return Table(columns, period.zone, len(keys), _story_parts(keys, period, now))


def _story_parts(keys: Sequence[int], period: Period, now: datetime) -> Iterator[list[Row]]:
    """A few stories at a time: a query left open for minutes would keep others from writing."""
    for start in range(0, len(keys), STORIES_AT_ONCE):
        some = Story.objects.in_bulk(keys[start : start + STORIES_AT_ONCE])
        for key in keys[start : start + STORIES_AT_ONCE]:
            yield [_story_row(some[key], period.zone, now)] if key in some else []  # erased meanwhile


def _story_row(story: Story, zone: str, now: datetime) -> Row:
    published_at = story.published_at or story.created_at
    brought = _brought_by(story, since_moment(published_at, now=now, zone=zone))
    figures = [brought.shares, brought.clicks, *_people(brought.visitors)] if brought else [None] * 4
    return [story.title, story.link, today_in(zone, published_at), *figures]


def _brought_by(story: Story, period: Period) -> Totals | None:
    """What the story brought; None while fewer than five people shared it."""
    shares = queries.shares_in(period).filter(story=story)
    if queries.is_shared_by_few(shares):
        return None
    return queries.totals_of(shares, Dimension.STORY, period, [story.pk])


# --- one's own shares ----------------------------------------------------------------------------------------------
def _my_shares(person: Person, period: Period, now: datetime) -> Table:
    columns = [
        Column("story", _("Story")),
        Column("network", _("Network")),
        Column("shared_on", _("Shared on"), ColumnType.DAY),
        Column("text", _("Text")),
        *_figures()[1:],
    ]
    names = {channel.key: str(channel.label) for channel in all_channels()}
    results = queries.share_results(queries.shares_in(period).filter(person=person), now=now)
    return Table(columns, period.zone, len(results), ([_share_row(one, period, names)] for one in results))


def _share_row(one: ShareResult, period: Period, names: dict[str, str]) -> Row:
    share = one.share
    network = Code(share.channel, names.get(share.channel, share.channel))
    day = period.day_of(share.shared_at)
    return [share.story.title, network, day, share.text, one.clicks, *_people(one.visitors)]
