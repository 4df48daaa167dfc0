"""Near-identical texts on one story: X forbids them across accounts, elsewhere they tire the reader.

Two texts are compared as heard (no links, emoji, punctuation, case or accents), by the words that they
share in order or, when sentences were merely moved, by the pairs of words that they share.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from portevoix.sharing.disclosure import without_disclosure
from portevoix.sharing.wording import fold, sounds

# Three words out of four in common. A greeting, an emoji or two synonyms added to a caption stay above;
# a sentence of one's own beside a third of the caption falls below. The table in the tests shows where.
NEAR_IDENTICAL = 0.75

PROBE_COUNT = 12
FEWEST_PROBES_FOUND = 0.25
MOST_TEXTS_COMPARED = 20
VOWEL_SIGN = re.compile("[\u0300-\u036f\u0640\u064b-\u0652]")


@dataclass(frozen=True)
class Closest:
    """The most similar of the other texts: its likeness, 0 to 1, and its place; -1 when nothing is alike."""

    ratio: float
    index: int

    @property
    def is_near_identical(self) -> bool:
        """Whether a reader of both would call it the same post."""
        return self.ratio >= NEAR_IDENTICAL


def closest(text: str, others: Sequence[str], disclosure: str = "") -> Closest:
    """Find the other text most like this one; 500 of 3,000 characters take some 30 ms."""
    heard = sounds(without_disclosure(text, disclosure))
    best = Closest(0.0, -1)
    for index in _worth_comparing(heard, others):
        ratio = likeness(heard, sounds(without_disclosure(others[index], disclosure)))
        if ratio > best.ratio:
            best = Closest(ratio, index)
        if best.ratio == 1:
            break
    return best


def likeness(first: Sequence[str], second: Sequence[str]) -> float:
    """How alike two lists of words are, 0 to 1."""
    total = len(first) + len(second)
    if not first or not second:
        return 0.0
    in_order = 2 * _common_length(first, second) / total
    pairs, other_pairs = Counter(pairwise(first)), Counter(pairwise(second))
    moved = 2 * (pairs & other_pairs).total() / max(total - 2, 1)
    return max(in_order, moved)


def _worth_comparing(heard: list[str], others: Sequence[str]) -> list[int]:
    """The places of the few texts that hold enough of the longest words, most promising first."""
    probes = sorted(set(heard), key=lambda word: (-len(word), word))[:PROBE_COUNT]
    found = {text: _probes_found(probes, text) for text in dict.fromkeys(others)}
    enough = max(1, len(probes) * FEWEST_PROBES_FOUND)
    first_places: dict[str, int] = {}
    for index, text in enumerate(others):
        if found[text] >= enough:
            first_places.setdefault(text, index)
    promising = sorted(first_places, key=lambda text: (-found[text], first_places[text]))
    return [first_places[text] for text in promising[:MOST_TEXTS_COMPARED]]


def _probes_found(probes: list[str], text: str) -> int:
    # Folding every text in full would cost ten times more than finding a dozen words in it.
    heard = fold(text) if VOWEL_SIGN.search(text) else text.lower()
    return sum(probe in heard for probe in probes)


def _common_length(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest common sequence, a whole row at a time in the bits of one number (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for at, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << at
    whole = (1 << len(first)) - 1
    row = whole
    for word in second:
        matched = row & places.get(word, 0)
        row = ((row + matched) | (row - matched)) & whole
    return len(first) - row.bit_count()
