"""Numbers, dates and lengths of time read as a native writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from portevoix.web.templatetags import words

AT = datetime(2026, 12, 7, 13, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "number", "percent", "day", "moment"),
    [
        ("fr", "4\u202f380", "62\u202f%", "7 décembre 2026", "7 déc. 2026, 14\u00a0h\u00a032"),
        ("en", "4,380", "62%", "7 December 2026", "7 Dec 2026, 14:32"),
        ("ar", "4,380", "62%", "7 ديسمبر 2026", "7 ديسمبر 2026، 14:32"),
    ],
)
def test_words_follow_the_language(language: str, number: str, percent: str, day: str, moment: str) -> None:
    with translation.override(language):
        said = (
            words.number(4380),
            words.percent(0.62).replace("\xa0", "\u202f"),
            words.day(AT),
            words.moment(AT, "Europe/Paris"),
        )

    assert said == (number, percent, day, moment)


def test_first_of_a_month_is_an_ordinal_in_french_alone() -> None:
    first, eleventh = datetime(2026, 12, 1, 9, 5, tzinfo=UTC), datetime(2026, 12, 11, tzinfo=UTC)

    with translation.override("fr"):
        assert words.day(first) == "1er décembre 2026"
        assert words.short_day(first) == "1er déc."
        assert words.moment(first) == "1er déc. 2026, 9\u00a0h\u00a005"
        assert words.coming(datetime(2031, 1, 1, 9, tzinfo=UTC)) == "mercredi 1er janvier, 9\u00a0h"
        assert words.day(eleventh) == "11 décembre 2026"
    with translation.override("en"):
        assert words.day(first) == "1 December 2026"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(minutes=30), "Il reste moins d’une heure"),
        (timedelta(hours=1, minutes=5), "Encore 1 heure"),
        (timedelta(hours=47), "Encore 47 heures"),
        (timedelta(days=6, hours=2), "Encore 6 jours"),
        (timedelta(seconds=-1), ""),
    ],
)
def test_time_left_is_said_in_words(left: timedelta, said: str) -> None:
    with translation.override("fr"):
        assert words.time_left(AT + left, AT).replace("\xa0", " ") == said
