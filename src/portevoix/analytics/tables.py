"""What each export holds, as rows of cells. Names of people are in none of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portevoix.analytics import queries
from portevoix.analytics.models import Export
from portevoix.analytics.period import Period
from portevoix.analytics.rules import OTHERS, SMALLEST_GROUP, Slice
from portevoix.library.models import Story
from portevoix.people.models import Participation, Person
from portevoix.sharing.channels import all_channels

Row = list[Any]


@dataclass(frozen=True)
class Table:
    """A header, how many rows to expect, and the rows, made one by one."""

    header: Row
    count: int
    rows: Iterator[Row]


def table_of(export: Export) -> Table:
    """The table that an export asks for."""
    period = Period(export.since_on, export.until_on, export.organisation.time_zone)
    makers = {
        Export.Kind.OVERVIEW: lambda: _overview(period),
        Export.Kind.STORIES: lambda: _stories(period),
        Export.Kind.MY_SHARES: lambda: _my_shares(export.requested_by, period),
    }
    return makers[Export.Kind(export.kind)]()


def _overview(period: Period) -> Table:
    """Totals by network, pillar and team of five or more."""
    header = [_("Group"), _("Name"), _("Shares"), _("Human clicks"), _("Unique visitors")]
    joined = Person.objects.filter(participation=Participation.JOINED, is_active=True).count()
    if joined < SMALLEST_GROUP:
        return Table(header, 0, iter([]))
    shares, clicks = queries.shares_in(period), queries.human_clicks(period)
    totals = queries.totals_of(shares, clicks)
    rows: list[Row] = [[_("Everyone"), "", totals.shares, totals.clicks, totals.visitors]]
    rows += [
        [_("Network"), _named(n, _("Other networks")), n.shares, n.clicks, n.visitors]
        for n in queries.by_network(shares, clicks)
    ]
    rows += [
        [_("Pillar"), _named(p, _("Other pillars")), p.shares, p.clicks, p.visitors]
        for p in queries.by_pillar(shares, clicks)
    ]
    rows += [
        [_("Team"), t.name or _("Other teams"), t.shares, t.clicks, t.visitors]
        for t in queries.by_team(shares, clicks)
    ]
    return Table(header, len(rows), iter(rows))


def _named(one: Slice, others: str) -> str:
    return others if one.key == OTHERS else one.name


def _stories(period: Period) -> Table:
    header = [
        _("Story"),
        _("Address"),
        _("Published on"),
        _("Shares"),
        _("Human clicks"),
        _("Unique visitors"),
    ]
    stories = Story.objects.filter(published_at__isnull=False, published_at__lt=period.end).order_by(
        "published_at"
    )
    return Table(header, stories.count(), (_story_row(story, period) for story in stories.iterator()))


def _story_row(story: Story, period: Period) -> Row:
    day = period.day_of(story.published_at or story.created_at).isoformat()
    shares = queries.shares_in(period).filter(story=story)
    if queries.is_shared_by_few(shares):
        return [story.title, story.link, day, "", "", ""]
    totals = queries.totals_of(shares, queries.human_clicks(period).filter(link__share__story=story))
    return [story.title, story.link, day, totals.shares, totals.clicks, totals.visitors]


def _my_shares(person: Person, period: Period) -> Table:
    header = [_("Story"), _("Network"), _("Shared on"), _("Text"), _("Human clicks"), _("Unique visitors")]
    names = {channel.key: str(channel.label) for channel in all_channels()}
    results = queries.share_results(queries.shares_in(period).filter(person=person))
    rows = (
        [
            one.share.story.title,
            names.get(one.share.channel, one.share.channel),
            period.day_of(one.share.shared_at).isoformat(),
            one.share.text,
            one.clicks,
            one.visitors,
        ]
        for one in results
    )
    return Table(header, len(results), rows)
