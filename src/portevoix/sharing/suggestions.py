"""Which caption a person sees first: the least used, spread evenly, steady for each person."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Protocol, TypeVar


class Caption(Protocol):
    """What is needed to know of a caption: whom it speaks to, and where; no network means all of them."""

    @property
    def code(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def network(self) -> str: ...


CaptionT = TypeVar("CaptionT", bound=Caption)


def fitting(captions: Sequence[CaptionT], *, language: str, network: str) -> list[CaptionT]:
    """The captions in this language: those written for this network, or else those for all networks."""
    spoken = [caption for caption in captions if caption.language == language]
    written_for_it = [caption for caption in spoken if caption.network == network]
    return written_for_it or [caption for caption in spoken if not caption.network]


def in_order(
    captions: Sequence[CaptionT], *, person_code: str, story_code: str, times_used: Mapping[str, int]
) -> list[CaptionT]:
    """The captions as this person should meet them: least used by others first, ties drawn per person."""

    def place(caption: CaptionT) -> tuple[int, bytes]:
        drawn = sha256(f"{person_code}\n{story_code}\n{caption.code}".encode()).digest()
        return times_used.get(caption.code, 0), drawn

    return sorted(captions, key=place)


def first_caption(
    captions: Sequence[CaptionT], *, person_code: str, story_code: str, times_used: Mapping[str, int]
) -> CaptionT:
    """The caption to show first; refuses, as ValueError, when there is none to show."""
    if not captions:
        raise ValueError("no caption to choose from")
    return in_order(captions, person_code=person_code, story_code=story_code, times_used=times_used)[0]


def next_caption(
    captions: Sequence[CaptionT],
    *,
    seen: Sequence[str],
    person_code: str,
    story_code: str,
    times_used: Mapping[str, int],
) -> CaptionT:
    """Another suggestion: one not seen yet, or the one seen longest ago; `seen` is in time order."""
    latest = {code: turn for turn, code in enumerate(seen, start=1)}
    ordered = in_order(captions, person_code=person_code, story_code=story_code, times_used=times_used)
    if not ordered:
        raise ValueError("no caption to choose from")
    return min(ordered, key=lambda caption: latest.get(caption.code, 0))
