"""Error pages: a sentence that says what to do, in the reader's language."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing for you: the same page."""
    return render(request, "public/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """A form that is too old, or was tampered with."""
    return render(request, "public/forbidden.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request no browser of ours would send, or one that is too large."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    return render(request, "public/bad_request.html", {"is_too_large": is_too_large}, status=400)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Something broke; it is ours to mend. Drawn without the request: the database may be what broke."""
    return HttpResponse(render_to_string("public/our_fault.html"), status=500)
