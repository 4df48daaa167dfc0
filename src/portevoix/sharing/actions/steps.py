"""What a step of a post may end in, whatever it was doing: wait, hold, refuse, ask the person, move to another hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portevoix.core import clock, work
from portevoix.core.quiet import is_quiet
from portevoix.networks.direct import Grant, Published, Publisher
from portevoix.networks.failures import (
    Disconnected,
    NetworkFailure,
    OperatorMust,
    PrepareAgain,
    Refused,
    SignInAgain,
    TryLater,
)
from portevoix.sharing import checks, grants, holds, hours, keys, news, queries, timing
from portevoix.sharing.actions import accounts, moving
from portevoix.sharing.hours import Moment
from portevoix.sharing.measures import next_reading
from portevoix.sharing.models import ConnectedAccount, Post
from portevoix.sharing.states import PostState
from portevoix.sharing.timing import Planned

# A post that comes this late is not published behind its person's back: it goes to their next hour.
LATE, LATE_IN_QUIET = timedelta(hours=4), timedelta(minutes=15)
MOST_SIGN_INS = 3


@dataclass
class Step:
    """A post that we hold, its account and its network; `now` is when the step began."""

    post: Post
    account: ConnectedAccount
    publisher: Publisher
    now: datetime

    @property
    def grace(self) -> timedelta:
        """How long after a sending began its fate is settled at the network."""
        return timedelta(seconds=self.publisher.terms.grace_seconds)


def step_of(post: Post, now: datetime) -> Step:
    """The step of a post that we hold."""
    return Step(post, post.account, grants.direct_of(post.account).publisher, now)


def give_up_for_now(step: Step, why: NetworkFailure, grant: Grant | None = None) -> None:
    """Nothing was done: says what has to happen before it can be."""
    match why:
        case PrepareAgain():
            _prepare_again(step)
        case TryLater():
            wait(step, why)
        case SignInAgain():
            _sign_in_anew(step, grant)
        case Disconnected():
            _wait_for_sign_in(step)
        case OperatorMust():
            accounts.note_keys_problem(account=step.account, reason=why.reason, now=clock.now())
            hold(step, "operator_must", why.detail)
        case Refused():
            refuse(step, why.reason, why.detail)
        case _:
            raise why


def wait(step: Step, why: TryLater) -> None:
    """Not before the network, or our own patience, says so."""
    post, now = step.post, clock.now()
    until = holds.note_wait(step.account, why, post.attempts, now)
    if post.state == PostState.SENDING:
        _back_to_due(step, until, "asked_to_wait")
    else:
        work.settle(post, due_at=until, error=f"{why.code}, {why.scope}")


def _prepare_again(step: Step) -> None:
    """What was uploaded is worth nothing any more: it is uploaded anew at once, a few times at most."""
    post, now = step.post, clock.now()
    due_at = now if post.attempts <= MOST_SIGN_INS else now + timedelta(minutes=5)
    _back_to_due(step, due_at, "prepared_again", prepared=None)


def _back_to_due(step: Step, due_at: datetime, reason: str, **changes: Any) -> None:
    """The try that was counted did nothing: it is as if it had not been made."""
    moving.settle(
        post=step.post,
        to=PostState.DUE,
        now=clock.now(),
        due_at=due_at,
        reason=reason,
        error=reason,
        tries=max(0, step.post.tries - 1),
        **changes,
    )


def _sign_in_anew(step: Step, grant: Grant | None) -> None:
    """The token was refused: a fresh one is asked for once or twice, then the person is."""
    if grant is None or step.post.attempts > MOST_SIGN_INS:
        _wait_for_sign_in(step)
        return
    try:
        grants.refreshed_grant(step.account, grant)
    except SignInAgain:
        _wait_for_sign_in(step)
    except NetworkFailure as why:
        give_up_for_now(step, why)
    else:
        _again_at_once(step)


def _wait_for_sign_in(step: Step) -> None:
    """The person is asked to sign in; unless they did meanwhile, and the sign-in that failed is not theirs any more."""
    with transaction.atomic():
        if accounts.need_sign_in(account=step.account, now=clock.now()):
            hold(step, "sign_in_again")
        else:
            _again_at_once(step)


def _again_at_once(step: Step) -> None:
    if step.post.state == PostState.SENDING:
        _back_to_due(step, clock.now(), "signed_in_anew")
    else:
        work.settle(step.post, due_at=clock.now(), error="signed in anew")


def hold(step: Step, reason: str, detail: str = "", due_at: datetime | None = None) -> None:
    """The post waits for its person, for whoever runs Portevoix, or for the moment `due_at`; the person is told."""
    post = step.post
    undone: dict[str, Any] = {"tries": max(0, post.tries - 1)} if post.state == PostState.SENDING else {}
    _settle_and_tell(
        step, PostState.HELD, "post_held", due_at=due_at, reason=reason, detail=detail[:300], **undone
    )


def refuse(step: Step, reason: str, detail: str = "") -> None:
    """Nothing was published, nor will be: the person is told why."""
    _settle_and_tell(step, PostState.REFUSED, "post_refused", reason=reason, detail=detail[:300])


def ask_person(step: Step, reason: str) -> None:
    """The network cannot tell: the person is asked the one question."""
    _settle_and_tell(step, PostState.NEEDS_PERSON, "post_question", reason=reason)


def leave_online(step: Step) -> None:
    """The network did not let us take the post off: its person does, and is told."""
    _settle_and_tell(
        step, PostState.PUBLISHED, "post_not_taken_off", reason=moving.NOT_TAKEN_OFF, wants_off=False
    )


def _settle_and_tell(
    step: Step, to: PostState, kind: str, *, due_at: datetime | None = None, **changes: Any
) -> None:
    """Both, or none of the two. A post that went elsewhere, as its person withdrew it meanwhile, is no news to them."""
    post, now = step.post, clock.now()
    with transaction.atomic():
        moving.settle(post=post, to=to, now=now, due_at=due_at, **changes)
        if post.state == to:
            news.tell_of_post(post, kind, now)


def record_published(step: Step, published: Published, reason: str = "") -> None:
    """The network says that the post is there: its figures are read from time to time."""
    post, now = step.post, clock.now()
    is_measured = step.publisher.terms.measures and bool(published.post_id)
    moving.settle(
        post=post,
        to=PostState.PUBLISHED,
        now=now,
        due_at=next_reading(now, now) if is_measured else None,
        reason=reason,
        post_id=published.post_id,
        url=published.url,
        published_at=post.sent_at or now,
        doubt_since=None,
    )
    holds.note_answer(step.account)


def withdraw(step: Step, reason: str) -> None:
    """It will not be published, because of something the person did elsewhere."""
    moving.settle(post=step.post, to=PostState.WITHDRAWN, now=clock.now(), due_at=None, reason=reason)


def obstacle(step: Step) -> str:
    """What stands in the way of any sending from that account for that story, as a code; empty when nothing does."""
    share = step.post.share
    offer = keys.offer_of(step.post.organisation_id, step.account.network)
    if not share.person.is_active or not share.person.takes_part:
        return "takes_no_part"
    if not checks.is_shareable(share.story, share.person, step.now):
        return "story_over"
    if not step.account.is_connected:
        return "sign_in_again"
    return "" if offer is not None and offer.is_open else "network_off"


def comes_too_late(post: Post, now: datetime) -> bool:
    """Whether so much time has passed since its moment that publishing it now would not be what was asked."""
    late = now - post.scheduled_at
    if late <= LATE_IN_QUIET:
        return False
    place = queries.place_of(post.share.person)
    return late > LATE or is_quiet(hours.wall_of(now, place), place.country)


def put_off(step: Step) -> None:
    """To the person's next hour, who is told; when the story ends before, it is refused."""
    post, share = step.post, step.post.share
    moment = timing.next_hour(
        share.person, share.story, step.now, queries.own_moments(share.person, step.now, post)
    )
    if moment is None:
        refuse(step, "story_over")
        return
    replan(step, moment, "came_too_late")


def replan(step: Step, moment: Moment, reason: str) -> None:
    """Another moment than the one that was promised: what it was is kept, and the person is told."""
    post = step.post
    planned = Planned(moment, queries.place_of(post.share.person), is_chosen=False)
    _settle_and_tell(
        step,
        PostState.SCHEDULED,
        "post_moved",
        due_at=moment.at,
        reason=reason,
        moved_from=post.wall_at,
        **planned.facts(),
    )
