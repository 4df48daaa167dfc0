"""What networks report, for groups: from the highest single post to all of them added up, of five people at least."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cast import Cast
from make import make_person
from make_library import make_published_story
from make_posts import connect, plan, step
from networks.fakes.agora import FakeAgora
from portevoix.analytics.period import Period, last
from portevoix.analytics.reported import Range, reported, reported_of_story
from portevoix.core.errors import NotFound
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.people.roles import Role
from portevoix.sharing.models import Post, Share
from portevoix.sharing.states import PostState

# What Agora's stand-in tells of every post.
VIEWS, LIKES = 20, 3


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now)


@pytest.fixture
def six(cast: Cast, now: datetime) -> list[Person]:
    names = ("Ali", "Bea", "Cleo", "Dora", "Emil", "Fanny")
    return [make_person(cast.atlas, name, [Role.AMBASSADOR], now=now) for name in names]


@pytest.fixture
def period(cast: Cast, now: datetime) -> Period:
    return last(timedelta(days=28), now=now, zone=cast.atlas.time_zone)


@pytest.fixture
def posted(
    story: Story, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> Callable[[Person], Post]:
    """A post of that person on Agora, published, its figures read once."""

    def publish(person: Person, about: Story = story) -> Post:
        travel.move_to(now)
        connect(person, now=now)
        post = step(plan(person, about, now=now, text=f"{person.given_name} y était, et le raconte."))
        travel.move_to(post.due_at)
        return step(post, post.due_at)

    return publish


def told(cast: Cast, period: Period) -> list[Range]:
    """The ranges of the period, as they are told once its four weeks are over."""
    return reported(cast.marc, period, now=period.end + timedelta(weeks=4))


def figures(post: Post, **told: int) -> None:
    Post.objects.filter(pk=post.pk).update(figures=told)


def test_each_figure_goes_from_the_highest_post_to_all_of_them(
    cast: Cast, story: Story, six: list[Person], posted: Callable[[Person], Post], period: Period
) -> None:
    posts = [posted(person) for person in six]
    figures(posts[0], views=900, likes=40)

    seen = told(cast, period)

    assert seen == [
        Range("impressions", 900, 900 + 5 * VIEWS, 6, ("Agora",)),
        Range("reactions", 40, 40 + 5 * LIKES, 6, ("Agora",)),
    ]
    assert reported_of_story(cast.marc, story) == seen


def test_fewer_than_five_people_are_not_reported(
    cast: Cast, story: Story, six: list[Person], posted: Callable[[Person], Post], period: Period
) -> None:
    for person in six[:4]:
        posted(person)

    assert Post.objects.exclude(figures={}).count() == 4
    assert (told(cast, period), reported_of_story(cast.marc, story)) == ([], [])


def test_a_figure_that_few_posts_carry_is_left_out_alone(
    cast: Cast, six: list[Person], posted: Callable[[Person], Post], period: Period
) -> None:
    for post in [posted(person) for person in six[:5]][:1]:
        figures(post, likes=LIKES)  # its network tells no impressions

    assert [one.key for one in told(cast, period)] == ["reactions"]


def test_five_posts_of_four_people_are_four_people(
    cast: Cast, story: Story, six: list[Person], posted: Callable[[Person], Post], now: datetime
) -> None:
    posts = [posted(person) for person in six[:5]]
    Share.objects.filter(pk=posts[0].share_id).update(person=six[1])

    assert reported_of_story(cast.marc, story) == []


@pytest.mark.parametrize(
    "change",
    [
        {"state": PostState.DELETED},
        {"by_word": True},
        {"figures_at": None},
        {"share__is_company": True},
        {"share__state": "taken_back"},
    ],
)
def test_only_posts_that_their_network_vouches_for_are_in_it(
    change: dict[str, Any], cast: Cast, story: Story, six: list[Person], posted: Callable[[Person], Post]
) -> None:
    posts = [posted(person) for person in six[:5]]
    before = len(reported_of_story(cast.marc, story))
    for field, value in change.items():
        if field.startswith("share__"):
            Share.objects.filter(pk=posts[0].share_id).update(**{field.removeprefix("share__"): value})
        else:
            Post.objects.filter(pk=posts[0].pk).update(**{field: value})

    assert (before, reported_of_story(cast.marc, story)) == (2, [])


def test_a_post_counts_in_the_four_weeks_in_which_it_went_out(
    cast: Cast, six: list[Person], posted: Callable[[Person], Post], period: Period
) -> None:
    posts = [posted(person) for person in six]
    Post.objects.filter(pk=posts[0].pk).update(published_at=period.end - timedelta(weeks=4))

    assert [one.post_count for one in told(cast, period)] == [
        5,
        5,
    ]  # one person's of the four before: left out


def test_figures_of_posts_wait_until_their_four_weeks_are_over(
    cast: Cast, six: list[Person], posted: Callable[[Person], Post], period: Period, now: datetime
) -> None:
    for person in six:
        posted(person)

    assert (reported(cast.marc, period, now=now), len(told(cast, period))) == ([], 2)


def test_other_stories_and_organisations_are_not_in_it(
    cast: Cast, story: Story, six: list[Person], posted: Callable[..., Post], now: datetime, period: Period
) -> None:
    other = make_published_story(cast.ines, now=now, title="Une autre")
    for person in six[:5]:
        posted(person, other)

    assert (len(told(cast, period)), reported_of_story(cast.marc, story)) == (2, [])


def test_only_readers_of_figures_read_it(cast: Cast, story: Story, period: Period) -> None:
    for read in (
        lambda: reported(cast.ana, period, now=period.end),
        lambda: reported_of_story(cast.ana, story),
    ):
        with pytest.raises(NotFound):
            read()


def test_pages_show_both_ends_and_say_what_impressions_are_not(
    cast: Cast,
    story: Story,
    six: list[Person],
    posted: Callable[[Person], Post],
    browse: Callable[[object], Client],
    travel: time_machine.Traveller,
    now: datetime,
) -> None:
    for person in six:
        posted(person)
    travel.move_to(now + timedelta(weeks=4))
    client = browse(cast.marc)

    for address in (reverse("overview"), reverse("story_results", args=[story.code])):
        page = client.get(address)
        shown = [(one["ends"], one["source"]) for one in page.context["reported"]]
        assert shown == [
            ("de 20 à 120", "6 publications sur \u2068Agora\u2069"),
            ("de 3 à 18", "6 publications sur \u2068Agora\u2069"),
        ]
        assert "Les impressions ne sont pas des personnes" in page.content.decode()
