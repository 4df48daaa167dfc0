"""When to post: nothing is suggested where hours change nothing; a real difference is found once the data carry it."""

from dataclasses import replace
from math import exp

import pytest

from make_worlds import MORNING, World, outcomes
from portevoix.analytics.timing import WINDOWS, Advice, Outcome, Verdict, Window, advise

WORLDS = 40


def share(
    person: int, story: int, hour: int, visits: int, weekday: int = 1, network: str = "linkedin"
) -> Outcome:
    return Outcome(network, person, story, weekday, hour, visits)


def mornings(people: int, stories: int, visits: int) -> list[Outcome]:
    """Each person shares each story in the morning, for `visits` or so, and again in the afternoon, for ten or so."""
    return [
        share(person, story, hour, base + (person + story) % 3)
        for person in range(people)
        for story in range(stories)
        for hour, base in ((8, visits), (14, 10))
    ]


def advice_of(rows: list[Outcome], network: str = "linkedin") -> Advice:
    return next(one for one in advise(rows) if one.network == network)


def test_every_hour_of_the_week_is_in_one_window() -> None:
    met = {share(1, 1, hour, 0, weekday).window for weekday in range(7) for hour in range(24)}

    assert met == set(WINDOWS)
    assert share(1, 1, 9, 0).window == Window(is_weekend=False, start=7, end=10)
    assert share(1, 1, 10, 0).window == Window(is_weekend=False, start=10, end=13)
    assert share(1, 1, 3, 0, weekday=6).window == Window(is_weekend=True, start=22, end=7)


def test_a_clear_morning_is_suggested_with_its_interval() -> None:
    advice = advice_of(mornings(people=6, stories=10, visits=20))

    assert (advice.verdict, advice.window) == (Verdict.BETTER, MORNING)
    assert advice.ratio is not None
    assert 1.1 <= advice.ratio.low < advice.ratio.estimate < advice.ratio.high
    assert advice.ratio.holds(21 / 11)


def test_a_tenth_is_not_worth_a_suggestion() -> None:
    advice = advice_of(mornings(people=6, stories=40, visits=11))

    assert advice.verdict == Verdict.NONE_BETTER
    assert (advice.window, advice.ratio) == (None, None)


def test_four_people_are_never_spoken_of() -> None:
    assert advise(mornings(people=4, stories=10, visits=30)) == []


def test_five_people_of_whom_four_compare_give_no_suggestion() -> None:
    """The fifth only ever posts in the morning: the difference is that of four people."""
    rows = [*mornings(people=4, stories=10, visits=30), *(share(4, story, 8, 30) for story in range(10))]

    assert advice_of(rows).verdict == Verdict.NOT_ENOUGH


def test_few_stories_prove_nothing() -> None:
    assert advice_of(mornings(people=30, stories=7, visits=30)).verdict == Verdict.NOT_ENOUGH
    assert advice_of(mornings(people=30, stories=8, visits=30)).verdict == Verdict.BETTER


def test_a_followed_early_riser_proves_nothing_about_mornings() -> None:
    crowd = [share(person, story, 14, 5 + (person + story) % 3) for person in range(9) for story in range(12)]
    riser = [share(9, story, 8, 500) for story in range(12)]

    assert advice_of([*crowd, *riser]).verdict == Verdict.NOT_ENOUGH


def test_a_story_that_did_well_in_one_morning_is_one_observation() -> None:
    usual = [
        share(person, story, hour, 6 + (person + story) % 5)
        for person in range(20)
        for story in range(10)
        for hour in ((8, 14) if (person + story) % 3 == 0 else (14, 17))
    ]
    hit = [share(person, 99, 8, 60) for person in range(20)]

    assert advice_of([*usual, *hit]).verdict != Verdict.BETTER


def test_nothing_to_compare_is_said_without_a_number() -> None:
    rows = [share(person, person, 8, 3) for person in range(8)]

    assert advice_of(rows) == Advice("linkedin", 8, 8, Verdict.NOT_ENOUGH)


def test_no_visits_at_all_is_not_enough() -> None:
    assert (
        advice_of([share(p, s, 8 + s % 9, 0) for p in range(8) for s in range(9)]).verdict
        == Verdict.NOT_ENOUGH
    )


def test_networks_come_most_shared_first() -> None:
    rows = [*mornings(6, 10, 20), *(replace(one, network="x") for one in mornings(6, 12, 10))]

    assert [one.network for one in advise(rows)] == ["x", "linkedin"]


@pytest.mark.slow
def test_where_hours_change_nothing_nothing_is_suggested() -> None:
    """At least 95 worlds of 100: all networks of a world together."""
    world = World(people=25, shares=12, visits=10)
    false = sum(
        any(one.verdict == Verdict.BETTER for one in advise(outcomes(world, seed))) for seed in range(WORLDS)
    )

    assert false <= 0.05 * WORLDS


@pytest.mark.slow
def test_half_as_good_again_is_found_in_most_worlds_once_there_are_enough_shares() -> None:
    world = World(people=50, shares=50, effect=1.5, unevenness=0.7)
    found = [advice_of(outcomes(world, seed)) for seed in range(10)]

    assert sum(one.window == MORNING for one in found) >= 8
    intervals = [one.ratio for one in found if one.ratio is not None]
    assert sum(one.holds(1.5) for one in intervals) >= 0.8 * len(intervals)


@pytest.mark.slow
def test_what_is_missing_is_about_what_it_takes() -> None:
    """As many more shares as were said to be missing leave less than half of that to be missing."""
    world = World(people=60, shares=15)
    rows = outcomes(world, seed=3)
    asked = advice_of(rows)
    more = asked.missing_shares / asked.shares

    then = advice_of(outcomes(replace(world, shares=round(world.shares * (1 + more))), seed=3))

    assert asked.verdict == Verdict.NOT_ENOUGH
    assert 0.2 < more < 20
    assert then.missing_shares < asked.missing_shares / 2


def test_an_interval_is_even_on_the_scale_of_ratios() -> None:
    ratio = advice_of(mornings(people=6, stories=10, visits=20)).ratio

    assert ratio is not None
    assert ratio.estimate == pytest.approx(exp(0) * (ratio.low * ratio.high) ** 0.5)
