"""Judgement about words, pure: where a text uses a wording that the company avoids.

Two texts are alike when only capitals, accents, Arabic vowel signs, the shape of apostrophes or the spaces differ.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

PILLAR_NAME_LENGTH = 80
PILLAR_LIMIT = 12
DISCLOSURE_LENGTH = 120
PHRASE_LENGTH = 120
REASON_LENGTH = 300
TATWEEL = "\u0640"
SAME_AS = {"’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‑": "-", "œ": "oe", "æ": "ae"}


class Avoided(Protocol):
    """A wording to avoid, as a row or as anything shaped like one. An empty language means all."""

    code: str
    phrase: str
    language: str
    reason: str
    better: str


@dataclass(frozen=True)
class Finding:
    """A forbidden phrase found in a text, from `start` to before `end`, counted in characters (code points)."""

    start: int
    end: int
    found: str
    code: str
    reason: str
    better: str


def find_forbidden(text: str, phrases: Iterable[Avoided], language: str = "") -> tuple[Finding, ...]:
    """Where the text uses the phrases, in the order of the text; of two that overlap, the longer is kept.

    With a language, the phrases of other languages are left out. Only whole words count.
    """
    folded, origins = _folded(text)
    found = [
        Finding(start, end, text[start:end], avoided.code, avoided.reason, avoided.better)
        for avoided in phrases
        if not language or avoided.language in ("", language)
        for start, end in _places(folded, origins, avoided.phrase)
    ]
    return tuple(_without_overlaps(found))


def folded(text: str) -> str:
    """The text as it is compared: no capitals, accents, vowel signs nor doubled spaces."""
    return "".join(_folded(text)[0]).strip()


def _places(letters: list[str], origins: list[int], phrase: str) -> Iterator[tuple[int, int]]:
    wanted, text = folded(phrase), "".join(letters)
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        after = at + len(wanted)
        if _is_edge(text, at) and _is_edge(text, after):
            yield origins[at], origins[after]
        at = text.find(wanted, at + 1)


def _is_edge(text: str, at: int) -> bool:
    """Whether no word runs across that place."""
    if at == 0 or at == len(text):
        return True
    return not (_is_of_word(text[at - 1]) and _is_of_word(text[at]))


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _folded(text: str) -> tuple[list[str], list[int]]:
    """Each kept letter, and where it stands in the text; one more place marks the end of the last letter."""
    letters: list[str] = []
    origins: list[int] = []
    end = 0
    for place, character in enumerate(text):
        plain = _plain(character)
        if not plain:
            # A vowel sign belongs to the letter before it.
            end = place + 1 if unicodedata.category(character) == "Mn" and end == place else end
            continue
        if plain == " " and letters[-1:] == [" "]:
            continue
        letters.extend(plain)
        origins.extend([place] * len(plain))
        end = place + 1
    return letters, [*origins, end]


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    if character == TATWEEL or unicodedata.category(character) in ("Mn", "Cf"):
        return ""
    spread = unicodedata.normalize("NFKD", SAME_AS.get(character.lower(), character)).casefold()
    return "".join(SAME_AS.get(letter, letter) for letter in spread if not unicodedata.combining(letter))


def _without_overlaps(found: list[Finding]) -> Iterator[Finding]:
    end = 0
    for finding in sorted(found, key=lambda one: (one.start, -one.end)):
        if finding.start >= end:
            end = finding.end
            yield finding
