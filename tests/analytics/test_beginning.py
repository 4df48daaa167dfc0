"""The first two days of a share, three hours at a time, and when half of a story's visits had come."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from make_clicks import make_clicks, make_published_story, make_share
from portevoix.analytics import queries
from portevoix.analytics.beginning import beginning_of, half_of
from portevoix.analytics.rollups import Counts
from portevoix.analytics.spans import day_number
from portevoix.core import tenancy
from portevoix.library.models import Story

SHARED = datetime(2026, 11, 21, 14, 40, tzinfo=UTC)  # 15:40 in Casablanca


@pytest.fixture
def story(cast: Cast) -> Story:
    return make_published_story(cast.atlas, "Une laiterie au soleil", now=SHARED)


def after(*hours: float) -> list[datetime]:
    return [SHARED + timedelta(hours=hour) for hour in hours]


def test_visits_stand_in_the_three_hours_they_came_in(cast: Cast, story: Story) -> None:
    share = make_share(cast.ana, story, at=SHARED)
    make_clicks(share, after(0.1, 1.9, 4, 4.2, 47, 49))

    with tenancy.acting_for(cast.atlas.pk):
        begun = beginning_of(share, now=SHARED + timedelta(days=5))

    assert begun is not None
    assert (begun.visits, begun.running) == ([2, 2] + [0] * 13 + [1], None)


def test_a_beginning_that_is_not_over_says_where_it_is(cast: Cast, story: Story) -> None:
    share = make_share(cast.ana, story, at=SHARED)
    make_clicks(share, after(1))

    with tenancy.acting_for(cast.atlas.pk):
        begun = beginning_of(share, now=SHARED + timedelta(hours=7))

    assert begun is not None
    assert begun.running == 2


def test_a_share_that_nobody_visited_has_no_beginning(cast: Cast, story: Story) -> None:
    share = make_share(cast.ana, story, at=SHARED)
    with tenancy.acting_for(cast.atlas.pk):
        assert beginning_of(share, now=SHARED) is None


def test_my_results_tell_of_the_newest_share_that_was_visited(cast: Cast, story: Story) -> None:
    older, newer, unvisited = (
        make_share(cast.ana, story, at=SHARED + timedelta(hours=hour)) for hour in (0, 5, 9)
    )
    make_clicks(older, after(1))
    make_clicks(newer, after(6))

    begun = queries.my_results(cast.ana, now=SHARED + timedelta(days=1)).beginning

    assert begun is not None
    assert (begun.share, begun.share == unvisited) == (newer, False)


def test_a_story_tells_when_half_of_its_visits_had_come(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.atlas, "Une laiterie au soleil", now=now)
    out = now - timedelta(days=5)
    for number, person in enumerate((cast.ana, cast.noor, cast.marc, cast.lea, cast.karim)):
        share = make_share(person, story, at=out)
        make_clicks(share, [out + timedelta(hours=hour, minutes=number) for hour in (0, 2, 8, 70)])

    results = queries.story_results(cast.marc, story.code, now=now)

    assert (results.totals.clicks, results.hours_to_half) == (20, 3)
    assert queries.story_results(cast.marc, story.code, now=now + timedelta(days=91)).hours_to_half is None


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 30), min_size=20))
def test_half_is_the_first_hour_by_which_half_had_come(visits: dict[int, int]) -> None:
    out = day_number(date(2026, 10, 1)) * 24 + 9
    moments = {hour: divmod(out + hour, 24) for hour in visits}
    hourly = {
        (date.fromordinal(date(1970, 1, 1).toordinal() + day), clock): Counts(people=visits[hour])
        for hour, (day, clock) in moments.items()
    }

    found = half_of(hourly, out)

    assert found is not None
    come = [sum(count for hour, count in visits.items() if hour < until) for until in (found, found - 1)]
    assert 2 * come[0] >= sum(visits.values()) > 2 * come[1]


def test_nothing_is_said_of_a_handful_of_visits() -> None:
    assert half_of({(date(2026, 10, 1), 9): Counts(people=19)}, 0) is None
