"""The page *Visitors*: who came, once each, through whom, when, and what was not counted."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from portevoix.analytics.audience import AudienceFigures
from portevoix.analytics.reach import audience_figures
from portevoix.analytics.timing import Advice, Verdict
from portevoix.core import clock
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.studio import visitor_bars, visitor_words
from portevoix.web.studio.months import months, period_of_month


@able(Ability.SEE_FIGURES)
def visitors(request: PageRequest) -> HttpResponse:
    """Who came in a month."""
    zone = request.person.organisation.time_zone
    offered = months(request.GET.get("month", ""), zone)
    chosen = next(month for month in offered if month.is_chosen)
    seen = audience_figures(request.person, period_of_month(chosen.first, zone), now=clock.now())
    context = {"months": offered, "chosen": chosen, "seen": seen, **_told(seen)}
    return render(request, "studio/visitors.html", context)


def is_told(advice: Advice) -> bool:
    """Whether the shares say something of that network's hours."""
    return advice.verdict != Verdict.NOT_ENOUGH


def _told(seen: AudienceFigures) -> dict[str, Any]:
    """What the page says of these figures, and what it draws."""
    return {
        "sentence": visitor_words.headline(seen),
        "untold": visitor_words.untold_words(seen),
        "networks": visitor_bars.reach_rows(seen.networks, _("Other networks")),
        "networks_sentence": visitor_words.networks_sentence(seen.networks),
        "teams": visitor_bars.reach_rows(seen.teams, _("Other teams")),
        "overlaps": visitor_bars.overlap_rows(seen.overlaps, _("Other teams")),
        "overlap_sentence": visitor_words.overlap_sentence(seen),
        "heat": visitor_bars.heat(seen.hours),
        "heat_sentence": visitor_words.heat_sentence(seen.hours),
        "parts": visitor_bars.part_lists(seen),
        "uncounted": visitor_bars.uncounted_rows(seen),
        "uncounted_sentence": visitor_words.uncounted_sentence(seen),
        "advice": [visitor_words.advice_words(one) for one in seen.advice if is_told(one)],
        "waiting": [visitor_words.advice_words(one) for one in seen.advice if not is_told(one)],
        "comparison": visitor_words.comparison_words(seen.comparison) if seen.comparison else None,
    }


urlpatterns = [path("visitors", visitors, name="visitors")]
