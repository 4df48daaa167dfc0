"""A person moves, withdraws and takes off; moments that make no sense are refused."""

from datetime import datetime, timedelta

import pytest
import time_machine

from cast import Cast
from make_library import make_published_story
from make_posts import plan, step
from networks.fakes.agora import FakeAgora
from networks.fakes.server import breaks, says
from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.library.models import Story
from portevoix.notifications.models import Notice
from portevoix.sharing.actions import accounts, posts
from portevoix.sharing.jobs import POSTS
from portevoix.sharing.models import ConnectedAccount, Post, ShareDraft
from portevoix.sharing.states import PostState, ShareState
from portevoix.sharing.timing import Kind, When

S = PostState


# --- the person changes their mind ---------------------------------------------------------------------------------
def test_withdrawn_post_does_not_go_out_and_its_words_are_kept(
    post: Post, agora: FakeAgora, now: datetime
) -> None:
    posts.withdraw_post(post=post, now=now)

    assert (step(post).state, agora.shown()) == (S.WITHDRAWN, [])
    assert ShareDraft.objects.get().text.startswith("Hier, un client")


def test_post_withdrawn_while_a_worker_prepares_it_is_not_sent(
    post: Post, agora: FakeAgora, now: datetime
) -> None:
    row = work.claim(POSTS.due_rows(), now=now, lease=POSTS.lease)
    posts.withdraw_post(post=post, now=now)

    work.work_on(POSTS, row, now)

    assert (Post.objects.get().state, agora.shown()) == (S.WITHDRAWN, [])


def test_post_withdrawn_while_its_fate_is_unknown_is_taken_off_when_found(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    agora.plan(breaks())
    step(post)
    posts.withdraw_post(post=post, now=now)
    travel.shift(121)

    states = [step(post).state for _turn in range(3)]

    assert (states, agora.shown()) == ([S.PUBLISHED, S.DELETING, S.DELETED], [])


def test_post_withdrawn_while_its_fate_is_unknown_is_not_sent_again(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    agora.plan(says(500))
    step(post)
    posts.withdraw_post(post=post, now=now)
    travel.shift(121)

    assert (step(post).state, agora.shown()) == (S.WITHDRAWN, [])


def test_published_post_is_taken_off_when_asked(post: Post, agora: FakeAgora, now: datetime) -> None:
    step(post)

    posts.withdraw_post(post=post, now=now)
    done = step(post)

    assert (done.state, done.share.state, agora.shown()) == (S.DELETED, ShareState.TAKEN_BACK, [])


def test_post_that_the_network_keeps_stays_published_and_the_person_is_told(
    post: Post, agora: FakeAgora, now: datetime
) -> None:
    step(post)
    agora.plan(says(403, {"error": "no"}), on=r"DELETE .*")
    posts.withdraw_post(post=post, now=now)

    kept = step(post)

    assert (kept.state, kept.reason, Notice.objects.get().kind) == (
        S.PUBLISHED,
        "not_taken_off",
        "post_not_taken_off",
    )


def test_moved_post_goes_out_at_its_new_moment(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    posts.move_post(post=post, when=When(Kind.CHOSEN, datetime(2026, 11, 24, 15, 0)), now=now)
    early = step(post)
    travel.shift(timedelta(hours=6))

    assert (early.state, step(post).state) == (S.SCHEDULED, S.PUBLISHED)


def test_published_post_cannot_be_moved(post: Post, agora: FakeAgora, now: datetime) -> None:
    done = step(post)

    with pytest.raises(Refusal) as refused:
        posts.move_post(post=done, when=When(Kind.NOW), now=now)

    assert refused.value.code == "moved_on"


# --- moments that are refused --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wall", "code"),
    [
        (datetime(2026, 11, 24, 8, 0), "time_past"),
        (datetime(2026, 12, 25, 9, 0), "after_expiry"),
        (datetime(2027, 6, 1, 9, 0), "after_expiry"),
        (None, "no_time"),
    ],
)
def test_moment_that_makes_no_sense_is_refused(
    cast: Cast,
    agora: FakeAgora,
    account: ConnectedAccount,
    story: Story,
    now: datetime,
    wall: datetime | None,
    code: str,
) -> None:
    with pytest.raises(Refusal) as refused:
        plan(cast.ana, story, now=now, when=When(Kind.CHOSEN, wall))

    assert (refused.value.code, refused.value.field) == (code, "at")


def test_second_post_within_half_an_hour_is_refused_with_the_first_free_minute(
    cast: Cast, post: Post, now: datetime
) -> None:
    other = make_published_story(cast.ines, now=now, title="Un autre toit")

    with pytest.raises(Refusal) as refused:
        plan(cast.ana, other, now=now, when=When(Kind.CHOSEN, datetime(2026, 11, 24, 9, 20)))

    free = {"time": "9\u00a0h\u00a030", "at": "2026-11-24T09:30"}
    assert (refused.value.code, refused.value.facts) == ("too_near", free)


def test_post_without_a_word_of_anybody_s_is_refused(
    cast: Cast, agora: FakeAgora, account: ConnectedAccount, story: Story, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        plan(cast.ana, story, now=now, text=" \n ")

    assert (refused.value.code, refused.value.field) == ("nothing_to_say", "text")


def test_post_of_an_account_that_is_gone_is_taken_off_by_its_person(
    post: Post, agora: FakeAgora, account: ConnectedAccount, now: datetime
) -> None:
    step(post)
    accounts.disconnect_account(account=account, now=now)

    done = posts.withdraw_post(post=Post.objects.get(), now=now)

    assert (done.state, done.reason, len(agora.shown())) == (S.DELETED, "taken_off_by_person", 1)


def test_at_my_hour_takes_the_next_hour_of_the_person(
    cast: Cast, agora: FakeAgora, account: ConnectedAccount, story: Story, now: datetime
) -> None:
    post = plan(cast.ana, story, now=now, when=When(Kind.HOUR))

    assert post.scheduled_at > now
    assert datetime.fromisoformat(post.wall_at).weekday() in (1, 3)
    assert not post.is_chosen


def test_day_s_measure_counts_what_is_planned_for_that_day(
    cast: Cast, agora: FakeAgora, account: ConnectedAccount, now: datetime
) -> None:
    stories = [make_published_story(cast.ines, now=now, title=f"Toit {number}") for number in range(3)]
    day = datetime(2026, 11, 26)
    for number in (0, 1):
        plan(cast.ana, stories[number], now=now, when=When(Kind.CHOSEN, day.replace(hour=10 + number)))

    with pytest.raises(Refusal) as refused:
        plan(cast.ana, stories[2], now=now, when=When(Kind.CHOSEN, day.replace(hour=15)))
    elsewhen = plan(cast.ana, stories[2], now=now, when=When(Kind.CHOSEN, datetime(2026, 11, 27, 15, 0)))

    assert (refused.value.code, elsewhen.state) == ("shares_spent", S.SCHEDULED)


def test_account_that_is_not_connected_is_said_with_what_to_do(
    cast: Cast, agora: FakeAgora, story: Story, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        plan(cast.ana, story, now=now)

    assert (refused.value.code, refused.value.field) == ("not_connected", "channel")


def test_text_that_is_too_long_is_refused_before_it_is_planned(
    cast: Cast, agora: FakeAgora, account: ConnectedAccount, story: Story, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        plan(cast.ana, story, now=now, text="mot " * 200)

    assert (refused.value.code, refused.value.facts["limit"]) == ("too_long", 600)
