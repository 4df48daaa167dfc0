"""Numbers, dates and lengths of time in the reader's language, by Babel. Arabic keeps Western digits."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from django import template
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import ngettext

from portevoix.analytics.conversions import Money
from portevoix.core import clock
from portevoix.core.spoken import clock_time, locale_name, with_first

register = template.Library()
register.filter(clock_time)


def _local(moment: datetime, zone_name: str) -> datetime:
    return moment.astimezone(clock.zone(zone_name or "UTC"))


@register.filter
def number(value: float) -> str:
    """4380 → 4 380 (French), 4,380 (English)."""
    return format_decimal(value, locale=locale_name())


@register.filter
def money(value: float) -> str:
    """An amount of US dollars: 12,40 $US (French), US$12.40 (English); left to right wherever it stands."""
    return f"\u2066{format_currency(value, 'USD', locale=locale_name())}\u2069"


@register.filter
def amount(value: Money) -> str:
    """An amount as its currency is written: 12,40 € (French), €12.40 (English); left to right wherever it stands."""
    precision = get_currency_precision(value.currency)
    units = Decimal(value.amount).scaleb(-precision)
    return f"\u2066{format_currency(units, value.currency, locale=locale_name())}\u2069"


@register.filter
def percent(value: float) -> str:
    """0.62 → 62 % (French), 62% (English)."""
    return format_percent(value, locale=locale_name())


@register.filter
def day(value: date | datetime, zone_name: str = "UTC") -> str:
    """A day in full: 7 décembre 2026."""
    moment = _local(value, zone_name) if isinstance(value, datetime) else value
    return with_first(format_date(moment, "long", locale=locale_name()))


@register.filter
def short_day(value: date | datetime, zone_name: str = "UTC") -> str:
    """A day without its year: 7 déc."""
    moment = _local(value, zone_name) if isinstance(value, datetime) else value
    return with_first(format_skeleton("MMMd", moment, locale=locale_name()))


@register.filter
def month(value: date) -> str:
    """The month, short: déc."""
    return format_date(value, "LLL", locale=locale_name())


@register.filter
def moment(value: datetime, zone_name: str = "UTC") -> str:
    """A moment on the reader's clock: 7 déc. 2026, 14 h 32 (French), 7 Dec 2026, 14:32 (English)."""
    comma = "، " if locale_name().startswith("ar") else ", "
    return (
        with_first(format_skeleton("yMMMd", _local(value, zone_name), locale=locale_name()))
        + comma
        + clock_time(_local(value, zone_name).time())
    )


@register.filter
def hour(value: datetime, zone_name: str = "UTC") -> str:
    """The hour on the reader's clock, of twenty-four: 14:32."""
    return format_time(_local(value, zone_name), "HH:mm", locale=locale_name())


@register.filter
def coming(value: datetime, zone_name: str = "UTC") -> str:
    """A moment to come, as one says it: today, tomorrow, or the day with its name; then the time."""
    there, today = _local(value, zone_name), _local(clock.now(), zone_name).date()
    comma = "، " if locale_name().startswith("ar") else ", "
    days = (there.date() - today).days
    near = {0: translation.gettext("today"), 1: translation.gettext("tomorrow")}
    named = near.get(days) or with_first(format_date(there, "EEEE d MMMM", locale=locale_name()))
    return named + comma + clock_time(there.time())


@register.filter
def slot_words(slot: Any) -> str:
    """A moment of the week: mardi 8 h 30. `slot` has a weekday (0 is Monday) and a time `at`."""
    return f"{WEEKDAYS[slot.weekday]} {clock_time(slot.at)}"


@register.filter
def time_left(until: datetime, now: datetime | None = None) -> str:
    """How long a story still lives, in words."""
    left = until - (now or clock.now())
    if left < timedelta(0):
        return ""
    if left < timedelta(hours=1):
        return translation.gettext("Less than an hour left")
    hours = int(left.total_seconds() // 3600)
    if hours < 48:
        return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    return ngettext("%(count)s day left", "%(count)s days left", left.days) % {"count": left.days}
