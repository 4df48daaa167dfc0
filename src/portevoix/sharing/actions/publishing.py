"""A post's moment has come: prepare what it needs, then send it, once.

What matters is the order of writing. Before the one request leaves, the row says *sending*, under our fence. Whatever
happens then (an answer, no answer, a dead process), nothing is sent again before somebody has looked (`looking`): an
answer that is missing makes the post *unknown*, and so does a process that dies, once its lease is over.
"""

from datetime import datetime, timedelta

from django.db import transaction

from portevoix.core import clock, work
from portevoix.core.errors import Refusal
from portevoix.core.outgoing import Deadline
from portevoix.networks.direct import Grant, Published
from portevoix.networks.failures import Duplicate, NetworkFailure, OutcomeUnknown, SignInAgain
from portevoix.networks.wire import Wire
from portevoix.sharing import checks, grants, holds, keys, outgoing, spending
from portevoix.sharing.actions import accounts, looking, moving, steps
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
    post, share = step.post, step.post.share
    if not share.person.is_active or not share.person.takes_part:
        steps.withdraw(step, "takes_no_part")
    elif not share.story.is_live(step.now) or not _is_for_them(step):
        steps.refuse(step, "story_over")
    elif not step.account.is_connected:
        steps.hold(step, "sign_in_again")
    elif not _is_open(step):
        steps.hold(step, "network_off")
    elif steps.comes_too_late(post, step.now):
        steps.put_off(step)
    elif until := _held_until(step):
        work.settle(post, due_at=until, error="held")
    else:
        return False
    return True


def _is_for_them(step: Step) -> bool:
    share = step.post.share
    try:
        checks.refuse_unless_shareable(share.story, share.person, step.now)
    except Refusal:
        return False
    return True


def _is_open(step: Step) -> bool:
    offer = keys.offer_of(step.post.organisation_id, step.account.network)
    return offer is not None and offer.is_open


def _held_until(step: Step) -> datetime | None:
    return holds.held_until(step.account, step.now)


def _prepare(step: Step, grant: Grant) -> None:
    """Uploads, once: what was uploaded is kept before anything is sent."""
    post = step.post
    if post.prepared is None:
        wire = outgoing.wire_within(UPLOAD_SECONDS)
        prepared = step.publisher.prepare(post.frozen, grant, outgoing.load_media, wire)
        work.write_claimed(post, prepared=dict(prepared))


def _send(step: Step, grant: Grant) -> None:
    """The one request. Its deadline is set before the row says *sending*: a process that sleeps between sends nothing."""
    post, publisher = step.post, step.publisher
    deadline = Deadline.within(publisher.terms.send_seconds)
    if not begin_sending(step=step, now=clock.now()):
        steps.hold(step, "budget_spent", due_at=spending.next_month(clock.now()))
        return
    wire = Wire(outgoing.network_door().call, deadline, clock.now().timestamp())
    try:
        published = publisher.publish(post.frozen, post.prepared or {}, grant, wire)
    except NetworkFailure as why:
        _not_published(step, why, grant)
    else:
        steps.record_published(step, published)


@transaction.atomic
def begin_sending(*, step: Step, now: datetime) -> bool:
    """Writes down that the request may leave from now on, and what it costs; False when the month's money is spent."""
    post = step.post
    if not spending.reserve(post, step.publisher.cost_micros(post.frozen), now):
        return False
    moving.move_claimed(post=post, to=PostState.SENDING, now=now, sent_at=now, tries=post.tries + 1, looks=0)
    return True


def _not_published(step: Step, why: NetworkFailure, grant: Grant) -> None:
    """The sending ended without a yes: what that means for the post."""
    post = step.post
    if isinstance(why, OutcomeUnknown):
        due_at = (post.sent_at or clock.now()) + step.grace
        moving.settle(post=post, to=PostState.UNKNOWN, now=clock.now(), due_at=due_at, reason="no_answer")
    elif isinstance(why, Duplicate):
        _already_there(step, why, grant)
    else:
        spending.give_back(post, step.publisher.cost_micros(post.frozen))
        steps.give_up_for_now(step, why, grant)


def _already_there(step: Step, why: Duplicate, grant: Grant) -> None:
    """The network holds it already: by an earlier try of ours whose answer was lost, if there was one."""
    if step.post.tries <= 1:
        steps.ask_person(step, "duplicate")
    elif why.post_id:
        steps.record_published(step, Published(why.post_id, why.url))
    else:
        steps.record_published(step, _found(step, grant) or Published(""))


def _found(step: Step, grant: Grant) -> Published | None:
    try:
        found = looking.look(step, grant)
    except (NetworkFailure, SignInAgain):
        return None
    return found if isinstance(found, Published) else None
