"""A post goes out at its moment, once, unless something stands in the way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import time_machine

from cast import Cast
from make_posts import plan, step
from networks.fakes.agora import FakeAgora
from networks.fakes.server import says
from portevoix.core import work
from portevoix.library.actions.publishing import archive_story
from portevoix.library.models import Story
from portevoix.notifications.models import Notice
from portevoix.people.actions.participation import leave_programme, pause_programme
from portevoix.sharing.actions import accounts
from portevoix.sharing.actions.networks import set_network
from portevoix.sharing.jobs import ACCOUNTS
from portevoix.sharing.models import ConnectedAccount, Post, ShareDraft
from portevoix.sharing.states import PostState, ShareState
from portevoix.sharing.timing import Kind, When
from portevoix.sharing.tokens import new_token

S = PostState


# --- the straight way ----------------------------------------------------------------------------------------------
def test_post_is_published_at_its_moment_and_counts_as_confirmed(post: Post, agora: FakeAgora) -> None:
    assert post.share.state == ShareState.PLANNED

    done = step(post)

    assert (done.state, done.share.state, len(agora.shown())) == (S.PUBLISHED, ShareState.CONFIRMED, 1)
    assert done.url == "https://agora.example/posts/1"
    assert [state for state, _at, _why in done.history] == [S.SCHEDULED, S.DUE, S.SENDING, S.PUBLISHED]


def test_post_says_what_the_person_approved(post: Post, agora: FakeAgora) -> None:
    step(post)

    shown = agora.shown()[0]
    assert (shown.text, post.share.text) == (post.share.text, shown.text)
    assert shown.link.endswith(post.share.link.code)


def test_post_does_not_go_out_before_its_moment(
    cast: Cast, agora: FakeAgora, account: ConnectedAccount, story: Story, now: datetime
) -> None:
    chosen = When(Kind.CHOSEN, datetime(2026, 11, 25, 11, 15))
    post = plan(cast.ana, story, now=now, when=chosen)

    early = step(post, datetime(2026, 11, 25, 11, 14, 59, tzinfo=now.tzinfo))
    late = step(post, datetime(2026, 11, 25, 11, 15, tzinfo=now.tzinfo))

    assert (early.state, late.state) == (S.SCHEDULED, S.PUBLISHED)
    assert (post.wall_at, post.zone) == ("2026-11-25T11:15", "Africa/Casablanca")


def test_same_sheet_twice_is_one_post(
    cast: Cast, agora: FakeAgora, account: ConnectedAccount, story: Story, now: datetime
) -> None:
    token = new_token(cast.ana, story)

    first, second = (plan(cast.ana, story, now=now, token=token) for _tap in range(2))

    assert first == second
    assert Post.objects.count() == 1


# --- what stands in the way when the moment comes ------------------------------------------------------------------
def test_story_that_is_over_takes_its_posts_with_it(
    cast: Cast,
    agora: FakeAgora,
    account: ConnectedAccount,
    story: Story,
    now: datetime,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    post = plan(cast.ana, story, now=now, when=When(Kind.CHOSEN, datetime(2026, 11, 26, 11, 0)))

    with django_capture_on_commit_callbacks(execute=True):
        archive_story(story=story, person=cast.ines, now=now)

    row = Post.objects.get(pk=post.pk)
    assert (row.state, row.reason, row.due_at) == (S.REFUSED, "story_over", None)
    assert Notice.objects.get().kind == "post_refused"


def test_story_that_expired_is_not_published_even_if_nobody_said_so(
    post: Post, story: Story, agora: FakeAgora, now: datetime
) -> None:
    Story.unscoped.filter(pk=story.pk).update(expires_at=now)

    assert (step(post).reason, agora.shown()) == ("story_over", [])


def test_who_pauses_publishes_nothing_and_keeps_their_words(
    cast: Cast,
    agora: FakeAgora,
    account: ConnectedAccount,
    story: Story,
    now: datetime,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    post = plan(cast.ana, story, now=now, when=When(Kind.CHOSEN, datetime(2026, 11, 26, 11, 0)))

    with django_capture_on_commit_callbacks(execute=True):
        pause_programme(person=cast.ana, now=now)

    assert Post.objects.get(pk=post.pk).state == S.WITHDRAWN
    assert ShareDraft.objects.get().text.startswith("Hier, un client")
    assert ConnectedAccount.objects.get().is_connected


def test_who_leaves_is_disconnected_and_forgotten_at_the_network(
    cast: Cast,
    agora: FakeAgora,
    account: ConnectedAccount,
    story: Story,
    now: datetime,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    plan(cast.ana, story, now=now, when=When(Kind.CHOSEN, datetime(2026, 11, 26, 11, 0)))

    with django_capture_on_commit_callbacks(execute=True):
        leave_programme(person=cast.ana, now=now)
    work.work_through(ACCOUNTS, now)

    account.refresh_from_db()
    assert (account.state, account.sealed, account.place) == ("ended", "", None)
    assert "POST /oauth/revoke" in agora.lines()
    assert Post.objects.get().state == S.WITHDRAWN


def test_tokens_go_within_a_minute_even_if_the_network_is_silent(
    agora: FakeAgora, account: ConnectedAccount, travel: time_machine.Traveller, now: datetime
) -> None:
    agora.plan(*[says(503)] * 9, on=r"POST /oauth/revoke")
    accounts.disconnect_account(account=account, now=now)

    for seconds in (0, 11, 11, 11):
        travel.shift(seconds)
        work.work_through(ACCOUNTS, now + timedelta(seconds=59))

    account.refresh_from_db()
    assert (account.state, account.sealed) == ("ended", "")


def test_network_that_the_operator_closed_holds_and_opened_again_goes_on(
    cast: Cast, post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    set_network(by=cast.driss, network="dummy", is_on=False, now=now)
    held = step(post)

    set_network(by=cast.driss, network="dummy", is_on=True, now=now)

    again = Post.objects.get()
    assert (held.state, held.reason) == (S.HELD, "network_off")
    assert (again.state, again.due_at > now) == (S.SCHEDULED, True)


def test_post_that_comes_hours_late_goes_to_the_next_hour_instead(
    post: Post, agora: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    """The worker was away all day: at eight in the evening people are left alone."""
    travel.shift(timedelta(hours=11))

    moved = step(post)

    assert (moved.state, moved.reason, moved.moved_from) == (S.SCHEDULED, "came_too_late", "2026-11-24T09:00")
    assert (agora.shown(), Notice.objects.get().kind) == ([], "post_moved")
