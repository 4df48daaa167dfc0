"""What a report of a conversion must be, and what it means: pure judgement, no database.

Last touch: a conversion belongs to the link of the click that the report names, if it came within the organisation's
window after that click. A report may come a week later than that, not more.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from babel.numbers import is_currency
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal

WINDOW_DAYS: Final = range(1, 91)
LATE: Final = timedelta(days=7)
MARKS_KEPT: Final = (
    timedelta(days=WINDOW_DAYS[-1]) + 2 * LATE
)  # longer than any report may come after its click
CONVERSIONS_KEPT: Final = timedelta(days=25 * 365 / 12)
OTHER_CLOCK: Final = timedelta(minutes=5)  # by which clocks of other machines may be wrong
LARGEST_VALUE: Final = 10**12
MOST_OF_A_CLICK: Final = 10  # that a browser may declare
LONGEST_KIND: Final = 40
LONGEST_REFERENCE: Final = 80
LONGEST_ORIGIN: Final = 300

_KIND: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_REFERENCE: Final = re.compile(r"[!-~]{1,80}")
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True)
class Report:
    """What somebody tells of a click. `value` is in the smallest unit of `currency`; `at` None: just now."""

    click: str
    kind: str
    value: int | None = None
    currency: str = ""
    at: datetime | None = None
    reference: str = ""


def refuse_unfit(report: Report) -> None:
    """Refuses a report whose fields are not what they should be, the first of them that is not."""
    if not _KIND.fullmatch(report.kind):
        raise Refusal(
            "bad_kind",
            _("Name the kind in small letters, digits and hyphens, such as signup; forty signs at most."),
            field="kind",
        )
    if report.reference and not _REFERENCE.fullmatch(report.reference):
        raise Refusal(
            "bad_reference",
            _("A reference has at most eighty signs, without blanks or accents."),
            field="reference",
        )
    _refuse_value(report)
    if report.at is not None and report.at.tzinfo is None:
        raise bad_moment()


def _refuse_value(report: Report) -> None:
    if report.value is None:
        if report.currency:
            raise Refusal("bad_value", _("A currency needs a value."), field="value")
        return
    if not 0 <= report.value <= LARGEST_VALUE:
        raise Refusal(
            "bad_value",
            _("The value is a whole number, from 0 to 1,000,000,000,000, in the currency’s smallest unit."),
            field="value",
        )
    if not (len(report.currency) == 3 and report.currency.isupper() and is_currency(report.currency)):
        raise Refusal(
            "bad_currency",
            _("Name the currency of the value by its three capital letters, such as EUR or MAD."),
            field="currency",
        )


def bad_moment() -> Refusal:
    """The refusal of a moment that cannot be read, or lies in the future or before the click."""
    return Refusal(
        "bad_moment",
        _("Write a moment between the click and now, with its zone, such as 2026-11-24T09:00Z."),
        field="at",
    )


def moment_of(report: Report, clicked_at: datetime, now: datetime, window: timedelta) -> datetime:
    """When the conversion came; refuses a moment before its click or to come, and one too long after the click."""
    at = report.at or now
    if at > now + OTHER_CLOCK or at < clicked_at - OTHER_CLOCK:
        raise bad_moment()
    if at > clicked_at + window or now > clicked_at + window + LATE:
        raise Refusal(
            "expired_click",
            _("This click is older than the window of %(days)s days: nothing is attributed to it any more."),
            field="click",
            facts={"days": window.days},
        )
    return min(max(at, clicked_at), now)


def unknown_click() -> Refusal:
    """The one answer to every click id that is not the organisation's, whether altered, cut or another's."""
    return Refusal(
        "unknown_click",
        _("This click id is not known here: it was altered, cut, or made for another organisation."),
        field="click",
    )


def moment_of_ms(at_ms: int) -> datetime:
    """A moment in milliseconds since 1970; the latest there is for one beyond all calendars."""
    try:
        return datetime.fromtimestamp(at_ms / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def origin_of(text: str) -> str:
    """The origin of an address as browsers write it, `https://host` with a port that is not the usual one; or empty."""
    if (
        not text.strip().isprintable()
    ):  # what is not is left out by `urlsplit`, and something else would be read
        return ""
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # UnicodeError is one
        return ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if usual is None or "@" in parts.netloc or not _HOST.fullmatch(host) or len(host) > 250:
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")
