"""The life of a share, and of the post that a network holds of it: their states, and the table of allowed moves. Pure.

A post moves by `may_move` alone. What is out of our hands between two states is *unknown*, and is looked into before
anything is sent again: a post is never published twice, and never lost without a word.
"""

from django.db import models


class ShareState(models.TextChoices):
    """Where a share stands. Declared: the person's word. Confirmed: the network's."""

    DECLARED = "declared"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


# Those that are out there, and count.
STANDING = (ShareState.DECLARED, ShareState.CONFIRMED)
# Those that take their place in the day's measure: what is planned will be out there.
COUNTED = (*STANDING, ShareState.PLANNED)


class PostState(models.TextChoices):
    """Where a post stands.

    Scheduled: its moment will come. Due: it came; what the post needs is being prepared. Held: it waits for the person,
    or for whoever runs Portevoix. Sending: the one request may be on its way. Unknown: that request left no clear answer.
    Reconciling: we look whether it went out. Needs person: the network cannot tell; the person is asked.
    """

    SCHEDULED = "scheduled"
    DUE = "due"
    HELD = "held"
    SENDING = "sending"
    UNKNOWN = "unknown"
    RECONCILING = "reconciling"
    NEEDS_PERSON = "needs_person"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DELETING = "deleting"
    DELETED = "deleted"


S = PostState
MOVES: dict[str, frozenset[PostState]] = {
    S.SCHEDULED: frozenset({S.SCHEDULED, S.DUE, S.HELD, S.REFUSED, S.WITHDRAWN}),
    S.DUE: frozenset({S.SCHEDULED, S.SENDING, S.HELD, S.REFUSED, S.WITHDRAWN}),
    S.HELD: frozenset({S.SCHEDULED, S.REFUSED, S.WITHDRAWN}),
    # Back to due, or withdrawn, only when the network said, or we know, that nothing was done.
    S.SENDING: frozenset({S.PUBLISHED, S.REFUSED, S.HELD, S.DUE, S.WITHDRAWN, S.UNKNOWN, S.NEEDS_PERSON}),
    S.UNKNOWN: frozenset({S.RECONCILING, S.NEEDS_PERSON}),
    # Straight to sending where only a second sending tells: the network knows the first for a few minutes only.
    S.RECONCILING: frozenset({S.PUBLISHED, S.DUE, S.SENDING, S.UNKNOWN, S.NEEDS_PERSON, S.WITHDRAWN}),
    S.NEEDS_PERSON: frozenset({S.PUBLISHED, S.SCHEDULED, S.WITHDRAWN}),
    S.PUBLISHED: frozenset({S.PUBLISHED, S.DELETING, S.DELETED}),
    S.DELETING: frozenset({S.DELETED, S.PUBLISHED}),
    S.REFUSED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.DELETED: frozenset(),
}

# Nothing of it can be out there: the person may simply withdraw it.
BEFORE_SENDING = (S.SCHEDULED, S.DUE, S.HELD)
# It may be out there, or is about to be: what the person can have is its deletion, afterwards.
IN_THE_BALANCE = (S.SENDING, S.UNKNOWN, S.RECONCILING)
# Whoever lives in these states goes on by itself; the others wait for somebody, or are over.
MOVING = (S.SCHEDULED, S.DUE, *IN_THE_BALANCE, S.DELETING)
OVER = (S.REFUSED, S.WITHDRAWN, S.DELETED)
UNSETTLED = (*BEFORE_SENDING, *IN_THE_BALANCE, S.NEEDS_PERSON)

_SHARE_OF: dict[str, ShareState] = {
    **dict.fromkeys(UNSETTLED, ShareState.PLANNED),
    S.PUBLISHED: ShareState.CONFIRMED,
    S.DELETING: ShareState.CONFIRMED,
    S.REFUSED: ShareState.REFUSED,
    S.WITHDRAWN: ShareState.TAKEN_BACK,
    S.DELETED: ShareState.TAKEN_BACK,
}


def may_move(state: str, to: PostState) -> bool:
    """Whether the table allows the move."""
    return to in MOVES.get(state, frozenset())


def asks_person(state: str, reason: str) -> bool:
    """Whether a post goes no further without its person: is it online, or sign in again."""
    return state == S.NEEDS_PERSON or (state == S.HELD and reason == "sign_in_again")


def share_state_of(state: str, *, by_word: bool) -> ShareState:
    """What a share is while its post stands there; published by the person's word alone, it is declared."""
    found = _SHARE_OF[state]
    return ShareState.DECLARED if by_word and found == ShareState.CONFIRMED else found
