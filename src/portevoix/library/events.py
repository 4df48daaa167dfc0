"""What happened to stories, in the past tense, for the storeys above."""

from dataclasses import dataclass

from portevoix.core.events import Event


@dataclass(frozen=True, kw_only=True)
class StoryPublished(Event):
    """A story may be shared from now on, for the first time or again."""

    story_id: int
    story_code: str


@dataclass(frozen=True, kw_only=True)
class StoryChanged(Event):
    """A story that may be shared says something else, or ends on another day."""

    story_id: int
    story_code: str


@dataclass(frozen=True, kw_only=True)
class StoryWithdrawn(Event):
    """A story may no longer be shared: it expired, or an editor archived it."""

    story_id: int
    story_code: str
