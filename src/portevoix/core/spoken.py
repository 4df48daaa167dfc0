"""Dates as one says them, in the language in force. Pages say more of them in `web/templatetags/words.py`."""

import re
from datetime import date, time

from babel.dates import format_skeleton
from django.utils import translation

# ar-AE: Western digits grouped by commas, and the months that Arabic readers share from Casablanca to Lyon.
LOCALES = {"fr": "fr_FR", "en": "en_GB", "ar": "ar_AE"}
_FIRST = re.compile(r"(?<!\d)1(?= [^\W\d])")


def locale_name() -> str:
    """The Babel locale of the language in force."""
    return LOCALES.get(translation.get_language() or "fr", "fr_FR")


def with_first(text: str) -> str:
    """In French the first of a month is *1er*, the other days are plain numbers."""
    return _FIRST.sub("1er", text) if locale_name().startswith("fr") else text


def clock_time(value: time) -> str:
    """A time of the day as one writes it: 8 h 30 (French), 8:30 (English), 08:30 (Arabic)."""
    language = translation.get_language()
    if language == "fr":
        return f"{value.hour}\u00a0h" + (f"\u00a0{value.minute:02}" if value.minute else "")
    return f"{value:%H:%M}" if language == "ar" else f"{value.hour}:{value.minute:02}"


def day_and_month(value: date) -> str:
    """A day without its year: 7 décembre."""
    return with_first(format_skeleton("MMMMd", value, locale=locale_name()))
