"""Weeks as the bars that the `chart` component draws, the sentence above them, and periods in words."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_interval, format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portevoix.analytics.period import Period
from portevoix.analytics.queries import BestWeek
from portevoix.analytics.rules import Slice
from portevoix.analytics.visitors import Visitors
from portevoix.core.spoken import locale_name
from portevoix.web.templatetags.words import month, number, short_day

FEW_BARS = 6  # up to so many, each is named by its first day


def week_bars(
    weeks: Sequence[Slice], today: date, untold: Collection[date] = frozenset()
) -> list[dict[str, Any]]:
    """One bar a week: the current one hatched, months named where they begin; words in place of what is not told."""
    return [
        {
            "label": _("Week of %(day)s") % {"day": short_day(week.key)},
            "value": week.clicks,
            "instead": _("fewer than five people") if week.key in untold else "",
            "tick": short_day(week.key) if len(weeks) <= FEW_BARS else _month_tick(weeks, index),
            "current": week.key <= today < week.key + timedelta(days=7),
        }
        for index, week in enumerate(weeks)
    ]


def _month_tick(weeks: Sequence[Slice], index: int) -> str:
    """The month that begins with this bar. The first bar keeps silent when the next ones begin another month."""
    here = weeks[index].key
    if index == 0:
        return month(here) if weeks[min(2, len(weeks) - 1)].key.month == here.month else ""
    return month(here) if weeks[index - 1].key.month != here.month else ""


def week_sentence(best: BestWeek | None) -> str:
    """When most visits came, and with which story, if it may be told."""
    if best is None:
        return _("No visit yet.")
    if not best.story:
        return _("Most visits came in the week of %(day)s.") % {"day": short_day(best.week)}
    return _("Most visits came in the week of %(day)s, above all with “%(story)s”.") % {
        "day": short_day(best.week),
        "story": isolated(best.story),
    }


def people(visitors: Visitors) -> str:
    """How many unique visitors: one number, or from how many to how many where more cannot be known."""
    if not visitors.is_range:
        return number(visitors.high)
    return f"{number(visitors.low)}\u2060–\u2060{number(visitors.high)}"


def people_words(visitors: Visitors) -> str:
    """The same with the word; empty for nobody."""
    if not visitors:
        return ""
    told = ngettext("%(count)s unique visitor", "%(count)s unique visitors", visitors.high)
    return told % {"count": people(visitors)}


def people_note(visitors: Visitors) -> str:
    """What the number of unique visitors leaves open: its interval, or why it is a range. Empty when it is exact."""
    if visitors.is_range:
        return _("Nobody is recognised from one period to the next: from the fullest one to all together.")
    interval = visitors.interval
    if interval is None or interval.is_exact:
        return ""
    return _("Between %(low)s and %(high)s, in 95 cases out of 100.") % {
        "low": number(round(interval.low)),
        "high": number(round(interval.high)),
    }


def isolated(name: str) -> str:
    """A name inside a sentence, whose direction of writing does not disturb the sentence's (Unicode, UAX 9)."""
    return f"\u2068{name}\u2069"


def period_words(period: Period) -> str:
    """The days of a period, short: 7 sept. – 23 nov. 2026."""
    if period.since == period.until:
        return format_skeleton("yMMMd", period.since, locale=locale_name())
    return str(format_interval(period.since, period.until, "yMMMd", locale=locale_name()))
