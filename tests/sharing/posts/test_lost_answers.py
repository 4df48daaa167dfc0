"""Whatever a network answers, or does not, and whatever dies: a post is published once, or it is said why not."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from cast import Cast
from make_library import make_published_story
from make_posts import connect, plan, step
from networks.fakes.agora import FakeAgora
from networks.fakes.server import Fault, breaks, garbles, resets, says, says_half, stays_silent
from portevoix.core import work
from portevoix.library.models import Story
from portevoix.networks import registry
from portevoix.networks.direct import Direct, Terms
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.failures import TryLater
from portevoix.notifications.models import Notice
from portevoix.sharing import holds
from portevoix.sharing.actions import accounts, posts
from portevoix.sharing.jobs import POSTS
from portevoix.sharing.models import ConnectedAccount, Hold, Post
from portevoix.sharing.states import PostState, ShareState

S = PostState
LOST: list[Fault] = [
    breaks(502),
    breaks(500),
    resets(carried_out=True),
    says_half(),
    garbles(),
    says(200, {"error": "not_today"}),
]


# --- answers that do not come --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fault", LOST, ids=lambda fault: f"{fault.way.name}-{fault.reply.status if fault.reply else ''}"
)
def test_lost_answer_is_looked_into_before_anything_is_sent_again(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, fault: Fault
) -> None:
    agora.plan(fault)

    unknown = step(post)
    travel.shift(119)
    still = step(post)
    travel.shift(2)
    found = step(post)

    assert (unknown.state, still.state) == (S.UNKNOWN, S.UNKNOWN)
    if fault.carried_out:
        assert (found.state, found.reason, len(agora.shown())) == (S.PUBLISHED, "found", 1)
    else:  # it had not been done: it is sent again, once
        assert (found.state, step(post).state, len(agora.shown())) == (S.DUE, S.PUBLISHED, 1)


class Hasty(DummyPublisher):
    """Agora, asked with little patience."""

    terms = Terms(send_seconds=0.3, measures=True)


def test_post_carried_out_late_is_found_and_not_doubled(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.DIRECT, "dummy", Direct(DummySignIn(), Hasty()))
    agora.plan(stays_silent(late_seconds=0.5))

    unknown = step(post)
    time.sleep(0.5)
    travel.shift(121)
    found = step(post)

    assert (unknown.state, found.state, len(agora.shown())) == (S.UNKNOWN, S.PUBLISHED, 1)


def test_nothing_sent_is_simply_tried_again(
    post: Post, settings: Any, agora: FakeAgora, travel: time_machine.Traveller
) -> None:
    there = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(there, stand_ins={"agora.example": ("127.0.0.1", 9)})
    waiting = step(post)
    settings.ENVIRONMENT = there
    travel.shift(60)

    done = step(post)

    assert (waiting.state, waiting.tries) == (S.DUE, 0)
    assert (done.state, len(agora.shown())) == (S.PUBLISHED, 1)


def test_worker_that_dies_while_sending_leaves_a_post_to_be_looked_for(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    """It died after the network had done it, and before it could write so."""
    row = work.claim(POSTS.due_rows(), now=now, lease=POSTS.lease)
    with pytest.MonkeyPatch.context() as dying:
        dying.setattr("portevoix.sharing.actions.steps.moving.settle", _die)
        with pytest.raises(SystemExit):
            POSTS.act(row, now)
    travel.shift(POSTS.lease + timedelta(seconds=1))

    noted = step(post)
    travel.shift(121)  # the grace counts from the moment it is noted: the one that sent may only have slept
    found = step(post)

    assert (noted.state, found.state, len(agora.shown())) == (S.UNKNOWN, S.PUBLISHED, 1)


def _die(**_facts: object) -> None:
    raise SystemExit


def test_worker_that_slept_through_its_lease_writes_and_sends_nothing(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    slow = work.claim(POSTS.due_rows(), now=now, lease=POSTS.lease)
    travel.shift(POSTS.lease + timedelta(seconds=1))
    done = step(post)

    work.work_on(POSTS, slow, now)

    assert (done.state, len(agora.shown())) == (S.PUBLISHED, 1)
    assert step(post).history == done.history


def test_post_that_cannot_be_found_out_about_is_asked_of_the_person(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller
) -> None:
    agora.plan(breaks())
    agora.plan(*[says(503)] * 10, on=r"GET /api/posts")
    step(post)

    for _look in range(7):
        travel.shift(300)
        asked = step(post)

    assert (asked.state, asked.reason) == (S.NEEDS_PERSON, "network_silent")
    assert Notice.objects.filter(kind="post_question").count() == 1


@pytest.mark.parametrize(
    ("is_online", "again", "state", "share"),
    [
        (True, False, S.PUBLISHED, ShareState.DECLARED),
        (False, True, S.SCHEDULED, ShareState.PLANNED),
        (False, False, S.WITHDRAWN, ShareState.TAKEN_BACK),
    ],
)
def test_person_s_word_settles_it(
    post: Post, now: datetime, is_online: bool, again: bool, state: str, share: str
) -> None:
    Post.unscoped.filter(pk=post.pk).update(state=S.NEEDS_PERSON, due_at=None)

    answered = posts.answer_post(post=post, is_online=is_online, send_again=again, now=now)

    assert (answered.state, answered.share.state) == (state, share)


# --- asked to wait -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("said", ["90", "Tue, 24 Nov 2026 09:01:30 GMT"])
def test_network_that_asks_to_wait_is_obeyed_to_the_second(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime, said: str
) -> None:
    agora.plan(says(429, Retry_After=said))

    waiting = step(post)

    assert (waiting.state, waiting.due_at) == (S.DUE, now + timedelta(seconds=90))
    travel.shift(89)
    assert step(post).state == S.DUE
    travel.shift(1)
    assert step(post).state == S.PUBLISHED


def test_wait_holds_every_post_of_the_account(
    cast: Cast, post: Post, story: Story, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    agora.plan(says(429, Retry_After="7200"))
    step(post)
    travel.shift(1800)
    other = make_published_story(cast.ines, now=now, title="Un autre toit")
    second = plan(cast.ana, other, now=now + timedelta(minutes=30))

    held = step(second)

    assert (held.state, held.due_at) == (S.SCHEDULED, now + timedelta(hours=2))


def test_server_that_is_silent_three_times_is_left_alone_by_everybody(
    cast: Cast, post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    agora.plan(*[says(503)] * 9, on="POST /api/pictures")
    account = post.account
    for attempt in range(3):
        holds.note_wait(account, _silence(), attempt, now)

    until = holds.held_until(account, now)

    assert until == now + timedelta(minutes=1)
    assert holds.held_until(connect(cast.noor, now=now, network="mastodon", host="a.example"), now) is None


def _silence() -> Any:
    return TryLater()


def test_network_that_answers_again_is_trusted_again(post: Post, agora: FakeAgora, now: datetime) -> None:
    holds.note_wait(post.account, _silence(), 0, now)

    step(post)

    assert not Hold.objects.exists()


# --- refusals, sign-ins --------------------------------------------------------------------------------------------
def test_refusal_keeps_the_network_s_reason_and_tells_the_person(post: Post, agora: FakeAgora) -> None:
    agora.plan(says(422, {"error": "too_rude"}))

    done = step(post)

    assert (done.state, done.share.state, done.detail) == (S.REFUSED, ShareState.REFUSED, "too_rude")
    assert Notice.objects.get().kind == "post_refused"
    assert done.due_at is None


def test_token_that_ran_out_is_refreshed_and_the_post_goes_out(
    post: Post, agora: FakeAgora, account: ConnectedAccount
) -> None:
    agora.plan(agora.disowns_token())
    agora.plan(
        says(200, {"access_token": "fresh", "refresh_token": "fresh-2", "expires_in": 3600}),
        on=r"POST /oauth/token",
    )

    again, done = step(post), step(post)

    assert (again.state, done.state, len(agora.shown())) == (S.DUE, S.PUBLISHED, 1)
    account.refresh_from_db()
    assert account.unsealed()["access_token"] == "fresh"


def test_sign_in_that_is_over_holds_the_post_and_asks_once(
    post: Post, agora: FakeAgora, account: ConnectedAccount, now: datetime
) -> None:
    agora.plan(agora.disowns_token())
    agora.plan(says(400, {"error": "invalid_grant"}), on=r"POST /oauth/token")

    held = step(post)

    account.refresh_from_db()
    assert (held.state, held.reason, account.state) == (S.HELD, "sign_in_again", "sign_in_again")
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["account_ended", "post_held"]


def test_silence_is_no_reason_to_disconnect(post: Post, agora: FakeAgora, account: ConnectedAccount) -> None:
    agora.plan(agora.disowns_token())
    agora.plan(says(503), on=r"POST /oauth/token")

    waiting = step(post)

    account.refresh_from_db()
    assert (waiting.state, account.state) == (S.DUE, "connected")


def test_posts_that_waited_for_the_sign_in_go_to_the_person_s_next_hour(
    post: Post, account: ConnectedAccount, travel: time_machine.Traveller, now: datetime
) -> None:
    Post.unscoped.filter(pk=post.pk).update(state=S.HELD, reason="sign_in_again", due_at=None)
    travel.shift(timedelta(hours=5))

    accounts.plan_held_posts(account, now + timedelta(hours=5))

    row = Post.objects.get()
    assert (row.state, row.reason, row.moved_from) == (S.SCHEDULED, "planned_again", "2026-11-24T09:00")
    assert row.due_at > now + timedelta(hours=5)
