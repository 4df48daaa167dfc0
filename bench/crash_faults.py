"""Faults to plant in a worker of the bench, never in the product: each breaks one promise that the harness must notice.

A fault is a function that patches this process, named after what it does wrong; `FAULTS` says how it is provoked and
what it must be found as. A harness that finds nothing wrong with the product is worth what it finds wrong with these.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crash_points import MEETING

from portevoix.core import clock, work
from portevoix.core.outgoing import Deadline
from portevoix.networks import registry
from portevoix.networks.direct import Published
from portevoix.networks.failures import OutcomeUnknown, Refused, Scope, TryLater
from portevoix.networks.wire import Wire
from portevoix.sharing import holds, jobs, outgoing
from portevoix.sharing.actions import looking, moving, sending, steps
from portevoix.sharing.states import PostState, may_move

Steps = Any


@dataclass(frozen=True)
class Fault:
    """`plant` patches; random kills provoke it, or a death or a sleep at `points`; it must be found as `found_as`."""

    plant: Callable[[], None]
    found_as: Sequence[str]
    points: tuple[str, ...] = ()
    asleep: Sequence[float] = ()  # for how many leases; it dies without
    first: str = ""  # what the network does with first tries; empty: what it likes

    @property
    def name(self) -> str:
        return self.plant.__name__

    @property
    def says(self) -> str:
        """What it does wrong, in a sentence."""
        return (self.plant.__doc__ or "").strip().rstrip(".")


# --- what an answer that is missing means --------------------------------------------------------------------------
def _on_silence(act: Callable[[Any], None]) -> None:
    """Has `publish` raise, or give, something else than `OutcomeUnknown`."""
    publisher = registry.DIRECT["dummy"].publisher
    publish = publisher.publish

    def changed(*given: Any) -> Any:
        try:
            return publish(*given)
        except OutcomeUnknown as why:
            return act(why)

    publisher.publish = changed  # type: ignore[method-assign]


def retries_on_time_out() -> None:
    """An answer that is missing is taken for a request to try again."""

    def again(why: object) -> None:
        raise TryLater(None, Scope.ACCOUNT, "no answer")

    _on_silence(again)


def takes_silence_for_success() -> None:
    """An answer that is missing is taken for a yes."""
    _on_silence(lambda _why: Published(""))


def takes_silence_for_refusal() -> None:
    """An answer that is missing is taken for a no."""

    def refuse(why: object) -> None:
        raise Refused("no_answer")

    _on_silence(refuse)


# --- grace, looking ------------------------------------------------------------------------------------------------
def has_no_grace() -> None:
    """It looks at once, while the network may still carry the request out."""
    steps.Step.grace = property(lambda _step: timedelta(0))  # type: ignore[assignment,method-assign]


def asks_at_once() -> None:
    """The person is asked although the network can tell."""
    looking._go_on_absent = lambda step: steps.ask_person(step, "network_cannot_tell")


# --- dying, sleeping -----------------------------------------------------------------------------------------------
def takes_a_death_for_not_sent() -> None:
    """A sending that was cut short is simply done again."""

    def again(step: Steps) -> None:
        moving.settle(post=step.post, to=PostState.DUE, now=step.now, due_at=step.now)

    jobs._STEPS[PostState.SENDING] = looking.note_lost_answer = again


def takes_a_death_for_sent() -> None:
    """A sending that was cut short is taken for done."""

    def done(step: Steps) -> None:
        steps.record_published(step, Published(""))

    jobs._STEPS[PostState.SENDING] = looking.note_lost_answer = done


def has_no_fence() -> None:
    """A worker that slept through its lease still writes."""

    def write(row: Any, **changes: Any) -> None:
        type(row)._base_manager.filter(pk=row.pk).update(**changes)
        for name, value in changes.items():
            setattr(row, name, value)

    work.write_claimed = write


def goes_by_what_it_read_before() -> None:
    """A row that is taken over is not read again: what its late holder wrote just before is not seen."""
    work._read_again = lambda _rows, row: row  # type: ignore[assignment]


def keeps_rows_of_the_dead() -> None:
    """A lease never runs out."""
    work._free = lambda _now: work.Q(claimed_until__isnull=True)


def counts_its_time_late() -> None:
    """The time-out of the request begins after the row says sending: who sleeps between sends all the same."""

    def send(step: Steps, grant: Any) -> Published:
        sending.begin_sending(step=step, now=clock.now())
        return _sent(step, grant)

    sending.send = send


def writes_after_sending() -> None:
    """The row says sending only once the request was made."""

    def send(step: Steps, grant: Any) -> Published:
        try:
            return _sent(step, grant)
        finally:
            sending.begin_sending(step=step, now=clock.now())

    sending.send = send


def _sent(step: Steps, grant: Any) -> Published:
    deadline = Deadline.within(step.publisher.terms.send_seconds)
    wire = Wire(outgoing.network_door().call, deadline, clock.now().timestamp())
    published: Published = step.publisher.publish(step.post.frozen, step.post.prepared or {}, grant, wire)
    return published


# --- rows, moments -------------------------------------------------------------------------------------------------
def settles_in_two_halves() -> None:
    """What became of a post and its share is written in two transactions."""
    moving.settle = moving.settle.__wrapped__  # type: ignore[attr-defined]


def moves_as_it_likes() -> None:
    """The table of moves is not asked: a sending that was cut short is planned again."""
    moving.may_move = lambda _state, _to: True  # type: ignore[attr-defined]

    def again(step: Steps) -> None:
        moving.settle(post=step.post, to=PostState.SCHEDULED, now=step.now, due_at=step.now)

    jobs._STEPS[PostState.SENDING] = looking.note_lost_answer = again
    assert not may_move(PostState.SENDING, PostState.SCHEDULED)


def comes_early() -> None:
    """Rows are taken ten minutes before their moment."""
    claim_some = work.claim_some

    def early(rows: Any, *, now: datetime, **named: Any) -> Any:
        return claim_some(rows, now=now + timedelta(minutes=10), **named)

    work.claim_some = early


def does_not_wait() -> None:
    """A network that asks to wait is asked again at once."""
    holds.note_wait = lambda _account, _why, _attempts, now: now


FAULTS: dict[str, Fault] = {
    one.name: one
    for one in (
        Fault(retries_on_time_out, ["doubled"]),
        Fault(takes_silence_for_success, ["lost"]),
        Fault(takes_silence_for_refusal, ["denied"]),
        Fault(has_no_grace, ["doubled"], first="hang"),
        Fault(asks_at_once, ["asked"]),
        Fault(takes_a_death_for_not_sent, ["doubled"], ("the whole request left", "the answer came")),
        Fault(takes_a_death_for_sent, ["lost"], ("row says sending, committed",)),
        Fault(has_no_fence, ["doubled"], ("after the claim", "before the row says sending"), (1.3,)),
        Fault(goes_by_what_it_read_before, ["doubled"], (MEETING,), (1.3,)),
        Fault(keeps_rows_of_the_dead, ["stuck"], ("after the claim",)),
        Fault(counts_its_time_late, ["doubled"], ("row says sending, committed",), (2.2,)),
        Fault(writes_after_sending, ["doubled", "unannounced"], ("the answer came",)),
        Fault(settles_in_two_halves, ["contradicted"], ("outcome written, not committed",)),
        Fault(moves_as_it_likes, ["disordered"], ("row says sending, committed",)),
        Fault(comes_early, ["early"]),
        Fault(does_not_wait, ["hurried"], first="wait"),
    )
}
