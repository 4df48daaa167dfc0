"""Audiences: the saved rules that say for whom a story is, each with how many people it makes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people import queries
from portevoix.people.actions import audiences as actions
from portevoix.people.models import Audience
from portevoix.people.roles import Ability
from portevoix.people.rules import SMALLEST_GROUP
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside
from portevoix.web.studio.ambassador_forms import AudienceForm


@able(Ability.PUBLISH_STORIES)
def audiences(request: PageRequest) -> HttpResponse:
    """The list, and the form that adds one."""
    form = AudienceForm(request.POST or None)
    if form.is_valid() and _keep(request, form, None):
        messages.success(request, _("The audience is kept."))
        return redirect("audiences")
    rows = [(audience, count_in_words(audience.rule)) for audience in queries.audiences()]
    return render(request, "studio/audiences.html", {"form": form, "rows": rows, **_sentence(form)})


@able(Ability.PUBLISH_STORIES)
def audience(request: PageRequest, code: str) -> HttpResponse:
    """Changes one audience."""
    row = queries.get_audience_for(request.person, code)
    form = AudienceForm(request.POST or None, initial={"name": row.name, **row.rule})
    if form.is_valid() and _keep(request, form, row):
        messages.success(request, _("The audience is kept."))
        return redirect("audiences")
    sentence = _sentence(form) if form.is_bound else {"sentence": count_in_words(row.rule)}
    return render(request, "studio/audience.html", {"form": form, "audience": row, **sentence})


def _keep(request: PageRequest, form: AudienceForm, row: Audience | None) -> bool:
    facts: dict[str, Any] = {"name": form.cleaned_data["name"], "rule": form.rule, "now": clock.now()}
    try:
        if row is None:
            actions.create_audience(organisation=request.person.organisation, by=request.person, **facts)
        else:
            actions.change_audience(audience=row, by=request.person, **facts)
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True


@require_POST
@able(Ability.PUBLISH_STORIES)
def delete(request: PageRequest, code: str) -> HttpResponse:
    """Deletes an audience."""
    row = queries.get_audience_for(request.person, code)
    actions.delete_audience(audience=row, by=request.person, now=clock.now())
    messages.success(request, _("The audience is deleted. Its stories are for everyone now."))
    return redirect("audiences")


@able(Ability.PUBLISH_STORIES)
def count(request: PageRequest) -> HttpResponse:
    """How many people the boxes ticked so far make, in words, for the picker."""
    form = AudienceForm(request.GET)
    form.is_valid()  # the name may be missing still
    return HttpResponse(count_in_words(form.rule), content_type="text/plain; charset=utf-8")


def _sentence(form: AudienceForm) -> dict[str, str]:
    form.is_valid()
    return {"sentence": count_in_words(form.rule if form.is_bound else {})}


def count_in_words(rule: dict[str, list[str]]) -> str:
    """How many people the rule admits; a group too small to be told apart is not counted out."""
    number = queries.audience_count(rule)
    if number < SMALLEST_GROUP:
        return _("Fewer than %(count)s people at the moment") % {"count": SMALLEST_GROUP}
    return ngettext("%(count)s person at the moment", "%(count)s people at the moment", number) % {
        "count": number
    }


urlpatterns = [
    path("audiences", audiences, name="audiences"),
    path("audiences/count", count, name="audience_count"),
    path("audiences/<slug:code>", audience, name="audience"),
    path("audiences/<slug:code>/delete", delete, name="audience_delete"),
]
