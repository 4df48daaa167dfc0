"""Languages as two letters, from a declaration or from the words themselves."""

import re
from functools import cache

from babel import Locale

# ISO 639-2 codes, bibliographic and terminological, that pages use where two letters exist.
THREE_LETTERS = {
    "ara": "ar", "chi": "zh", "zho": "zh", "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr",
    "ita": "it", "jpn": "ja", "nld": "nl", "dut": "nl", "pol": "pl", "por": "pt", "rus": "ru", "spa": "es",
    "swe": "sv", "tur": "tr",
}  # fmt: skip
GUESS_LETTERS = 80
GUESS_SAMPLE = 4000


def language_code(declared: str) -> str | None:
    """The two-letter code of `fr`, `fr-MA`, `fr_FR.UTF-8` or `fra`; None for anything that is no language."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", declared)
    if not found:
        return None
    code = found.group(1).lower()
    code = THREE_LETTERS.get(code, code)
    return code if code in _known() else None


def guess(text: str) -> str | None:
    """The language that a text seems written in; None when there is too little of it."""
    if len(text) < GUESS_LETTERS:
        return None
    # Its model takes most of a second to load, and most pages declare their language.
    from py3langid import classify

    return language_code(classify(text[:GUESS_SAMPLE])[0])


@cache
def _known() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)
