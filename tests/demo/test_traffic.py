"""Eight weeks told from a seed: plausible in sum, lawful in detail, the same every time."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from portevoix.demo import line, traffic, visitors
from portevoix.demo.company import ANA, ATLAS
from portevoix.demo.stories import STORIES
from portevoix.links.robots import judge_agent
from portevoix.networks import registry
from portevoix.networks.contract import Draft
from portevoix.sharing.similarity import closest

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BY_KEY = {story.key: story for story in STORIES}


@pytest.fixture(scope="module")
def events() -> tuple[traffic.Event, ...]:
    return traffic.life(NOW)


@pytest.fixture(scope="module")
def shares(events: tuple[traffic.Event, ...]) -> list[traffic.ShareEvent]:
    return [event for event in events if isinstance(event, traffic.ShareEvent)]


@pytest.fixture(scope="module")
def clicks(events: tuple[traffic.Event, ...]) -> list[traffic.ClickEvent]:
    return [event for event in events if isinstance(event, traffic.ClickEvent)]


def test_life_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert traffic.life(NOW) == traffic.life(NOW)
    assert traffic.life(NOW) != traffic.life(NOW, seed=1)


def test_life_is_told_in_order_and_stops_before_now(events: tuple[traffic.Event, ...]) -> None:
    moments = [event.at for event in events]

    assert moments == sorted(moments)
    assert NOW - timedelta(weeks=8, days=1) < moments[0] < moments[-1] < NOW


@pytest.mark.parametrize("days", [0, 1, 3, 5, 11])
def test_sums_are_plausible_on_any_day_of_the_week(days: int) -> None:
    events = traffic.life(NOW + timedelta(days=days, hours=days))

    kinds = Counter(type(event).__name__ for event in events)
    assert 250 <= kinds["ShareEvent"] <= 360
    assert 6_000 <= kinds["ClickEvent"] <= 9_500


def test_every_week_and_most_members_share(shares: list[traffic.ShareEvent]) -> None:
    weeks = Counter((NOW - share.at).days // 7 for share in shares)
    joined = sum(person.joined_days_ago is not None for person in ATLAS.people)

    assert set(weeks) == set(range(8))
    assert 0.75 * joined <= len({share.person for share in shares}) <= joined


def test_ana_has_results_to_look_at(shares: list[traffic.ShareEvent]) -> None:
    assert 5 <= sum(share.person == ANA.email for share in shares) <= 30


def test_ana_has_the_newest_stories_still_to_share(shares: list[traffic.ShareEvent]) -> None:
    done = {share.story for share in shares if share.person == ANA.email}

    assert done & {"laiterie-berrechid", "cinq-questions-facture", "atelier-settat"} == set()


def test_nobody_shares_before_joining_nor_a_story_that_is_not_theirs(
    events: tuple[traffic.Event, ...], shares: list[traffic.ShareEvent]
) -> None:
    joined = {event.person: event.at for event in events if isinstance(event, traffic.JoinEvent)}
    paused = {event.person: event.at for event in events if isinstance(event, traffic.PauseEvent)}

    for share in shares:
        story = BY_KEY[share.story]
        assert joined[share.person] < share.at < paused.get(share.person, NOW)
        assert traffic.may_see(ATLAS.person(share.person), story)
        assert traffic.story_published_at(story, NOW) < share.at < traffic.story_expires_at(story, NOW)
        assert share.language in story.languages


def test_nobody_exceeds_two_shares_a_day_on_an_account_nor_hurries(shares: list[traffic.ShareEvent]) -> None:
    moments: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for share in shares:
        moments[share.person, share.channel].append(share.at)

    for times in moments.values():
        assert all(third - first > timedelta(days=1) for first, third in zip(times, times[2:], strict=False))


def test_nobody_shares_one_story_twice_on_one_channel(shares: list[traffic.ShareEvent]) -> None:
    times = Counter((share.person, share.story, share.channel) for share in shares)

    assert set(times.values()) == {1}


def test_shares_leave_half_an_hour_between_two_of_one_person(shares: list[traffic.ShareEvent]) -> None:
    moments: dict[str, list[datetime]] = defaultdict(list)
    for share in shares:
        moments[share.person].append(share.at)

    for times in moments.values():
        assert all(b - a > timedelta(minutes=30) for a, b in pairwise(times))


def test_shares_fit_their_network(shares: list[traffic.ShareEvent]) -> None:
    link = "https://liens.atlas-energies.example/r/abcdefgh"
    refused = [
        (share.key, share.channel)
        for share in shares
        for problem in registry.get(share.channel).problems(
            Draft(
                text=share.text,
                url=link,
                language=share.language,
                disclosure=line.DISCLOSURE[share.language],
                instance="social.example",
            )
        )
        if problem.blocking
    ]

    assert refused == []


def test_texts_on_x_are_nobody_elses(shares: list[traffic.ShareEvent]) -> None:
    alike = [
        share.key
        for index, share in enumerate(shares)
        if share.channel == "x"
        and closest(share.text, [s.text for s in shares[:index] if s.story == share.story]).is_near_identical
    ]

    assert sum(share.channel == "x" for share in shares) >= 3
    assert alike == []


def test_texts_are_hardly_ever_clones(shares: list[traffic.ShareEvent]) -> None:
    assert len({(share.story, share.text) for share in shares}) >= 0.9 * len(shares)


def test_clicks_follow_shares_that_lead_somewhere(
    shares: list[traffic.ShareEvent], clicks: list[traffic.ClickEvent]
) -> None:
    shared_at = {share.key: share.at for share in shares if BY_KEY[share.story].link}

    assert all(shared_at[click.share] < click.at for click in clicks)


def test_clicks_come_mostly_from_people_on_phones(clicks: list[traffic.ClickEvent]) -> None:
    people = [click for click in clicks if click.accept_language]
    phones = [click for click in people if click.user_agent in visitors.PHONES]

    assert 0.8 <= len(people) / len(clicks) <= 0.97
    assert 0.6 <= len(phones) / len(people) <= 0.75
    assert len({click.address for click in people}) < 0.85 * len(people)


def test_visitors_look_like_people_and_robots_like_robots() -> None:
    people = (*visitors.PHONES, *visitors.DESKS, *visitors.TABLETS)
    robots = [agent for agents in (*visitors.PREVIEWS.values(), visitors.ROBOTS) for agent in agents if agent]

    assert [agent for agent in people if not judge_agent(agent).is_person] == []
    assert [agent for agent in robots if judge_agent(agent).is_person] == []
