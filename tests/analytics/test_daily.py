"""Day by day: everyone each day, and networks only where five people or more stand behind each day of a week."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from cast import Cast
from make import make_person
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics import queries
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
    assert all(row[5] == row[6] for row in rows)  # no week here is longer than visitors are told apart
    return {
        (row[0], row[2]): [int(cell) for cell in (*row[3:6], row[7])] for row in rows if row[1] == str(days)
    }


def networks_of(rows: Rows) -> set[str]:
    return {network for _day, network in rows} - {ALL}


def test_daily_tells_of_everyone_each_day_on_the_clock_of_the_organisation(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share = make_share(sales[0], story, at=noon(MONDAY))
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)  # half past midnight in Casablanca
    make_clicks(share, [noon(MONDAY), late])
    make_clicks(share, [noon(MONDAY)] * 3, kind=Kind.ROBOT)
    make_clicks(share, [noon(MONDAY)], kind=Kind.PREVIEW)

    rows = told(cast, now, MONDAY, date(2026, 11, 18))

    assert rows == {
        ("2026-11-16", ALL): [1, 1, 1, 4],
        ("2026-11-17", ALL): [0, 1, 1, 0],
        ("2026-11-18", ALL): [0, 0, 0, 0],
    }


def test_daily_counts_a_visitor_of_two_networks_once(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for channel in ("linkedin", "x"):
        share = make_share(sales[0], story, at=noon(MONDAY), channel=channel)
        make_clicks(share, [noon(MONDAY)], visitor="00000000000000aa")

    assert told(cast, now, MONDAY, MONDAY) == {("2026-11-16", ALL): [2, 2, 1, 0]}


def test_daily_names_a_network_in_a_week_of_five_or_more_each_day(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    shares = share_all(sales, story, MONDAY)
    for share in shares[:5]:
        make_clicks(share, [noon(TUESDAY)] * 2)

    rows = told(cast, now, MONDAY, TUESDAY)

    assert rows == {
        ("2026-11-16", ALL): [6, 6, 6, 0],
        ("2026-11-16", "LinkedIn"): [6, 6, 6, 0],
        ("2026-11-17", ALL): [0, 10, 10, 0],
        ("2026-11-17", "LinkedIn"): [0, 10, 10, 0],
    }


def test_daily_does_not_name_a_network_in_a_week_with_a_day_of_one_person(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    shares = share_all(sales, story, MONDAY)
    make_clicks(shares[0], [noon(SUNDAY)] * 7)

    assert networks_of(told(cast, now, MONDAY, SUNDAY)) == set()
    assert networks_of(told(cast, now, MONDAY, TUESDAY)) == set()  # Sunday is not asked for, and counts


def test_daily_tells_a_week_as_one_when_its_days_are_too_thin(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    shares = share_all(sales, story, MONDAY)
    make_clicks(shares[0], [noon(SUNDAY)] * 7)

    assert told(cast, now, MONDAY, SUNDAY, days=7) == {("2026-11-16", "LinkedIn"): [6, 13, 13, 0]}
    assert told(cast, now, TUESDAY, SUNDAY, days=7) == {}


def test_daily_tells_no_week_of_fewer_than_five_people(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales, story, MONDAY)
    share_all(sales[:4], story, TUESDAY, channel="x")

    assert told(cast, now, MONDAY, SUNDAY, days=7) == {}  # all less LinkedIn would be four people's
    assert networks_of(told(cast, now, MONDAY, SUNDAY)) == set()


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
    assert told(cast, now, MONDAY, MONDAY) == {
        ("2026-11-16", ALL): [11, 11, 11, 0],
        ("2026-11-16", "LinkedIn"): [6, 6, 6, 0],
        ("2026-11-16", "Other networks"): [5, 5, 5, 0],
    }


def test_daily_waits_for_the_end_of_a_week_before_it_tells_networks_apart(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    today = now.date()
    share_all(sales, story, today)

    early = told(cast, now, today, today + timedelta(days=9))
    later = told(cast, now + timedelta(days=7), today, today)

    assert early == {("2026-11-24", ALL): [6, 6, 6, 0]}  # and nothing of days to come
    assert networks_of(later) == {"LinkedIn"}


def test_two_files_say_the_same_of_a_day_whatever_days_they_hold(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share_all(sales, story, MONDAY)
    share_all(sales, story, TUESDAY, channel="x")
    share_all(sales[:1], story, SUNDAY + timedelta(days=1))
    wide = told(cast, now, MONDAY - timedelta(days=9), now.date())

    for since, until in ((MONDAY, SUNDAY), (TUESDAY, SUNDAY), (MONDAY, MONDAY), (SUNDAY, now.date())):
        days = {day.isoformat() for day in Period(since, until, "UTC").days}
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
        page = queries.overview(cast.lea, week, now=now).networks

    def of_file(network: str) -> tuple[int, int]:
        days = [row for (_day, name), row in rows.items() if name == network]
        return sum(row[0] for row in days), sum(row[1] for row in days)

    assert [(one.name, (one.shares, one.clicks)) for one in page] == [("LinkedIn", (6, 6)), ("X", (5, 5))]
    assert (of_file("LinkedIn"), of_file("X")) == ((6, 6), (5, 5))


def test_daily_is_empty_below_five_people(cast: Cast, story: Story, now: datetime) -> None:
    share_all([cast.ana], story, MONDAY)

    assert told(cast, now, MONDAY, SUNDAY) == {}
