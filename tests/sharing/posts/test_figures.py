"""What networks tell of a post; and the table of its moves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from make_posts import step
from networks.fakes.agora import FakeAgora
from networks.fakes.server import Request, says
from portevoix.core import work
from portevoix.networks import registry
from portevoix.sharing.actions import posts, publishing
from portevoix.sharing.actions.moving import NoSuchMove, move_claimed
from portevoix.sharing.grants import WAIT_SECONDS
from portevoix.sharing.jobs import POSTS
from portevoix.sharing.models import Post
from portevoix.sharing.states import MOVES, PostState, ShareState

S = PostState


# --- figures -------------------------------------------------------------------------------------------------------
def test_figures_are_read_on_a_widening_schedule_and_kept_beside_our_own(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    step(post)
    gaps = []
    for _reading in range(20):
        row = Post.objects.get()
        if row.due_at is None:
            break
        gaps.append(row.due_at - now)
        travel.move_to(row.due_at)
        step(post)

    row = Post.objects.get()
    assert row.figures == {"views": 20, "likes": 3, "reposts": 1, "replies": 0}
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (timedelta(minutes=15), timedelta(days=30))


def test_figures_are_read_when_their_person_asks_and_not_twice_in_five_minutes(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    step(post)
    planned = Post.objects.get().due_at

    assert posts.ask_for_figures(post=post, now=now)
    assert not posts.ask_for_figures(post=post, now=now)  # it is being done
    read = step(post, now)

    assert read.figures["views"] == 20
    assert read.due_at == planned  # what was to be read by itself still is
    assert not posts.ask_for_figures(post=post, now=now + timedelta(minutes=4))
    assert posts.ask_for_figures(post=post, now=now + timedelta(minutes=5))


def test_figures_that_do_not_come_are_not_asked_for_again_at_once(
    post: Post, agora: FakeAgora, now: datetime
) -> None:
    step(post)
    agora.plan(says(503), on=r"GET /api/posts/.*")
    assert posts.ask_for_figures(post=post, now=now)

    assert step(post, now).figures == {}
    assert not posts.ask_for_figures(post=post, now=now + timedelta(minutes=4))


def test_figures_of_what_is_not_out_are_not_asked_for(post: Post, agora: FakeAgora, now: datetime) -> None:
    assert not posts.ask_for_figures(post=post, now=now)


def test_post_that_is_gone_from_the_network_counts_no_more(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller
) -> None:
    done = step(post)
    agora.answer(_deletion(done))
    travel.shift(timedelta(minutes=16))

    gone = step(post)

    assert (gone.state, gone.reason, gone.share.state) == (S.DELETED, "gone", ShareState.TAKEN_BACK)


def _deletion(post: Post) -> Any:
    return Request("DELETE", f"/api/posts/{post.post_id}", {}, {}, b"")


# --- the table -----------------------------------------------------------------------------------------------------
def test_every_state_can_be_reached_and_those_that_are_over_stay_so() -> None:
    reached = {S.SCHEDULED}.union(*MOVES.values())

    assert reached == set(S)
    assert {state for state, ways in MOVES.items() if not ways} == {S.REFUSED, S.WITHDRAWN, S.DELETED}


def test_move_that_the_table_does_not_allow_is_our_bug(post: Post, agora: FakeAgora, now: datetime) -> None:
    row = work.claim(POSTS.due_rows(), now=now, lease=POSTS.lease)

    with pytest.raises(NoSuchMove):
        move_claimed(post=row, to=S.PUBLISHED, now=now)


def test_lease_outlasts_all_that_one_step_asks_of_a_network() -> None:
    longest = max(one.publisher.terms.send_seconds for one in registry.DIRECT.values())

    assert POSTS.lease.total_seconds() > WAIT_SECONDS + publishing.UPLOAD_SECONDS + longest + 15


def test_grace_outlasts_a_sending_by_a_minute() -> None:
    short = [
        key
        for key, one in registry.DIRECT.items()
        if one.publisher.terms.grace_seconds < one.publisher.terms.send_seconds + 60
    ]

    assert short == []
