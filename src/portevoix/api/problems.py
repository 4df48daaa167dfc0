"""What is said when no is said: a problem as RFC 9457 describes it, its sentence in the language that was asked for."""

from http import HTTPStatus
from typing import Final

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal

_STATUS: Final = {
    "bad_body": 400,
    "bad_token": 401,
    "unknown_site": 403,
    "not_found": 404,
    "unknown_click": 404,
    "bad_method": 405,
    "reference_used": 409,
    "expired_click": 410,
    "too_large": 413,
    "bad_type": 415,
    "too_fast": 429,
}
_UNFIT: Final = 422


def problem(refusal: Refusal) -> JsonResponse:
    """The answer that tells a refusal to a program, and to who reads its log."""
    status = HTTPStatus(_STATUS.get(refusal.code, _UNFIT))
    said = {
        "type": f"urn:portevoix:problem:{refusal.code}",
        "title": status.phrase,
        "status": int(status),
        "detail": refusal.sentence,
        "code": refusal.code,
        **({"field": refusal.field} if refusal.field else {}),
    }
    answer = JsonResponse(said, status=status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Portevoix"'
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer["Retry-After"] = "60"
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer["Allow"] = str(refusal.facts.get("methods", "POST"))
    return answer


def bad_token() -> Refusal:
    """The one answer to a token that is absent, unknown or revoked."""
    return Refusal(
        "bad_token",
        _("Send a token of your organisation in the header Authorization, after the word Bearer."),
    )


def bad_body(field: str = "") -> Refusal:
    """The refusal of a body that is not the JSON object that was asked for."""
    return Refusal(
        "bad_body", _("Send one JSON object, with the fields that the documentation names."), field=field
    )
