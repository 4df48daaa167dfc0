"""Who came in a month: people once, groups of five or more, and what was not counted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from cast import Cast
from make import make_person, make_team
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics.audience import Part, Uncounted
from portevoix.analytics.intervals import exactly
from portevoix.analytics.period import Period
from portevoix.analytics.reach import audience_figures
from portevoix.analytics.timing import Verdict
from portevoix.core import tenancy
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.links.batches import Kind
from portevoix.people.models import Person
from portevoix.people.roles import Role
from portevoix.sharing.models import Share


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.atlas, "Une laiterie au soleil", now=now)


@pytest.fixture
def sales(cast: Cast, now: datetime) -> list[Person]:
    """Ana and five more of her team."""
    names = ("Badr", "Clara", "Dina", "Elias", "Farah")
    facts = {"team": cast.ana.team, "country": "MA", "now": now}
    return [cast.ana, *(make_person(cast.atlas, name, [Role.AMBASSADOR], **facts) for name in names)]


@pytest.fixture
def care(cast: Cast, now: datetime) -> list[Person]:
    """Five of another team, in France."""
    facts = {"team": make_team(cast.atlas, "Clients"), "country": "FR", "now": now}
    return [
        make_person(cast.atlas, name, [Role.AMBASSADOR], **facts)
        for name in ("Gil", "Hind", "Ida", "Jo", "Kim")
    ]


def month(now: datetime) -> Period:
    today = now.date()
    return Period(today.replace(day=1), today, "Africa/Casablanca")


def came(share: Share, visitors: Iterable[int], *, at: datetime) -> None:
    """These visitors came by that share, a minute after another."""
    for number, visitor in enumerate(visitors):
        make_clicks(share, [at + timedelta(minutes=number)], visitor=f"{visitor:016x}")


def shared(people: Iterable[Person], story: Story, *, at: datetime, channel: str = "linkedin") -> list[Share]:
    return [make_share(person, story, at=at, channel=channel) for person in people]


def test_a_person_who_came_twice_is_one(cast: Cast, story: Story, sales: list[Person], now: datetime) -> None:
    first, second, *_ = shared(sales, story, at=now - timedelta(days=1))
    came(first, (1, 2, 3), at=now - timedelta(hours=20))
    came(second, (3, 4), at=now - timedelta(hours=1))

    seen = audience_figures(cast.marc, month(now), now=now)

    assert seen.visits == 5
    assert seen.everybody.interval == exactly(4)


def test_a_network_adds_whom_no_other_brought(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    at = now - timedelta(days=3)
    came(shared(sales, story, at=at)[0], (1, 2, 3), at=at)
    came(shared(sales, story, at=at, channel="x")[0], (3, 4), at=at + timedelta(hours=1))

    seen = audience_figures(cast.marc, month(now), now=now)

    assert [(one.crowd.key, one.visitors.high, one.alone) for one in seen.networks] == [
        ("linkedin", 3, exactly(2)),
        ("x", 2, exactly(1)),
    ]


def test_networks_of_few_are_together(cast: Cast, story: Story, sales: list[Person], now: datetime) -> None:
    at = now - timedelta(days=3)
    came(shared(sales, story, at=at)[0], (1, 2, 3), at=at)
    came(shared(sales[:2], story, at=at, channel="x")[0], (3, 4), at=at + timedelta(hours=1))

    seen = audience_figures(cast.marc, month(now), now=now)

    assert [(one.crowd.name, one.visitors.high, one.alone) for one in seen.networks] == [("", 4, exactly(4))]


def test_teams_are_compared_by_whom_both_reached(
    cast: Cast, story: Story, sales: list[Person], care: list[Person], now: datetime
) -> None:
    """Noor alone shares from her team, which joins the smallest large one: the total would give it away."""
    at = now - timedelta(days=3)
    shared([cast.noor], story, at=at)
    came(shared(sales, story, at=at)[0], (1, 2, 3), at=at)
    came(shared(care, story, at=at)[0], (2, 3, 4, 5), at=at + timedelta(hours=1))

    seen = audience_figures(cast.marc, month(now), now=now)

    assert [(one.crowd.name, one.visitors.high, one.alone) for one in seen.teams] == [
        ("Ventes", 3, exactly(1)),
        ("", 4, exactly(2)),
    ]
    assert [one.both for one in seen.overlaps] == [exactly(2)]


def test_the_week_is_on_the_clock_of_those_who_shared(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    """Nine in the morning in Casablanca, where `now` is a Tuesday."""
    came(shared(sales, story, at=now - timedelta(days=1))[0], (1,), at=now - timedelta(minutes=30))

    hours = audience_figures(cast.marc, month(now), now=now).hours

    assert [(day, hour) for day in range(7) for hour in range(24) if hours[day][hour]] == [(1, 8)]


def test_countries_of_few_ambassadors_are_not_told_apart(
    cast: Cast, story: Story, sales: list[Person], care: list[Person], now: datetime
) -> None:
    at = now - timedelta(days=3)
    came(shared(sales, story, at=at)[0], range(1, 8), at=at)
    came(shared(care[:4], story, at=at)[0], range(20, 26), at=at + timedelta(hours=1))

    seen = audience_figures(cast.marc, month(now), now=now)

    assert [(one.key, one.visits) for one in seen.countries] == [("", 13)]


def test_rare_languages_are_together(cast: Cast, story: Story, sales: list[Person], now: datetime) -> None:
    at = now - timedelta(days=3)
    came(shared(sales, story, at=at)[0], range(1, 8), at=at)

    assert [(one.key, one.visits) for one in audience_figures(cast.marc, month(now), now=now).languages] == [
        ("fr", 7)
    ]
    assert isinstance(audience_figures(cast.marc, month(now), now=now).devices[0], Part)


def test_what_is_not_counted_is_told_with_its_reason(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    share, *_ = shared(sales, story, at=now - timedelta(days=3))
    make_clicks(share, [now - timedelta(days=1)] * 2, kind=Kind.ROBOT)
    make_clicks(share, [now - timedelta(days=1)] * 3, kind=Kind.PREVIEW)

    seen = audience_figures(cast.marc, month(now), now=now)

    assert (seen.visits, seen.robots[0].clicks, seen.previews[0].clicks) == (0, 2, 3)
    assert isinstance(seen.robots[0], Uncounted)


def test_the_companys_own_posts_are_not_peoples(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    at = now - timedelta(days=3)
    came(shared(sales, story, at=at)[0], (1, 2), at=at)
    came(make_share(cast.ines, story, at=at, is_company=True), range(10, 20), at=at)

    seen = audience_figures(cast.marc, month(now), now=now)

    assert seen.everybody.interval == exactly(2)
    assert seen.comparison is not None
    assert (seen.comparison.stories, seen.comparison.posts, seen.comparison.ratio) == (1, 1, None)


def test_people_are_compared_with_the_companys_page(cast: Cast, sales: list[Person], now: datetime) -> None:
    visitor = iter(range(1, 10_000))
    for number in range(6):
        story = make_published_story(cast.atlas, f"Histoire {number}", now=now)
        at = now - timedelta(days=9, hours=number)
        for share in shared(sales, story, at=at):
            came(share, [next(visitor) for _ in range(4 + number % 2)], at=at)
        company = make_share(cast.ines, story, at=at, is_company=True)
        came(company, [next(visitor) for _ in range(2 + number % 2)], at=at)

    comparison = audience_figures(cast.marc, month(now), now=now).comparison

    assert comparison is not None
    assert (comparison.stories, comparison.shares, comparison.posts) == (6, 36, 6)
    assert comparison.ratio is not None
    assert comparison.ratio.holds(1.8)


def test_advice_waits_for_a_week_of_visits(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    shared(sales, story, at=now - timedelta(days=6))
    assert audience_figures(cast.marc, month(now), now=now).advice == []

    shared(sales, story, at=now - timedelta(days=8))
    (advice,) = audience_figures(cast.marc, month(now), now=now).advice
    assert (advice.network, advice.shares, advice.verdict) == ("linkedin", 6, Verdict.NOT_ENOUGH)


def test_days_that_few_stand_behind_are_in_no_figure(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    came(shared(sales, story, at=now - timedelta(days=10))[0], (1, 2), at=now - timedelta(days=9))
    came(shared(sales[:1], story, at=now - timedelta(days=1))[0], (3,), at=now - timedelta(hours=20))

    seen = audience_figures(cast.marc, month(now), now=now)

    assert (seen.visits, [day.day for day in seen.untold]) == (2, [23, 24])


def test_nothing_is_shown_while_fewer_than_five_take_part(cast: Cast, story: Story, now: datetime) -> None:
    came(shared([cast.ana], story, at=now - timedelta(days=3))[0], (1, 2), at=now - timedelta(days=2))

    seen = audience_figures(cast.marc, month(now), now=now)

    assert (seen.is_hidden, seen.visits, list(seen.networks)) == (True, 0, [])


def test_figures_are_for_those_who_may_see_them(cast: Cast, sales: list[Person], now: datetime) -> None:
    with pytest.raises(NotFound):
        audience_figures(cast.ana, month(now), now=now)


def test_another_organisation_sees_nothing_of_it(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    came(shared(sales, story, at=now - timedelta(days=3))[0], (1, 2, 3), at=now - timedelta(days=2))
    with tenancy.acting_for(cast.other.pk):
        people = [make_person(cast.other, f"P{n}", [Role.AMBASSADOR], now=now) for n in range(5)]
        manager = make_person(cast.other, "Mia", [Role.MANAGER], now=now)
        seen = audience_figures(manager, month(now), now=now)

    assert len(people) == 5
    assert (seen.is_hidden, seen.visits, bool(seen.everybody)) == (False, 0, False)
