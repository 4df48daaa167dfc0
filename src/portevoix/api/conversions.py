"""Conversions, told by the company's server or declared by a visitor's browser."""

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from portevoix.api.access import TokenRequest, by_token, public, refuse_haste
from portevoix.api.problems import problem
from portevoix.api.reading import object_in, refuse_method, report_in
from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.links import queries
from portevoix.links.actions.converting import Recorded, record_conversion
from portevoix.links.conversions import origin_of
from portevoix.links.models import Source

# A page may send text without asking first; JSON makes the browser ask (`OPTIONS`).
_FROM_BROWSERS: Final = ("text/plain", "application/json")
_BROWSERS_FIELDS: Final = ("click", "kind", "value", "currency")


@by_token
def conversions(request: TokenRequest) -> HttpResponse:
    """Records a conversion that the company's server tells: 201, or 200 when it was told before."""
    refuse_method(request, "POST")
    report = report_in(object_in(request, types=("application/json",)))
    recorded = record_conversion(
        report=report, source=Source.SERVER, organisation=request.token.organisation, now=clock.now()
    )
    return JsonResponse(_told(recorded), status=201 if recorded.is_new else 200)


@public
def conversions_of_browsers(request: HttpRequest) -> HttpResponse:
    """Records what a visitor's browser declares, from a site that the organisation listed: 204, whenever it was told."""
    origin = origin_of(request.headers.get("Origin", ""))
    try:
        answer = _asked_first(origin) if request.method == "OPTIONS" else _declared(request, origin)
    except Refusal as refusal:
        answer = problem(refusal)
    if queries.is_site_of_somebody(origin):
        answer["Access-Control-Allow-Origin"] = origin
    answer["Vary"] = "Origin"
    return answer


def _asked_first(origin: str) -> HttpResponse:
    """The answer to a browser that asks whether that site may send JSON here."""
    if not queries.is_site_of_somebody(origin):
        return HttpResponse(status=403)
    answer = HttpResponse(status=204)
    answer["Access-Control-Allow-Methods"] = "POST"
    answer["Access-Control-Allow-Headers"] = "Content-Type"
    answer["Access-Control-Max-Age"] = "600"
    return answer


def _declared(request: HttpRequest, origin: str) -> HttpResponse:
    refuse_method(request, "POST", "OPTIONS")
    refuse_haste(request, "api_browser", origin)
    report = report_in(object_in(request, types=_FROM_BROWSERS), _BROWSERS_FIELDS)
    record_conversion(report=report, source=Source.BROWSER, origin=origin, now=clock.now())
    return HttpResponse(status=204)


def _told(recorded: Recorded) -> dict[str, object]:
    """What the company's server is told of its conversion; nothing of whose link it was."""
    row = recorded.conversion
    window_days = queries.link_setting(row.organisation_id).window_days
    return {
        "kind": row.kind,
        "value": row.value,
        "currency": row.currency or None,
        "reference": row.reference or None,
        "clicked_at": row.clicked_at.isoformat(),
        "at": row.at.isoformat(),
        "attribution": {"model": "last_touch", "window_days": window_days},
        "is_new": recorded.is_new,
    }
