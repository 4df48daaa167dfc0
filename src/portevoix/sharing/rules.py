"""Judgement about shares, pure: how many a day, when a day begins, which language a text is in."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from portevoix.core import clock

MOST_SHARES_PER_DAY = 5  # whatever an organisation sets
LONGEST_TEXT = 10_000
_ARABIC = re.compile("[\u0620-\u064a]")
_LATIN = re.compile("[A-Za-zÀ-ÿ]")


def shares_allowed(per_day: int) -> int:
    """How many shares an account may make in a day: what the organisation set, five at most."""
    return min(per_day, MOST_SHARES_PER_DAY)


def day_start(now: datetime, zone_name: str) -> datetime:
    """The moment at which the person's own day began."""
    midnight = now.astimezone(clock.zone(zone_name)).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=None
    )
    return clock.resolve(midnight, zone_name)


def day_bounds(at: datetime, zone_name: str) -> tuple[datetime, datetime]:
    """The moments at which the day of that moment begins and ends on the person's own calendar."""
    begins = day_start(at, zone_name)
    # Days with a change of clocks last 23 or 25 hours: noon of the next one is a day and a half away, give or take one.
    return begins, day_start(begins + timedelta(hours=36), zone_name)


def language_of(text: str, said: str, spoken: Collection[str]) -> str:
    """The language of a post: the one it was said to be in, unless its letters say otherwise.

    `spoken` are the languages that may be answered; Arabic letters make a text Arabic, Latin ones anything else.
    """
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if arabic > latin and "ar" in spoken:
        return "ar"
    if said == "ar" and latin > arabic:
        return next((language for language in spoken if language != "ar"), said)
    return said
