"""Around every page: who asks and for which organisation; and what is said when an action refuses."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from portevoix.core import tenancy
from portevoix.core.errors import NotFound, Refusal
from portevoix.people import queries

Answer = Callable[[HttpRequest], HttpResponse]
LARGEST_BODY_BYTES = 12_000_000  # a picture of 8 MB as a form carries it, with room to spare
ORGANISATION = "organisation"


class FitMiddleware:
    """Refuses, before anything is read or asked of the database, what no page of ours would send."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if announced.isdecimal() and int(announced) > LARGEST_BODY_BYTES:
            raise RequestDataTooBig("The body is larger than any form of ours.")
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        for sent in (request.GET, request.POST):
            # PostgreSQL keeps no NUL in a text: it would be an error of ours further in.
            if any("\x00" in value for _name, values in sent.lists() for value in values):
                raise SuspiciousOperation("A field holds a NUL.")


class PersonMiddleware:
    """Puts `request.person` and their organisation in force, and speaks the person's language."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.answer(request)
        memberships = queries.memberships_of(request.user)
        person = queries.choose_membership(memberships, request.session.get(ORGANISATION))
        request.memberships = memberships  # type: ignore[attr-defined]
        request.person = person  # type: ignore[attr-defined]
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        with tenancy.acting_for(person.organisation_id if person else None):
            return self.answer(request)


class RefusalMiddleware:
    """Says refusals in the person's words: a page for what is not there, a message on the page they came from otherwise.

    Forms show a refusal beside the field themselves; what reaches this place has no form to return to.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            return render(request, "public/not_found.html", status=404)
        if not isinstance(error, Refusal):
            return None
        if getattr(request, "htmx", False):
            return render(request, "public/refusal_toast.html", {"refusal": error}, status=422)
        messages.error(request, error.sentence)
        return redirect(page_before(request))


def page_before(request: HttpRequest) -> str:
    """The page of ours that a form was sent from; the first page when it cannot be told."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=settings.IS_HTTPS
    )
    # Going back to the page itself would loop when the refusal came from opening it.
    return before if ours and request.method == "POST" else "/"
