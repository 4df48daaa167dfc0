"""Sources: the feeds that are followed, how each is doing in words, and what may be changed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.library import queries
from portevoix.library.actions import sources as actions
from portevoix.library.models import Source
from portevoix.library.rules import problem_words
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside
from portevoix.web.studio.source_forms import SourceForm
from portevoix.web.studio.words import STATE_TONES


@able(Ability.MANAGE_SOURCES)
def sources(request: PageRequest) -> HttpResponse:
    """Every source and how it is doing."""
    rows = list(queries.sources())
    active = queries.active_counts(rows)
    listed = [(row, active.get(row.pk, 0), problem_words(row.problem)) for row in rows]
    return render(request, "studio/sources.html", {"sources": listed})


@able(Ability.MANAGE_SOURCES)
def source_add(request: PageRequest) -> HttpResponse:
    """A feed to follow; it is read before the answer, so that its page says at once whether it works."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_source(
                organisation=request.person.organisation, person=request.person, now=clock.now(), **form.facts
            )
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            return redirect("source", code=row.code)
    return render(request, "studio/source_add.html", {"form": form})


@able(Ability.MANAGE_SOURCES)
def source(request: PageRequest, code: str) -> HttpResponse:
    """One source: how it is doing, what it brought, what may be changed."""
    row = queries.get_source_for(request.person, code)
    form = SourceForm(request.POST or None, source=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_source(source=row, person=request.person, now=clock.now(), **form.facts)
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("source", code=code)
    return render(request, "studio/source.html", _facts(row, form))


@require_POST
@able(Ability.MANAGE_SOURCES)
def source_pause(request: PageRequest, code: str) -> HttpResponse:
    """Stops following for a while, or follows again."""
    row = queries.get_source_for(request.person, code)
    act = actions.resume_source if row.paused_at else actions.pause_source
    act(source=row, person=request.person, now=clock.now())
    return redirect("source", code=code)


@require_POST
@able(Ability.MANAGE_SOURCES)
def source_poll(request: PageRequest, code: str) -> HttpResponse:
    """Reads the feed now."""
    row = queries.get_source_for(request.person, code)
    actions.poll_now(source=row, now=clock.now())
    return redirect("source", code=code)


@require_POST
@able(Ability.MANAGE_SOURCES)
def source_remove(request: PageRequest, code: str) -> HttpResponse:
    """Follows the feed no longer."""
    row = queries.get_source_for(request.person, code)
    actions.remove_source(source=row, person=request.person, now=clock.now())
    messages.success(request, _("The source is removed. Its stories stay."))
    return redirect("sources")


def _facts(row: Source, form: SourceForm) -> dict[str, object]:
    return {
        "source": row,
        "form": form,
        "problem": problem_words(row.problem),
        "stories": list(queries.stories_of_source(row)[:10]),
        "active": queries.active_counts([row]).get(row.pk, 0),
        "tones": STATE_TONES,
    }


urlpatterns = [
    path("sources", sources, name="sources"),
    path("sources/new", source_add, name="source_add"),
    path("sources/<slug:code>", source, name="source"),
    path("sources/<slug:code>/pause", source_pause, name="source_pause"),
    path("sources/<slug:code>/poll", source_poll, name="source_poll"),
    path("sources/<slug:code>/remove", source_remove, name="source_remove"),
]
