"""The kinds of notices, each with its words. The rooms above register theirs when they start."""

from dataclasses import dataclass

from portevoix.core.errors import Sentence


@dataclass(frozen=True)
class Kind:
    """A kind of notice: the mail's subject when it is alone in its letter, and the sentence; `%(fact)s` holes in both.

    A fact that is called `day` is a date as 2026-12-09, and is said in the reader's language.
    """

    key: str
    subject: Sentence
    sentence: Sentence


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Makes kinds known."""
    _KINDS.update({kind.key: kind for kind in kinds})


def kind_of(key: str) -> Kind | None:
    """The kind of that key; None when nobody speaks of it any more."""
    return _KINDS.get(key)


def all_kinds() -> tuple[Kind, ...]:
    """Every kind there is."""
    return tuple(_KINDS.values())
