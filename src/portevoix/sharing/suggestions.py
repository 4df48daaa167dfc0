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
