"""What of a text can be pressed: links and hashtags, each by the bytes of the UTF-8 text that it covers.

Bluesky links nothing by itself: an address without its facet is mere letters. Mentions stay letters too: they would need
the DID of whoever is named, and nobody is to be called into a post by mistake.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import regex

from portevoix.networks import counting, links

FACET = "app.bsky.richtext.facet"
# Marks that end a hashtag without being seen: soft hyphens, joiners, spaces of no width, an enclosing sign.
UNSEEN = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20E2"
HASHTAG = regex.compile(rf"(?<!\S)[#＃](?!\uFE0F)([^\s{UNSEEN}]++)(?![{UNSEEN}])")
LAST_PUNCTUATION = regex.compile(r"\p{P}+\Z")
MEANT = regex.compile(r"[^\d\p{P}]")
LONGEST_TAG, LONGEST_TAG_BYTES = 64, 640


@dataclass(frozen=True)
class Span:
    """Some characters of a text, from one up to another, and what pressing them does."""

    start: int
    end: int
    feature: dict[str, str]


def facets_of(text: str) -> list[dict[str, Any]]:
    """The facets of a text, in order, none over another."""
    found: list[dict[str, Any]] = []
    here, bytes_here = 0, 0
    for span in _apart(sorted([*_links(text), *_hashtags(text)], key=lambda one: one.start)):
        start = bytes_here + byte_length(text[here : span.start])
        here, bytes_here = span.end, start + byte_length(text[span.start : span.end])
        found.append({"index": {"byteStart": start, "byteEnd": bytes_here}, "features": [span.feature]})
    return found


def byte_length(text: str) -> int:
    """Bytes of a text as it is sent: half a character, which nobody can send, goes as a question mark."""
    return len(text.encode(errors="replace"))


def _links(text: str) -> Iterator[Span]:
    for found in links.LINK.finditer(text):
        address = found.group()
        has_scheme = address.lower().startswith(("http://", "https://"))
        uri = address if has_scheme else f"https://{address}"
        yield Span(found.start(), found.end(), {"$type": f"{FACET}#link", "uri": uri})


def _hashtags(text: str) -> Iterator[Span]:
    for found in HASHTAG.finditer(text):
        tag = LAST_PUNCTUATION.sub("", found.group(1))
        if not MEANT.search(tag) or byte_length(tag) > LONGEST_TAG_BYTES:
            continue
        if counting.grapheme_length(tag) <= LONGEST_TAG:
            end = found.start(1) + len(tag)
            yield Span(found.start(), end, {"$type": f"{FACET}#tag", "tag": tag})


def _apart(spans: list[Span]) -> Iterator[Span]:
    """Those that begin after the one before has ended."""
    last = 0
    for span in spans:
        if span.start >= last:
            yield span
            last = span.end
