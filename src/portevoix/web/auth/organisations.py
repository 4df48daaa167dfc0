"""Which organisation is in force: going from one to another, or being of none."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portevoix.core.errors import NotFound
from portevoix.web.access import PageRequest, signed_in
from portevoix.web.context import first_place
from portevoix.web.middleware import ORGANISATION


@signed_in
def none(request: PageRequest) -> HttpResponse:
    """What a log-in that belongs to no organisation is told."""
    if request.person:
        return redirect(first_place(request.person))
    return render(request, "auth/no_organisation.html")


@require_POST
@signed_in
def switch(request: PageRequest) -> HttpResponse:
    """Puts another of the log-in's organisations in force."""
    code = request.POST.get("organisation", "")
    chosen = next((person for person in request.memberships if person.organisation.code == code), None)
    if chosen is None:
        raise NotFound("organisation")
    request.session[ORGANISATION] = code
    return redirect(first_place(chosen))
