"""The points of a publish at which a worker is killed, or put to sleep: before and after everything that can be cut off.

A *fuse* is a list of points laid for one post. The worker that reaches the next one with this post sends itself the
signal, once for each point: a file in the marks folder says that it went off, so that whoever takes the post up again
comes further. The product is not changed for it: its functions are wrapped, in the worker process of the bench alone.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

from django.db import transaction

from portevoix.core import sockets, work
from portevoix.networks.direct import Frozen, Grant, Load, Prepared, Published
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.networks.wire import Wire
from portevoix.sharing import grants, jobs
from portevoix.sharing.actions import looking, moving, sending
from portevoix.sharing.models import Post
from portevoix.sharing.states import PostState

SENDING = (
    "before the claim",
    "after the claim",
    "before the grant",
    "after the grant",
    "before preparing",
    "after preparing",
    "before the row says sending",
    "row says sending, not committed",
    "row says sending, committed",
    "before a byte of the request",
    "a part of the request left",
    "the whole request left",
    "the answer came",
    "before the outcome is written",
    "outcome written, not committed",
    "outcome written, committed",
)
LOOKING = (
    "before an interrupted sending is noted",
    "after an interrupted sending is noted",
    "before the row says reconciling",
    "after the row says reconciling",
    "before looking",
    "what was found is known",
    "before what was found is written",
    "found written, not committed",
    "found written, committed",
)
# Two that meet: the holder sleeps through its lease, another reads the row as it was, and claims it only once the holder,
# awake again, has written *sending*.
MEETING = "claimed as it was read, now that it is being sent"
POINTS = (*SENDING, *LOOKING)
MEETING_SECONDS = 2.5
_NUMBERED = (*POINTS, MEETING)
Fuses = Mapping[int, tuple[str, ...]]  # by the post's row number


def fuse_for(point: str) -> tuple[str, ...]:
    """The points to lay so that a post comes to that one: an interrupted sending must have been interrupted first."""
    if point == MEETING:
        return ("before the grant", point)
    return ("row says sending, committed", point) if "interrupted" in point else (point,)


def needs_looking(point: str) -> bool:
    """Whether only a post whose first answer is lost comes to that point."""
    return point in LOOKING and "interrupted" not in point


@dataclass(frozen=True)
class Minefield:
    """The fuses of a run, where it is marked that one went off, and what then happens to the process."""

    fuses: Fuses
    marks: Path
    strike: signal.Signals = signal.SIGKILL

    def reach(self, point: str, pk: int | None) -> None:
        """The worker stands at that point with that post."""
        if self._is_first(point, pk):
            # To this very thread: it goes not one step further.
            signal.pthread_kill(threading.get_ident(), self.strike)

    def meet(self, row: Post) -> None:
        """The worker has read that row and is about to claim it, while its holder sleeps: all who do wait for it."""
        if not row.fence or MEETING not in self.fuses.get(row.pk, ()):
            return
        until, same = time.monotonic() + MEETING_SECONDS, Post.unscoped.filter(pk=row.pk)
        while time.monotonic() < until and not self._mark(MEETING, row.pk).exists():
            if same.values_list("state", flat=True)[0] == PostState.SENDING:
                break
            time.sleep(0.002)
        self._mark(MEETING, row.pk).touch()

    def _mark(self, point: str, pk: int) -> Path:
        return self.marks / f"{pk}.{_NUMBERED.index(point)}"

    def _is_first(self, point: str, pk: int | None) -> bool:
        """Whether that fuse is laid for this post, and did not go off yet."""
        if pk is None or point not in self.fuses.get(pk, ()):
            return False
        try:
            os.close(os.open(self._mark(point, pk), os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        return True

    def reached(self) -> dict[str, int]:
        """How often each point was come to."""
        numbers = [int(mark.suffix[1:]) for mark in self.marks.iterdir() if mark.suffix[1:].isdecimal()]
        return {point: numbers.count(place) for place, point in enumerate(_NUMBERED)}


class _Here(threading.local):
    """What this thread is doing: the post it works on, and whether its one request is under way."""

    pk: int | None = None
    is_publishing: bool = False
    has_written: bool = False
    settles: str = ""


_here = _Here()


class WatchedPublisher(DummyPublisher):
    """Agora's publisher, that says where it stands."""

    def __init__(self, field: Minefield, terms: Any) -> None:
        self.field = field
        self.terms = terms

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """As the product does it."""
        self.field.reach("before preparing", _here.pk)
        done = super().prepare(frozen, grant, load, wire)
        self.field.reach("after preparing", _here.pk)
        return done

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """As the product does it."""
        _here.is_publishing, _here.has_written = True, False
        try:
            return super().publish(frozen, prepared, grant, wire)
        finally:
            _here.is_publishing = False
            self.field.reach("the answer came", _here.pk)

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Any:
        """As the product does it."""
        self.field.reach("before looking", _here.pk)
        try:
            return super().find(frozen, prepared, grant, wire)
        finally:
            self.field.reach("what was found is known", _here.pk)


def lay(field: Minefield) -> None:
    """Wraps the product's functions so that this process knows where it stands."""
    _lay_claim(field)
    _lay(field, grants, "usable_grant", "before the grant", "after the grant")
    _lay(field, sending, "begin_sending", "before the row says sending", "row says sending, committed")
    _lay_bytes(field)
    _lay_settling(field)
    noted = _around(
        field,
        looking.note_lost_answer,
        "before an interrupted sending is noted",
        "after an interrupted sending is noted",
    )
    jobs._STEPS[PostState.SENDING] = noted


def watched_posts() -> work.RowWork:
    """The work on posts, under which each thread knows which post it has."""

    def act(post: Any, now: Any) -> None:
        with _at(post.pk):
            jobs.POSTS.act(post, now)

    return replace(jobs.POSTS, act=act)


@contextmanager
def _at(pk: int) -> Iterator[None]:
    _here.pk = pk
    try:
        yield
    finally:
        _here.pk = None


def _around(field: Minefield, function: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
    @wraps(function)
    def wrapped(*given: Any, **named: Any) -> Any:
        field.reach(before, _here.pk)
        done = function(*given, **named)
        field.reach(after, _here.pk)
        return done

    return wrapped


def _lay(field: Minefield, module: Any, name: str, before: str, after: str) -> None:
    setattr(module, name, _around(field, getattr(module, name), before, after))


def _lay_claim(field: Minefield) -> None:
    take = work._take

    def watched(row: Any, **named: Any) -> bool:
        pk = row.pk if isinstance(row, Post) else None
        field.reach("before the claim", pk)
        if pk is not None:
            field.meet(row)
        taken = take(row, **named)
        if taken:
            field.reach("after the claim", pk)
        return taken

    work._take = watched


def _lay_bytes(field: Minefield) -> None:
    write, read = sockets._Timed.write, sockets._Timed.read

    def watched_write(stream: Any, buffer: bytes, timeout: float | None = None) -> None:
        if not _here.is_publishing:
            write(stream, buffer, timeout)
            return
        if not _here.has_written:
            field.reach("before a byte of the request", _here.pk)
        write(stream, buffer, timeout)
        if not _here.has_written:
            field.reach("a part of the request left", _here.pk)
        _here.has_written = True

    def watched_read(stream: Any, max_bytes: int, timeout: float | None = None) -> bytes:
        if _here.is_publishing:
            field.reach("the whole request left", _here.pk)
        return read(stream, max_bytes, timeout)

    sockets._Timed.write = watched_write  # type: ignore[method-assign]
    sockets._Timed.read = watched_read  # type: ignore[method-assign]


def _lay_settling(field: Minefield) -> None:
    """A settling is one transaction: between what it writes of the post and of its share nothing is committed yet."""
    settle, move, follow = moving.settle, moving.move_claimed, moving._move_share

    def watched_settle(*, post: Post, **named: Any) -> None:
        outcome = {PostState.SENDING: "outcome", PostState.RECONCILING: "found"}.get(
            PostState(post.state), ""
        )
        _here.settles = outcome
        field.reach("before the outcome is written", _here.pk if outcome == "outcome" else None)
        field.reach("before what was found is written", _here.pk if outcome == "found" else None)
        try:
            settle(post=post, **named)
        finally:
            _here.settles = ""
        pk = _here.pk if outcome else None
        transaction.on_commit(lambda: field.reach(f"{outcome} written, committed", pk))

    def watched_move(*, post: Post, to: PostState, **named: Any) -> None:
        looks = _here.pk if to == PostState.RECONCILING else None
        field.reach("before the row says reconciling", looks)
        move(post=post, to=to, **named)
        field.reach("after the row says reconciling", looks)

    def watched_follow(post: Post, now: Any) -> None:
        if _here.settles:
            field.reach(f"{_here.settles} written, not committed", _here.pk)
        elif post.state == PostState.SENDING:
            field.reach("row says sending, not committed", _here.pk)
        follow(post, now)

    moving.settle, moving.move_claimed = watched_settle, watched_move
    moving._move_share = watched_follow
