"""What visits led to: counted by kind, summed by currency, said as far as it is known, and never of a few people."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cast import Cast
from make import make_person
from make_clicks import make_published_story, make_share
from make_conversions import convert
from portevoix.analytics.conversions import (
    Conversions,
    Kind,
    Money,
    conversions_of_programme,
    conversions_of_story,
    my_conversions,
)
from portevoix.analytics.period import Period, last_weeks
from portevoix.analytics.rules import Evidence
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.links.actions.measuring import add_site
from portevoix.links.models import Source
from portevoix.people.models import Person
from portevoix.sharing.actions.shares import take_back_share
from portevoix.sharing.models import Share

SITE = "https://www.atlas.example"


@pytest.fixture
def period(now: datetime) -> Period:
    return last_weeks(4, now=now, zone="Europe/Paris")


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    add_site(organisation=cast.atlas, by=cast.driss, address=SITE, now=now)
    return make_published_story(cast.atlas, "Une laiterie", now=now)


def sharers(cast: Cast, count: int, now: datetime) -> list[Person]:
    extra = [make_person(cast.atlas, f"Person{n}", ["ambassador"], now=now) for n in range(count - 2)]
    return [cast.ana, cast.noor, *extra]


def shared_by(people: list[Person], story: Story, now: datetime) -> list[Share]:
    return [make_share(person, story, at=now - timedelta(days=1)) for person in people]


def browser(share: Share, now: datetime, **facts: Any) -> None:
    convert(share.link, now=now, source=Source.BROWSER, origin=SITE, **facts)


def test_conversions_are_counted_by_kind_and_summed_by_currency(
    cast: Cast, story: Story, period: Period, now: datetime
) -> None:
    first, second, *_rest = shared_by(sharers(cast, 5, now), story, now)
    for value, currency in ((1000, "EUR"), (500, "EUR"), (70_000, "MAD")):
        convert(first.link, now=now, kind="order", value=value, currency=currency)
    browser(second, now, kind="order", value=1, currency="EUR")
    convert(second.link, now=now, kind="demo")

    found = conversions_of_story(cast.ines, story, period)

    assert found == Conversions(
        30,
        [Kind("order", 4, 1, [Money("EUR", 1501), Money("MAD", 70_000)]), Kind("demo", 1, 0, [])],
    )
    assert [kind.evidence for kind in found.kinds] == [Evidence.DECLARED, Evidence.MEASURED]
    assert (found.count, found.evidence) == (5, Evidence.DECLARED)
    assert conversions_of_programme(cast.ines, period) == found


def test_nothing_is_shown_when_there_is_nothing(
    cast: Cast, story: Story, period: Period, now: datetime
) -> None:
    shared_by(sharers(cast, 5, now), story, now)

    assert conversions_of_story(cast.ines, story, period) is None
    assert conversions_of_programme(cast.ines, period) is None
    assert my_conversions(cast.ana, period) is None


def test_nothing_is_shown_of_fewer_than_five_people(
    cast: Cast, story: Story, period: Period, now: datetime
) -> None:
    other = make_published_story(cast.atlas, "Une autre", now=now)
    people = sharers(cast, 5, now)
    shares = shared_by(people[:4], story, now)
    make_share(people[4], other, at=now - timedelta(days=1))
    for share in shares:
        convert(share.link, now=now)

    assert conversions_of_story(cast.ines, story, period) is None
    found = conversions_of_programme(cast.ines, period)
    assert found is not None
    assert found.count == 4


def test_own_conversions_are_ones_own(cast: Cast, story: Story, period: Period, now: datetime) -> None:
    mine, theirs = shared_by([cast.ana, cast.noor], story, now)
    convert(mine.link, now=now, kind="demo")
    convert(theirs.link, now=now, kind="order")

    found = my_conversions(cast.ana, period)

    assert found is not None
    assert [kind.name for kind in found.kinds] == ["demo"]


def test_share_that_is_taken_back_takes_its_conversions_along(
    cast: Cast, story: Story, period: Period, now: datetime
) -> None:
    [share] = shared_by([cast.ana], story, now)
    convert(share.link, now=now)

    take_back_share(share=share, now=now)

    assert my_conversions(cast.ana, period) is None


def test_period_is_kept_to(cast: Cast, story: Story, now: datetime) -> None:
    [share] = shared_by([cast.ana], story, now)
    convert(share.link, now=now)
    yesterday = (now - timedelta(days=1)).date()

    assert my_conversions(cast.ana, Period(yesterday, yesterday, "Europe/Paris")) is None


def test_figures_are_for_those_who_may_see_them(
    cast: Cast, story: Story, period: Period, now: datetime
) -> None:
    with pytest.raises(NotFound):
        conversions_of_story(cast.ana, story, period)


def test_large_values_add_up(cast: Cast, story: Story, period: Period, now: datetime) -> None:
    [share] = shared_by([cast.ana], story, now)
    for _each in range(20):
        convert(share.link, now=now, value=10**12, currency="MAD")

    found = my_conversions(cast.ana, period)

    assert found is not None
    assert found.kinds[0].values == [Money("MAD", 20 * 10**12)]


def test_companys_own_posts_are_not_counted_among_peoples(
    cast: Cast, story: Story, period: Period, now: datetime
) -> None:
    share = make_share(cast.ines, story, at=now - timedelta(days=1), is_company=True)
    people = shared_by(sharers(cast, 5, now), story, now)
    convert(share.link, now=now)
    convert(people[0].link, now=now)

    found = conversions_of_story(cast.ines, story, period)

    assert found is not None
    assert found.count == 1
    assert my_conversions(cast.ines, period) is None
