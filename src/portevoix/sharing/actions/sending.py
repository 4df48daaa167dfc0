"""The one request that publishes, and what must be written around it: here, and nowhere else, a post leaves.

Before the request leaves, the row says *sending*, under our fence, with what it costs. An answer that is missing leaves a
doubt: `doubt_since` dates the first one that nobody cleared up since. As long as there is a doubt, no failure of a later
try means that nothing is out there.
"""

from datetime import datetime

from django.db import transaction

from portevoix.core import clock
from portevoix.core.outgoing import Deadline
from portevoix.networks.direct import Finding, Grant, Published
from portevoix.networks.failures import Duplicate, NetworkFailure, OutcomeUnknown
from portevoix.networks.wire import Wire
from portevoix.sharing import outgoing, spending
from portevoix.sharing.actions import moving
from portevoix.sharing.actions.steps import Step
from portevoix.sharing.states import PostState


class NotBegun(Exception):
    """Nothing left, and nothing was written: the month's money is spent, or the person withdrew the post."""


def send(step: Step, grant: Grant) -> Published:
    """Sends the post once. Raises `NotBegun`, or the `NetworkFailure` of the one request.

    The deadline is set before the row says *sending*: a process that sleeps between the two sends nothing.
    """
    post, publisher = step.post, step.publisher
    deadline = Deadline.within(publisher.terms.send_seconds)
    begin_sending(step=step, now=clock.now())
    wire = Wire(outgoing.network_door().call, deadline, clock.now().timestamp())
    try:
        return publisher.publish(post.frozen, post.prepared or {}, grant, wire)
    except (OutcomeUnknown, Duplicate):
        raise
    except NetworkFailure:
        spending.give_back(step.account, publisher.cost_micros(post.frozen), post.sent_at or clock.now())
        raise


@transaction.atomic
def begin_sending(*, step: Step, now: datetime) -> None:
    """Writes down that the request may leave from now on, and what it costs; else `NotBegun`, and nothing is written."""
    post = step.post
    if moving.is_unwanted(post, locks=True) or not spending.reserve(
        step.account, step.publisher.cost_micros(post.frozen), now
    ):
        raise NotBegun
    looks = post.looks if post.doubt_since else 0
    moving.move_claimed(
        post=post, to=PostState.SENDING, now=now, sent_at=now, tries=post.tries + 1, looks=looks
    )


def leave_unknown(step: Step, reason: str) -> None:
    """The request may have been carried out, or still be: nobody looks before that is settled at the network."""
    post, now = step.post, clock.now()
    moving.settle(
        post=post,
        to=PostState.UNKNOWN,
        now=now,
        due_at=now + step.grace,
        reason=reason,
        doubt_since=post.doubt_since or post.sent_at or now,
    )


def already_there(step: Step, why: Duplicate, grant: Grant) -> Published:
    """The post that the network says it holds already: by what it says, else by looking; without identifier at worst."""
    if why.post_id:
        return Published(why.post_id, why.url)
    try:
        found = look(step, grant)
    except NetworkFailure:
        return Published("")
    return found if isinstance(found, Published) else Published("")


def look(step: Step, grant: Grant) -> Published | Finding:
    """What the network, or our link among the person's posts, says. Paid for whatever is left of the month's money."""
    post = step.post
    spending.note(step.account, step.publisher.terms.look_micros, clock.now())
    return step.publisher.find(post.frozen, post.prepared or {}, grant, outgoing.wire_within())
