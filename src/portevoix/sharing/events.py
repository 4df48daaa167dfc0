"""What happened to shares, in the past tense, for the storeys above."""

from dataclasses import dataclass

from portevoix.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ShareDeclared(Event):
    """A person opened a channel with their text: they say that they shared the story."""

    share_id: int
    person_id: int
    story_id: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class ShareTakenBack(Event):
    """A person says that a share was not posted, or is no longer."""

    share_id: int
    person_id: int
    story_id: int
    channel: str
