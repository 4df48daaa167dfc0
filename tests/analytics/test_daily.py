"""Day by day: only where five people or more stand behind each day; else weeks, or more of them, as one."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from cast import Cast
from make import make_person
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics import programme
from portevoix.analytics.actions import request_export
from portevoix.analytics.models import Export
from portevoix.analytics.period import Period
from portevoix.core import tenancy
from portevoix.library.models import Story
from portevoix.links.batches import Kind
from portevoix.people.models import Person
from portevoix.people.roles import Role
from portevoix.sharing.models import Share
from working import prepare_due_exports

MONDAY, TUESDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 22)  # the week before now
FOUR = date(2026, 10, 26)  # the four weeks that end that Sunday
ALL = "All networks"


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.atlas, "Une laiterie au soleil", now=now)


@pytest.fixture
def sales(cast: Cast, now: datetime) -> list[Person]:
    """Six ambassadors, so that figures may be told."""
    names = ("Badr", "Clara", "Dina", "Elias", "Farah", "Ghali")
    return [make_person(cast.atlas, name, [Role.AMBASSADOR], now=now) for name in names]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def share_all(people: Sequence[Person], story: Story, day: date, channel: str = "linkedin") -> list[Share]:
    """A share of each of them that day, with one visit."""
    shares = [make_share(who, story, at=noon(day), channel=channel) for who in people]
    for share in shares:
        make_clicks(share, [noon(day)])
    return shares


Rows = dict[tuple[str, str], list[int]]


def told(cast: Cast, now: datetime, since: date, until: date, days: int = 1) -> Rows:
    """The rows of a file of that many days each, by day and network: shares, visits, visitors, robots."""
    export = request_export(
        person=cast.lea, kind=Export.Kind.DAILY, since_on=since, until_on=until, language="en", now=now
    )
    prepare_due_exports(now)
    export.refresh_from_db()
    header, *rows = csv.reader(export.file.open("r").read().lstrip("\ufeff").splitlines())
    assert header == [
        "Day",
        "Number of days",
        "Network",
        "Shares",
        "Human clicks",
        "Unique visitors, at least",
        "Unique visitors, at most",
        "Robots",
    ]
    assert all(row[5] == row[6] for row in rows if int(row[1]) <= 7)  # visitors are told apart for longer
    return {
        (row[0], row[2]): [int(cell) for cell in (*row[3:6], row[7])] for row in rows if row[1] == str(days)
    }


def networks_of(rows: Rows) -> set[str]:
    return {network for _day, network in rows} - {ALL}


def test_daily_tells_of_everyone_each_day_on_the_clock_of_the_organisation(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    shares = share_all(sales, story, MONDAY)
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)  # half past midnight in Casablanca
    for share in shares[:5]:
        make_clicks(share, [late])
    make_clicks(shares[0], [noon(MONDAY)] * 3, kind=Kind.ROBOT)
    make_clicks(shares[0], [noon(MONDAY)], kind=Kind.PREVIEW)

    rows = told(cast, now, MONDAY, TUESDAY)

    assert {day: row for (day, network), row in rows.items() if network == ALL} == {
        "2026-11-16": [6, 6, 6, 4],
        "2026-11-17": [0, 5, 5, 0],
        **{f"2026-11-{day}": [0, 0, 0, 0] for day in range(18, 23)},
    }


def test_daily_counts_a_visitor_of_two_networks_once(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales, story, MONDAY)
    for channel in ("linkedin", "x"):
        share = make_share(sales[0], story, at=noon(MONDAY), channel=channel)
        make_clicks(share, [noon(MONDAY)], visitor="00000000000000aa")

    assert told(cast, now, MONDAY, MONDAY)["2026-11-16", ALL] == [8, 8, 7, 0]


def test_daily_tells_a_week_with_a_day_of_one_person_as_one(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    shares = share_all(sales, story, MONDAY)
    make_clicks(shares[0], [noon(SUNDAY)] * 7)

    assert told(cast, now, MONDAY, SUNDAY) == {}
    assert told(cast, now, TUESDAY, TUESDAY, days=7) == {
        ("2026-11-16", ALL): [6, 13, 13, 0],
        ("2026-11-16", "LinkedIn"): [6, 13, 13, 0],
    }


def test_daily_tells_nothing_of_a_week_of_one_person(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales[:1], story, MONDAY)

    assert [told(cast, now, MONDAY, SUNDAY, days=days) for days in (1, 7, 28)] == [{}, {}, {}]


def test_daily_tells_thin_weeks_together_at_the_first_of_them(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales[:3], story, MONDAY - timedelta(days=14))
    share_all(sales[3:], story, MONDAY)

    assert told(cast, now, MONDAY - timedelta(days=14), SUNDAY, days=14) == {
        ("2026-11-02", ALL): [6, 6, 3, 0],  # visitors at least: the weeks are apart
        ("2026-11-02", "LinkedIn"): [6, 6, 3, 0],
    }
    assert told(cast, now, MONDAY, SUNDAY, days=7) == {}


def test_daily_names_a_network_in_four_weeks_of_five_or_more_each_day(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    shares = share_all(sales, story, MONDAY)
    for share in shares[:5]:
        make_clicks(share, [noon(TUESDAY)] * 2)

    rows = told(cast, now, MONDAY, TUESDAY)

    assert {key: row for key, row in rows.items() if key[0] <= "2026-11-17"} == {
        ("2026-11-16", ALL): [6, 6, 6, 0],
        ("2026-11-16", "LinkedIn"): [6, 6, 6, 0],
        ("2026-11-17", ALL): [0, 10, 10, 0],
        ("2026-11-17", "LinkedIn"): [0, 10, 10, 0],
    }


def test_daily_tells_networks_of_four_weeks_at_one_grain(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    """A week told by days beside one that is not would betray it, to whoever knows the four weeks' total."""
    share_all(sales, story, MONDAY)
    share_all(sales, story, MONDAY - timedelta(days=7))
    share_all(sales[:3], story, MONDAY, channel="x")
    share_all(sales[3:], story, TUESDAY, channel="x")  # a day of three people

    by_day, by_week, whole = (told(cast, now, FOUR, SUNDAY, days=days) for days in (1, 7, 28))

    assert by_day["2026-11-09", ALL] == [6, 6, 6, 0]
    assert (networks_of(by_day), networks_of(by_week), whole) == (set(), {"LinkedIn", "X"}, {})
    assert by_week["2026-11-09", "LinkedIn"] == [6, 6, 6, 0]
    assert by_week["2026-11-16", "X"] == [6, 6, 6, 0]


def test_daily_tells_four_weeks_as_one_when_weeks_are_too_thin(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales, story, MONDAY)
    share_all(sales, story, MONDAY - timedelta(days=7), channel="x")
    share_all(sales[:2], story, MONDAY, channel="x")

    whole = told(cast, now, FOUR, SUNDAY, days=28)

    assert whole == {
        ("2026-10-26", "LinkedIn"): [6, 6, 6, 0],
        ("2026-10-26", "X"): [8, 8, 8, 0],
    }
    assert networks_of(told(cast, now, FOUR, SUNDAY, days=7)) == set()
    assert told(cast, now, MONDAY, SUNDAY, days=28) == {}


def test_daily_puts_networks_of_few_together_and_never_betrays_them(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for who in ("Hind", "Idriss", "Jade", "Karima", "Lina"):
        sales.append(make_person(cast.atlas, who, [Role.AMBASSADOR], now=now))
    share_all(sales[:6], story, MONDAY)
    share_all(sales[6:9], story, MONDAY, channel="x")
    alone = told(cast, now, MONDAY, MONDAY)

    share_all(sales[9:], story, MONDAY, channel="facebook")

    assert networks_of(alone) == set()  # all less LinkedIn would have been three people's
    rows = told(cast, now, MONDAY, MONDAY)
    assert {key: row for key, row in rows.items() if key[0] == "2026-11-16"} == {
        ("2026-11-16", ALL): [11, 11, 11, 0],
        ("2026-11-16", "LinkedIn"): [6, 6, 6, 0],
        ("2026-11-16", "Other networks"): [5, 5, 5, 0],
    }


def test_daily_waits_for_the_end_of_weeks_and_of_fours(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    today = now.date()
    share_all(sales, story, today)

    early = told(cast, now, today, today + timedelta(days=9), days=2)
    over = told(cast, now + timedelta(days=7), today, today)
    later = told(cast, now + timedelta(days=28), today, today)

    assert early == {("2026-11-23", ALL): [6, 6, 6, 0]}  # the week so far, and nothing of days to come
    assert over["2026-11-24", ALL] == [6, 6, 6, 0]
    assert (networks_of(over), networks_of(later)) == (set(), {"LinkedIn"})


def test_two_files_say_the_same_of_a_day_whatever_days_they_hold(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales, story, MONDAY)
    share_all(sales, story, TUESDAY, channel="x")
    share_all(sales[:1], story, SUNDAY + timedelta(days=1))
    wide = told(cast, now, MONDAY - timedelta(days=9), now.date())

    for since, until in ((MONDAY, SUNDAY), (TUESDAY, SUNDAY), (MONDAY, MONDAY), (SUNDAY, now.date())):
        days = {day.isoformat() for day in Period(MONDAY, SUNDAY, "UTC").days}
        narrow = told(cast, now, since, until)
        assert narrow == {key: row for key, row in wide.items() if key[0] in days}


def test_days_of_a_named_network_add_up_to_the_page(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales, story, MONDAY)
    share_all(sales[:5], story, TUESDAY, channel="x")
    rows = told(cast, now, MONDAY, SUNDAY)

    with tenancy.acting_for(cast.atlas.pk):
        week = Period(MONDAY, SUNDAY, cast.atlas.time_zone)
        page = programme.overview(cast.lea, week, now=now).networks

    def of_file(network: str) -> tuple[int, int]:
        days = [row for (_day, name), row in rows.items() if name == network]
        return sum(row[0] for row in days), sum(row[1] for row in days)

    assert [(one.name, (one.shares, one.clicks)) for one in page] == [("LinkedIn", (6, 6)), ("X", (5, 5))]
    assert (of_file("LinkedIn"), of_file("X")) == ((6, 6), (5, 5))


def test_daily_is_empty_below_five_people(cast: Cast, story: Story, now: datetime) -> None:
    share_all([cast.ana], story, MONDAY)

    assert told(cast, now, MONDAY, SUNDAY) == {}
