"""Coming in: an invitation accepted, a join link followed. The page says what joining means before the one tap."""

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people import queries, tokens
from portevoix.people.actions import invitations, join_links
from portevoix.people.models import Invitation, JoinLink
from portevoix.people.roles import takes_part_by
from portevoix.web.access import PageRequest, public
from portevoix.web.auth.forms import AcceptForm, JoinForm, OptionalPasswordForm
from portevoix.web.auth.sign_in_links import let_in
from portevoix.web.middleware import ORGANISATION
from portevoix.web.refusals import show_beside


@never_cache
@public
def invitation(request: PageRequest, token: str) -> HttpResponse:
    """Shows an invitation, and accepts it."""
    try:
        row = queries.open_invitation(tokens.invitation_code(token), clock.now())
    except Refusal:
        return render(request, "auth/link_invalid.html", {"is_invitation": True}, status=410)
    _speak(request, row.language)
    form = AcceptForm(request.POST or None, initial={"given_name": row.given_name})
    if form.is_valid() and (answer := _accept(request, row, form)):
        return answer
    return render(request, "auth/invitation.html", _invitation_context(row, form))


def _accept(request: PageRequest, row: Invitation, form: AcceptForm) -> HttpResponse | None:
    had_log_in = queries.has_log_in(row.email)
    try:
        person = invitations.accept_invitation(
            invitation=row,
            language=translation.get_language() or row.language,
            now=clock.now(),
            **form.cleaned_data,
        )
    except Refusal as refusal:
        show_beside(form, refusal)
        return None
    if had_log_in and request.user != person.account:
        # The letter is days old and may have been passed on: it opens an organisation, not somebody's log-in.
        messages.success(request, _("You have joined. Sign in as usual to go on."))
        return redirect("account_login")
    answer = let_in(request, person.account)
    request.session[ORGANISATION] = row.organisation.code
    return answer


def _invitation_context(row: Invitation, form: AcceptForm) -> dict[str, Any]:
    return {
        "invitation": row,
        "form": form,
        "organisation": row.organisation,
        "is_new": not queries.has_log_in(row.email),
        "takes_part": takes_part_by(row.role),
    }


@public
def join(request: PageRequest, code: str) -> HttpResponse:
    """Asks who wants to join, and mails a link that proves the address."""
    link = queries.open_join_link(code, clock.now())
    form = JoinForm(request.POST or None)
    if form.is_valid() and (answer := _ask(request, link, form)):
        return answer
    return render(request, "auth/join.html", {"form": form, "link": link, "organisation": link.organisation})


def _ask(request: PageRequest, link: JoinLink, form: JoinForm) -> HttpResponse | None:
    if not ratelimit.consume(request, action="join", key=form.cleaned_data["email"].lower()):
        return ratelimit.respond_429(request)  # type: ignore[no-any-return]
    language = translation.get_language() or link.organisation.language
    try:
        join_links.ask_to_join(link=link, language=language, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        show_beside(form, refusal)
        return None
    facts = {"email": form.cleaned_data["email"], "organisation": link.organisation}
    return render(request, "auth/join_sent.html", facts)


@never_cache
@public
def confirm(request: PageRequest, token: str) -> HttpResponse:
    """The page that the proving mail opens; its button joins."""
    try:
        asked = tokens.join_request(token, now=clock.now())
        link = queries.open_join_link(asked.link_code, clock.now())
    except Refusal:
        return render(request, "auth/link_invalid.html", status=410)
    _speak(request, asked.language)
    form = OptionalPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (answer := _join(request, link, asked, form)):
        return answer
    context = {"form": form, "asked": asked, "organisation": link.organisation}
    return render(
        request, "auth/join_confirm.html", {**context, "is_new": not queries.has_log_in(asked.email)}
    )


def _join(
    request: PageRequest, link: JoinLink, asked: tokens.JoinRequest, form: OptionalPasswordForm
) -> HttpResponse | None:
    try:
        person = join_links.join_by_link(link=link, request=asked, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        show_beside(form, refusal)
        return None
    let_in(request, person.account)
    request.session[ORGANISATION] = link.organisation.code
    return redirect("to_share")


def _speak(request: HttpRequest, language: str) -> None:
    """The letter's language, unless the reader chose another one here."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = language
