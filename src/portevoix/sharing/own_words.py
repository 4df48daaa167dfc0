"""How much of a post is the person's own: what they wrote beside what was suggested to them.

The disclosure line and the link are nobody's words. A word counts as suggested when it stands in the
longest sequence that the post shares with the suggestion; a short word that is alone to be shared ("de",
"the", "في") belongs to everybody, hence to the person. Mirrored in assets/js/own_words.js.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from portevoix.sharing.wording import Word, words

# Longer rewritten parts are cut here: reading them in full would cost more than the gauge is worth.
MOST_WORDS_COMPARED = 1_000
LONGEST_WORD_OF_EVERYBODY = 3


@dataclass(frozen=True)
class Span:
    """A stretch of the text, in characters, that is the person's own or is not."""

    start: int
    end: int
    own: bool


@dataclass(frozen=True)
class OwnWords:
    """The share of the words that are the person's, 0 to 1; the spans cover the whole text in order."""

    ratio: float
    spans: tuple[Span, ...]


def own_words(text: str, suggestions: str | Sequence[str], disclosure: str = "") -> OwnWords:
    """Compare a post with the suggestion it resembles most; a post without words is nobody's: ratio 0."""
    offered = [suggestions] if isinstance(suggestions, str) else suggestions
    written = _written_by_someone(text, disclosure)
    source = _most_alike(written, [_heard(suggestion) for suggestion in offered])
    borrowed = _borrowed([word.sound for word in written], source)
    own_count = len(written) - sum(borrowed)
    ratio = own_count / len(written) if written else 0.0
    return OwnWords(ratio, _spans(text, written, borrowed))


def _heard(suggestion: str) -> list[str]:
    return [word.sound for word in words(suggestion)]


def _written_by_someone(text: str, disclosure: str) -> list[Word]:
    start = text.find(disclosure) if disclosure else -1
    end = start + len(disclosure)
    return [word for word in words(text) if start < 0 or word.end <= start or word.start >= end]


def _most_alike(written: list[Word], sources: list[list[str]]) -> list[str]:
    heard = Counter(word.sound for word in written)
    return max(sources, key=lambda source: (heard & Counter(source)).total(), default=[])


def _borrowed(written: list[str], source: list[str]) -> list[bool]:
    shared = _shared(written, source)

    def has_company(at: int) -> bool:
        return any(shared[max(at - 1, 0) : at] + shared[at + 1 : at + 2])

    return [
        is_shared and (len(word) > LONGEST_WORD_OF_EVERYBODY or has_company(at))
        for at, (word, is_shared) in enumerate(zip(written, shared, strict=True))
    ]


def _shared(written: list[str], source: list[str]) -> list[bool]:
    """Which written words stand in the longest common sequence, the same beginning and end taken first."""
    room = min(len(written), len(source))
    head = next((at for at in range(room) if written[at] != source[at]), room)
    tail = next((at for at in range(room - head) if written[-1 - at] != source[-1 - at]), room - head)
    middle = _longest_common(written[head : len(written) - tail], source[head : len(source) - tail])
    return [True] * head + middle + [True] * tail


def _longest_common(written: list[str], source: list[str]) -> list[bool]:
    compared, source = written[:MOST_WORDS_COMPARED], source[:MOST_WORDS_COMPARED]
    lengths = _common_lengths(compared, source)
    shared, at, there = [False] * len(written), 0, 0
    while at < len(compared) and there < len(source):
        if compared[at] == source[there]:
            shared[at] = True
            at, there = at + 1, there + 1
        elif lengths[at + 1][there] >= lengths[at][there + 1]:
            at += 1
        else:
            there += 1
    return shared


def _common_lengths(written: list[str], source: list[str]) -> list[list[int]]:
    """For every pair of places, how many words the two rests share in order."""
    rows = [[0] * (len(source) + 1)]
    for word in reversed(written):
        below, row = rows[-1], [0] * (len(source) + 1)
        for there in range(len(source) - 1, -1, -1):
            row[there] = below[there + 1] + 1 if source[there] == word else max(below[there], row[there + 1])
        rows.append(row)
    return rows[::-1]


def _spans(text: str, written: list[Word], borrowed: list[bool]) -> tuple[Span, ...]:
    """What follows a word up to the next belongs to it; neighbours of one kind are one span."""
    own = {word.start: not is_borrowed for word, is_borrowed in zip(written, borrowed, strict=True)}
    starts = [word.start for word in words(text)]
    changes = [(0, False)]
    for start in starts:
        if (is_own := own.get(start, False)) != changes[-1][1]:
            changes.append((start, is_own))
    marked = pairwise([*changes, (len(text), False)])
    return tuple(Span(start, end, is_own) for (start, is_own), (end, _next) in marked if end > start)
