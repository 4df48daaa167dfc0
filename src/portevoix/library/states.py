"""The life of a story: its states, and the table of allowed moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoryState(models.TextChoices):
    """Where a story stands; `MOVES` says where it may go from there."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    EXPIRED = "expired", _("Expired")
    ARCHIVED = "archived", _("Archived")


MOVES: dict[str, frozenset[StoryState]] = {
    StoryState.DRAFT: frozenset(
        {StoryState.IN_REVIEW, StoryState.SCHEDULED, StoryState.PUBLISHED, StoryState.ARCHIVED}
    ),
    StoryState.IN_REVIEW: frozenset(
        {StoryState.DRAFT, StoryState.SCHEDULED, StoryState.PUBLISHED, StoryState.ARCHIVED}
    ),
    # Scheduled again: another day.
    StoryState.SCHEDULED: frozenset(
        {StoryState.DRAFT, StoryState.SCHEDULED, StoryState.PUBLISHED, StoryState.ARCHIVED}
    ),
    StoryState.PUBLISHED: frozenset({StoryState.EXPIRED, StoryState.ARCHIVED}),
    StoryState.EXPIRED: frozenset({StoryState.PUBLISHED, StoryState.ARCHIVED}),
    StoryState.ARCHIVED: frozenset({StoryState.DRAFT}),
}


def may_move(state: str, to: StoryState) -> bool:
    """Whether the table allows the move."""
    return to in MOVES.get(state, frozenset())
