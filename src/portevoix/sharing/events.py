"""What happened to shares, in the past tense, for the storeys above."""

from dataclasses import dataclass

from portevoix.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ShareEvent(Event):
    """Something happened to a share."""

    share_id: int
    person_id: int
    story_id: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class ShareDeclared(ShareEvent):
    """A person opened a channel with their text: they say that they shared the story."""


@dataclass(frozen=True, kw_only=True)
class SharePlanned(ShareEvent):
    """A person approved a text that a network is to publish at a moment they chose."""


@dataclass(frozen=True, kw_only=True)
class ShareConfirmed(ShareEvent):
    """The network says that the post is online."""


@dataclass(frozen=True, kw_only=True)
class ShareRefused(ShareEvent):
    """The network, or the passing of time, refused what was planned: nothing is online."""


@dataclass(frozen=True, kw_only=True)
class ShareTakenBack(ShareEvent):
    """A share was not posted after all, or is no longer."""
