"""What the page *Visitors* says in sentences: figures with their interval, and what cannot be said yet. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil, log10
from typing import Any

from babel.dates import get_day_names
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portevoix.analytics.audience import AudienceFigures, Comparison, Reach
from portevoix.analytics.intervals import Interval
from portevoix.analytics.period import Period
from portevoix.analytics.timing import Advice, Verdict, Window
from portevoix.core.spoken import locale_name
from portevoix.sharing.channels import all_channels
from portevoix.web.charts import isolated, period_words
from portevoix.web.templatetags.words import number, percent

FEW_VISITS = 30  # in all: below, the fullest hour says nothing


def about(interval: Interval) -> str:
    """540, when it was counted; about 540, when it was estimated."""
    figure = number(round(interval.estimate))
    return figure if interval.is_exact else _("about %(figure)s") % {"figure": figure}


def between(interval: Interval) -> str:
    """Between 520 and 560; nothing when it was counted."""
    if interval.is_exact:
        return ""
    bounds = {"low": number(round(interval.low)), "high": number(round(interval.high))}
    return _("between %(low)s and %(high)s") % bounds


def either(first: str, second: str) -> str:
    """Two names, joined."""
    return _("%(first)s and %(second)s") % {"first": isolated(first), "second": isolated(second)}


def untold_words(seen: AudienceFigures) -> str:
    """Which days no figure holds, and why; empty when all are told."""
    if not seen.untold:
        return ""
    runs: list[Period] = []
    for day in seen.untold:
        since = runs.pop().since if runs and runs[-1].until == day - timedelta(days=1) else day
        runs.append(Period(since, day, seen.period.zone))
    days = format_list([isolated(period_words(run)) for run in runs], locale=locale_name())
    return _(
        "Without %(days)s: a week that fewer than five people stand behind is not told, and one that lies in two months "
        "waits for its end."
    ) % {"days": days}


def headline(seen: AudienceFigures) -> str:
    """How many different people came, in a sentence."""
    if seen.is_hidden:
        return _("Figures appear once five people have joined.")
    if not seen.everybody and seen.untold:
        return _("No day of this month can be told yet.")
    if not seen.everybody:
        return _("Nobody has followed a link in this month yet.")
    interval = seen.everybody.interval
    if interval is None:
        return _(
            "At least %(low)s and at most %(high)s different people followed a link that your ambassadors shared: "
            "your organisation recognises visitors for a shorter time than a month."
        ) % {"low": number(seen.everybody.low), "high": number(seen.everybody.high)}
    count = round(interval.estimate)
    if interval.is_exact:
        sentence = ngettext(
            "%(count)s person followed a link that your ambassadors shared, counted once however often they came.",
            "%(count)s different people followed a link that your ambassadors shared, each counted once.",
            count,
        )
        return sentence % {"count": number(count)}
    return _(
        "About %(count)s different people followed a link that your ambassadors shared: %(bounds)s, 95 times out of 100."
    ) % {"count": number(count), "bounds": between(interval)}


def networks_sentence(reached: Sequence[Reach]) -> str:
    """Which network reached most people that no other did."""
    known = [one for one in reached if one.is_told_from_none and one.crowd.name and one.alone]
    best = max(known, key=lambda one: one.alone.estimate if one.alone else 0, default=None)
    if len(reached) < 2 or best is None or best.alone is None:
        return _("How many different people each network brought.")
    return _("%(network)s brought most people whom no other network did: %(figure)s.") % {
        "network": isolated(best.crowd.name),
        "figure": about(best.alone),
    }


def overlap_sentence(seen: AudienceFigures) -> str:
    """What teams have in common, or why nothing is said."""
    if len(seen.teams) < 2:
        return _("Too few teams of five or more to compare.")
    if not seen.overlaps:
        return _("Visitors are recognised for too short a time to say whom two teams both reached.")
    if not any(one.is_told_from_none for one in seen.overlaps):
        return _("Teams reach different people: what any two have in common cannot be told apart from none.")
    return _("How many different people each team brought, and whom two of them did.")


def heat_sentence(hours: Sequence[Sequence[int]]) -> str:
    """When most visits came."""
    if sum(map(sum, hours)) < FEW_VISITS:
        return _("Too few visits yet to see an hour in them.")
    _visits, day, hour = max(
        (sum(row[at : at + 2]), -day, -at) for day, row in enumerate(hours) for at in range(0, 24, 2)
    )
    name = get_day_names("wide", locale=locale_name())[-day]
    return _("Most visits came on %(day)s between %(start)s and %(end)s.") % {
        "day": name,
        "start": hour_words(-hour),
        "end": hour_words(2 - hour),
    }


def hour_words(hour: int) -> str:
    """16:00 (English), 16 h (French)."""
    return _("%(hour)s:00") % {"hour": hour % 24}


def uncounted_sentence(seen: AudienceFigures) -> str:
    """How much of what arrived was left out."""
    left_out = seen.repeats + sum(one.clicks for one in (*seen.previews, *seen.robots))
    if not left_out:
        return _("Every click of this month is counted as a visit.")
    return _("%(part)s of the %(count)s clicks of this month are in no figure.") % {
        "part": percent(left_out / (left_out + seen.visits)),
        "count": number(left_out + seen.visits),
    }


def window_words(window: Window) -> str:
    """Monday to Friday, 7:00–10:00."""
    days = _("Saturday and Sunday") if window.is_weekend else _("Monday to Friday")
    hours = f"{hour_words(window.start)}\u2060–\u2060{hour_words(window.end)}"
    return _("%(days)s, %(hours)s") % {"days": days, "hours": isolated(hours)}


def advice_words(advice: Advice) -> dict[str, Any]:
    """What is said of a network: its name, what stands out, and why or how much is missing."""
    names = {channel.key: str(channel.label) for channel in all_channels()}
    told = {"network": advice.network, "name": names.get(advice.network, advice.network), "window": ""}
    if advice.window and advice.ratio:
        gain = {
            "gain": _gain(advice.ratio.estimate),
            "low": _gain(advice.ratio.low),
            "high": _gain(advice.ratio.high),
        }
        sentence = _(
            "%(gain)s more visits a share than the same people’s shares at other hours (between %(low)s and %(high)s)."
        )
        return {**told, "window": window_words(advice.window), "sentence": sentence % gain}
    return {**told, "sentence": _no_window(advice)}


def _gain(ratio: float) -> str:
    return percent(round(ratio - 1, 2))


def _no_window(advice: Advice) -> str:
    if advice.verdict == Verdict.NONE_BETTER:
        return _("No hour stands out: post when it suits you.")
    if not advice.missing_shares:
        return _("more, at other hours")
    return _("about %(figure)s") % {"figure": number(_rounded(advice.missing_shares))}


def _rounded(count: int) -> int:
    """Upwards to one digit that counts and zeros: 683 is about 700."""
    unit = int(10 ** int(log10(count)))
    return ceil(count / unit) * unit


def comparison_words(comparison: Comparison) -> dict[str, str]:
    """People beside the company's page: the ratio as it is written large, and the sentence under it."""
    if comparison.ratio is None:
        return {"figure": "", "sentence": _too_few_stories(comparison)}
    ratio = comparison.ratio
    facts = {"low": _times(ratio.low), "high": _times(ratio.high), "stories": number(comparison.stories)}
    if ratio.holds(1):
        sentence = _(
            "A share by a person and a post of the company’s page bring about as many visitors, as far as can be told "
            "(between %(low)s and %(high)s times), on the %(stories)s stories that both shared."
        )
    else:
        sentence = _(
            "times as many visitors for a share by a person as for a post of the company’s page "
            "(between %(low)s and %(high)s), on the %(stories)s stories that both shared."
        )
    return {"figure": "" if ratio.holds(1) else _times(ratio.estimate), "sentence": sentence % facts}


def _times(ratio: float) -> str:
    return number(round(ratio, 1))


def _too_few_stories(comparison: Comparison) -> str:
    if not comparison.missing_stories:
        return _("Not enough data yet: too few people or visits on the stories that both shared.")
    sentence = ngettext(
        "Not enough data yet: %(count)s more story needs to be shared by people and by the company’s page.",
        "Not enough data yet: %(count)s more stories need to be shared by people and by the company’s page.",
        comparison.missing_stories,
    )
    return sentence % {"count": number(comparison.missing_stories)}
