"""Figures of the programme: the overview, what a story brought, exports. Groups of five or more, never people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portevoix.analytics import programme, queries
from portevoix.analytics.actions import erase_export, request_export
from portevoix.analytics.conversions import conversions_of_programme, conversions_of_story
from portevoix.analytics.health import AGE_LIMITS, VOLUNTEERS_TO_START, Beginnings, Freshness, health
from portevoix.analytics.models import Export
from portevoix.analytics.period import today_in
from portevoix.analytics.programme import Overview, WideStory
from portevoix.analytics.queries import Totals
from portevoix.analytics.reported import reported, reported_of_story
from portevoix.analytics.rules import OTHERS, Slice
from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.charts import (
    isolated,
    people,
    people_note,
    people_words,
    period_words,
    week_bars,
    week_sentence,
)
from portevoix.web.exports import file_of, shown
from portevoix.web.refusals import show_beside
from portevoix.web.studio.export_form import ExportForm
from portevoix.web.studio.findings import findings, leading
from portevoix.web.studio.periods import PeriodForm
from portevoix.web.studio.reported import reported_words
from portevoix.web.templatetags.words import day, number, percent

MOST_BARS = 6
BY_HOURS = 48  # beyond, days are told


@able(Ability.SEE_FIGURES)
def overview(request: PageRequest) -> HttpResponse:
    """The programme in a period: what it brought, who takes part, how its stories are kept."""
    now, organisation = clock.now(), request.person.organisation
    form = PeriodForm(request.GET, now=now, zone=organisation.time_zone)
    seen = programme.overview(request.person, form.result, now=now)
    period = seen.period
    kept = health(organisation.language, now=now)
    context = {
        "form": form,
        "period": period,
        "period_words": period_words(period),
        "overview": seen,
        "health": kept,
        "findings": findings(seen, kept),
        "reported": reported_words(reported(request.person, period, now=now)),
        "steps": list(_steps(kept.beginnings, request.person)),
        "figures": _figures(seen.totals),
        "onward": _onward(seen),
        "bars": week_bars(seen.weeks, today_in(organisation.time_zone, now), seen.untold),
        "chart_sentence": week_sentence(seen.best),
        "is_partly_told": bool(seen.untold),
        **_apart(seen),
        "ages": _age_bars(kept.freshness),
        "freshness_sentence": _freshness_sentence(kept.freshness),
        "balances": kept.balances,
        "conversions": conversions_of_programme(request.person, period),
        **_measured(seen.networks, seen.pillars, seen.teams),
        **_stories(seen.stories),
    }
    return render(request, "studio/overview.html", context)


@able(Ability.SEE_FIGURES)
def story_results(request: PageRequest, code: str) -> HttpResponse:
    """What one story brought since it was published."""
    now = clock.now()
    results = queries.story_results(request.person, code, now=now)
    context = {
        "results": results,
        "story": results.story,
        "period": results.period,
        "figures": _figures(results.totals),
        "chart_sentence": _half_sentence(results.hours_to_half),
        "networks_sentence": _leading_sentence(results.networks),
        "reported": reported_words(reported_of_story(request.person, results.story)),
        "conversions": conversions_of_story(request.person, results.story, results.period),
        **_measured(results.networks, [], results.teams),
    }
    return render(request, "studio/story_results.html", context)


@able(Ability.EXPORT_FIGURES)
def exports(request: PageRequest) -> HttpResponse:
    """The person's exports and the form that asks for one."""
    form = ExportForm(request.POST or None, initial=_asked_period(request))
    if request.method == "POST" and form.is_valid() and _request_export(request, form):
        return redirect("exports")
    rows = shown(queries.exports_of(request.person)[:50])
    context = {"form": form, "exports": rows, "is_waiting": any(row.is_waiting for row in rows)}
    return render(request, "studio/exports.html#list" if request.htmx else "studio/exports.html", context)


@able(Ability.EXPORT_FIGURES)
def export_download(request: PageRequest, code: str) -> HttpResponseBase:
    """The file of an export, for the person who asked for it."""
    return file_of(queries.get_export_for(request.person, code))


@require_POST
@able(Ability.EXPORT_FIGURES)
def export_erase(request: PageRequest, code: str) -> HttpResponse:
    """Erases an export, or stops its preparation."""
    erase_export(export=queries.get_export_for(request.person, code), now=clock.now())
    return redirect("exports")


def _request_export(request: PageRequest, form: ExportForm) -> bool:
    facts = form.cleaned_data
    try:
        request_export(
            person=request.person,
            kind=facts["kind"],
            format=facts["format"] or Export.Format.CSV,
            since_on=facts["since_on"],
            until_on=facts["until_on"],
            language=translation.get_language() or "fr",
            now=clock.now(),
        )
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True


def _asked_period(request: PageRequest) -> dict[str, Any]:
    """The days the overview was showing when the person came from there; its default otherwise."""
    zone = request.person.organisation.time_zone
    period = PeriodForm(request.GET, now=clock.now(), zone=zone).result
    return {"since_on": period.since, "until_on": period.until}


def _steps(beginnings: Beginnings, person: Person) -> Iterator[dict[str, Any]]:
    """The way to a living programme; the first step that is not done is the current one."""
    joined = {"count": number(beginnings.joined), "wanted": number(VOLUNTEERS_TO_START)}
    ways = (
        (beginnings.has_pillars, _("Name the pillars"), "", "line", Ability.EDIT_LINE),
        (beginnings.has_disclosure, _("Write the disclosure line"), "", "line", Ability.EDIT_LINE),
        (
            beginnings.has_stories,
            _("Connect a source or publish a story"),
            "",
            "library",
            Ability.WRITE_STORIES,
        ),
        (
            beginnings.has_volunteers,
            _("Find ten volunteers"),
            _("%(count)s of %(wanted)s have joined") % joined,
            "ambassadors",
            Ability.INVITE,
        ),
        (beginnings.was_shared, _("See the first share"), "", "to_share", Ability.SHARE),
    )
    current = next((index for index, way in enumerate(ways) if not way[0]), None)
    for index, (done, label, note, place, ability) in enumerate(ways):
        url = reverse(place) if person.may(ability) else ""
        yield {
            "label": label,
            "note": "" if done else note,
            "done": done,
            "current": index == current,
            "url": url,
            "action": _("Do it now") if url else "",
        }


def _figures(totals: Totals) -> list[dict[str, Any]]:
    """The three figures of a tile, each with how it is known."""
    return [
        {"label": _("Shares"), "figure": number(totals.shares), "level": "declared"},
        {"label": _("Visits"), "figure": number(totals.clicks), "level": "measured"},
        {
            "label": _("Unique visitors"),
            "figure": people(totals.visitors),
            "level": "measured",
            "note": people_note(totals.visitors),
        },
    ]


def _onward(seen: Overview) -> dict[str, str]:
    """What part of the people goes on, from one step of the path to the next."""
    joined = seen.joined / seen.invited if seen.invited else 0
    active = seen.active / seen.joined if seen.joined else 0
    return {
        "joined": _("%(part)s joined") % {"part": percent(joined)},
        "active": _("%(part)s shared in the last 28 days") % {"part": percent(active)},
    }


def _apart(seen: Overview) -> dict[str, str]:
    """What is said of networks, pillars and teams: of which days they are, and what they show."""
    next_on = day(seen.next_on) if seen.next_on else ""
    waiting = _("Too few people shared to tell them apart. The next four weeks are told from %(day)s on.")
    waiting %= {"day": next_on}
    return {
        "apart_words": period_words(seen.apart) if seen.apart else "",
        "networks_sentence": _leading_sentence(seen.networks) if seen.networks else waiting,
        "pillars_sentence": _leading_sentence(seen.pillars) if seen.pillars else waiting,
        "teams_sentence": _("Visits that each team brought.") if seen.teams else waiting,
    }


def _stories(stories: Sequence[WideStory]) -> dict[str, Any]:
    """The rows of the stories that reached most people, and the longest bar."""
    return {
        "stories": [
            {
                "code": one.code,
                "title": one.title,
                "visitors": one.visitors,
                "figure": people_words(one.visitors),
                "visits": _visits(one.clicks),
            }
            for one in stories
        ],
        "stories_most": max((one.visitors.high for one in stories), default=0),
    }


def _visits(count: int) -> str:
    return ngettext("%(count)s visit", "%(count)s visits", count) % {"count": number(count)}


def _half_sentence(hours: int | None) -> str:
    """How fast a story's visits came; nothing while that cannot be said."""
    if hours is None:
        return ""
    if hours <= BY_HOURS:
        told = ngettext(
            "Half of the visits came within an hour of its coming out.",
            "Half of the visits came within %(count)s hours of its coming out.",
            hours,
        )
        return told % {"count": number(hours)}
    days = -(-hours // 24)
    told = ngettext(
        "Half of the visits came in its first day.",
        "Half of the visits came in its first %(count)s days.",
        days,
    )
    return told % {"count": number(days)}


def _leading_sentence(slices: list[Slice]) -> str:
    first = leading(slices)
    if first is None:
        return _("No visit yet.")
    name, part = first
    return _("%(name)s brings %(part)s of the visits.") % {
        "name": isolated(name or _("No pillar")),
        "part": percent(part),
    }


def _age_bars(freshness: Freshness) -> list[dict[str, Any]]:
    """One bar for each span of age, in days; the oldest stories are about to leave."""
    starts = (0, *(limit + 1 for limit in AGE_LIMITS))
    spans = [f"{start}–{limit}" for start, limit in zip(starts, AGE_LIMITS, strict=False)] + [
        f"{starts[-1]}+"
    ]
    last = len(spans) - 1
    return [
        {"label": span, "value": count, "ending": index == last}
        for index, (span, count) in enumerate(zip(spans, freshness.ages, strict=True))
    ]


def _freshness_sentence(freshness: Freshness) -> str:
    if not freshness.count:
        return _("There is no story to share at the moment.")
    count = ngettext("%(count)s story to share", "%(count)s stories to share", freshness.count)
    days = ngettext("median age %(days)s day", "median age %(days)s days", freshness.median_days)
    ending = ngettext(
        "%(count)s ends within three days", "%(count)s end within three days", freshness.ending_count
    )
    facts = [
        count % {"count": number(freshness.count)},
        days % {"days": number(freshness.median_days)},
        ending % {"count": number(freshness.ending_count)} if freshness.ending_count else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _folded(slices: list[Slice], others: str) -> list[Slice]:
    """The first bars of a tile, and the others in one, so that what is shown adds up."""
    named = [one for one in slices if one.key != OTHERS]
    few = named if len(slices) <= MOST_BARS else named[: MOST_BARS - 1]
    rest = slices[len(few) :]
    if not rest:
        return few
    together = Slice(OTHERS, others, sum(one.shares for one in rest), sum(one.clicks for one in rest))
    return [*few, together]


def _measured(networks: list[Slice], pillars: list[Slice], teams: list[Slice]) -> dict[str, Any]:
    """Bars of visits: their rows, and the longest of each tile."""
    networks = _folded(networks, _("Other networks"))
    pillars = _folded(pillars, _("Other pillars"))
    return {
        "networks": networks,
        "networks_most": max((one.clicks for one in networks), default=0),
        "pillars": [
            {"name": one.name, "clicks": one.clicks, "note": people_words(one.visitors)} for one in pillars
        ],
        "pillars_most": max((one.clicks for one in pillars), default=0),
        "teams": [replace(one, name=_("Other teams")) if one.key == OTHERS else one for one in teams],
        "teams_most": max((one.clicks for one in teams), default=0),
    }


urlpatterns = [
    path("", overview, name="overview"),
    path("stories/<slug:code>/results", story_results, name="story_results"),
    path("exports", exports, name="exports"),
    path("exports/<slug:code>/file", export_download, name="export_download"),
    path("exports/<slug:code>/erase", export_erase, name="export_erase"),
]
