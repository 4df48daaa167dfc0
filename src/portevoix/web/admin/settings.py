"""Settings of the organisation: what it is, its limits, its teams."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people import queries
from portevoix.people.actions import organisations, teams
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.admin.forms import OrganisationForm, TeamForm, of_organisation
from portevoix.web.refusals import show_beside


@able(Ability.ADMINISTER)
def settings(request: PageRequest) -> HttpResponse:
    """The organisation and its teams."""
    form = OrganisationForm(request.POST or None, initial=of_organisation(request.person.organisation))
    if form.is_valid() and _change(request, form):
        messages.success(request, _("Kept."))
        return redirect("settings")
    return _settings_page(request, form=form)


def _change(request: PageRequest, form: OrganisationForm) -> bool:
    organisation = request.person.organisation
    try:
        organisations.change_organisation(
            organisation=organisation, by=request.person, now=clock.now(), **form.cleaned_data
        )
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True


def _settings_page(request: PageRequest, **forms: Any) -> HttpResponse:
    context = {
        "form": OrganisationForm(initial=of_organisation(request.person.organisation)),
        "team_form": TeamForm(auto_id="team_%s"),
        "teams": list(queries.teams_with_sizes()),
    }
    return render(request, "admin/settings.html", {**context, **forms})


@require_POST
@able(Ability.ADMINISTER)
def create_team(request: PageRequest) -> HttpResponse:
    """Adds a team."""
    form = TeamForm(request.POST, auto_id="team_%s")
    if form.is_valid():
        try:
            teams.create_team(
                organisation=request.person.organisation,
                name=form.cleaned_data["name"],
                by=request.person,
                now=clock.now(),
            )
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            return redirect("settings")
    return _settings_page(request, team_form=form)


@require_POST
@able(Ability.ADMINISTER)
def rename_team(request: PageRequest, code: str) -> HttpResponse:
    """Gives a team another name."""
    team = queries.get_team_for(request.person, code)
    teams.rename_team(team=team, name=request.POST.get("name", ""), by=request.person, now=clock.now())
    messages.success(request, _("Kept."))
    return redirect("settings")


@require_POST
@able(Ability.ADMINISTER)
def delete_team(request: PageRequest, code: str) -> HttpResponse:
    """Deletes a team; its people stay."""
    teams.delete_team(team=queries.get_team_for(request.person, code), by=request.person, now=clock.now())
    messages.success(request, _("The team is deleted. Its people stay."))
    return redirect("settings")
