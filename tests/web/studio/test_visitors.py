"""The page Visitors: its sentences in three languages, its month, its bars, and how many queries it takes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cast import Cast
from make import make_person
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics.audience import AudienceFigures, Comparison, Crowd, Overlap, Reach
from portevoix.analytics.intervals import Interval, exactly
from portevoix.analytics.period import Period
from portevoix.analytics.timing import Advice, Verdict, Window
from portevoix.analytics.visitors import Visitors
from portevoix.links.robots import REASONS as CODES
from portevoix.people.models import Person
from portevoix.people.roles import Role
from portevoix.web.studio import visitor_bars, visitor_words
from portevoix.web.studio.months import months, period_of_month
from portevoix.web.studio.reasons import REASONS, reason_words

Browse = Callable[[object], Client]
MONTH = Period(date(2026, 11, 1), date(2026, 11, 24), "Africa/Casablanca")
ADDRESS = "/studio/visitors"
PEOPLE_REASONS = {"browser", "app"}
LANGUAGES = ("en", "fr", "ar")


NAMES = ("Badr", "Clara", "Dina", "Elias", "Farah")


@pytest.fixture
def six(cast: Cast, now: datetime) -> list[Person]:
    """Ana and five more of her team."""
    team = cast.ana.team
    return [
        cast.ana,
        *(make_person(cast.atlas, name, [Role.AMBASSADOR], team=team, now=now) for name in NAMES),
    ]


def fill(six: list[Person], title: str, now: datetime) -> None:
    """A story that each shared on two networks, and the same three visitors on all of these."""
    story = make_published_story(six[0].organisation, title, now=now)
    for number, person in enumerate(six):
        for channel in ("linkedin", "x"):
            share = make_share(person, story, at=now - timedelta(days=2), channel=channel)
            make_clicks(share, [now - timedelta(hours=number + 1)], visitor=f"{number % 3 + 1:016x}")


def seen(**facts: object) -> AudienceFigures:
    return AudienceFigures(MONTH, **facts)  # type: ignore[arg-type]


def test_the_page_says_who_came(
    cast: Cast, six: list[Person], now: datetime, travel: object, browse: Browse
) -> None:
    fill(six, "Une laiterie au soleil", now)

    page = browse(cast.marc).get(ADDRESS)

    assert page.status_code == 200
    assert page.context["sentence"].startswith("3 ")
    assert [row.name for row in page.context["networks"]] == ["LinkedIn", "X"]


def test_the_page_takes_as_many_queries_for_one_story_and_for_three(
    cast: Cast,
    six: list[Person],
    now: datetime,
    travel: object,
    browse: Browse,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    fill(six, "Une laiterie au soleil", now)
    client = browse(cast.marc)
    client.get(ADDRESS)

    with django_assert_num_queries(50):
        client.get(ADDRESS)

    fill(six, "Le toit de l’usine", now)
    fill(six, "Une éolienne de plus", now)
    with django_assert_num_queries(50):
        client.get(ADDRESS)


def test_fewer_than_five_see_no_figure(cast: Cast, now: datetime, travel: object, browse: Browse) -> None:
    page = browse(cast.marc).get(ADDRESS)

    assert page.context["seen"].is_hidden
    assert "tallies" not in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "shown"), [("2026-09", "2026-09"), ("2019-01", "2026-11"), ("x", "2026-11")]
)
def test_a_month_is_chosen_in_the_address(
    cast: Cast, travel: object, browse: Browse, asked: str, shown: str
) -> None:
    page = browse(cast.marc).get(ADDRESS, {"month": asked})

    assert page.context["chosen"].value == shown
    assert len(page.context["months"]) == 12


def test_in_its_first_days_a_month_gives_way_to_the_one_before(travel: time_machine.Traveller) -> None:
    travel.move_to(datetime(2026, 3, 3, 12))
    (chosen,) = [month for month in months("", "Africa/Casablanca") if month.is_chosen]

    assert chosen.value == "2026-02"
    assert period_of_month(chosen.first, "Africa/Casablanca").until == date(2026, 2, 28)


def test_days_to_come_are_not_in_the_period(travel: object, now: datetime) -> None:
    assert period_of_month(date(2026, 11, 1), "Africa/Casablanca").until == now.date()


def test_the_menu_leads_there(cast: Cast, travel: object, browse: Browse) -> None:
    page = browse(cast.karim).get(reverse("visitors"))

    assert [place["key"] for place in page.context["studio_nav"] if place["current"]] == ["visitors"]


# --- words ---------------------------------------------------------------------------------------------------------
def test_every_reason_has_words_in_three_languages() -> None:
    assert REASONS.keys() == CODES.keys() - PEOPLE_REASONS
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = [reason_words(code) for code in REASONS]

    assert all(len({said[language][n] for language in LANGUAGES}) == 3 for n in range(len(REASONS)))
    assert reason_words("of-a-later-version") == "of-a-later-version"


def test_an_estimate_says_its_bounds_and_a_count_does_not() -> None:
    with translation.override("fr"):
        assert visitor_words.about(Interval(1180, 1240, 1301)) == "environ 1\u202f240"
        assert visitor_words.between(Interval(1180, 1240, 1301)) == "entre 1\u202f180 et 1\u202f301"
        assert (visitor_words.about(exactly(380)), visitor_words.between(exactly(380))) == ("380", "")


def test_the_first_sentence_is_as_sure_as_the_figure() -> None:
    with translation.override("en"):
        assert visitor_words.headline(seen(everybody=Visitors((exactly(12),)))).startswith(
            "12 different people"
        )
        assert visitor_words.headline(seen(everybody=Visitors((exactly(1),)))).startswith("1 person")
        about = visitor_words.headline(seen(everybody=Visitors((Interval(970, 1000, 1030),))))
        assert about.startswith("About 1,000 different people")
        assert "between 970 and 1,030" in about
        days = visitor_words.headline(seen(everybody=Visitors((exactly(30), exactly(50)))))
        assert days.startswith("At least 50 and at most 80 different people")
        assert visitor_words.headline(seen()) == "Nobody has followed a link in this month yet."


def crowd(name: str, figure: int = 100) -> Crowd:
    return Crowd(name, name, figure)


def test_what_cannot_be_told_from_none_is_said_so() -> None:
    rows = [
        Reach(crowd("LinkedIn"), Visitors((exactly(100),)), exactly(60)),
        Reach(crowd("X"), Visitors((exactly(40),)), Interval(0, 6, 15)),
        Reach(crowd(""), Visitors((exactly(5),)), exactly(0)),
    ]

    with translation.override("en"):
        shown = visitor_bars.reach_rows(rows, "Other networks")

    assert [(row.name, row.alone, row.alone_figure, row.alone_bounds) for row in shown] == [
        ("LinkedIn", 60, "60", ""),
        ("X", 0, "not told apart from none", ""),
        ("Other networks", 0, "nobody", ""),
    ]


def test_pairs_of_teams_are_listed_once_some_have_visitors_in_common() -> None:
    none = Overlap(crowd("A"), crowd("B"), Interval(0, 4, 9))
    some = Overlap(crowd("A"), crowd(""), Interval(20, 30, 41))

    with translation.override("en"):
        assert visitor_bars.overlap_rows([none], "Other teams") == []
        rows = visitor_bars.overlap_rows([some, none], "Other teams")

    assert [(row["figure"], row["bounds"]) for row in rows] == [
        ("about 30", "between 20 and 41"),
        ("not told apart from none", ""),
    ]


def test_the_fullest_hours_are_named() -> None:
    hours = [[0] * 24 for _ in range(7)]
    hours[1][16], hours[1][17], hours[4][9] = 20, 15, 30

    with translation.override("en"):
        assert visitor_words.heat_sentence(hours) == "Most visits came on Tuesday between 16:00 and 18:00."
        drawn = visitor_bars.heat(hours)

    assert [day["cells"][8]["shade"] for day in drawn["days"]] == [0, 5, 0, 0, 0, 0, 0]
    assert drawn["days"][4]["cells"][4] == {"visits": 30, "shade": 5}


def test_few_visits_name_no_hour() -> None:
    with translation.override("en"):
        sentence = visitor_words.heat_sentence([[0] * 24 for _ in range(7)])

    assert sentence == "Too few visits yet to see an hour in them."


def test_a_window_is_suggested_with_its_gain_and_interval() -> None:
    advice = Advice("linkedin", 900, 40, Verdict.BETTER, Window(False, 7, 10), Interval(1.18, 1.52, 1.94))

    with translation.override("en"):
        words = visitor_words.advice_words(advice)

    assert words["window"].startswith("Monday to Friday, ")
    assert words["sentence"] == (
        "52% more visits a share than the same people’s shares at other hours (between 18% and 94%)."
    )


@pytest.mark.parametrize(
    ("missing", "said"), [(683, "about 700"), (41, "about 50"), (3, "about 3"), (1000, "about 1,000")]
)
def test_what_is_missing_is_a_round_number(missing: int, said: str) -> None:
    advice = Advice("x", 90, 9, Verdict.NOT_ENOUGH, missing_shares=missing)

    with translation.override("en"):
        assert visitor_words.advice_words(advice)["sentence"] == said


def test_people_and_the_companys_page_side_by_side() -> None:
    with translation.override("en"):
        more = visitor_words.comparison_words(Comparison(12, 90, 14, Interval(1.24, 1.83, 2.7)))
        alike = visitor_words.comparison_words(Comparison(12, 90, 14, Interval(0.8, 1.1, 1.5)))
        few = visitor_words.comparison_words(Comparison(3, 20, 3))

    assert more["figure"] == "1.8"
    assert "between 1.2 and 2.7" in more["sentence"]
    assert alike["figure"] == ""
    assert "about as many visitors" in alike["sentence"]
    assert few["sentence"].startswith("Not enough data yet: 2 more stories")


def test_days_that_are_not_told_are_named() -> None:
    month = Period(date(2026, 11, 1), date(2026, 11, 30), "UTC")
    seen = AudienceFigures(month, untold=[date(2026, 11, 1), date(2026, 11, 29), date(2026, 11, 30)])

    with translation.override("en"):
        said = visitor_words.untold_words(seen)

    assert said.startswith("Without \u20681 Nov 2026\u2069 and \u206829–30 Nov 2026\u2069: a week")
    assert visitor_words.untold_words(AudienceFigures(month)) == ""


def test_a_month_of_few_says_so(
    cast: Cast, six: list[Person], now: datetime, travel: object, browse: Browse
) -> None:
    story = make_published_story(cast.atlas, "Une laiterie au soleil", now=now)
    make_clicks(make_share(six[0], story, at=now - timedelta(days=1)), [now - timedelta(hours=3)])

    page = browse(cast.marc).get(ADDRESS)

    assert page.context["seen"].visits == 0
    assert "Trop peu de monde pour l’instant" in page.content.decode()
