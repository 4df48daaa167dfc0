"""Suggestions: what ambassadors offered, and the answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.library import queries
from portevoix.library.actions import suggestions as actions
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able


@able(Ability.PUBLISH_STORIES)
def suggestions(request: PageRequest) -> HttpResponse:
    """What waits, then the last answers."""
    return render(request, "studio/suggestions.html", _lists())


@require_POST
@able(Ability.PUBLISH_STORIES)
def accept(request: PageRequest, code: str) -> HttpResponse:
    """Makes a draft of it."""
    row = queries.get_suggestion_for(request.person, code)
    story = actions.accept_suggestion(suggestion=row, person=request.person, now=clock.now())
    messages.success(
        request, _("A draft is ready. %(name)s will be credited.") % {"name": row.person.given_name}
    )
    return redirect("compose", code=story.code)


@require_POST
@able(Ability.PUBLISH_STORIES)
def refuse(request: PageRequest, code: str) -> HttpResponse:
    """Answers no, with a note."""
    row, note = queries.get_suggestion_for(request.person, code), request.POST.get("note", "")
    try:
        actions.refuse_suggestion(suggestion=row, person=request.person, note=note, now=clock.now())
    except Refusal as refusal:
        context = {**_lists(), "refused": code, "refusal": refusal, "note": note}
        return render(request, "studio/suggestions.html", context, status=422)
    messages.success(request, _("Answered. %(name)s reads your note.") % {"name": row.person.given_name})
    return redirect("suggestions")


def _lists() -> dict[str, object]:
    decided = queries.suggestions().exclude(decided_at=None)
    return {"pending": list(queries.pending_suggestions()[:50]), "decided": list(decided[:20])}


urlpatterns = [
    path("suggestions", suggestions, name="suggestions"),
    path("suggestions/<slug:code>/accept", accept, name="suggestion_accept"),
    path("suggestions/<slug:code>/refuse", refuse, name="suggestion_refuse"),
]
