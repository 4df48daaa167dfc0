"""Ambassadors: inviting, join links, how many take part by team. Who has not joined is listed nowhere."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people import queries
from portevoix.people.actions import invitations, join_links
from portevoix.people.models import Invitation, JoinLink
from portevoix.people.roles import Ability
from portevoix.people.rules import REMINDER_AFTER
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside
from portevoix.web.studio.ambassador_forms import InviteForm, JoinLinkForm


@dataclass(frozen=True)
class Outcome:
    """What became of one address; `problem` is empty when the invitation is on its way."""

    email: str
    problem: str = ""


@able(Ability.INVITE)
def ambassadors(request: PageRequest) -> HttpResponse:
    """The page, and its form that invites several addresses at once."""
    form = InviteForm(request.person, request.POST or None)
    if not form.is_valid():
        return _page(request, form=form)
    outcomes = [_invite(request, email, form) for email in form.cleaned_data["emails"]]
    refused = [outcome.email for outcome in outcomes if outcome.problem]
    again = {**form.cleaned_data, "emails": "\n".join(refused)}
    return _page(request, form=InviteForm(request.person, initial=again), outcomes=outcomes)


def _invite(request: PageRequest, email: str, form: InviteForm) -> Outcome:
    facts = form.cleaned_data
    try:
        invitations.invite_person(
            by=request.person,
            email=email,
            role=facts["role"],
            role_ends_on=facts.get("role_ends_on"),
            team=queries.team_of_code(facts["team"]),
            language=facts["language"],
            now=clock.now(),
        )
    except Refusal as refusal:
        return Outcome(email, refusal.sentence)
    return Outcome(email)


def _page(request: PageRequest, **more: Any) -> HttpResponse:
    now = clock.now()
    pending = [(row, _may_be_reminded(row)) for row in queries.pending_invitations(now)]
    context = {
        "form": InviteForm(request.person),
        "link_form": JoinLinkForm(auto_id="link_%s"),
        "pending": pending,
        "links": [(link, _address(link)) for link in queries.open_join_links(now)],
        "groups": queries.joined_groups(),
    }
    return render(request, "studio/ambassadors.html", {**context, **more})


def _may_be_reminded(row: Invitation) -> bool:
    """Whether the button would do something: the mail failed, or 48 hours passed and nobody was reminded yet."""
    if row.reminded_at:
        return False
    return bool(row.last_error) or (row.sent_at is not None and clock.now() - row.sent_at >= REMINDER_AFTER)


def _address(link: JoinLink) -> str:
    return f"{settings.PUBLIC_ADDRESS}/join/{link.code}"


@require_POST
@able(Ability.INVITE)
def cancel(request: PageRequest, code: str) -> HttpResponse:
    """Withdraws an invitation."""
    row = queries.get_invitation_for(request.person, code)
    invitations.cancel_invitation(invitation=row, by=request.person, now=clock.now())
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("ambassadors")


@require_POST
@able(Ability.INVITE)
def remind(request: PageRequest, code: str) -> HttpResponse:
    """Sends the one reminder, or tries a failed mail again."""
    row = queries.get_invitation_for(request.person, code)
    invitations.remind(invitation=row, by=request.person, now=clock.now())
    messages.success(request, _("The letter is on its way."))
    return redirect("ambassadors")


@require_POST
@able(Ability.INVITE)
def open_link(request: PageRequest) -> HttpResponse:
    """Opens a join link."""
    form = JoinLinkForm(request.POST, auto_id="link_%s")
    if form.is_valid():
        try:
            team = queries.team_of_code(form.cleaned_data["team"])
            join_links.open_join_link(by=request.person, team=team, now=clock.now())
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            return redirect("ambassadors")
    return _page(request, link_form=form)


@require_POST
@able(Ability.INVITE)
def close_link(request: PageRequest, code: str) -> HttpResponse:
    """Closes a join link."""
    link = queries.get_join_link_for(request.person, code)
    join_links.close_join_link(link=link, by=request.person, now=clock.now())
    messages.success(request, _("The link is closed. Those who joined by it stay."))
    return redirect("ambassadors")


urlpatterns = [
    path("ambassadors", ambassadors, name="ambassadors"),
    path("ambassadors/links", open_link, name="join_link_open"),
    path("ambassadors/links/<slug:code>/close", close_link, name="join_link_close"),
    path("ambassadors/invitations/<slug:code>/cancel", cancel, name="invitation_cancel"),
    path("ambassadors/invitations/<slug:code>/remind", remind, name="invitation_remind"),
]
