"""A post is published once: whatever the network answers, whatever dies, and however the person changes their mind."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from cast import Cast
from make_library import make_published_story
from make_posts import connect, plan, step
from networks.fakes.agora import FakeAgora
from networks.fakes.server import Fault, Request, breaks, garbles, resets, says, says_half, stays_silent
from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.library.actions.publishing import archive_story
from portevoix.library.models import Story
from portevoix.networks import registry
from portevoix.networks.direct import Direct, Terms
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.failures import TryLater
from portevoix.notifications.models import Notice
from portevoix.people.actions.participation import leave_programme, pause_programme
from portevoix.sharing import holds
from portevoix.sharing.actions import accounts, posts, publishing
from portevoix.sharing.actions.moving import NoSuchMove, move_claimed
from portevoix.sharing.actions.networks import set_network
from portevoix.sharing.grants import WAIT_SECONDS
from portevoix.sharing.jobs import ACCOUNTS, POSTS
from portevoix.sharing.models import ConnectedAccount, Hold, Post, ShareDraft
from portevoix.sharing.states import MOVES, PostState, ShareState
from portevoix.sharing.timing import Kind, When
from portevoix.sharing.tokens import new_token

S = PostState
LOST: list[Fault] = [
    breaks(502),
    breaks(500),
    resets(carried_out=True),
    says_half(),
    garbles(),
    says(200, {"error": "not_today"}),
]


@pytest.fixture
def account(cast: Cast, now: datetime, travel: object) -> ConnectedAccount:
    return connect(cast.ana, now=now)


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now, link="https://gazette.example/laiterie")


@pytest.fixture
def post(cast: Cast, agora: FakeAgora, account: ConnectedAccount, story: Story, now: datetime) -> Post:
    return plan(cast.ana, story, now=now)


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

    noted, found = step(post), step(post)

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

    assert (refused.value.code, refused.value.facts) == ("too_near", {"time": "09:30"})


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
