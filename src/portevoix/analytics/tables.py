"""What each export holds, as rows of cells. Names of people are in none of them.

Figures are of groups, and a file never tells more than the page: its overview is the page's overview of the same weeks, a
story's figures are those of its page, whatever days were asked for, and days are cut as `telling` cuts them for all.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from portevoix.analytics import daily, queries, told
from portevoix.analytics.formats import Code, Column, ColumnType, Row
from portevoix.analytics.models import Dimension, Export
from portevoix.analytics.period import Period, since_moment, today_in
from portevoix.analytics.programme import joined_people
from portevoix.analytics.queries import ShareResult, Totals
from portevoix.analytics.rules import OTHERS, SMALLEST_GROUP, Slice
from portevoix.analytics.told import Cut, Told
from portevoix.analytics.visitors import Visitors
from portevoix.library.models import Story
from portevoix.people.models import Person
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
        Export.Kind.OVERVIEW: lambda: _overview(period, now),
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
    return joined_people().count() < SMALLEST_GROUP


# --- the overview --------------------------------------------------------------------------------------------------
def _overview(period: Period, now: datetime) -> Table:
    """Totals of the weeks, then by network, pillar and team of five or more, of the fours that are over."""
    columns = [
        Column("group", _("Group")),
        Column("name", _("Name")),
        Column("since", _("From"), ColumnType.DAY),
        Column("until", _("To"), ColumnType.DAY),
        *_figures(),
    ]
    rows: list[Row] = [] if _are_too_few() else list(_overview_rows(told.told_in(period, now=now)))
    return Table(columns, period.zone, len(rows), ([row] for row in rows))


def _overview_rows(seen: Told) -> Iterator[Row]:
    everyone = seen.totals()
    days = [seen.period.since, seen.period.until]
    people = _people(everyone.visitors)
    yield [Code("everyone", _("Everyone")), "", *days, everyone.shares, everyone.clicks, *people]
    yield from _group_rows(seen, Code("network", _("Network")), told.networks(), _("Other networks"))
    yield from _group_rows(seen, Code("pillar", _("Pillar")), told.pillars(), _("Other pillars"))
    yield from _group_rows(seen, Code("team", _("Team")), told.teams(), _("Other teams"))


def _group_rows(seen: Told, group: Code, cut: Cut, others: str) -> Iterator[Row]:
    days = [seen.days_apart.since, seen.days_apart.until]
    for one in seen.groups_and_visitors(cut):
        yield [group, _named(one, others), *days, one.shares, one.clicks, *_people(one.visitors)]


def _people(visitors: Visitors) -> Row:
    return [visitors.low, visitors.high]


def _named(one: Slice, others: str) -> Code:
    """Networks by their key, which is for programs; pillars and teams by their name."""
    if one.key == OTHERS:
        return Code(OTHERS, others)
    return Code(one.key if isinstance(one.key, str) else one.name, one.name)


# --- day by day ----------------------------------------------------------------------------------------------------
def _daily(period: Period, now: datetime) -> Table:
    """A row for everyone each day, or each piece that is told as one; rows by network once their four weeks are over."""
    columns = [
        Column("day", _("Day"), ColumnType.DAY),
        Column("days", _("Number of days"), ColumnType.WHOLE),
        Column("network", _("Network")),
        *_figures(),
        Column("robots", _("Robots"), ColumnType.WHOLE),
    ]
    if _are_too_few():
        return Table(columns, period.zone, 0, [])
    seen = told.told_in(period, now=now)
    names = {channel.key: str(channel.label) for channel in all_channels()}
    names |= {daily.ALL: _("All networks"), OTHERS: _("Other networks")}
    parts = ([_line(line, names) for line in lines] for lines in daily.lines(seen))
    return Table(columns, period.zone, daily.count(seen), parts)


def _line(line: daily.Line, names: dict[str, str]) -> Row:
    network = Code(line.network, names.get(line.network, line.network))
    seen = line.totals
    figures = [seen.shares, seen.clicks, *_people(seen.visitors), seen.robots]
    return [line.unit[0], len(line.unit), network, *figures]


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
    untold = queries.untold_stories(now=now, zone=period.zone)
    return Table(columns, period.zone, len(keys), _story_parts(keys, untold, period.zone, now))


def _story_parts(
    keys: Sequence[int], untold: AbstractSet[int], zone: str, now: datetime
) -> Iterator[list[Row]]:
    """A few stories at a time: a query left open for minutes would keep others from writing."""
    for start in range(0, len(keys), STORIES_AT_ONCE):
        some = Story.objects.in_bulk(keys[start : start + STORIES_AT_ONCE])
        for key in keys[start : start + STORIES_AT_ONCE]:
            yield [_story_row(some[key], key in untold, zone, now)] if key in some else []  # erased meanwhile


def _story_row(story: Story, is_untold: bool, zone: str, now: datetime) -> Row:
    published_at = story.published_at or story.created_at
    brought = None if is_untold else _brought_by(story, since_moment(published_at, now=now, zone=zone))
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
