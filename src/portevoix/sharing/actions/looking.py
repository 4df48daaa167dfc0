"""What became of a post: looked for after a sending without a clear answer, taken off when asked, its figures read.

Looking waits for the grace: longer than a request can last plus the latest moment at which the network may still carry
it out. Only what is absent after that may be sent again; what the network cannot tell, the person is asked.
"""

from datetime import datetime, timedelta
from typing import Any

from portevoix.core import clock, work
from portevoix.networks.direct import Finding, Grant, Published
from portevoix.networks.failures import Absent, NetworkFailure, OperatorMust, SignInAgain, TryLater
from portevoix.sharing import grants, holds, measures, news, outgoing
from portevoix.sharing.actions import accounts, moving, steps
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
    post, now = step.post, step.now
    due_at = (post.sent_at or now) + step.grace
    moving.settle(post=post, to=PostState.UNKNOWN, now=now, due_at=max(due_at, now), reason="interrupted")


def reconcile(step: Step) -> None:
    """Looks for a post whose fate is unknown, and goes on from what is found."""
    post = step.post
    if post.state == PostState.UNKNOWN:
        moving.move_claimed(post=post, to=PostState.RECONCILING, now=step.now)
    grant = None
    try:
        grant = grants.usable_grant(step.account, step.now)
        found = look(step, grant)
    except NetworkFailure as why:
        _not_found_out(step, why, grant)
        return
    _go_on(step, found)


def look(step: Step, grant: Grant) -> Published | Finding:
    """What the network, or our link among the person's posts, says."""
    post = step.post
    return step.publisher.find(post.frozen, post.prepared or {}, grant, outgoing.wire_within())


def _go_on(step: Step, found: Published | Finding) -> None:
    post, now = step.post, clock.now()
    if isinstance(found, Published):
        steps.record_published(step, found, "found")
    elif _only_the_person_knows(step, found):
        steps.ask_person(step, "network_cannot_tell")
    elif post.wants_off:
        steps.withdraw(step, "withdrawn")
    else:
        moving.settle(post=post, to=PostState.DUE, now=now, due_at=now, reason=f"found_{found}")


def _only_the_person_knows(step: Step, found: Finding) -> bool:
    """The network cannot tell, or was asked often enough; one that only tells when sent again is asked once or twice."""
    post = step.post
    if found == Finding.SEND_AGAIN:
        is_late = post.sent_at is None or clock.now() - post.sent_at > SEND_AGAIN_WITHIN
        return post.wants_off or is_late or post.tries > MOST_SENT_AGAIN
    return found == Finding.CANNOT_TELL or post.tries >= MOST_TRIES


def _not_found_out(step: Step, why: NetworkFailure, grant: Grant | None) -> None:
    """The network could not be asked: again a little later, then the person is asked."""
    post, now = step.post, clock.now()
    if isinstance(why, SignInAgain) and not post.looks and _signed_in_anew(step, grant):
        _look_later(step, now)
        return
    if isinstance(why, TryLater) and post.looks + 1 < MOST_LOOKS:
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
    moving.settle(
        post=step.post,
        to=PostState.UNKNOWN,
        now=clock.now(),
        due_at=due_at,
        reason="look_again",
        looks=step.post.looks + 1,
    )


def delete(step: Step) -> None:
    """Takes the post off the network."""
    post = step.post
    grant = None
    try:
        grant = grants.usable_grant(step.account, step.now)
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
    moving.settle(
        post=post, to=PostState.PUBLISHED, now=now, due_at=None, reason="not_taken_off", wants_off=False
    )
    news.tell_of_post(post, "post_not_taken_off", now)


def go_on_published(step: Step) -> None:
    """A post that is there: takes it off if the person asked for it meanwhile, else reads its figures."""
    if step.post.wants_off:
        moving.settle(
            post=step.post,
            to=PostState.DELETING,
            now=step.now,
            due_at=step.now,
            reason="asked",
            wants_off=False,
        )
        return
    read_figures(step)


def read_figures(step: Step) -> None:
    """What the network tells its author of the post, kept beside our own figures and never added to them."""
    post, now = step.post, step.now
    due_at = measures.next_reading(post.published_at or now, now)
    try:
        grant = grants.usable_grant(step.account, now)
        figures = step.publisher.read_figures(post.post_id, grant, outgoing.wire_within())
    except Absent:
        moving.settle(post=post, to=PostState.DELETED, now=now, due_at=None, reason="gone")
    except NetworkFailure as why:
        # A reading that fails is not tried again before its next turn: figures are not worth insisting.
        work.settle(post, due_at=due_at, error=why.code)
    else:
        changes: dict[str, Any] = {"figures": dict(figures), "figures_at": now} if figures else {}
        work.settle(post, due_at=due_at, **changes)
