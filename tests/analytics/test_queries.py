"""What it brought: only mine for me, only groups for those who run the programme, only people among the clicks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cast import Cast
from make import make_person, make_team
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics import programme, queries
from portevoix.analytics.models import Dimension
from portevoix.analytics.period import Period, last_weeks
from portevoix.analytics.queries import BestWeek
from portevoix.analytics.rules import OTHERS, Slice
from portevoix.core import tenancy
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.links.batches import Kind
from portevoix.people.models import Organisation, Person
from portevoix.people.roles import Role
from portevoix.sharing.models import ShareState


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.atlas, "Une laiterie au soleil", now=now)


@pytest.fixture
def sales(cast: Cast, now: datetime) -> list[Person]:
    """Five more ambassadors of Ana's team, so that figures may be shown."""
    names = ("Badr", "Clara", "Dina", "Elias", "Farah")
    return [make_person(cast.atlas, name, [Role.AMBASSADOR], team=cast.ana.team, now=now) for name in names]


def period(now: datetime) -> Period:
    return last_weeks(4, now=now, zone="Africa/Casablanca")


def names_of(groups: list[Slice]) -> list[tuple[str, int, int]]:
    return [(group.name, group.shares, group.clicks) for group in groups]


def test_my_results_counts_only_mine(cast: Cast, story: Story, now: datetime) -> None:
    mine, hers = (make_share(who, story, at=now - timedelta(days=2)) for who in (cast.ana, cast.noor))
    make_clicks(mine, [now - timedelta(days=1)] * 3)
    make_clicks(hers, [now - timedelta(days=1)] * 4)

    results = queries.my_results(cast.ana, now=now)

    assert (results.totals.shares, results.totals.clicks, results.totals.visitors.high) == (1, 3, 3)
    assert [(one.share, one.clicks, one.visitors.high) for one in results.shares] == [(mine, 3, 3)]


@pytest.mark.parametrize("kind", [Kind.ROBOT, Kind.PREVIEW])
def test_my_results_never_counts_what_is_no_person(
    cast: Cast, story: Story, now: datetime, kind: Kind
) -> None:
    share = make_share(cast.ana, story, at=now - timedelta(days=2))
    make_clicks(share, [now - timedelta(days=1)] * 2)
    make_clicks(share, [now - timedelta(days=1)] * 5, kind=kind)

    results = queries.my_results(cast.ana, now=now)

    assert (results.totals.clicks, results.totals.visitors.high, results.shares[0].clicks) == (2, 2, 2)


def test_my_results_counts_a_visitor_once_and_strangers_never(
    cast: Cast, story: Story, now: datetime
) -> None:
    share = make_share(cast.ana, story, at=now - timedelta(days=2))
    make_clicks(share, [now - timedelta(hours=3), now - timedelta(hours=1)], visitor="00000000000000aa")
    make_clicks(share, [now - timedelta(hours=2)], visitor="00000000000000bb")

    results = queries.my_results(cast.ana, now=now)

    assert (results.totals.clicks, results.totals.visitors.high) == (3, 2)


def test_a_share_taken_back_is_no_share_and_whoever_came_has_come(
    cast: Cast, story: Story, now: datetime
) -> None:
    kept = make_share(cast.ana, story, at=now - timedelta(days=3))
    taken = make_share(
        cast.ana, story, at=now - timedelta(days=2), state=ShareState.TAKEN_BACK, taken_back_at=now
    )
    for share in (kept, taken):
        make_clicks(share, [now - timedelta(days=1)] * 2)

    results = queries.my_results(cast.ana, now=now)

    assert (results.totals.shares, results.totals.clicks) == (1, 4)
    assert sum(week.clicks for week in results.weeks) == 4
    assert [one.share for one in results.shares] == [taken, kept]


def test_visitors_of_several_months_are_a_range(cast: Cast, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, at=now - timedelta(days=80))
    for days, count in ((70, 3), (40, 5), (1, 2)):
        make_clicks(share, [now - timedelta(days=days)] * count)

    visitors = queries.my_results(cast.ana, now=now).totals.visitors

    assert (visitors.low, visitors.high, visitors.is_range, visitors.interval) == (5, 10, True, None)


def test_my_results_holds_ninety_days_of_the_organisations_clock(
    cast: Cast, story: Story, now: datetime
) -> None:
    first_minute = datetime(2026, 8, 26, 22, 0, tzinfo=UTC)  # midnight in Paris
    share = make_share(cast.chloe, story, at=first_minute)
    make_share(cast.chloe, story, at=first_minute - timedelta(minutes=1))
    make_clicks(share, [first_minute, first_minute - timedelta(minutes=1)])

    results = queries.my_results(cast.chloe, now=now)

    assert results.period.since == date(2026, 8, 27)
    assert (results.totals.shares, results.totals.clicks) == (1, 1)


@pytest.mark.parametrize(("zone", "weeks"), [("Africa/Casablanca", [1, 0]), ("Europe/Paris", [0, 1])])
def test_by_week_cuts_weeks_on_the_clock_of_the_organisation(
    cast: Cast, story: Story, now: datetime, zone: str, weeks: list[int]
) -> None:
    Organisation.objects.filter(pk=cast.atlas.pk).update(time_zone=zone)
    share = make_share(cast.ana, story, at=now - timedelta(days=9))
    sunday_night = datetime(
        2026, 11, 22, 23, 30, tzinfo=UTC
    )  # Monday already in Paris, not yet in Casablanca
    make_clicks(share, [sunday_night])

    found = queries.by_week(Dimension.ALL, Period(date(2026, 11, 16), date(2026, 11, 24), zone))

    assert [week.clicks for week in found] == weeks


def test_best_week_names_the_story_that_brought_most(cast: Cast, story: Story, now: datetime) -> None:
    other = make_published_story(cast.atlas, "Une éolienne", now=now)
    make_clicks(make_share(cast.ana, story, at=now - timedelta(days=9)), [now - timedelta(days=8)] * 3)
    make_clicks(make_share(cast.ana, other, at=now - timedelta(days=9)), [now - timedelta(days=8)] * 2)

    assert queries.my_results(cast.ana, now=now).best == BestWeek(
        date(2026, 11, 16), 5, "Une laiterie au soleil"
    )


def test_overview_is_hidden_below_five_people(cast: Cast, story: Story, now: datetime) -> None:
    make_clicks(make_share(cast.ana, story, at=now), [now])

    seen = programme.overview(cast.marc, period(now), now=now)

    assert (seen.is_hidden, seen.joined, seen.totals.clicks, seen.teams, seen.weeks) == (True, 3, 0, [], [])


def test_overview_adds_up_the_weeks(cast: Cast, story: Story, sales: list[Person], now: datetime) -> None:
    for who, channel, clicks in (
        (cast.ana, "linkedin", 4),
        (sales[0], "whatsapp", 2),
        (sales[1], "x", 0),
        (sales[2], "x", 0),
        (cast.noor, "linkedin", 1),
    ):
        share = make_share(who, story, at=now - timedelta(hours=3), channel=channel)
        make_clicks(share, [now] * clicks) if clicks else None
        make_clicks(share, [now] * 6, kind=Kind.ROBOT)
    make_share(sales[1], story, at=now - timedelta(days=29))

    seen = programme.overview(cast.marc, period(now), now=now)

    assert (seen.joined, seen.active) == (8, 5)
    assert (seen.totals.shares, seen.totals.clicks, seen.totals.visitors.high) == (5, 7, 7)
    assert seen.networks == []  # these four weeks are not over


def test_overview_tells_no_week_of_fewer_than_five_people(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    full, thin = now - timedelta(days=14), now - timedelta(days=7)
    for who in (cast.ana, *sales):
        make_clicks(make_share(who, story, at=full), [full])
    make_clicks(make_share(cast.noor, story, at=thin), [thin] * 9)

    seen = programme.overview(cast.marc, period(now), now=now)

    assert (seen.totals.shares, seen.totals.clicks, seen.untold) == (6, 6, {date(2026, 11, 16)})
    assert [(week.key.day, week.clicks) for week in seen.weeks] == [(2, 0), (9, 6), (16, 0), (23, 0)]
    assert [(one.key, one.clicks) for one in seen.networks] == [("linkedin", 6)]


def test_overview_tells_a_week_in_which_old_links_of_five_people_were_visited(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for who in sales:
        make_clicks(make_share(who, story, at=now - timedelta(days=40)), [now - timedelta(days=7)])

    seen = programme.overview(cast.marc, period(now), now=now)

    assert (seen.totals.shares, seen.totals.clicks, seen.untold) == (0, 5, frozenset())


def test_overview_tells_thin_weeks_together_once_their_four_weeks_are_over(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for days, who in zip((7, 7, 7, 14, 14), sales, strict=True):
        at = now - timedelta(days=days)
        make_clicks(make_share(who, story, at=at), [at] * 2)

    seen = programme.overview(cast.marc, period(now), now=now)
    shorter = programme.overview(cast.marc, Period(date(2026, 11, 16), now.date(), "UTC"), now=now)

    assert (seen.totals.shares, seen.totals.clicks, len(seen.untold)) == (5, 10, 2)
    assert sum(week.clicks for week in seen.weeks) == 0  # none of them by itself
    assert (shorter.totals.shares, shorter.totals.clicks) == (0, 0)


def test_overview_of_some_days_is_of_the_weeks_that_hold_them(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for who in (cast.ana, *sales):
        make_clicks(make_share(who, story, at=now - timedelta(days=8)), [now - timedelta(days=7)])
    make_share(cast.noor, story, at=now - timedelta(days=5))
    zone = "Africa/Casablanca"
    asked = [Period(date(2026, 11, 16), date(2026, 11, day), zone) for day in (17, 18, 19, 20)]

    seen = [programme.overview(cast.marc, one, now=now) for one in asked]

    assert {(one.period.since, one.period.until) for one in seen} == {
        (date(2026, 11, 16), date(2026, 11, 22))
    }
    assert len({(one.totals.shares, one.totals.clicks) for one in seen}) == 1


def test_overview_of_many_years_is_one_of_all_that_there_is(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for person in sales:
        make_share(person, story, at=now - timedelta(days=1))

    seen = programme.overview(cast.marc, Period(date(2011, 1, 1), now.date(), "UTC"), now=now)

    assert (seen.totals.shares, len(seen.weeks)) == (5, 831)


def test_overview_merges_networks_that_few_people_used(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    at = now - timedelta(days=7)
    for who in [cast.ana, *sales[:4]]:
        make_clicks(make_share(who, story, at=at, channel="linkedin"), [at])
    for who, channel in zip([*sales[:4], cast.noor], ("x", "x", "x", "email", "whatsapp"), strict=True):
        make_clicks(make_share(who, story, at=at, channel=channel), [at] * 2)

    seen = programme.overview(cast.marc, period(now), now=now)

    assert [(one.key, one.shares, one.clicks) for one in seen.networks] == [
        ("linkedin", 5, 5),
        (OTHERS, 5, 10),
    ]
    assert seen.apart == Period(date(2026, 10, 26), date(2026, 11, 22), "Africa/Casablanca")
    assert seen.next_on == date(2026, 12, 21)


def test_overview_merges_teams_from_which_few_shared(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    at, support = now - timedelta(days=7), make_team(cast.atlas, "Support")
    others = [
        make_person(cast.atlas, name, [Role.AMBASSADOR], team=support, now=now)
        for name in ("Gilles", "Hind", "Imane", "Jade", "Karima")
    ]
    for who in (cast.ana, *sales, cast.noor, *others[:4]):
        make_clicks(make_share(who, story, at=at), [at])

    seen = programme.overview(cast.karim, period(now), now=now)

    assert names_of(seen.teams) == [("Ventes", 6, 6), ("", 5, 5)]


def test_overview_does_not_betray_a_team_that_everybody_left(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    """What the total holds beyond the teams shown would be the figures of that one person."""
    at, team = now - timedelta(days=7), make_team(cast.atlas, "Achats")
    alone = make_person(cast.atlas, "Gilles", ["ambassador"], team=team, joined=False, now=now)
    for who in (cast.ana, *sales, alone):
        make_clicks(make_share(who, story, at=at), [at])

    seen = programme.overview(cast.marc, period(now), now=now)

    assert names_of(seen.teams) == [("", 7, 7)]


def test_overview_names_no_person(cast: Cast, story: Story, sales: list[Person], now: datetime) -> None:
    for who in (cast.ana, *sales):
        make_clicks(make_share(who, story, at=now), [now])

    shown = repr(programme.overview(cast.lea, period(now), now=now))

    assert [who.given_name for who in (cast.ana, cast.noor, *sales) if who.given_name in shown] == []


def test_overview_names_the_stories_that_reached_most(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    other = make_published_story(cast.atlas, "Le port la nuit", now=now)
    old = make_published_story(cast.atlas, "Il y a longtemps", now=now, published_at=now - timedelta(days=60))
    for one, visits in ((story, 1), (other, 2), (old, 3)):
        for person in sales:
            share = make_share(person, one, at=now - timedelta(days=1))
            make_clicks(share, [now - timedelta(hours=hour + 1) for hour in range(visits)])

    seen = programme.overview(cast.marc, period(now), now=now).stories

    assert [(one.title, one.clicks) for one in seen] == [(other.title, 10), (story.title, 5)]
    for one in seen:  # what the story's own page says
        own = queries.story_results(cast.marc, one.code, now=now).totals
        assert (own.clicks, own.visitors) == (one.clicks, one.visitors)


def test_overview_names_no_story_that_few_shared(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    few = make_published_story(cast.atlas, "Entre nous", now=now)
    for person in sales[:4]:
        make_clicks(make_share(person, few, at=now), [now] * 9)

    assert programme.overview(cast.marc, period(now), now=now).stories == []


def test_overview_is_closed_to_those_without_the_ability(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        programme.overview(cast.ana, period(now), now=now)


def test_another_organisation_sees_nothing_of_ours(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    make_clicks(make_share(cast.ana, story, at=now), [now])
    with tenancy.acting_for(cast.other.pk):
        for number in range(5):
            make_person(cast.other, f"Autre{number}", [Role.AMBASSADOR], now=now)

        seen = programme.overview(cast.otto, period(now), now=now)

        assert (seen.joined, seen.totals.shares, seen.totals.clicks, seen.networks) == (5, 0, 0, [])
        with pytest.raises(NotFound):
            queries.story_results(cast.otto, story.code, now=now)


def test_story_results_appear_once_five_people_shared_it(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for who in sales[:4]:
        make_clicks(make_share(who, story, at=now), [now])
    before = queries.story_results(cast.ines, story.code, now=now)
    make_share(cast.ana, story, at=now)

    after = queries.story_results(cast.ines, story.code, now=now)

    assert (before.is_hidden, before.totals.clicks, before.teams) == (True, 0, [])
    assert (after.is_hidden, after.totals.clicks, names_of(after.teams)) == (False, 4, [("Ventes", 5, 4)])


def test_story_results_wait_when_they_would_give_a_story_of_few_away(
    cast: Cast, story: Story, sales: list[Person], now: datetime
) -> None:
    for who in sales:
        make_clicks(make_share(who, story, at=now), [now])
    other = make_published_story(cast.atlas, "Une éolienne", now=now)
    alone = make_share(cast.ana, other, at=now, state=ShareState.TAKEN_BACK)
    before = queries.story_results(cast.ines, story.code, now=now)
    make_clicks(alone, [now])  # taken back, and visited: it is in the totals

    after = queries.story_results(cast.ines, story.code, now=now)

    assert (before.is_kept_back, before.totals.clicks) == (False, 5)
    assert (after.is_kept_back, after.is_hidden, after.totals.clicks, after.networks) == (True, False, 0, [])


def test_story_results_begins_the_day_the_story_came_out(cast: Cast, story: Story, now: datetime) -> None:
    results = queries.story_results(cast.ines, story.code, now=now)

    assert (results.period.since, results.period.until) == (date(2026, 11, 19), date(2026, 11, 24))


def test_story_results_says_nothing_of_a_draft(cast: Cast, now: datetime) -> None:
    draft = make_published_story(cast.atlas, "Pas encore", now=now, published_at=None)

    with pytest.raises(NotFound):
        queries.story_results(cast.karim, draft.code, now=now)


@pytest.mark.parametrize("count", [1, 3])
def test_reads_take_the_same_number_of_queries_whatever_there_is(
    cast: Cast, story: Story, sales: list[Person], now: datetime, count: int, django_assert_num_queries: Any
) -> None:
    for who in [cast.ana, *sales][:count]:
        make_clicks(make_share(who, story, at=now), [now] * count)
    marc = Person.objects.select_related("organisation").prefetch_related("grants").get(pk=cast.marc.pk)
    for _ in range(count):
        make_clicks(make_share(cast.noor, story, at=now), [now])

    with django_assert_num_queries(15):
        queries.my_results(cast.noor, now=now)
    with django_assert_num_queries(21):
        programme.overview(marc, period(now), now=now)
    with django_assert_num_queries(2):
        queries.story_results(marc, story.code, now=now)
