"""What posts cost at a network that is paid for, and what happens when there is no more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from cast import Cast
from make_library import make_published_story
from make_posts import connect, plan, play, step
from networks.fakes.server import NOW, SECRET, breaks, says
from networks.fakes.x import CLIENT as X
from networks.fakes.x import FakeX
from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.library.models import Story
from portevoix.networks.x import prices
from portevoix.sharing import keys, spending
from portevoix.sharing.actions.networks import set_network
from portevoix.sharing.actions.posts import withdraw_post
from portevoix.sharing.models import NetworkSetting, NetworkSpending


@pytest.fixture
def now() -> datetime:
    """The fakes' own moment: a Monday morning."""
    return datetime.fromtimestamp(NOW, clock.zone("UTC"))


@pytest.fixture
def x(settings: Any, travel: object) -> Iterator[FakeX]:
    with FakeX() as network:
        play(settings, network)
        yield network


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now, link="https://gazette.example/laiterie")


def open_x(cast: Cast, now: datetime, budget_cents: int = 100) -> NetworkSetting:
    return set_network(
        by=cast.driss,
        network="x",
        is_on=True,
        client_id=X,
        client_secret=SECRET,
        budget_cents=budget_cents,
        now=now,
    )


def test_x_is_closed_until_somebody_opens_it(cast: Cast) -> None:
    assert "x" not in keys.open_offers(cast.atlas.pk)


def test_post_costs_are_taken_from_the_month_s_budget(
    cast: Cast, x: FakeX, story: Story, now: datetime
) -> None:
    open_x(cast, now, budget_cents=100)
    connect(cast.ana, now=now, network="x", grant=x.grant())

    assert step(plan(cast.ana, story, channel="x", now=now)).state == "published"

    cost = spending.spent_micros(cast.atlas.pk, "x", now)
    assert 0 < cost < 1_000_000
    assert spending.spent_micros(cast.other.pk, "x", now) == 0


def test_network_that_is_paid_for_is_not_opened_without_money(cast: Cast, x: FakeX, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        open_x(cast, now, budget_cents=0)

    assert (refused.value.code, refused.value.field) == ("no_budget", "budget")


def test_budget_that_is_spent_holds_the_post_until_the_next_month(
    cast: Cast, x: FakeX, travel: time_machine.Traveller, now: datetime
) -> None:
    open_x(cast, now, budget_cents=1)
    connect(cast.ana, now=now, network="x", grant=x.grant())
    story = make_published_story(cast.ines, now=now)
    post = step(plan(cast.ana, story, channel="x", now=now))
    december = datetime(2026, 12, 1, tzinfo=clock.zone("UTC"))
    assert (post.state, post.reason, post.due_at) == ("held", "budget_spent", december)
    assert not x.posts

    travel.move_to(december)
    open_x_again = NetworkSetting.objects.filter(network="x").update(budget_cents=500)
    assert open_x_again
    resumed = step(post, december)

    assert resumed.state == "scheduled"
    assert resumed.due_at is not None
    travel.move_to(resumed.due_at)
    assert step(post, resumed.due_at).state == "published"


def test_cost_of_what_the_network_refused_is_given_back(
    cast: Cast, x: FakeX, story: Story, now: datetime
) -> None:
    open_x(cast, now, budget_cents=100)
    connect(cast.ana, now=now, network="x", grant=x.grant())
    x.plan(says(400, {"detail": "no"}))

    assert step(plan(cast.ana, story, channel="x", now=now)).state == "refused"

    assert spending.spent_micros(cast.atlas.pk, "x", now) == 0


def test_cost_of_what_may_have_gone_out_is_not_given_back(
    cast: Cast, x: FakeX, story: Story, now: datetime
) -> None:
    open_x(cast, now, budget_cents=100)
    connect(cast.ana, now=now, network="x", grant=x.grant())
    x.plan(breaks(502))

    assert step(plan(cast.ana, story, channel="x", now=now)).state == "unknown"

    assert spending.spent_micros(cast.atlas.pk, "x", now) > 0


def test_looks_readings_and_deletions_cost_money_too(
    cast: Cast, x: FakeX, story: Story, travel: time_machine.Traveller, now: datetime
) -> None:
    open_x(cast, now, budget_cents=100)
    connect(cast.ana, now=now, network="x", grant=x.grant())
    spent = [0]

    def cost() -> int:
        spent.append(spending.spent_micros(cast.atlas.pk, "x", now))
        return spent[-1] - spent[-2]

    x.plan(says(502))
    post = step(plan(cast.ana, story, channel="x", now=now))
    of_post = cost()
    travel.shift(121)
    step(post)
    of_look = cost()
    assert step(post).state == "published"
    cost()
    travel.shift(timedelta(minutes=16))
    step(post)
    of_reading = cost()
    withdraw_post(post=post, now=clock.now())
    step(post)

    assert (of_post, of_look, of_reading, cost()) == (
        prices.POST,
        10 * prices.READ,
        prices.READ,
        prices.DELETE,
    )


def test_figures_are_not_bought_with_money_that_is_not_there(
    cast: Cast, x: FakeX, story: Story, travel: time_machine.Traveller, now: datetime
) -> None:
    open_x(cast, now, budget_cents=20)
    account = connect(cast.ana, now=now, network="x", grant=x.grant())
    post = step(plan(cast.ana, story, channel="x", now=now))
    spending.note(account, 200_000, now)
    travel.shift(timedelta(minutes=16))

    read = step(post)

    assert (read.figures, read.last_error) == ({}, "")
    assert read.due_at is not None


def test_two_posts_never_spend_the_same_money(cast: Cast, x: FakeX, story: Story, now: datetime) -> None:
    open_x(cast, now, budget_cents=100)
    connect(cast.ana, now=now, network="x", grant=x.grant())
    post = plan(cast.ana, story, channel="x", now=now)

    fits = [spending.reserve(post.account, 400_000, now) for _each in range(4)]

    assert fits == [True, True, False, False]
    assert NetworkSpending.objects.get().micros == 800_000


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (datetime(2026, 11, 30, 23, 59), datetime(2026, 12, 1)),
        (datetime(2026, 12, 1), datetime(2027, 1, 1)),
        (datetime(2027, 1, 31, 5), datetime(2027, 2, 1)),
    ],
)
def test_next_month_opens_on_its_first_day(moment: datetime, opens: datetime) -> None:
    utc = clock.zone("UTC")

    assert spending.next_month(moment.replace(tzinfo=utc)) == opens.replace(tzinfo=utc)


def test_rewarded_post_says_so_in_its_first_line_and_to_x(cast: Cast, x: FakeX, now: datetime) -> None:
    open_x(cast, now, budget_cents=100)
    connect(cast.ana, now=now, network="x", grant=x.grant())
    story = make_published_story(cast.ines, now=now)
    Story.objects.filter(pk=story.pk).update(is_rewarded=True)
    story.refresh_from_db()

    step(plan(cast.ana, story, channel="x", now=now))

    (sent,) = x.posts.values()
    assert sent["paid_partnership"] is True
    assert "Collaboration commerciale" in sent["text"].splitlines()[0]
