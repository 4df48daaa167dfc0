"""What the overview says in a sentence or three: how it goes, and first of all what does not. Pure."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portevoix.analytics.health import Balance, Freshness, Health
from portevoix.analytics.programme import Overview
from portevoix.analytics.rules import Slice
from portevoix.web.charts import isolated
from portevoix.web.templatetags.words import number, percent

MISSING_PART = 0.05  # a pillar lacks stories when a twentieth of all stories is missing to its target
FALL_FROM = 20  # visits a week under which a fall says nothing
FALL_TO = 0.75
MOST_SENTENCES = 3


def findings(overview: Overview, health: Health) -> str:
    """At most three sentences about the period, the programme and its stories."""
    said = [
        _activity(overview),
        _lack_of_stories(health.freshness) or _lacking_pillar(health.balances, health.freshness.count),
        _fall(overview),
    ]
    return " ".join([sentence for sentence in said if sentence][:MOST_SENTENCES])


def _activity(overview: Overview) -> str:
    if overview.is_hidden:
        return _("Figures appear once five people have joined.")
    if not overview.totals.shares:
        return _("Nothing was shared in this period.")
    facts = {"active": number(overview.active), "joined": number(overview.joined)}
    return (
        ngettext(
            "%(active)s ambassador out of %(joined)s has shared in the last 28 days.",
            "%(active)s ambassadors out of %(joined)s have shared in the last 28 days.",
            overview.active,
        )
        % facts
    )


def _lack_of_stories(freshness: Freshness) -> str:
    if not freshness.count:
        return _("There is no story to share at the moment.")
    if freshness.ending_count * 2 < freshness.count:
        return ""
    facts = {"ending": number(freshness.ending_count), "count": number(freshness.count)}
    return (
        ngettext(
            "%(ending)s story out of %(count)s ends within three days.",
            "%(ending)s stories out of %(count)s end within three days.",
            freshness.ending_count,
        )
        % facts
    )


def _lacking_pillar(balances: Sequence[Balance], count: int) -> str:
    furthest = max(balances, key=lambda balance: balance.gap, default=None)
    if furthest is None or furthest.gap < MISSING_PART or not count:
        return ""
    return _("“%(pillar)s” lacks stories: %(share)s of them, for a target of %(target)s.") % {
        "pillar": isolated(furthest.name),
        "share": percent(furthest.share),
        "target": percent(furthest.target),
    }


def _fall(overview: Overview) -> str:
    """The last whole week beside the one before it, where both are told; the current one is not over."""
    told = [week for week in overview.weeks[-3:-1] if week.key not in overview.untold]
    if len(told) < 2:
        return ""
    before, last = (week.clicks for week in told)
    if before < FALL_FROM or last > before * FALL_TO:
        return ""
    return _("Last week brought %(last)s visits, after %(before)s the week before.") % {
        "last": number(last),
        "before": number(before),
    }


def leading(slices: Sequence[Slice]) -> tuple[str, float] | None:
    """The name that brings most visits, and its part of them; None when there are none."""
    total = sum(one.clicks for one in slices)
    return (slices[0].name, slices[0].clicks / total) if total else None
