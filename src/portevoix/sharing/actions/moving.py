"""The one door to a post's state. Whoever moves a post goes through here: by right of a claim, or of the person.

A move is refused when the table does not allow it, or when the post was moved meanwhile (its fence is no longer ours).
With the post moves its share, and the storeys above hear of what matters to them. What its person decided while we held
it comes first: one that they no longer want does not go out, and its words are kept.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.sharing import queries
from portevoix.sharing.actions.telling import publish
from portevoix.sharing.composing import words_of
from portevoix.sharing.events import ShareConfirmed, ShareEvent, ShareRefused, ShareTakenBack
from portevoix.sharing.models import Post, Share, ShareDraft
from portevoix.sharing.states import BEFORE_SENDING, PostState, ShareState, may_move, share_state_of

_NEWS: dict[ShareState, type[ShareEvent]] = {
    ShareState.CONFIRMED: ShareConfirmed,
    ShareState.REFUSED: ShareRefused,
    ShareState.TAKEN_BACK: ShareTakenBack,
}


NOT_TAKEN_OFF = "not_taken_off"
_UNPUBLISHED = (PostState.WITHDRAWN, PostState.REFUSED)


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

    `error`: the step failed, and is counted among those in a row. A post that its person withdrew meanwhile is withdrawn
    instead of waiting for another try, and taken off at once instead of being left online.
    """
    if is_unwanted(post, locks=True):
        if to in BEFORE_SENDING:
            to, due_at, reason, error = PostState.WITHDRAWN, None, "withdrawn", ""
        elif to == PostState.PUBLISHED and reason != NOT_TAKEN_OFF:
            due_at = now
    work.settle(post, due_at=due_at, error=error, **_moved(post, to, now, reason, changes))
    _move_share(post, now)


def is_unwanted(post: Post, *, locks: bool = False) -> bool:
    """Whether the post's person decided, before or while we held it, that they do not want it.

    `locks`: they decide nothing more until the transaction ends.
    """
    rows = Post.unscoped.filter(pk=post.pk)
    rows = rows.select_for_update() if locks else rows
    return bool(rows.values_list("wants_off", flat=True).first())


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
    if came and post.state in _UNPUBLISHED:
        _keep_words(share, now)
    if came and (news := _NEWS.get(to)):
        publish(share, news)


def _keep_words(share: Share, now: datetime) -> None:
    """What was written is not lost with the post: the sheet opens on it again, unless something newer was begun there."""
    text = words_of(share, queries.all_disclosures())
    ShareDraft.unscoped.get_or_create(
        person=share.person,
        story=share.story,
        defaults={
            "organisation_id": share.organisation_id,
            "text": text,
            "language": share.language,
            "updated_at": now,
        },
    )


def refuse_too_late() -> Refusal:
    """What a person hears whose post moved on while they decided."""
    return Refusal("moved_on", _("Something happened to this post in between. Here is how it stands now."))
