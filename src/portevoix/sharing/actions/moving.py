"""The one door to a post's state. Whoever moves a post goes through here: by right of a claim, or of the person.

A move is refused when the table does not allow it, or when the post was moved meanwhile (its fence is no longer ours).
With the post moves its share, and the storeys above hear of what matters to them.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.sharing.actions.telling import publish
from portevoix.sharing.events import ShareConfirmed, ShareEvent, ShareRefused, ShareTakenBack
from portevoix.sharing.models import Post, Share
from portevoix.sharing.states import PostState, ShareState, may_move, share_state_of

_NEWS: dict[ShareState, type[ShareEvent]] = {
    ShareState.CONFIRMED: ShareConfirmed,
    ShareState.REFUSED: ShareRefused,
    ShareState.TAKEN_BACK: ShareTakenBack,
}


class NoSuchMove(RuntimeError):
    """The table does not allow the move: our bug, never a person's."""


@transaction.atomic
def move_claimed(*, post: Post, to: PostState, now: datetime, reason: str = "", **changes: Any) -> None:
    """Moves a post that we hold, and goes on holding it; `work.StaleClaim` when it is no longer ours."""
    work.write_claimed(post, **_moved(post, to, now, reason, changes))
    _move_share(post, now)


@transaction.atomic
def settle(
    *,
    post: Post,
    to: PostState,
    now: datetime,
    due_at: datetime | None,
    reason: str = "",
    error: str = "",
    **changes: Any,
) -> None:
    """Moves a post that we hold, and lets it go until `due_at`; `work.StaleClaim` when it is no longer ours.

    `error`: the step failed, and is counted among those in a row.
    """
    work.settle(post, due_at=due_at, error=error, **_moved(post, to, now, reason, changes))
    _move_share(post, now)


def seize(post: Post, states: tuple[PostState, ...]) -> Post | None:
    """The post for the person to decide on: whoever holds it loses it. None when it is in none of those states.

    To be called within a transaction, followed by `move_seized`.
    """
    rows = Post.unscoped.select_for_update(of=("self",))
    row: Post = rows.select_related("share__person", "share__story", "share__link", "account").get(pk=post.pk)
    return row if row.state in states else None


@transaction.atomic
def move_seized(
    *, post: Post, to: PostState, now: datetime, due_at: datetime | None, reason: str = "", **changes: Any
) -> None:
    """Moves a post that was seized: a worker that holds it writes nothing more."""
    freed = {"claimed_by": "", "claimed_until": None, "attempts": 0, "last_error": ""}
    written = {**_moved(post, to, now, reason, changes), **freed, "due_at": due_at, "fence": post.fence + 1}
    for name, value in written.items():
        setattr(post, name, value)
    post.save(update_fields=list(written))
    _move_share(post, now)
    work.ask(post)


def _moved(post: Post, to: PostState, now: datetime, reason: str, changes: dict[str, Any]) -> dict[str, Any]:
    if not may_move(post.state, to):
        raise NoSuchMove(f"{post.code}: {post.state} → {to}")
    return {"state": to, "history": post.step(to, now, reason), "reason": reason, **changes}


def _move_share(post: Post, now: datetime) -> None:
    """The share follows its post, and its moment is the post's."""
    to, share = share_state_of(post.state, by_word=post.by_word), post.share
    shared_at = post.published_at or post.scheduled_at
    if share.state == to and share.shared_at == shared_at:
        return
    came = share.state != to
    share.state, share.shared_at = to, shared_at
    share.taken_back_at = now if to == ShareState.TAKEN_BACK else None
    Share.unscoped.filter(pk=share.pk).update(
        state=to, shared_at=shared_at, taken_back_at=share.taken_back_at
    )
    if came and (news := _NEWS.get(to)):
        publish(share, news)


def refuse_too_late() -> Refusal:
    """What a person hears whose post moved on while they decided."""
    return Refusal("moved_on", _("Something happened to this post in between. Here is how it stands now."))
