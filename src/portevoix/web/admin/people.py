"""People: the list, and the page of one person with their roles."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people import queries
from portevoix.people.actions import persons, roles
from portevoix.people.models import Person
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.admin.forms import PersonForm, RoleForm, SearchForm, of_person
from portevoix.web.refusals import show_beside

PEOPLE_ON_A_PAGE = 50
HEADINGS = [{"label": label} for label in (_("Name"), _("E-mail address"), _("Team"), _("Roles"))]


@able(Ability.MANAGE_PEOPLE)
def people(request: PageRequest) -> HttpResponse:
    """Everyone with access, found by name or address, team and role."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.find_people(request.person, **wanted)
    page = Paginator(found, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "admin/people.html", {"form": form, "page": page, "headings": HEADINGS})


@able(Ability.MANAGE_PEOPLE)
def person(request: PageRequest, code: str) -> HttpResponse:
    """One person: who they are, what they may do."""
    shown = queries.get_person_for(request.person, code)
    form = PersonForm(request.POST or None, initial=of_person(shown))
    if form.is_valid() and _change(request, shown, form):
        messages.success(request, _("Kept."))
        return redirect("person", code=code)
    return _person_page(request, shown, form=form)


def _change(request: PageRequest, shown: Person, form: PersonForm) -> bool:
    facts = {**form.cleaned_data, "team": queries.team_of_code(form.cleaned_data["team"])}
    try:
        persons.change_person(person=shown, by=request.person, now=clock.now(), **facts)
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True


def _person_page(request: PageRequest, shown: Person, **forms: Any) -> HttpResponse:
    context = {
        "shown": shown,
        "grants": sorted(shown.grants.all(), key=lambda grant: grant.role),
        "form": PersonForm(initial=of_person(shown)),
        "role_form": RoleForm(auto_id="role_%s"),
        "today": clock.now().date(),
    }
    return render(request, "admin/person.html", {**context, **forms})


@require_POST
@able(Ability.MANAGE_PEOPLE)
def grant(request: PageRequest, code: str) -> HttpResponse:
    """Gives a role, or moves its last day."""
    shown = queries.get_person_for(request.person, code)
    form = RoleForm(request.POST, auto_id="role_%s")
    if form.is_valid():
        try:
            roles.grant_role(person=shown, by=request.person, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            messages.success(request, _("The role is given."))
            return redirect("person", code=code)
    return _person_page(request, shown, role_form=form)


@require_POST
@able(Ability.MANAGE_PEOPLE)
def revoke(request: PageRequest, code: str) -> HttpResponse:
    """Takes a role back at once."""
    shown = queries.get_person_for(request.person, code)
    roles.revoke_role(person=shown, role=request.POST.get("role", ""), by=request.person, now=clock.now())
    messages.success(request, _("The role is taken back."))
    return redirect("person", code=code)


@require_POST
@able(Ability.MANAGE_PEOPLE)
def deactivate(request: PageRequest, code: str) -> HttpResponse:
    """Ends the person's access and their sessions."""
    shown = queries.get_person_for(request.person, code)
    persons.deactivate_person(person=shown, by=request.person, now=clock.now())
    messages.success(request, _("Access is ended, on every device."))
    return redirect("person", code=code)


@require_POST
@able(Ability.MANAGE_PEOPLE)
def reactivate(request: PageRequest, code: str) -> HttpResponse:
    """Opens the person's access again."""
    shown = queries.get_person_for(request.person, code)
    persons.reactivate_person(person=shown, by=request.person, now=clock.now())
    messages.success(request, _("Access is open again. Give the roles they need."))
    return redirect("person", code=code)
