"""Tags on a destination, by which the company's own web statistics know where a visit came from. Pure.

A pattern is a word with placeholders, `{network}` or `ambassadors-{pillar}`; what stands for each is a plain word of the
story, never anything of a person. What an address says already is never said again, nor rewritten: not a sign of it
changes, whatever its letters and however they are encoded; tags are added at the end of its query, before its fragment.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote_plus

import regex

PARAMETERS: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
PLACEHOLDERS: Final = ("network", "story", "pillar", "team")
# What web statistics file under social networks by themselves, and the programme under one name.
DEFAULTS: Final = {
    "utm_source": "{network}",
    "utm_medium": "social",
    "utm_campaign": "employee-advocacy",
    "utm_content": "{story}",
}
LONGEST_PATTERN: Final = 120
LONGEST_WORD: Final = 60

_ACCENTS: Final = regex.compile(r"(?<=\p{Latin})\p{M}+")
_BRACED: Final = re.compile(r"\{([^{}]*)\}")
_BETWEEN_WORDS: Final = regex.compile(
    r"(?:[^\w\p{M}]|_)+"
)  # the marks of Arabic and of India belong to their letters


def problem_of(pattern: str) -> str:
    """What is wrong with a pattern: `too_long`, `unfit`, or the placeholder that is none; empty when nothing is."""
    if len(pattern) > LONGEST_PATTERN:
        return "too_long"
    unknown = [name for name in _BRACED.findall(pattern) if name not in PLACEHOLDERS]
    if unknown:
        return f"{{{unknown[0]}}}"
    plain = _BRACED.sub("", pattern)
    return "unfit" if "{" in plain or "}" in plain or not plain.isprintable() else ""


def word_of(text: str) -> str:
    """A text as one word of an address: small letters of any alphabet, digits and hyphens, at most sixty signs.

    Latin letters leave their accents, which would only be read as %C3%A9.
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
    plain = unicodedata.normalize("NFKC", plain)
    word: str = _BETWEEN_WORDS.sub("-", plain).strip("-")
    return word[:LONGEST_WORD].rstrip("-")


def filled(pattern: str, facts: Mapping[str, str]) -> str:
    """The pattern with its placeholders filled in; what stands for nothing leaves no hyphen behind."""
    return _BRACED.sub(lambda found: word_of(facts.get(found[1], "")), pattern).strip().strip("-_")


def tagged(address: str, patterns: Mapping[str, str], facts: Mapping[str, str], *, longest: int) -> str:
    """The address with those tags that it does not hold yet; as it is when it would grow beyond `longest` signs."""
    known = _names_in(address)
    tags = [
        f"{name}={quote(value, safe='')}"
        for name in PARAMETERS
        if name not in known and (value := filled(patterns.get(name, ""), facts))
    ]
    longer = _with(address, "&".join(tags)) if tags else address
    return longer if len(longer) <= longest else address


def without(address: str, name: str) -> str:
    """The address without a parameter of that name, however often it is there; all else as it was."""
    if name not in _names_in(address):
        return address
    base, mark, fragment = address.partition("#")
    page, _, query = base.partition("?")
    kept = [part for part in query.split("&") if _name_of(part) != name]
    return page + ("?" if kept else "") + "&".join(kept) + mark + fragment


def _with(address: str, more: str) -> str:
    base, mark, fragment = address.partition("#")
    _page, begins, query = base.partition("?")
    joint = "?" if not begins else "" if not query or query.endswith("&") else "&"
    return f"{base}{joint}{more}{mark}{fragment}"


def _names_in(address: str) -> set[str]:
    query = address.partition("#")[0].partition("?")[2]
    return {_name_of(part) for part in query.split("&") if part}


def _name_of(part: str) -> str:
    return unquote_plus(part.partition("=")[0]).lower()
