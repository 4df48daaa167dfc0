"""My results: what one's own shares brought, in sentences first. Nobody else sees this page."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from django.views.decorators.http import require_POST

from portevoix.analytics import queries
from portevoix.analytics.actions import erase_export, request_export
from portevoix.analytics.beginning import STEP, Beginning
from portevoix.analytics.conversions import my_conversions
from portevoix.analytics.models import Export
from portevoix.analytics.period import last, today_in
from portevoix.analytics.queries import ShareResult, Totals
from portevoix.analytics.rules import RESULTS_WINDOW
from portevoix.core import clock
from portevoix.sharing import channels
from portevoix.sharing.queries import planned_posts
from portevoix.sharing.states import ShareState
from portevoix.web.access import PageRequest, member
from portevoix.web.charts import isolated, people, week_bars, week_sentence
from portevoix.web.exports import file_of, format_options, shown
from portevoix.web.member import post_words
from portevoix.web.templatetags.words import number


@member
def my_results(request: PageRequest) -> HttpResponse:
    """The person's shares of the last ninety days and what came of them."""
    now, person = clock.now(), request.person
    results = queries.my_results(person, now=now)
    context = {
        "results": results,
        "sentence": sentence(results.totals),
        "bars": week_bars(results.weeks, today_in(results.period.zone, now)),
        "chart_sentence": week_sentence(results.best),
        "beginning": _beginning(results.beginning) if results.beginning else None,
        "shares": [_line(result) for result in results.shares],
        "planned": [post_words.shown(post) for post in planned_posts(person)],
        "has_confirmed": any(result.share.state == ShareState.CONFIRMED for result in results.shares),
        "has_declared": any(result.share.state == ShareState.DECLARED for result in results.shares),
        "conversions": my_conversions(person, results.period),
        **_exports(request),
    }
    template = "member/results.html#exports" if request.htmx else "member/results.html"
    return render(request, template, context)


@require_POST
@member
def my_results_export(request: PageRequest) -> HttpResponse:
    """Asks for the person's own shares as a file."""
    now = clock.now()
    period = last(RESULTS_WINDOW, now=now, zone=request.person.organisation.time_zone)
    request_export(
        person=request.person,
        kind=Export.Kind.MY_SHARES,
        format=request.POST.get("format", Export.Format.CSV),
        since_on=period.since,
        until_on=period.until,
        language=translation.get_language() or "fr",
        now=now,
    )
    return redirect("my_results")


@member
def my_export_download(request: PageRequest, code: str) -> HttpResponseBase:
    """The file, for the person who asked for it."""
    return file_of(queries.get_export_for(request.person, code))


@require_POST
@member
def my_export_erase(request: PageRequest, code: str) -> HttpResponse:
    """Erases the file, or stops its preparation."""
    erase_export(export=queries.get_export_for(request.person, code), now=clock.now())
    return redirect("my_results")


def sentence(totals: Totals) -> SafeString:
    """What the shares brought, as a person would say it; figures stand out."""
    if not totals.clicks:
        return _bold(_without_visits(totals.shares), totals.shares)
    if not totals.shares:
        return _bold(_("What you shared earlier brought %(visits)s."), 0, visits=_visits(totals))
    told = ngettext(
        "Your <b>%(count)s share</b> brought %(visits)s.",
        "Your <b>%(count)s shares</b> brought %(visits)s.",
        totals.shares,
    )
    return _bold(told, totals.shares, visits=_visits(totals))


def _visits(totals: Totals) -> str:
    visits = npgettext(
        "what shares brought", "<b>%(count)s visit</b>", "<b>%(count)s visits</b>", totals.clicks
    ) % {"count": number(totals.clicks)}
    if not totals.visitors:
        return visits
    visitors = ngettext(
        "<b>%(count)s unique visitor</b>", "<b>%(count)s unique visitors</b>", totals.visitors.high
    ) % {"count": people(totals.visitors)}
    return _("%(visits)s from %(people)s") % {"visits": visits, "people": visitors}


def _beginning(beginning: Beginning) -> dict[str, Any]:
    """The first two days of a share: its bars, and what they say."""
    count, story = sum(beginning.visits), isolated(beginning.share.story.title)
    told = (
        ngettext("“%(story)s”: %(count)s visit so far.", "“%(story)s”: %(count)s visits so far.", count)
        if beginning.running is not None
        else ngettext(
            "“%(story)s”: %(count)s visit in its first two days.",
            "“%(story)s”: %(count)s visits in its first two days.",
            count,
        )
    )
    bars = [
        {
            "label": _("%(from)s to %(to)s h") % {"from": index * STEP, "to": (index + 1) * STEP},
            "value": visits,
            "tick": _("%(hours)s h") % {"hours": index * STEP} if index % 4 == 0 else "",
            "current": index == beginning.running,
        }
        for index, visits in enumerate(beginning.visits)
    ]
    return {"bars": bars, "sentence": told % {"story": story, "count": number(count)}}


def _without_visits(shares: int) -> str:
    return ngettext(
        "Your <b>%(count)s share</b> has brought no visit yet.",
        "Your <b>%(count)s shares</b> have brought no visit yet.",
        shares,
    )


def _bold(text: str, count: int, **more: str) -> SafeString:
    return mark_safe(text % {"count": number(count), **more})  # noqa: S308  our words, and a number


def _line(result: ShareResult) -> dict[str, Any]:
    channel = channels.get(result.share.channel)
    visits = ngettext("%(count)s visit", "%(count)s visits", result.clicks)
    return {
        "share": result.share,
        "channel": channel,
        "visits": visits % {"count": number(result.clicks)} if result.clicks else _("no visit yet"),
        "has_visits": bool(result.clicks),
        "told": post_words.figures_of(result.share.post) if hasattr(result.share, "post") else [],
    }


def _exports(request: PageRequest) -> dict[str, Any]:
    rows = shown(queries.exports_of(request.person).filter(kind=Export.Kind.MY_SHARES)[:5])
    is_waiting = any(row.is_waiting for row in rows)
    return {"exports": rows, "is_waiting": is_waiting, "formats": format_options()}


urlpatterns = [
    path("results", my_results, name="my_results"),
    path("results/export", my_results_export, name="my_results_export"),
    path("results/exports/<slug:code>/file", my_export_download, name="my_export_download"),
    path("results/exports/<slug:code>/erase", my_export_erase, name="my_export_erase"),
]
