"""Weeks as the bars that the `chart` component draws, and the sentence that stands above them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from portevoix.analytics.queries import BestWeek, Slice
from portevoix.web.templatetags.words import month, short_day

FEW_BARS = 6  # up to so many, each is named by its first day


def week_bars(weeks: Sequence[Slice], today: date) -> list[dict[str, Any]]:
    """One bar a week: the current one hatched, months named where they begin."""
    return [
        {
            "label": _("Week of %(day)s") % {"day": short_day(week.key)},
            "value": week.clicks,
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
    """When most visits came, and with which story."""
    if best is None:
        return _("No visit yet.")
    return _("Most visits came in the week of %(day)s, above all with “%(story)s”.") % {
        "day": short_day(best.week),
        "story": best.story,
    }
