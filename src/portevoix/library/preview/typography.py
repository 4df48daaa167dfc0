"""Text set as a reader expects it: one space between words, curly quotes, a true ellipsis."""

import re

# A lone no-break space is kept: French and Arabic typography mean it.
ORDINARY_SPACE = re.compile(r"[\u00a0\u202f]?[^\S\u00a0\u202f]\s*|[\u00a0\u202f]\s+")
INVISIBLE = re.compile("[\ufeff\u200b\u2060\x00]")
DOTS = re.compile(r"\s?\.{2,3}$")
DATELINE = re.compile(r"^[A-Z\s]+\s+[-—–]\s+")
CLOSING = re.compile(r"(?<=\S)'(?!\w)")
OPENERS = "([{<«‹¿¡-–—/=|“‘'\""


def condensed(text: str) -> str:
    """Without spaces around, nor more than one between words."""
    return ORDINARY_SPACE.sub(" ", INVISIBLE.sub("", text)).strip()


def as_title(text: str) -> str:
    """A line of text with the quotes of print."""
    return curly(condensed(text))


def as_description(text: str) -> str:
    """A paragraph: quotes of print, no agency's dateline (`PARIS -`), `…` for dots at its end."""
    return DOTS.sub("…", as_title(DATELINE.sub("", condensed(text))))


def curly(text: str) -> str:
    """Straight quotes become those of print: opening, closing, apostrophe, or prime after a measure."""
    if '"' not in text and "'" not in text:
        return text
    last_closing = max((found.start() for found in CLOSING.finditer(text)), default=-1)
    letters = list(text)
    open_quotes: set[str] = set()
    for place, letter in enumerate(text):
        if letter in "\"'":
            before = letters[place - 1] if place else " "
            after = text[place + 1 : place + 2] or " "
            may_open = _may_open(before, after) and (letter == '"' or last_closing > place)
            letters[place] = _print_quote(letter, before, after, may_open, open_quotes)
    return "".join(letters)


def _may_open(before: str, after: str) -> bool:
    follows_gap = before.isspace() or before in OPENERS
    return not before.isalnum() and (after.isalnum() or (follows_gap and not after.isspace()))


def _print_quote(quote: str, before: str, after: str, may_open: bool, open_quotes: set[str]) -> str:
    if quote == '"':
        return _double(before, may_open, open_quotes)
    return _single(before, after, may_open, open_quotes)


def _double(before: str, may_open: bool, open_quotes: set[str]) -> str:
    if may_open and '"' not in open_quotes:
        open_quotes.add('"')
        return "“"
    if before.isdigit() and '"' not in open_quotes:
        return "″"
    open_quotes.discard('"')
    return "”"


def _single(before: str, after: str, may_open: bool, open_quotes: set[str]) -> str:
    if may_open and not after.isdigit():
        open_quotes.add("'")
        return "‘"
    if before.isdigit() and not after.isalnum() and "'" not in open_quotes:
        return "′"
    if not after.isalnum():
        open_quotes.discard("'")
    return "’"
