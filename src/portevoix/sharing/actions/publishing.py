"""A post's moment has come: prepare what it needs, then send it, once.

What matters is the order of writing: see `sending`. Whatever happens once the request may have left (an answer, no
answer, a dead process), nothing is sent again before somebody has looked (`looking`): an answer that is missing makes
the post *unknown*, and so does a process that dies, once its lease is over.
"""

from datetime import datetime, timedelta

from django.db import transaction

from portevoix.core import clock, work
from portevoix.networks.direct import Grant
from portevoix.networks.failures import Duplicate, NetworkFailure, OutcomeUnknown
from portevoix.sharing import grants, holds, outgoing, spending
from portevoix.sharing.actions import accounts, moving, sending, steps
from portevoix.sharing.actions.steps import Step
from portevoix.sharing.states import PostState

# Longer than all that one step asks of networks: a refresh, uploads, one sending.
LEASE = timedelta(seconds=150)
UPLOAD_SECONDS = 60.0


def start(step: Step) -> None:
    """Publishes the post, unless something stands in the way."""
    if _stopped(step):
        return
    post = step.post
    if post.state == PostState.SCHEDULED:
        moving.move_claimed(post=post, to=PostState.DUE, now=step.now)
    grant = None
    try:
        grant = grants.usable_grant(step.account, step.now)
        _prepare(step, grant)
    except NetworkFailure as why:
        steps.give_up_for_now(step, why, grant)
    else:
        _send(step, grant)


@transaction.atomic
def resume(*, step: Step, now: datetime) -> None:
    """What a held post waited for may have come: it goes to its person's next hour."""
    accounts.plan_again(step.post, now)


def _stopped(step: Step) -> bool:
    """Whether the post may not go out now; it is settled then, and its person knows why."""
    match steps.obstacle(step):
        case "takes_no_part":
            steps.withdraw(step, "takes_no_part")
        case "story_over":
            steps.refuse(step, "story_over")
        case "":
            return _comes_at_a_bad_time(step)
        case reason:
            steps.hold(step, reason)
    return True


def _comes_at_a_bad_time(step: Step) -> bool:
    if steps.comes_too_late(step.post, step.now):
        steps.put_off(step)
    elif until := holds.held_until(step.account, step.now):
        work.settle(step.post, due_at=until, error="held")
    else:
        return False
    return True


def _prepare(step: Step, grant: Grant) -> None:
    """Uploads, once: what was uploaded is kept before anything is sent."""
    post = step.post
    if post.prepared is None:
        wire = outgoing.wire_within(UPLOAD_SECONDS)
        prepared = dict(step.publisher.prepare(post.frozen, grant, outgoing.load_media, wire))
        if prepared:
            work.write_claimed(post, prepared=prepared)


def _send(step: Step, grant: Grant) -> None:
    try:
        published = sending.send(step, grant)
    except sending.NotBegun:  # one that its person withdrew meanwhile is not held: `moving` sees to it
        steps.hold(step, "budget_spent", due_at=spending.next_month(clock.now()))
    except OutcomeUnknown:
        sending.leave_unknown(step, "no_answer")
    except Duplicate as why:
        _already_there(step, why, grant)
    except NetworkFailure as why:
        steps.give_up_for_now(step, why, grant)
    else:
        steps.record_published(step, published)


def _already_there(step: Step, why: Duplicate, grant: Grant) -> None:
    """The network holds it already: by an earlier try of ours whose answer was lost, if there was one."""
    if step.post.tries <= 1:
        steps.ask_person(step, "duplicate")
    else:
        steps.record_published(step, sending.already_there(step, why, grant))
