"""What became of a post: looked for after a sending without a clear answer, taken off when asked, its figures read.

Looking waits for the grace: longer than a request can last plus the latest moment at which the network may still carry
it out. Only what is absent after that may be sent again; what the network cannot tell, the person is asked.
"""

from datetime import datetime, timedelta
from typing import Any

from portevoix.core import clock, work
from portevoix.networks.direct import Finding, Grant, Published
from portevoix.networks.failures import (
    Absent,
    Duplicate,
    NetworkFailure,
    OperatorMust,
    OutcomeUnknown,
    PrepareAgain,
    SignInAgain,
    TryLater,
)
from portevoix.sharing import grants, holds, measures, outgoing, spending
from portevoix.sharing.actions import accounts, moving, sending, steps
from portevoix.sharing.actions.steps import Step
from portevoix.sharing.states import PostState

MOST_TRIES = 5  # sendings whose outcome was unknown; then the person is asked
MOST_SENT_AGAIN = 2  # tries, where only another sending tells
# Networks that recognise a post sent twice do so for a while: the shortest reported is ten minutes (LinkedIn).
SEND_AGAIN_WITHIN = timedelta(minutes=8)
MOST_LOOKS = 6  # looks that the network did not answer; then the person is asked
LOOK_AGAIN, LOOK_AGAIN_LATEST = timedelta(seconds=30), timedelta(minutes=2)
MOST_DELETIONS = 8


def note_lost_answer(step: Step) -> None:
    """A process died, or slept, while it was sending: whether the request left is not known."""
    sending.leave_unknown(step, "interrupted")


def reconcile(step: Step) -> None:
    """Looks for a post whose fate is unknown, and goes on from what is found."""
    post = step.post
    if post.state == PostState.UNKNOWN:
        moving.move_claimed(post=post, to=PostState.RECONCILING, now=step.now)
    grant = None
    try:
        grant = grants.usable_grant(step.account, step.now)
        found = sending.look(step, grant)
    except NetworkFailure as why:
        _not_found_out(step, why, grant)
        return
    match found:
        case Published():
            steps.record_published(step, found, "found")
        case Finding.ABSENT:
            _go_on_absent(step)
        case Finding.SEND_AGAIN if _may_be_sent_again(step):
            _send_again(step, grant)
        case _:
            steps.ask_person(step, "network_cannot_tell")


def _go_on_absent(step: Step) -> None:
    """It is not there, and never will be: all doubt is over, and it is sent as if for the first time; not for ever."""
    post, now = step.post, clock.now()
    if post.tries >= MOST_TRIES and not moving.is_unwanted(post):
        steps.ask_person(step, "network_cannot_tell")
        return
    moving.settle(
        post=post, to=PostState.DUE, now=now, due_at=now, reason="found_absent", doubt_since=None, looks=0
    )


def _may_be_sent_again(step: Step) -> bool:
    """Whether the network still knows the first sending, should it hold it, and nothing speaks against a second one."""
    post, now = step.post, clock.now()
    is_known = post.doubt_since is not None and now - post.doubt_since <= SEND_AGAIN_WITHIN
    is_free = not steps.obstacle(step) and holds.held_until(step.account, now) is None
    return is_known and is_free and post.tries <= MOST_SENT_AGAIN and not moving.is_unwanted(post)


def _send_again(step: Step, grant: Grant) -> None:
    """Asks by sending the very same again. Whatever this try ends in, the first one may be there: see `sending`."""
    try:
        published = sending.send(step, grant)
    except sending.NotBegun:
        steps.ask_person(step, "network_cannot_tell")
    except OutcomeUnknown:
        sending.leave_unknown(step, "no_answer")
    except Duplicate as why:
        steps.record_published(step, sending.already_there(step, why, grant), "found")
    except NetworkFailure as why:
        _not_found_out(step, why, grant)
    else:
        steps.record_published(step, published)


def _not_found_out(step: Step, why: NetworkFailure, grant: Grant | None) -> None:
    """The network could not be asked: again a little later, then the person is asked."""
    post, now = step.post, clock.now()
    if isinstance(why, SignInAgain) and not post.looks and _signed_in_anew(step, grant):
        _look_later(step, now)
        return
    if isinstance(why, TryLater) and not isinstance(why, PrepareAgain) and post.looks + 1 < MOST_LOOKS:
        wait = work.back_off(post.looks, base=LOOK_AGAIN, ceiling=LOOK_AGAIN_LATEST)
        _look_later(step, now + max(wait, timedelta(seconds=min(why.seconds or 0, 300))))
        return
    if isinstance(why, SignInAgain):
        accounts.need_sign_in(account=step.account, now=now)
    if isinstance(why, OperatorMust):
        accounts.note_keys_problem(account=step.account, reason=why.reason, now=now)
    steps.ask_person(step, "network_silent")


def _signed_in_anew(step: Step, grant: Grant | None) -> bool:
    if grant is None:
        return False
    try:
        grants.refreshed_grant(step.account, grant)
    except NetworkFailure:
        return False
    return True


def _look_later(step: Step, due_at: datetime) -> None:
    """A sending that was only asked to wait did nothing: it does not count among the tries."""
    post = step.post
    moving.settle(
        post=post,
        to=PostState.UNKNOWN,
        now=clock.now(),
        due_at=due_at,
        reason="look_again",
        looks=post.looks + 1,
        tries=post.tries - (post.state == PostState.SENDING),
    )


def delete(step: Step) -> None:
    """Takes the post off the network."""
    post = step.post
    grant = None
    try:
        grant = grants.usable_grant(step.account, step.now)
        spending.note(step.account, step.publisher.terms.delete_micros, step.now)
        step.publisher.delete(post.post_id, post.frozen, grant, outgoing.wire_within())
    except NetworkFailure as why:
        _not_deleted(step, why)
    else:
        moving.settle(post=post, to=PostState.DELETED, now=clock.now(), due_at=None, reason="taken_off")


def _not_deleted(step: Step, why: NetworkFailure) -> None:
    """Again later while the network only asks for patience; otherwise the person does it, and is told."""
    post, now = step.post, clock.now()
    if isinstance(why, TryLater) and post.attempts < MOST_DELETIONS:
        work.settle(post, due_at=holds.note_wait(step.account, why, post.attempts, now), error=why.code)
        return
    if isinstance(why, SignInAgain):
        accounts.need_sign_in(account=step.account, now=now)
    steps.leave_online(step)


def go_on_published(step: Step) -> None:
    """A post that is there: takes it off if the person asked for it meanwhile, else reads its figures."""
    post = step.post
    if not post.wants_off:
        read_figures(step)
    elif post.post_id:
        moving.settle(
            post=post, to=PostState.DELETING, now=step.now, due_at=step.now, reason="asked", wants_off=False
        )
    else:
        steps.leave_online(step)  # nobody knows which post it is: its person finds it more easily


def read_figures(step: Step) -> None:
    """What the network tells its author of the post, kept beside our own figures and never added to them."""
    post, now = step.post, step.now
    due_at = measures.next_reading(post.published_at or now, now)
    try:
        grant = grants.usable_grant(step.account, now)
        if not spending.reserve(step.account, step.publisher.terms.read_micros, now):
            work.settle(post, due_at=due_at)  # what is left of the month's money is for posts
            return
        figures = step.publisher.read_figures(post.post_id, grant, outgoing.wire_within())
    except Absent:
        moving.settle(post=post, to=PostState.DELETED, now=now, due_at=None, reason="gone")
    except NetworkFailure as why:
        # A reading that fails is not tried again before its next turn: figures are not worth insisting.
        work.settle(post, due_at=due_at, error=why.code)
    else:
        changes: dict[str, Any] = {"figures": dict(figures), "figures_at": now} if figures else {}
        work.settle(post, due_at=due_at, **changes)
