"""Words as people hear them: the same whatever their case, accents, Arabic vowel signs and stretched letters.

Mirrored in assets/js/own_words.js.
"""

import unicodedata
from dataclasses import dataclass

import regex

WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
LINK = regex.compile(r"(?:https?://|www\.)\S+", regex.IGNORECASE)
# Accents and vowel signs once decomposed, and the tatweel that stretches Arabic words.
ORNAMENT = regex.compile(r"[\p{M}\u0640]+")


@dataclass(frozen=True)
class Word:
    """A word where it stands in its text, and as it sounds."""

    start: int
    end: int
    sound: str


def fold(text: str) -> str:
    """A text without case, accents, vowel signs and stretching."""
    folded: str = ORNAMENT.sub("", unicodedata.normalize("NFKD", text)).lower()
    return folded


def words(text: str) -> list[Word]:
    """The words of a text in order; a link is not made of words."""
    unlinked = LINK.sub(lambda link: " " * len(link[0]), text)
    found = (Word(match.start(), match.end(), fold(match[0])) for match in WORD.finditer(unlinked))
    return [word for word in found if word.sound]


def sounds(text: str) -> list[str]:
    """The words of a text as they sound, when their places do not matter."""
    found: list[str] = WORD.findall(fold(LINK.sub(" ", text)))
    return found
