"""Reading what a program sent: bounded before it is read, strict in what it may hold."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portevoix.api.problems import bad_body
from portevoix.core.errors import Refusal
from portevoix.links.conversions import Report, bad_moment

LARGEST_BODY_BYTES: Final = 8192
FIELDS: Final = ("click", "kind", "value", "currency", "at", "reference")


def refuse_method(request: HttpRequest, *methods: str) -> None:
    """Refuses any other method."""
    if request.method not in methods:
        facts = {"methods": ", ".join(methods)}
        raise Refusal("bad_method", _("Only %(methods)s is answered here."), facts=facts)


def object_in(request: HttpRequest, *, types: Collection[str]) -> dict[str, Any]:
    """The JSON object that was sent as one of those content types, of at most 8,192 bytes."""
    if request.content_type not in types:
        raise Refusal("bad_type", _("Send it as JSON (application/json)."))
    announced = str(request.META.get("CONTENT_LENGTH") or "0")
    if not announced.isdecimal() or int(announced) > LARGEST_BODY_BYTES:
        raise Refusal("too_large", _("At most 8,192 bytes are read."))
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise bad_body() from None
    if not isinstance(found, dict):
        raise bad_body()
    return found


def report_in(sent: dict[str, Any], fields: Collection[str] = FIELDS) -> Report:
    """The report of a conversion in what was sent; refuses a field that is not among those, or of another kind."""
    for name, value in sent.items():
        kind: type = int if name == "value" else str
        if name not in fields or not (value is None or type(value) is kind):
            raise bad_body(name if name in fields else "")
    return Report(
        click=sent.get("click") or "",
        kind=sent.get("kind") or "",
        value=sent.get("value"),
        currency=sent.get("currency") or "",
        at=_moment(sent.get("at")),
        reference=sent.get("reference") or "",
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise bad_moment()
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_moment() from None
