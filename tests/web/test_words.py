"""Numbers, dates and lengths of time read as a native writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from portevoix.web.templatetags import words

AT = datetime(2026, 12, 7, 13, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "number", "percent", "day", "moment"),
    [
        ("fr", "4\u202f380", "62\u202f%", "7 décembre 2026", "7 déc. 2026, 14:32"),
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
