"""How networks count: one pure function per unit, each mirrored in assets/js/counting.js.

A line break is one character whatever the form that sent it (browsers send two).
"""

import unicodedata
from collections.abc import Callable

import regex

from portevoix.networks import links
from portevoix.networks.contract import Unit

SHORT_LINK_LENGTH = 23
EMOJI_WEIGHT = 2

# One emoji as a reader sees it: a keycap, a flag, or a picture with its skin tones, joined pictures and tags.
# © ® ™ ♟ are letters until a variation selector makes them pictures; other pictures need the opposite one.
PICTURE = r"(?:[©®™♟]\uFE0F|(?![©®™♟])\p{Extended_Pictographic}(?!\uFE0E)\uFE0F?)\p{Emoji_Modifier}?"
EMOJI = regex.compile(
    r"[0-9#*]\uFE0F?\u20E3"
    r"|[\U0001F1E6-\U0001F1FF]{2}"
    rf"|{PICTURE}(?:\u200D{PICTURE})*[\U000E0020-\U000E007F]*"
    r"|\p{Emoji_Modifier}",
    regex.VERSION1,
)
GRAPHEME = regex.compile(r"\X")
LITTLE_TEXT_RESERVED = regex.compile(r"[\\|{}@\[\]()<>#*_~]")
# The part after the second @ is free on Mastodon.
REMOTE_MENTION = regex.compile(r"(?<![/\w])(@[a-z0-9_]+)@[a-z0-9.-]+[a-z0-9]", regex.IGNORECASE)


def count(unit: Unit, text: str) -> int:
    """The length of a text in a network's unit."""
    return COUNTERS[unit](text.replace("\r\n", "\n").replace("\r", "\n"))


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, as JavaScript and many form fields count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_length(text: str) -> int:
    """Length in UTF-8 bytes."""
    return len(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))


def grapheme_length(text: str) -> int:
    """Length in characters as a reader sees them (extended grapheme clusters)."""
    return sum(1 for _ in GRAPHEME.finditer(text))


def weighted_length(text: str) -> int:
    """Length on X: NFC, any link 23, any emoji 2, Latin and Arabic 1, Chinese and the rest 2.

    Source: docs.x.com, counting characters, and twitter-text's configuration version 3. A bare domain is
    a link; X leaves some short country domains alone, and we price them all, on the safe side.
    """
    plain, link_count = links.LINK.subn(" ", unicodedata.normalize("NFC", text))
    rest, emoji_count = EMOJI.subn("", plain)
    # Each removed link left a space, of weight one, that keeps its neighbours apart.
    link_weight: int = link_count * (SHORT_LINK_LENGTH - 1)
    emoji_weight: int = emoji_count * EMOJI_WEIGHT
    return link_weight + emoji_weight + sum(map(_weight, rest))


def _weight(character: str) -> int:
    point = ord(character)
    is_light = point <= 4351 or 8192 <= point <= 8205 or 8208 <= point <= 8223 or 8242 <= point <= 8247
    return 1 if is_light else 2


def little_text(text: str) -> str:
    """A text as LinkedIn wants it written: every reserved character behind a backslash."""
    escaped: str = LITTLE_TEXT_RESERVED.sub(r"\\\g<0>", text)
    return escaped


def little_text_length(text: str) -> int:
    """Length on LinkedIn: the escaped text in UTF-16 units, the stricter of the two known readings."""
    return utf16_length(little_text(text))


def short_links_length(text: str) -> int:
    """Length on Mastodon: graphemes, a link 23, a remote mention without its server."""
    return grapheme_length(REMOTE_MENTION.sub(r"\1", links.SCHEMED_LINK.sub("x" * SHORT_LINK_LENGTH, text)))


def emoji_bytes_length(text: str) -> int:
    """Length on Threads: characters, and for an emoji the bytes that it takes in UTF-8."""
    plain = EMOJI.sub("", text)
    return len(plain) + sum(utf8_length(found) for found in EMOJI.findall(text))


COUNTERS: dict[Unit, Callable[[str], int]] = {
    Unit.UTF16: utf16_length,
    Unit.GRAPHEMES: grapheme_length,
    Unit.WEIGHTED: weighted_length,
    Unit.LITTLE_TEXT: little_text_length,
    Unit.SHORT_LINKS: short_links_length,
    Unit.EMOJI_BYTES: emoji_bytes_length,
}
