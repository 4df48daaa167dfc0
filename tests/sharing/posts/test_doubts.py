"""While it is not known whether a post is out there: a second sending, a change of mind, an account that goes.

The network here cannot be looked at; sent again, it says whether it holds the post, for some minutes.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from cast import Cast
from make_posts import step
from networks.fakes.agora import FakeAgora
from networks.fakes.server import Fault, resets, says
from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.library.models import Story
from portevoix.networks import registry
from portevoix.networks.direct import Direct, Finding, Frozen, Grant, Prepared, Published
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.failures import Duplicate, PrepareAgain
from portevoix.networks.wire import Wire
from portevoix.notifications.models import Notice
from portevoix.sharing.actions import accounts, posts, sending
from portevoix.sharing.actions.steps import step_of
from portevoix.sharing.jobs import POSTS
from portevoix.sharing.models import ConnectedAccount, Hold, Post, ShareDraft
from portevoix.sharing.states import PostState

S = PostState


class BlindPublisher(DummyPublisher):
    """Agora as LinkedIn is: nobody may look; the same post again is refused, under the name of the first."""

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        there = super().find(frozen, prepared, grant, wire)
        if isinstance(there, Published):
            raise Duplicate(there.post_id, there.url)
        return super().publish(frozen, prepared, grant, wire)

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        return Finding.SEND_AGAIN


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch, agora: FakeAgora) -> FakeAgora:
    monkeypatch.setitem(registry.DIRECT, "dummy", Direct(DummySignIn(), BlindPublisher()))
    return agora


def doubt(post: Post, agora: FakeAgora, travel: time_machine.Traveller, fault: Fault | None = None) -> Post:
    """The post after a sending whose answer was lost, and after the grace."""
    agora.plan(fault or resets(carried_out=True))
    unknown = step(post)
    assert (unknown.state, unknown.doubt_since) == (S.UNKNOWN, unknown.sent_at)
    travel.shift(121)
    return unknown


# --- sent again ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("carried_out", [True, False])
def test_second_sending_ends_the_doubt(
    post: Post, blind: FakeAgora, travel: time_machine.Traveller, carried_out: bool
) -> None:
    doubt(post, blind, travel, resets(carried_out=True) if carried_out else says(502))

    done = step(post)

    assert (done.state, done.doubt_since, len(blind.shown())) == (S.PUBLISHED, None, 1)


def test_second_sending_never_waits_for_longer_than_the_network_remembers(
    post: Post, blind: FakeAgora, travel: time_machine.Traveller
) -> None:
    """It asked to wait for an hour: by then it would take the post for a new one."""
    doubt(post, blind, travel, says(502))
    blind.plan(*[says(429, Retry_After="3600")] * 9)

    for _turn in range(8):
        last = step(post)
        travel.shift(300)

    assert (last.state, blind.shown()) == (S.NEEDS_PERSON, [])
    assert Notice.objects.filter(kind="post_question").count() == 1


def test_second_sending_respects_a_wait_and_then_asks(
    post: Post, blind: FakeAgora, travel: time_machine.Traveller, now: datetime
) -> None:
    doubt(post, blind, travel)
    Hold.objects.create(key=f"account:{post.account.code}", until=now + timedelta(hours=1))

    asked = step(post)

    assert (asked.state, asked.tries, len(blind.shown())) == (S.NEEDS_PERSON, 1, 1)


@pytest.mark.parametrize("answer", [says(422, {"error": "no"}), says(401, {"error": "invalid_token"})])
def test_no_to_the_second_sending_says_nothing_of_the_first(
    post: Post, blind: FakeAgora, travel: time_machine.Traveller, answer: Fault
) -> None:
    """The first may be out there: the post is neither refused nor held, its person is asked."""
    doubt(post, blind, travel, says(502))
    blind.plan(answer)
    blind.plan(*[says(400, {"error": "invalid_grant"})] * 3, on=r"POST /oauth/token")

    states = [step(post).state for _turn in range(3)]

    assert states[-1] == S.NEEDS_PERSON
    assert not {S.REFUSED, S.HELD, S.DUE} & set(states)


def test_pictures_that_must_be_uploaded_anew_are_no_second_sending(
    post: Post, blind: FakeAgora, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With other pictures it would not be the same post to the network."""
    doubt(post, blind, travel)

    def gone(*_facts: object) -> Any:
        raise PrepareAgain

    monkeypatch.setattr(BlindPublisher, "publish", gone)

    assert (step(post).state, len(blind.shown())) == (S.NEEDS_PERSON, 1)


@pytest.mark.parametrize("over", ["story", "person"])
def test_second_sending_needs_what_every_sending_needs(
    cast: Cast, post: Post, story: Story, blind: FakeAgora, travel: time_machine.Traveller, over: str
) -> None:
    doubt(post, blind, travel, says(502))
    if over == "story":
        Story.unscoped.filter(pk=story.pk).update(expires_at=post.scheduled_at)
    else:
        type(cast.ana).unscoped.filter(pk=cast.ana.pk).update(is_active=False)

    assert (step(post).state, blind.shown()) == (S.NEEDS_PERSON, [])


def test_absence_ends_the_doubt(post: Post, agora: FakeAgora, travel: time_machine.Traveller) -> None:
    doubt(post, agora, travel, says(502))

    absent = step(post)

    assert (absent.state, absent.doubt_since, absent.looks) == (S.DUE, None, 0)


# --- the person changes their mind meanwhile -----------------------------------------------------------------------
def withdraw_while_sending(monkeypatch: pytest.MonkeyPatch, post: Post, now: datetime) -> None:
    publish = DummyPublisher.publish

    def slowly(self: DummyPublisher, *facts: Any) -> Published:
        posts.withdraw_post(post=post, now=now)
        return publish(self, *facts)

    monkeypatch.setattr(DummyPublisher, "publish", slowly)


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        (None, [S.PUBLISHED, S.DELETING, S.DELETED]),
        (says(429, Retry_After="60"), [S.WITHDRAWN]),
        (says(401, {"error": "invalid_token"}), [S.WITHDRAWN]),
        (says(422, {"error": "no"}), [S.REFUSED]),
    ],
)
def test_post_withdrawn_while_it_is_sent_never_goes_out_afterwards(
    post: Post,
    agora: FakeAgora,
    now: datetime,
    travel: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault | None,
    states: list[str],
) -> None:
    withdraw_while_sending(monkeypatch, post, now)
    if fault:
        agora.plan(fault)
        agora.plan(
            says(200, {"access_token": "fresh", "refresh_token": "fresh-2", "expires_in": 3600}),
            on=r"POST /oauth/token",
        )

    found = [step(post).state for _turn in states]
    travel.shift(3600)

    assert (found, step(post).state, agora.shown()) == (states, states[-1], [])
    assert not Notice.objects.filter(kind__in=("post_held", "post_moved")).exists()


def test_post_withdrawn_just_before_it_is_sent_is_not(post: Post, agora: FakeAgora, now: datetime) -> None:
    row = work.claim(POSTS.due_rows(), now=now, lease=POSTS.lease)
    Post.unscoped.filter(pk=post.pk).update(wants_off=True)

    with pytest.raises(sending.NotBegun):
        sending.begin_sending(step=step_of(row, now), now=now)


def test_unwanted_post_that_cannot_be_named_is_left_to_its_person(post: Post, now: datetime) -> None:
    Post.unscoped.filter(pk=post.pk).update(state=S.PUBLISHED, due_at=now, wants_off=True)

    kept = step(post)

    assert (kept.state, kept.reason, kept.wants_off) == (S.PUBLISHED, "not_taken_off", False)
    assert Notice.objects.get().kind == "post_not_taken_off"


# --- the answer ----------------------------------------------------------------------------------------------------
def test_answer_ends_the_doubt_and_what_was_wanted_in_it(post: Post, agora: FakeAgora, now: datetime) -> None:
    """It was withdrawn while its fate was unknown; then its person says: not online, send it."""
    Post.unscoped.filter(pk=post.pk).update(
        state=S.NEEDS_PERSON, due_at=None, wants_off=True, doubt_since=now, looks=4
    )

    posts.answer_post(post=post, is_online=False, send_again=True, now=now)

    assert (step(post).state, len(agora.shown())) == (S.PUBLISHED, 1)


def test_post_is_not_sent_again_from_an_account_that_is_gone(
    post: Post, account: ConnectedAccount, now: datetime
) -> None:
    Post.unscoped.filter(pk=post.pk).update(state=S.NEEDS_PERSON, due_at=None)
    accounts.disconnect_account(account=account, now=now)

    with pytest.raises(Refusal) as refused:
        posts.answer_post(post=post, is_online=False, send_again=True, now=now)

    assert refused.value.code == "not_connected"


# --- our own faults ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "ends", "kind"),
    [
        (S.UNKNOWN, S.NEEDS_PERSON, "post_question"),
        (S.RECONCILING, S.NEEDS_PERSON, "post_question"),
        (S.DELETING, S.PUBLISHED, "post_not_taken_off"),
    ],
)
def test_person_does_not_wait_for_ever_where_we_fail(
    post: Post,
    agora: FakeAgora,
    travel: time_machine.Traveller,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    state: PostState,
    ends: PostState,
    kind: str,
) -> None:
    Post.unscoped.filter(pk=post.pk).update(
        state=state, due_at=now, sent_at=now, doubt_since=now, post_id="7"
    )
    monkeypatch.setattr(DummyPublisher, "find", _fail)
    monkeypatch.setattr(DummyPublisher, "delete", _fail)

    for _turn in range(11):
        last = step(post)
        travel.shift(3601)
        if last.state == ends:
            break

    assert last.state == ends
    assert Notice.objects.get().kind == kind


# --- words ---------------------------------------------------------------------------------------------------------
def test_words_of_a_refused_post_are_kept(post: Post, agora: FakeAgora) -> None:
    agora.plan(says(422, {"error": "too_rude"}))
    step(post)

    assert ShareDraft.objects.get().text.startswith("Hier, un client")


def test_words_begun_since_are_not_overwritten(cast: Cast, post: Post, story: Story, now: datetime) -> None:
    ShareDraft.objects.create(
        organisation=cast.atlas, person=cast.ana, story=story, text="Autre chose", updated_at=now
    )

    posts.withdraw_post(post=post, now=now)

    assert ShareDraft.objects.get().text == "Autre chose"


def test_held_post_whose_story_ends_is_refused_and_its_person_told(
    cast: Cast, post: Post, story: Story, now: datetime
) -> None:
    Post.unscoped.filter(pk=post.pk).update(state=S.HELD, reason="sign_in_again", due_at=None)
    Story.unscoped.filter(pk=story.pk).update(expires_at=now + timedelta(minutes=2))

    accounts.plan_held_posts(post.account, now + timedelta(minutes=1))

    assert Post.objects.get().state == S.REFUSED
    assert Notice.objects.get().kind == "post_refused"


def test_move_and_its_news_are_written_together(
    post: Post, agora: FakeAgora, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between the two would leave a refusal that nobody hears of."""
    agora.plan(says(422, {"error": "too_rude"}))
    monkeypatch.setattr("portevoix.sharing.actions.steps.news.tell_of_post", _fail)

    assert step(post).state == S.SENDING


def _fail(*_facts: object) -> None:
    raise OSError
