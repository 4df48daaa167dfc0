"""Text set as a reader expects it: one space between words, curly quotes, a true ellipsis."""

import re

# A lone no-break space is kept: French and Arabic typography mean it.
ORDINARY_SPACE = re.compile(r"[\u00a0\u202f]?[^\S\u00a0\u202f]\s*|[\u00a0\u202f]\s+")
INVISIBLE = re.compile("[\ufeff\u200b\u2060\x00]")
DOTS = re.compile(r"\s?\.{2,3}$")
DATELINE = re.compile(r"^[A-Z\s]+\s+[-—–]\s+")
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
    letters = list(text)
    open_quotes = {'"': False, "'": False}
    for place, letter in enumerate(letters):
        if letter in open_quotes:
            before = letters[place - 1] if place else " "
            after = text[place + 1] if place + 1 < len(text) else " "
            letters[place] = _print_quote(letter, before, after, text[place + 1 :], open_quotes)
    return "".join(letters)


def _print_quote(quote: str, before: str, after: str, rest: str, open_quotes: dict[str, bool]) -> str:
    follows_gap = before.isspace() or before in OPENERS
    opens = not before.isalnum() and (after.isalnum() or (follows_gap and not after.isspace()))
    if quote == '"':
        return _double(before, opens, open_quotes)
    return _single(before, after, opens, rest, open_quotes)


def _double(before: str, opens: bool, open_quotes: dict[str, bool]) -> str:
    if opens and not open_quotes['"']:
        open_quotes['"'] = True
        return "“"
    if before.isdigit() and not open_quotes['"']:
        return "″"
    open_quotes['"'] = False
    return "”"


def _single(before: str, after: str, opens: bool, rest: str, open_quotes: dict[str, bool]) -> str:
    if opens and not after.isdigit() and _closes_later(rest):
        open_quotes["'"] = True
        return "‘"
    if before.isdigit() and not after.isalnum() and not open_quotes["'"]:
        return "′"
    if not after.isalnum():
        open_quotes["'"] = False
    return "’"


def _closes_later(rest: str) -> bool:
    return re.search(r"\S'(?!\w)", rest) is not None
